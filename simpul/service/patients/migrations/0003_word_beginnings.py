"""On PostgreSQL, an index by code point for words that begin with an unfinished one."""

from typing import Any

from django.db import migrations


def _create(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX word_beginning ON patients_tokenvariant (variant text_pattern_ops) "
            "WHERE variant = token"
        )


def _drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS word_beginning")


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_guards")]

    operations = [migrations.RunPython(_create, _drop)]
