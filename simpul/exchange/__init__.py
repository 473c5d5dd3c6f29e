"""What leaves the house and comes in from elsewhere: FHIR R4 bundles."""
