"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges, GuardLinks


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]

    operations = [
        GuardChanges("staff_practitioner"),
        GuardLinks("staff_practitionerrole"),
    ]
