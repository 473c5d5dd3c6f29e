"""Django's entry for this package."""

from django.apps import AppConfig


class HubConfig(AppConfig):
    """The district's side."""

    name = "simpul.exchange.hub"
    label = "hub"
    default_auto_field = "django.db.models.BigAutoField"
