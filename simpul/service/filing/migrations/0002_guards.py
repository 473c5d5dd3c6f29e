"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges


class Migration(migrations.Migration):
    dependencies = [("filing", "0001_initial")]

    operations = [
        GuardChanges("filing_paperfile"),
        GuardChanges("filing_filemovement"),
    ]
