"""A version of a norm, once written, stays as it is."""

from django.db import migrations

from simpul.foundation.core.guards import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("norms", "0001_initial")]

    operations = [AppendOnly("norms_normversion")]
