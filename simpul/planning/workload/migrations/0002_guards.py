"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges


class Migration(migrations.Migration):
    dependencies = [("workload", "0001_initial")]

    operations = [
        GuardChanges("workload_unittime"),
        GuardChanges("workload_observedactivity"),
        GuardChanges("workload_observation"),
    ]
