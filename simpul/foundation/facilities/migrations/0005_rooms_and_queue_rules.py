"""Rooms with their floors, and how the queues mix priority and routine patients."""

import django.db.models.deletion
from django.db import migrations, models

import simpul.foundation.core.ids
from simpul.foundation.core.guards import GuardChanges, LiftGuard


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0004_profile_guard"),
    ]

    operations = [
        LiftGuard("facilities_serviceunit"),
        migrations.AddField(
            model_name="serviceunit",
            name="floor",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.CreateModel(
            name="QueueRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=simpul.foundation.core.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("owner", models.UUIDField(editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("change", models.UUIDField(editable=False)),
                ("unit", models.CharField(blank=True, max_length=20)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("ratio", "menurut rasio"),
                            ("always", "prioritas selalu dulu"),
                            ("none", "tanpa prioritas"),
                        ],
                        default="ratio",
                        max_length=8,
                    ),
                ),
                ("priority_calls", models.PositiveSmallIntegerField(default=2)),
                ("routine_calls", models.PositiveSmallIntegerField(default=1)),
                ("counts_elderly", models.BooleanField(default=True)),
                ("counts_pregnant", models.BooleanField(default=True)),
                ("counts_disability", models.BooleanField(default=True)),
                ("counts_under_five", models.BooleanField(default=True)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queue_rules",
                        to="facilities.facility",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facility", "unit"), name="one_queue_rule_a_unit"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=simpul.foundation.core.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("owner", models.UUIDField(editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("change", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=40)),
                ("floor", models.PositiveSmallIntegerField(default=1)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("is_open", models.BooleanField(default=True)),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="facilities.facility",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="facilities.serviceunit",
                    ),
                ),
            ],
            options={
                "ordering": ["unit", "order", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "name"), name="one_room_a_name_in_a_unit"
                    )
                ],
            },
        ),
        GuardChanges("facilities_serviceunit"),
        GuardChanges("facilities_room"),
        GuardChanges("facilities_queuerule"),
    ]
