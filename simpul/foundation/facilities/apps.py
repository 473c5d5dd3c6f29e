"""Django's entry for this package."""

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    """Facilities, service units, rooms, villages."""

    name = "simpul.foundation.facilities"
    label = "facilities"
    default_auto_field = "django.db.models.BigAutoField"
