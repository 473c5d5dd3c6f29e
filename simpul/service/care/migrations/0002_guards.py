"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial")]

    operations = [
        GuardChanges("care_entry"),
        GuardChanges("care_observation"),
        GuardChanges("care_condition"),
        GuardChanges("care_procedure"),
    ]
