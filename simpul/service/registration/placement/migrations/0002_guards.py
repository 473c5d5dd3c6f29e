"""Triggers: a version of the rules, once written, stays; the rest is written through acts."""

from django.db import migrations

from simpul.foundation.core.guards import AppendOnly, GuardChanges


class Migration(migrations.Migration):
    dependencies = [("placement", "0001_initial")]

    operations = [
        AppendOnly("placement_ruleset"),
        GuardChanges("placement_ruledraft"),
        GuardChanges("placement_programmeenrolment"),
    ]
