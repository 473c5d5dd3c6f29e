"""Triggers that keep every write inside an act; a move, once written, stays as it is."""

from django.db import migrations

from simpul.foundation.core.guards import AppendOnly, GuardChanges


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [
        GuardChanges("register_staffmember"),
        AppendOnly("register_staffmove"),
    ]
