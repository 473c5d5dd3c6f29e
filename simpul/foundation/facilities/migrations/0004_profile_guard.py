"""Triggers that keep every write of a profile inside an act."""

from django.db import migrations

from simpul.foundation.core.guards import GuardChanges


class Migration(migrations.Migration):
    dependencies = [("facilities", "0003_profile")]

    operations = [GuardChanges("facilities_facilityprofile")]
