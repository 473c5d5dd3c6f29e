"""Django's entry for the core tables."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Core: ids, counters, idempotency."""

    name = "simpul.foundation.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
