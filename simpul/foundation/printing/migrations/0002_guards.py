"""Triggers that keep every write of a printer inside an act; print jobs are this server's own."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges


class Migration(migrations.Migration):
    dependencies = [("printing", "0001_initial")]

    operations = [GuardChanges("printing_printer")]
