"""Django's entry for this package."""

from django.apps import AppConfig


class FhirConfig(AppConfig):
    """FHIR R4 bundles come in."""

    name = "simpul.exchange.fhir"
    label = "fhir"
    default_auto_field = "django.db.models.BigAutoField"
