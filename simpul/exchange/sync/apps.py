"""Django's entry for this package."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """A facility sends what it wrote to its district."""

    name = "simpul.exchange.sync"
    label = "sync"
    default_auto_field = "django.db.models.BigAutoField"
