"""Django's entry for this package."""

from django.apps import AppConfig


class FilingConfig(AppConfig):
    """Step 7: where is the file?"""

    name = "simpul.service.filing"
    label = "filing"
    default_auto_field = "django.db.models.BigAutoField"
