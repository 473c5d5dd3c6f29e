"""Django's entry for this package."""

from django.apps import AppConfig


class GapConfig(AppConfig):
    """The planning room `gap`."""

    name = "simpul.planning.gap"
    label = "gap"
    default_auto_field = "django.db.models.BigAutoField"
