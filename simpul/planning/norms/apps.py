"""Django's entry for this package."""

from django.apps import AppConfig


class NormsConfig(AppConfig):
    """The planning room `norms`."""

    name = "simpul.planning.norms"
    label = "norms"
    default_auto_field = "django.db.models.BigAutoField"
