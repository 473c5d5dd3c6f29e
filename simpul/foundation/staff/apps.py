"""Django's entry for this package."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Practitioners, roles, accounts, tokens."""

    name = "simpul.foundation.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"
