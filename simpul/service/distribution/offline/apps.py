"""Django's entry for this package."""

from django.apps import AppConfig


class OfflineConfig(AppConfig):
    """Step 3: what a counter needs while it cannot reach the server, and what it brings back."""

    name = "simpul.service.distribution.offline"
    label = "offline"
    default_auto_field = "django.db.models.BigAutoField"
