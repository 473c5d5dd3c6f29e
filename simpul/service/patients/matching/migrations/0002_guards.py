"""A decision about a pair, once written, stays as it is."""

from django.db import migrations

from simpul.foundation.core.guards import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]

    operations = [AppendOnly("matching_pairdecision")]
