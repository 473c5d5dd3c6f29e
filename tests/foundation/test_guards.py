"""Triggers hold in the database what the code promises, on every table that is synchronised."""

import pytest
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from simpul.foundation.core.guards import AppendOnly, GuardChanges, GuardLinks
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.models import JournalEntry
from tests.foundation.house_tables import OWNED, as_bound, put_row, run_refused, table_of

pytestmark = pytest.mark.django_db

#: Tables whose rows only link two others: an act may delete them, and says so in the feed.
LINKS = {"patients_identifier", "staff_practitionerrole"}
#: Tables whose rows are never changed at all, not even through an act.
WRITTEN_FOR_GOOD = {
    "norms_normversion",
    "register_staffmove",
    "studies_studyversion",
    "matching_pairdecision",
    "numbers_numberscheme",
    "placement_ruleset",
}
CHANGED = [model for model in OWNED if table_of(model) not in WRITTEN_FOR_GOOD]
FOR_GOOD = [model for model in OWNED if table_of(model) in WRITTEN_FOR_GOOD]
#: Tables whose rows are histories: once written they stay as they are, even inside an act.
APPEND_ONLY = {
    "register_staffmove",
    "norms_normversion",
    "studies_studyversion",
    "matching_pairdecision",
    "numbers_numberscheme",
    "placement_ruleset",
}
CHANGEABLE = [model for model in OWNED if table_of(model) not in APPEND_ONLY]
HISTORIES = [model for model in OWNED if table_of(model) in APPEND_ONLY]
NO_DELETE = [model for model in CHANGEABLE if table_of(model) not in LINKS]
MAY_DELETE = [model for model in OWNED if table_of(model) in LINKS]


def name_of(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.fixture(autouse=True)
def _references_are_not_checked(db: None) -> object:
    """The rows of these tests refer to nothing; they are rolled back before anybody looks."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def triggers_on(table: str) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal "
                "AND tgenabled = 'O'",
                [table],
            )
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
        return {row[0] for row in cursor.fetchall()}


def test_every_part_that_keeps_rows_is_looked_at() -> None:
    """A new step's tables come into these tests by themselves; this says which steps there are."""
    parts = {model._meta.app_label for model in OWNED}
    assert {"facilities", "staff", "patients", "registration", "distribution"} <= parts
    assert {"care", "completeness", "filing"} <= parts


@pytest.mark.parametrize("model", OWNED, ids=name_of)
def test_a_freshly_migrated_database_has_the_triggers(model: type[models.Model]) -> None:
    table = table_of(model)
    wanted = {f"guard_{table}_update"}
    if table not in LINKS:
        wanted.add(f"guard_{table}_delete")
    if connection.vendor == "postgresql":
        wanted.add(f"guard_{table}_truncate")
    assert wanted <= triggers_on(table)


@pytest.mark.parametrize("model", CHANGED, ids=name_of)
def test_an_update_without_a_new_change_is_refused(model: type[models.Model]) -> None:
    row = put_row(model)
    said = run_refused(
        f"UPDATE {table_of(model)} SET version = version + 1 WHERE id = %s", [as_bound(row)]
    )
    assert f"{table_of(model)}: write through an act" in said


@pytest.mark.parametrize("model", CHANGED, ids=name_of)
def test_the_orm_is_refused_as_well(model: type[models.Model]) -> None:
    row = put_row(model)
    with pytest.raises(Exception, match="write through an act"), transaction.atomic():
        model._default_manager.filter(pk=row).update(version=7)


@pytest.mark.parametrize("model", CHANGED, ids=name_of)
def test_an_update_with_a_new_change_is_let_through(model: type[models.Model]) -> None:
    row = put_row(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table_of(model)} SET version = 2, change = %s WHERE id = %s",
            [as_bound(uuid7()), as_bound(row)],
        )
        assert cursor.rowcount == 1


@pytest.mark.parametrize("model", OWNED, ids=name_of)
def test_a_change_cannot_be_taken_away(model: type[models.Model]) -> None:
    row = put_row(model)
    run_refused(f"UPDATE {table_of(model)} SET change = NULL WHERE id = %s", [as_bound(row)])


@pytest.mark.parametrize("model", NO_DELETE, ids=name_of)
def test_a_row_is_never_deleted(model: type[models.Model]) -> None:
    row = put_row(model)
    said = run_refused(f"DELETE FROM {table_of(model)} WHERE id = %s", [as_bound(row)])
    said_here = "is append-only" if model in FOR_GOOD else ": rows are never deleted"
    assert table_of(model) in said
    assert said_here in said


