"""Indexes that find a person by a number that a merge in force overwrote."""

from typing import Any

from django.db import migrations

from simpul.service.patients.former_numbers import COLUMNS, number_before


def _create(apps: Any, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    for column in COLUMNS:
        schema_editor.execute(
            f"CREATE INDEX merge_former_{column} ON merging_merge "
            f"({number_before(column, vendor)}) WHERE undone_at IS NULL"
        )


def _drop(apps: Any, schema_editor: Any) -> None:
    for column in COLUMNS:
        schema_editor.execute(f"DROP INDEX IF EXISTS merge_former_{column}")


class Migration(migrations.Migration):
    dependencies = [("merging", "0002_guards")]

    operations = [migrations.RunPython(_create, _drop)]
