"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges, GuardLinks


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        GuardChanges("patients_patient"),
        GuardLinks("patients_identifier"),
        GuardChanges("patients_allergyintolerance"),
    ]
