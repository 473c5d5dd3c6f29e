"""Triggers that keep every write inside an act, and every version as it was saved."""

from django.db import migrations

from simpul.foundation.core.guards import AppendOnly, GuardChanges


class Migration(migrations.Migration):
    dependencies = [("studies", "0001_initial")]

    operations = [
        GuardChanges("studies_study"),
        AppendOnly("studies_studyversion"),
    ]
