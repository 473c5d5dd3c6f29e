"""Django's entry for this package."""

from django.apps import AppConfig


class PlacementConfig(AppConfig):
    """Step 2: the table of rules that suggests a unit, edited by the head."""

    name = "simpul.service.registration.placement"
    label = "placement"
    default_auto_field = "django.db.models.BigAutoField"
