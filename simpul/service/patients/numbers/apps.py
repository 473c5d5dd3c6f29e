"""Django's entry for this package."""

from django.apps import AppConfig


class NumbersConfig(AppConfig):
    """Step 1: record number schemes, the patient card."""

    name = "simpul.service.patients.numbers"
    label = "numbers"
    default_auto_field = "django.db.models.BigAutoField"
