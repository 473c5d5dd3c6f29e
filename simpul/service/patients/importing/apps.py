"""Django's entry for this package."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Step 1: people from a spreadsheet, row by row, with a verdict each."""

    name = "simpul.service.patients.importing"
    label = "importing"
    default_auto_field = "django.db.models.BigAutoField"
