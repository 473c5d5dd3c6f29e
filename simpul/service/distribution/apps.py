"""Django's entry for this package."""

from django.apps import AppConfig


class DistributionConfig(AppConfig):
    """Step 3: the record and the patient reach a unit."""

    name = "simpul.service.distribution"
    label = "distribution"
    default_auto_field = "django.db.models.BigAutoField"
