"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges


class Migration(migrations.Migration):
    dependencies = [("fhir", "0001_initial")]

    operations = [GuardChanges("fhir_externalrecord")]
