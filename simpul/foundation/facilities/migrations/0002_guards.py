"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]

    operations = [
        GuardChanges("facilities_facility"),
        GuardChanges("facilities_serviceunit"),
    ]
