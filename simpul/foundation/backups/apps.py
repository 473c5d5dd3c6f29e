"""Django's entry for this package."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """Backup and restore."""

    name = "simpul.foundation.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"
