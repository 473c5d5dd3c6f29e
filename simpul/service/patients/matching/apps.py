"""Django's entry for this package."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Step 1: who looks like whom? Blocking keys, candidates, the list of pairs."""

    name = "simpul.service.patients.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"
