"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges


class Migration(migrations.Migration):
    dependencies = [("district", "0001_initial")]

    operations = [
        GuardChanges("district_personlink"),
        GuardChanges("district_contact"),
        GuardChanges("district_setaside"),
    ]
