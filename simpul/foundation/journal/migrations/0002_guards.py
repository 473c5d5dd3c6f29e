"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        AppendOnly("journal_journalentry"),
    ]
