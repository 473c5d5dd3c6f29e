"""FHIR R4 bundles come in: people, and what other places found and did.

Patients become patients of this house (or are recognised); allergies are noted; visits, diagnoses
and observations of elsewhere stay another's and are shown beside our own history; every other
resource is kept exactly as it came. Reads and writes `fhir_*`.
"""
