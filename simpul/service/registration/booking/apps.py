"""Django's entry for this package."""

from django.apps import AppConfig


class BookingConfig(AppConfig):
    """Step 2: bookings made before arrival; open hours and quota of units."""

    name = "simpul.service.registration.booking"
    label = "booking"
    default_auto_field = "django.db.models.BigAutoField"
