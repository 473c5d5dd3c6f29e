"""The keys, the pairs found, and what was decided of them.

On SQLite the table of keys has no rowid: its rows lie in the tree of the key, and no second tree is
kept beside it (a million patients have some nine million keys).
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import simpul.foundation.core.ids


class CreateInKeyOrder(migrations.CreateModel):
    """CreateModel, and on SQLite WITHOUT ROWID."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Create the table."""
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.name)
        sql, params = schema_editor.table_sql(model)
        schema_editor.execute(f"{sql} WITHOUT ROWID", params or None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("patients", "0005_links_and_no_nik"),
    ]

    operations = [
        CreateInKeyOrder(
            name="BlockingKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key",
                        "patient",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PairDecision",
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
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("different", "Bukan orang sama"),
                            ("merged", "Digabungkan"),
                            ("reopened", "Dibuka lagi"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=120)),
                ("decided_by", models.UUIDField()),
                ("decided_at", models.DateTimeField()),
                (
                    "first",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["first", "second"], name="decision_of_two")],
            },
        ),
        migrations.CreateModel(
            name="PersonPair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owner", models.UUIDField(editable=False)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("certain", "hampir pasti sama"),
                            ("possible", "mungkin sama"),
                            ("household", "serumah, orang lain?"),
                        ],
                        max_length=10,
                    ),
                ),
                ("score", models.FloatField()),
                ("agrees", models.JSONField(default=list)),
                ("differs", models.JSONField(default=list)),
                ("found_at", models.DateTimeField()),
                ("decision", models.CharField(blank=True, max_length=12)),
                ("decided_by", models.UUIDField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "first",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("decision", "")),
                        fields=["owner", "level", "-score", "id"],
                        name="pair_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="one_pair_of_two")
                ],
            },
        ),
    ]
