"""FHIR R4 bundles come in."""
