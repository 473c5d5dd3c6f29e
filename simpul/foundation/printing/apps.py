"""Django's entry for this package."""

from django.apps import AppConfig


class PrintingConfig(AppConfig):
    """Documents as PDF and on thermal printers."""

    name = "simpul.foundation.printing"
    label = "printing"
    default_auto_field = "django.db.models.BigAutoField"
