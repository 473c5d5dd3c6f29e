"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges


class Migration(migrations.Migration):
    dependencies = [("completeness", "0001_initial")]

    operations = [
        GuardChanges("completeness_completenessrule"),
        GuardChanges("completeness_completenesscheck"),
        GuardChanges("completeness_deficiency"),
    ]
