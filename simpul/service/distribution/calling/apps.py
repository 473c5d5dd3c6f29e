"""Django's entry for this package."""

from django.apps import AppConfig


class CallingConfig(AppConfig):
    """Step 3: calls spoken in the waiting room, one at a time a floor; rooms."""

    name = "simpul.service.distribution.calling"
    label = "calling"
    default_auto_field = "django.db.models.BigAutoField"