@pytest.mark.parametrize("model", FOR_GOOD, ids=name_of)
def test_what_is_written_for_good_takes_no_update(model: type[models.Model]) -> None:
    row = put_row(model)
    said = run_refused(
        f"UPDATE {table_of(model)} SET version = 2, change = %s WHERE id = %s",
        [as_bound(uuid7()), as_bound(row)],
    )
    assert f"{table_of(model)} is append-only" in said


@pytest.mark.parametrize("model", [*NO_DELETE, *HISTORIES], ids=name_of)
def test_a_table_is_never_emptied(model: type[models.Model]) -> None:
    """SQLite has no TRUNCATE: there it is a DELETE without a condition."""
    put_row(model)
    table = table_of(model)
    is_postgres = connection.vendor == "postgresql"
    run_refused(f"TRUNCATE {table} CASCADE" if is_postgres else f"DELETE FROM {table}")


@pytest.mark.parametrize("model", HISTORIES, ids=name_of)
def test_a_history_is_neither_changed_nor_shortened(model: type[models.Model]) -> None:
    row, table = put_row(model), table_of(model)
    change = f"UPDATE {table} SET version = 2, change = %s WHERE id = %s"
    for statement, values in (
        (change, [as_bound(uuid7()), as_bound(row)]),
        (f"DELETE FROM {table} WHERE id = %s", [as_bound(row)]),
    ):
        assert f"{table} is append-only" in run_refused(statement, values)


@pytest.mark.parametrize("link", MAY_DELETE, ids=name_of)
def test_a_link_may_be_deleted(link: type[models.Model]) -> None:
    row = put_row(link)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table_of(link)} WHERE id = %s", [as_bound(row)])
        assert cursor.rowcount == 1


@pytest.mark.parametrize("link", MAY_DELETE, ids=name_of)
def test_links_are_not_truncated_past_the_feed(link: type[models.Model], on_postgres: bool) -> None:
    if not on_postgres:
        pytest.skip("SQLite tidak mengenal TRUNCATE")
    assert "write through an act" in run_refused(f"TRUNCATE {table_of(link)} CASCADE")


class TestJournal:
    """The journal is append-only."""

    COLUMNS = [field.column for field in JournalEntry._meta.concrete_fields]

    @pytest.mark.parametrize("column", COLUMNS)
    def test_no_column_of_an_entry_can_be_changed(self, column: str, house: Here) -> None:
        said = run_refused(f"UPDATE journal_journalentry SET {column} = {column}")
        assert "journal_journalentry is append-only" in said

    def test_an_entry_cannot_be_deleted(self, house: Here) -> None:
        said = run_refused("DELETE FROM journal_journalentry")
        assert "journal_journalentry is append-only" in said

    def test_the_orm_cannot_delete_one_either(self, house: Here) -> None:
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            JournalEntry.objects.all().delete()
        assert JournalEntry.objects.exists()

    def test_the_journal_cannot_be_truncated(self, house: Here, on_postgres: bool) -> None:
        if not on_postgres:
            pytest.skip("SQLite tidak mengenal TRUNCATE")
        assert "append-only" in run_refused("TRUNCATE journal_journalentry")

    def test_an_upsert_cannot_change_an_entry(self, house: Here) -> None:
        """ON CONFLICT … DO UPDATE is an UPDATE, and is refused as one."""
        columns = ", ".join(self.COLUMNS)
        said = run_refused(
            f"INSERT INTO journal_journalentry ({columns}) "
            f"SELECT {columns} FROM journal_journalentry WHERE true "
            "ON CONFLICT (id) DO UPDATE SET act = 'lain'"
        )
        assert "append-only" in said


@given(st.sampled_from([GuardChanges, GuardLinks, AppendOnly]))
def test_a_guard_can_be_written_into_a_migration(kind: type[GuardChanges]) -> None:
    """The migration writer makes the step again from what `deconstruct` says."""
    name, values, named = kind("some_table").deconstruct()
    again = {c.__name__: c for c in (GuardChanges, GuardLinks, AppendOnly)}[name](*values, **named)
    assert again.rules() == kind("some_table").rules()
    assert "some_table" in again.describe()


def test_what_the_feed_once_said_stays_said(house: Here) -> None:
    """Making the house wrote changes; none of them can be rewritten."""
    said = run_refused("UPDATE journal_change SET operation = operation")
    assert "stays as it is" in said
