"""Django's entry for this package."""

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    """The planning room `allocation`."""

    name = "simpul.planning.allocation"
    label = "allocation"
    default_auto_field = "django.db.models.BigAutoField"
