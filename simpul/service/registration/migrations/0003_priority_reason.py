"""Why somebody goes before others, and whether they live with a disability."""

from django.db import migrations, models

from simpul.foundation.core.guards import GuardChanges, LiftGuard


class Migration(migrations.Migration):
    dependencies = [("registration", "0002_guards")]

    operations = [
        LiftGuard("registration_encounter"),
        migrations.AddField(
            model_name="encounter",
            name="disability",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="encounter",
            name="priority_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("emergency", "gawat"),
                    ("pregnant", "hamil"),
                    ("elderly", "lansia"),
                    ("disability", "disabilitas"),
                    ("under-five", "balita"),
                    ("chosen", "prioritas"),
                ],
                default="",
                max_length=12,
            ),
            preserve_default=False,
        ),
        GuardChanges("registration_encounter"),
    ]
