"""Django's entry for this package."""

from django.apps import AppConfig


class WorkloadConfig(AppConfig):
    """The planning room `workload`."""

    name = "simpul.planning.workload"
    label = "workload"
    default_auto_field = "django.db.models.BigAutoField"
