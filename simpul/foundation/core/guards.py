"""Triggers that hold in the database what the code promises.

`GuardChanges` refuses an UPDATE of a synchronised row that leaves its `change` as it was, and any
DELETE or TRUNCATE. `AppendOnly` refuses UPDATE and DELETE altogether. Both exist for SQLite and
PostgreSQL.
"""

from typing import Any

from django.db.migrations.operations.base import Operation

_PG_REFUSE = """
CREATE OR REPLACE FUNCTION simpul_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;
"""


def _run(schema_editor: Any, statements: list[str]) -> None:
    for statement in statements:
        schema_editor.execute(statement, params=None)


class _TriggerOperation(Operation):
    """A migration step that adds triggers to one table and can take them away again."""

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Describe this step for the migration writer."""
        return (self.__class__.__qualname__, [self.table], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes in Django's picture of the tables."""

    def rules(self) -> list[tuple[str, str, str]]:
        """Return (event, condition, sentence) of each trigger."""
        raise NotImplementedError

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Create the triggers."""
        postgres = schema_editor.connection.vendor == "postgresql"
        if postgres:
            _run(schema_editor, [_PG_REFUSE])
        for event, condition, sentence in self.rules():
            name = f"guard_{self.table}_{event.lower()}"
            when = f"WHEN ({condition})" if condition else ""
            if postgres:
                level = "STATEMENT" if event == "TRUNCATE" else "ROW"
                _run(
                    schema_editor,
                    [
                        f"CREATE TRIGGER {name} BEFORE {event} ON {self.table} "
                        f"FOR EACH {level} {when} EXECUTE FUNCTION simpul_refuse('{sentence}')"
                    ],
                )
            elif event != "TRUNCATE":
                _run(
                    schema_editor,
                    [
                        f"CREATE TRIGGER {name} BEFORE {event} ON {self.table} "
                        f"FOR EACH ROW {when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
                    ],
                )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop the triggers."""
        suffix = f" ON {self.table}" if schema_editor.connection.vendor == "postgresql" else ""
        for event, _, _ in self.rules():
            name = f"guard_{self.table}_{event.lower()}"
            _run(schema_editor, [f"DROP TRIGGER IF EXISTS {name}{suffix}"])

    def describe(self) -> str:
        """Say what this step does, for `migrate`."""
        return f"Guard {self.table} by triggers"


class GuardChanges(_TriggerOperation):
    """Refuse a write of a synchronised table that did not go through an act."""

    def rules(self) -> list[tuple[str, str, str]]:
        """An UPDATE must bring a new change id; a row is never deleted."""
        never = f"{self.table}: rows are never deleted"
        return [
            ("UPDATE", "NEW.change = OLD.change", f"{self.table}: write through an act"),
            ("DELETE", "", never),
            ("TRUNCATE", "", never),
        ]


class LiftGuard(GuardChanges):
    """Take a table's triggers away while it changes; put `GuardChanges` back after.

    SQLite makes a table anew for some new columns, which drops its triggers without a word.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop the triggers."""
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Create the triggers again."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class GuardLinks(_TriggerOperation):
    """Like `GuardChanges`, for links, which an act may delete (and says so in the feed)."""

    def rules(self) -> list[tuple[str, str, str]]:
        """An UPDATE must bring a new change id; links go one by one, through an act."""
        sentence = f"{self.table}: write through an act"
        return [("UPDATE", "NEW.change = OLD.change", sentence), ("TRUNCATE", "", sentence)]


class AppendOnly(_TriggerOperation):
    """Refuse to change or remove rows of a log."""

    def rules(self) -> list[tuple[str, str, str]]:
        """No UPDATE, no DELETE, no TRUNCATE."""
        sentence = f"{self.table} is append-only"
        return [("UPDATE", "", sentence), ("DELETE", "", sentence), ("TRUNCATE", "", sentence)]


class WrittenOnce(_TriggerOperation):
    """Refuse to change rows of a log whose oldest part may be pruned one day."""

    def rules(self) -> list[tuple[str, str, str]]:
        """No UPDATE."""
        return [("UPDATE", "", f"{self.table}: a written change stays as it is")]
