"""Django's entry for this package."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    """Step 3: the end of the day."""

    name = "simpul.service.distribution.closing"
    label = "closing"
    default_auto_field = "django.db.models.BigAutoField"
