"""`simpul move-database`: everything arrives, nothing of the source changes, and a cut leaves no
half of a house that could be taken for a whole one."""

import hashlib
import json
import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import DatabaseError, load_backend
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.cli.main import main
from simpul.cli.moving import move as moving
from simpul.cli.moving.move import Moved, move
from simpul.cli.moving.places import is_half_moved, read_place
from simpul.cli.moving.tables import Digest, row_hash
from simpul.foundation.backups.locks import occupy
from simpul.foundation.core.databases import describe_address, describe_file
from simpul.foundation.core.errors import SimpulError
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import IdempotencyKey
from simpul.foundation.core.node import forget_node
from simpul.foundation.facilities.selectors import forget_here
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.selectors import forget_actors
from simpul.service.distribution.services import register_visit
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.models import Patient
from simpul.service.patients.services import register_patient
from simpul.service.registration.models import Encounter
from simpul.service.registration.services import VisitWish
from simpul.web.upkeep import refresh_statistics
from tests.conftest import make_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CUT = 9
_built: list[Path] = []


@contextmanager
def using(description: dict[str, Any]) -> Iterator[None]:
    """Make another database the default one, as in a process of another site."""
    before = connections["default"]
    full = {**before.settings_dict, **description}
    wrapper = load_backend(full["ENGINE"]).DatabaseWrapper(full, "default")
    connections["default"] = wrapper
    forget_node()
    forget_here()
    forget_actors()
    try:
        yield
    finally:
        wrapper.close()
        connections["default"] = before
        forget_node()
        forget_here()
        forget_actors()


