"""Django's entry for this package."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The append-only journal and the change feed."""

    name = "simpul.foundation.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
