"""Django's entry for this package."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Step 1: who is it?"""

    name = "simpul.service.patients"
    label = "patients"
    default_auto_field = "django.db.models.BigAutoField"
