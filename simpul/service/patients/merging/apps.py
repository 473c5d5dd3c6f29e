"""Django's entry for this package."""

from django.apps import AppConfig


class MergingConfig(AppConfig):
    """Step 1: two records of one person joined and taken apart; what needs a person."""

    name = "simpul.service.patients.merging"
    label = "merging"
    default_auto_field = "django.db.models.BigAutoField"
