"""Django's entry for this package."""

from django.apps import AppConfig


class CompletenessConfig(AppConfig):
    """Step 6: is the record complete?"""

    name = "simpul.service.completeness"
    label = "completeness"
    default_auto_field = "django.db.models.BigAutoField"
