"""Django's entry for this package."""

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    """The planning room `studies`."""

    name = "simpul.planning.studies"
    label = "studies"
    default_auto_field = "django.db.models.BigAutoField"
