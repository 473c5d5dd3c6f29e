"""Django's entry for this package."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The staff register of a facility and of the district."""

    name = "simpul.foundation.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"
