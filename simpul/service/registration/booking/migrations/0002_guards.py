"""Triggers that keep every write inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]

    operations = [
        GuardChanges("booking_booking"),
        GuardChanges("booking_openinghours"),
        GuardChanges("booking_closedday"),
    ]