def empty_tables() -> Path:
    """The file the tests run on: migrated, and nothing of ours committed in it."""
    if connections["default"].vendor != "sqlite":
        pytest.skip("the source of these tests is a copy of the tests' own SQLite file")
    return Path(str(connections["default"].settings_dict["NAME"]))


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def source(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small house in a file of its own, committed; made once."""
    if not _built:
        made = tmp_path_factory.mktemp("house") / "simpul.sqlite3"
        _copy_file(empty_tables(), made)
        _copy_file(made, made.with_name("empty.sqlite3"))
        with using(describe_file(made)):
            _live_in()
            connection.checkpoint()  # type: ignore[attr-defined]
        _built.append(made)
    mine = folder / "simpul.sqlite3"
    shutil.copy(_built[0], mine)
    with using(describe_file(mine)):
        yield mine


def _live_in() -> None:
    from simpul.foundation.administration.services import set_up_facility

    set_up_facility("Puskesmas Pindah")
    for number in range(3):
        _visit(f"Sri Pindah {number}")
    for number in range(4):
        IdempotencyKey.objects.create(
            account=uuid.uuid4(), key=f"k{number}", at=datetime.now(UTC), body=b"\x00\xff", status=1
        )
    refresh_statistics()  # what every server does once a day
    IdempotencyKey.objects.filter(key="k3").delete()  # the next number must not be its again


def _visit(name: str) -> None:
    registrar = make_actor("pendaftaran")
    patient = register_patient(
        by=registrar,
        typed=PatientInput(
            name=name, birth_date="12031985", sex="female", village="Sabrang", mother_name="Mar"
        ),
    ).patient
    register_visit(VisitWish(patient_id=patient.id, complaint="batuk 🤒"), by=registrar)


def _copy_file(old_path: Path, new_path: Path) -> None:
    with closing(sqlite3.connect(old_path)) as old, closing(sqlite3.connect(new_path)) as new:
        old.backup(new)


@pytest.fixture
def quick_tables(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target file gets its tables by copying migrated ones: migrating takes ten seconds."""

    def copy_tables(*_: Any, **__: Any) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(_built[0].with_name("empty.sqlite3"))) as old:
            old.backup(connection.connection)

    monkeypatch.setattr(moving, "call_command", copy_tables)


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody looks at the bar."""


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refused(work: Callable[[], object]) -> SimpulError:
    with pytest.raises(SimpulError) as caught:
        work()
    return caught.value


def check_house(moved: Moved, visits: int = 3) -> None:
    """The moved house is whole and lives on: guards, journal, numbers, a new visit."""
    assert moved.digests["patients_patient"].rows == visits
    assert Encounter.objects.count() == visits
    assert "🤒" in Encounter.objects.first().complaint  # type: ignore[union-attr]
    assert bytes(IdempotencyKey.objects.get(key="k0").body) == b"\x00\xff"
    assert not verify_chain().faults
    patient = Patient.objects.first()
    assert patient is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        Patient.objects.filter(pk=patient.pk).update(name="Lain")
    with pytest.raises(DatabaseError), transaction.atomic():
        JournalEntry.objects.all().delete()
    last = JournalEntry.objects.order_by("-id")[0].id
    _visit(f"{('Wati', 'Endang')[visits - 3]} Sesudah")
    assert Encounter.objects.count() == visits + 1
    assert JournalEntry.objects.order_by("-id")[0].id > last
    report = verify_chain()
    assert not report.faults
    assert report.entries == JournalEntry.objects.count()


def test_a_house_arrives_whole_and_the_source_is_untouched(
    source: Path, quick_tables: None, capsys: pytest.CaptureFixture[str]
) -> None:
    before, goal = fingerprint(source), source.with_name("baru.sqlite3")
    assert main(["move-database", "--to", f"sqlite:{goal}", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"]
    assert told["tables"]["patients_patient"]["rows"] == 3
    assert not told["missing_guards"]
    assert fingerprint(source) == before
    assert goal.stat().st_mode & 0o077 == 0
    assert not list(goal.parent.glob("*.moving*"))
    with using(describe_file(goal)):
        with closing(sqlite3.connect(goal)) as new:
            counted = new.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = 'core_idempotencykey'"
            ).fetchone()
        assert counted == (4,)
        digests = {name: fact["rows"] for name, fact in told["tables"].items()}
        assert digests["django_content_type"] > 10
        moved = Moved(read_place("sqlite"), {}, cleared=False)
        moved.digests.update({"patients_patient": _three()})
        check_house(moved)


def _three() -> Digest:
    digest = Digest()
    digest.rows = 3
    return digest


def test_a_move_that_is_killed_leaves_no_house_and_the_next_one_clears_it(
    source: Path, quick_tables: None
) -> None:
    before, goal = fingerprint(source), source.with_name("baru.sqlite3")
    place = read_place(f"sqlite:{goal}")
    _die_while(lambda tell: move(place, tell))
    assert not goal.exists()
    assert place.draft.exists()
    assert fingerprint(source) == before
    moved = move(place, quiet)
    assert moved.cleared
    assert moved.digests["patients_patient"].rows == 3
    assert not place.draft.exists()


def _die_while(work: Callable[[Callable[[str, int, int], None]], object]) -> None:
    """Run in a child that dies, as by a power cut, when the copying is done and not committed."""

    def die(what: str, done: int, total: int) -> None:
        if what == "Menyalin" and done >= total:
            os._exit(CUT)

    child = os.fork()
    if child == 0:
        try:
            # What the parent has open is not this process's to close in order.
            connections["default"].connection = None
            connections["default"]._gate = None  # type: ignore[attr-defined]
            work(die)
        except BaseException:
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == CUT


def test_what_arrived_otherwise_is_found_and_thrown_away(
    source: Path, quick_tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, goal = moving._insert, source.with_name("baru.sqlite3")

    def careless(table: Any, target: Any, rows: Any) -> None:
        if table.name == "patients_patient":
            place = table.columns.index("name")
            first = list(rows[0])
            first[place] = first[place].lower()
            rows = [tuple(first), *rows[1:]]
        honest(table, target, rows)

    monkeypatch.setattr(moving, "_insert", careless)
    refusal = refused(lambda: move(read_place(f"sqlite:{goal}"), quiet))
    assert refusal.code == "not_equal"
    assert "patients_patient" in refusal.message
    assert "sri" not in refusal.message.lower()
    assert not goal.exists()


def test_a_place_in_use_or_filled_is_refused_and_says_what_to_do(
    source: Path, quick_tables: None
) -> None:
    goal = source.with_name("baru.sqlite3")
    assert refused(lambda: move(read_place("sqlite"), quiet)).code == "same_database"
    goal.write_bytes(b"sesuatu")
    filled = refused(lambda: move(read_place(f"sqlite:{goal}"), quiet))
    assert filled.code == "target_not_empty"
    assert "Ganti nama" in filled.message
    assert goal.read_bytes() == b"sesuatu"
    goal.unlink()
    server = occupy(source.parent, "serve")
    busy = refused(lambda: move(read_place(f"sqlite:{goal}"), quiet))
    server.release()
    assert busy.code == "data_in_use"
    assert "serve" in busy.message
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE titipan (apa text)")
    strange = refused(lambda: move(read_place(f"sqlite:{goal}"), quiet))
    assert strange.code == "unknown_tables"
    assert "titipan" in strange.message
    assert not goal.exists()


def test_a_disk_without_room_is_said_before_anything_is_written(
    source: Path, quick_tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = source.with_name("baru.sqlite3")
    monkeypatch.setattr(moving, "ROOM", 1e9)
    assert refused(lambda: move(read_place(f"sqlite:{goal}"), quiet)).code == "no_room"
    assert not list(source.parent.glob("baru*"))


@pytest.mark.parametrize("text", ["mysql://u:rahasia@h/d", "postgresql://u:rahasia@h:x/d", "x"])
def test_a_goal_that_cannot_be_meant_is_refused_without_its_password(
    text: str, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["move-database", "--to", text]) == 1
    said = capsys.readouterr().err
    assert "tidak ada yang diubah" in said
    assert "rahasia" not in said


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
    st.decimals(allow_nan=False, allow_infinity=False),
)
ROWS = st.lists(st.tuples(VALUES, VALUES), max_size=6)


@settings(deadline=None, max_examples=50)
@given(ROWS, st.randoms(use_true_random=False))
def test_a_digest_knows_no_order_and_no_lost_or_doubled_row(rows: Any, random: Any) -> None:
    def digest(of: Any) -> Digest:
        made = Digest()
        for row in of:
            made.add(row)
        return made

    shuffled = list(rows)
    random.shuffle(shuffled)
    assert digest(rows) == digest(shuffled)
    if rows:
        assert digest(rows) != digest(rows[1:])
        assert digest(rows) != digest([*rows, rows[0]])


def test_a_row_is_its_values_whatever_the_clock_of_the_zone() -> None:
    moment = datetime(2026, 2, 3, 8, 14, tzinfo=UTC)
    there = moment.astimezone(timezone(timedelta(hours=7)))
    assert row_hash([moment]) == row_hash([there])
    assert row_hash([b"a"]) == row_hash([memoryview(b"a")])
    apart = [1, "1", True, None, "", b"1", Decimal("1.0"), date(2026, 1, 1), "2026-01-01", {}, []]
    hashes = {row_hash([value]) for value in apart}
    # True and 1 are one value to SQLite, and columns are of one kind anyhow.
    assert len(hashes) >= len(apart) - 1


@pytest.mark.postgres
@pytest.mark.timeout(240)
def test_to_postgresql_and_back(source: Path, quick_tables: None) -> None:
    url = os.environ.get("SIMPUL_TEST_POSTGRES_URL")
    if not url:
        pytest.skip("PostgreSQL tidak ada (SIMPUL_TEST_POSTGRES_URL)")
    with _new_database(url) as address:
        _there_and_back(source, address)


@contextmanager
def _new_database(url: str) -> Iterator[str]:
    import psycopg

    name = f"simpul_move_{uuid7().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def _there_and_back(source: Path, address: str) -> None:
    import psycopg

    from simpul.cli.preparing import apply_migrations

    place, before = read_place(address), fingerprint(source)
    copy_tables = moving.call_command
    with pytest.MonkeyPatch.context() as patch:
        # Cut off while the tables are being made: some are there, and the mark.
        def cut(*_: Any, **__: Any) -> None:
            with connection.cursor() as cursor:
                cursor.execute("CREATE TABLE setengah (a int)")
            raise KeyboardInterrupt

        patch.setattr(moving, "call_command", cut)
        with pytest.raises(KeyboardInterrupt):
            move(place, quiet)
        with using(describe_address(address)):
            assert is_half_moved()
            assert refused(apply_migrations).code == "half_moved"
        patch.setattr(moving, "call_command", call_command)
        moved = move(place, quiet)
    assert moved.cleared
    assert fingerprint(source) == before
    assert refused(lambda: move(place, quiet)).code == "target_not_empty"
    with using(describe_address(address)):
        assert not is_half_moved()
        check_house(moved)
        IdempotencyKey.objects.create(
            account=uuid.uuid4(), key="k9", at=datetime.now(UTC), body=b"", status=1
        )
        assert IdempotencyKey.objects.get(key="k9").pk == 5
        with pytest.raises(IntegrityError), transaction.atomic():
            # A number that is taken is refused here as well.
            JournalEntry.objects.bulk_create([JournalEntry.objects.order_by("id")[0]])
        goal = source.with_name("kembali.sqlite3")
        back = read_place(f"sqlite:{goal}")
        with psycopg.connect(address):
            busy = refused(lambda: move(back, quiet))
        assert busy.code == "data_in_use"
        assert "sambungan lain" in busy.message
        moving.call_command = copy_tables
        returned = move(back, quiet)
        assert returned.digests["patients_patient"].rows == 4
    with using(describe_file(goal)):
        check_house(returned, visits=4)
