"""What came back from a computer, and what became of it, is written for good."""

from django.db import migrations

from simpul.foundation.core.guards import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("offline", "0001_initial")]

    operations = [AppendOnly("offline_offlineitem"), AppendOnly("offline_offlineoutcome")]
