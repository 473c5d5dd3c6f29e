"""Django's entry for this package."""

from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    """Step 2: the visit."""

    name = "simpul.service.registration"
    label = "registration"
    default_auto_field = "django.db.models.BigAutoField"
