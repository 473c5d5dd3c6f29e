"""Django's entry for this package."""

from django.apps import AppConfig


class MapsConfig(AppConfig):
    """The planning room `maps`."""

    name = "simpul.planning.maps"
    label = "maps"
    default_auto_field = "django.db.models.BigAutoField"
