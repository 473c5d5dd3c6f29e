"""What the change feed once said stays said."""

from django.db import migrations

from simpul.foundation.core.guards import WrittenOnce


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_guards")]

    operations = [WrittenOnce("journal_change")]
