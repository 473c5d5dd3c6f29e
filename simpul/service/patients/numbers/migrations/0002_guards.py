"""Triggers: a version of a numbering is written for good, everything else only through an act."""

from django.db import migrations

from simpul.foundation.core.guards import AppendOnly, GuardChanges


class Migration(migrations.Migration):
    dependencies = [("numbers", "0001_initial")]

    operations = [
        AppendOnly("numbers_numberscheme"),
        GuardChanges("numbers_familyfolder"),
        GuardChanges("numbers_foldermember"),
        GuardChanges("numbers_issuedcard"),
    ]
