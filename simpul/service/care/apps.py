"""Django's entry for this package."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Step 4: what was found and done."""

    name = "simpul.service.care"
    label = "care"
    default_auto_field = "django.db.models.BigAutoField"
