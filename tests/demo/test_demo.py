"""A small demo, made once by the command: is everything in it as the program would have made it?

`Stored` looks at the database beside the program, so that a mistake of the quick writer shows.
"""

import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import models

from simpul.demo.mark import SIZES
from tests.cli.command import serving, simpul
from tests.demo.stored import Stored, instant, kind_of, owned_models, same

WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a small demo."""
    place = tmp_path_factory.mktemp("demo")
    done = simpul("demo", "--size", "small", "--no-serve", "--json", data=place)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["made"] is True
    assert answer["patients"] >= SIZES["small"].patients
    assert answer["visits"] >= SIZES["small"].visits
    return place


@pytest.fixture(scope="module")
def stored(folder: Path) -> Iterator[Stored]:
    """A look into it."""
    found = Stored(folder)
    yield found
    found.database.close()


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A demo that may be changed."""
    place = tmp_path / "demo"
    shutil.copytree(folder, place)
    return place


def today() -> str:
    return datetime.now(UTC).astimezone(WIB).date().isoformat()


# -- the journal and the feed -----------------------------------------------------------------


def test_the_journal_verifies(folder: Path, stored: Stored) -> None:
    done = simpul("journal", "verify", "--json", data=folder)
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["entries"] == stored.one(
        "SELECT count(*) FROM journal_journalentry"
    )


def test_the_database_is_whole(stored: Stored) -> None:
    assert stored.one("PRAGMA integrity_check") == "ok"
    assert stored.all("PRAGMA foreign_key_check") == []


def test_the_guards_are_still_there(stored: Stored, copy: Path) -> None:
    with sqlite3.connect(copy / "simpul.sqlite3") as database:
        for statement in (
            "DELETE FROM journal_journalentry",
            "UPDATE patients_patient SET name = 'X'",
            "DELETE FROM distribution_distribution",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                database.execute(statement)


def test_every_row_was_written_by_a_change_of_the_feed(stored: Stored) -> None:
    changes = {row[0] for row in stored.all("SELECT change FROM journal_change")}
    seen = 0
    for model in owned_models():
        for row in stored.all(f"SELECT change FROM {model._meta.db_table}"):
            assert row[0] in changes, model
            seen += 1
    assert seen > 10_000


def test_the_feed_alone_gives_the_same_rows(stored: Stored) -> None:
    kept = stored.replayed()
    for model in owned_models():
        rows = kept.pop(model._meta.label_lower, {})
        for row in stored.rows(model):
            assert same(model, rows.pop(row["id"])) == row
        assert not rows, f"{model}: only in the feed"
    assert not kept


def test_nothing_is_fed_before_what_it_points_at(stored: Stored) -> None:
    born = {
        (row["entity"], row["row"]): (row["id"], row["act_id"])
        for row in stored.all(
            "SELECT id, act_id, entity, row FROM journal_change WHERE operation = 'c'"
        )
    }
    for model in owned_models():
        keys = [
            f
            for f in model._meta.concrete_fields
            if isinstance(f, models.ForeignKey)
            and issubclass(f.related_model, tuple(owned_models()))
        ]
        for row in stored.all(f"SELECT * FROM {model._meta.db_table}"):
            own, act = born[model._meta.label_lower, row["id"]]
            for key in keys:
                if row[key.column] is None:
                    continue
                target, its_act = born[key.related_model._meta.label_lower, row[key.column]]
                assert target < own or its_act == act, (model, key)


def test_time_runs_forward_in_journal_and_feed(stored: Stored) -> None:
    for table, order in (("journal_journalentry", "seq"), ("journal_change", "id")):
        times = [row[0] for row in stored.all(f"SELECT at FROM {table} ORDER BY {order}")]
        assert [instant(t) for t in times] == sorted(instant(t) for t in times)


def test_every_act_of_the_feed_is_in_the_journal(stored: Stored) -> None:
    missing = stored.one(
        "SELECT count(*) FROM journal_change WHERE act_id NOT IN "
        "(SELECT act_id FROM journal_journalentry)"
    )
    assert missing == 0


def test_no_name_and_no_finding_is_in_the_journal(stored: Stored) -> None:
    text = " ".join(
        f"{row['subject']} {row['detail']}"
        for row in stored.all("SELECT DISTINCT subject, detail FROM journal_journalentry")
    )
    names = [row[0] for row in stored.all("SELECT name FROM patients_patient")]
    words = re.findall(r"\w+", text.upper())
    said = f" {' '.join(words)} "  # a name is a word or several: ANIS is not in PROLANIS
    assert not [name for name in names if f" {name} " in said]


def test_nothing_lies_in_the_future(stored: Stored) -> None:
    now = datetime.now(UTC)
    for model in owned_models():
        for field in model._meta.concrete_fields:
            if kind_of(field) == "DateTimeField":
                newest = stored.one(f"SELECT max({field.column}) FROM {model._meta.db_table}")
                assert newest is None or instant(newest) <= now, (model, field.name)


# -- numbers ----------------------------------------------------------------------------------


def test_counters_stand_where_the_numbers_end(stored: Stored) -> None:
    counters = dict(stored.all("SELECT key, value FROM core_counter"))
    facility = stored.all("SELECT id FROM facilities_facility")[0][0]
    mrns = sorted(int(row[0]) for row in stored.all("SELECT mrn FROM patients_patient"))
    assert mrns == list(range(1, len(mrns) + 1)), "record numbers without a gap"
    seen = 1
    for key, value in counters.items():
        space, place, *rest = key.split(":")
        assert place.replace("-", "") == facility
        if space == "mrn":
            assert value == mrns[-1]
        elif space == "merges":
            assert value == stored.one("SELECT count(*) FROM merging_merge")
            seen += 1
        elif space == "ticket":
            day, prefix = f"{rest[0][:4]}-{rest[0][4:6]}-{rest[0][6:]}", rest[1]
            numbers = stored.all(
                "SELECT number FROM distribution_ticket WHERE service_date = ? AND prefix = ? "
                "ORDER BY number",
                day,
                prefix,
            )
            assert [row[0] for row in numbers] == list(range(1, value + 1))
            seen += 1
        else:
            books = stored.all(
                "SELECT registration_number FROM registration_encounter "
                "WHERE registration_number LIKE ? ORDER BY registration_number",
                f"{rest[0]}-%",
            )
            assert [int(row[0][-4:]) for row in books] == list(range(1, value + 1))
    assert seen > 500


def test_the_next_patient_and_visit_get_the_next_numbers(copy: Path) -> None:
    before = Stored(copy)
    highest = int(before.one("SELECT max(mrn) FROM patients_patient"))
    given = before.one(
        "SELECT max(number) FROM distribution_ticket WHERE service_date = ? AND prefix = 'A'",
        today(),
    )
    before.database.close()
    done = simpul("manage", "shell", "-c", REGISTER_ONE, data=copy)
    assert done.returncode == 0, done.stderr
    mrn, ticket, entries = done.stdout.split()[-3:]
    assert int(mrn) == highest + 1
    assert ticket == f"A{given + 1:02d}"
    assert int(entries) == 0, "the journal must go on without a break"


REGISTER_ONE = """
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.staff.models import Account
from simpul.foundation.staff.selectors import get_actor
from simpul.service.distribution.services import register_visit
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.services import register_patient
from simpul.service.registration.services import VisitWish
by = get_actor(Account.objects.get(username="pendaftaran").id)
typed = PatientInput(name="Orang Baru", birth_date="1990-05-01", sex="male", village="Sabrang",
                     mother_name="Ibunya")
patient = register_patient(by=by, typed=typed, confirm_new="baru").patient
visit = register_visit(VisitWish(patient_id=patient.id, unit="umum", complaint="batuk"), by=by)
print(patient.mrn, visit.ticket.label, len(verify_chain().faults))
"""


# -- what is in it ----------------------------------------------------------------------------


def test_the_rules_judge_every_record_as_it_is_marked(folder: Path) -> None:
    done = simpul("manage", "shell", "-c", JUDGE_ALL, data=folder)
    assert done.returncode == 0, done.stderr
    looked, wrong = (int(number) for number in done.stdout.split()[-2:])
    assert looked > 800
    assert wrong == 0


JUDGE_ALL = """
from simpul.foundation.staff.models import Account
from simpul.foundation.staff.selectors import get_actor
from simpul.service.completeness.models import CompletenessCheck, Deficiency
from simpul.service.completeness.sheets import judge
from simpul.service.patients.selectors import get_patient
by = get_actor(Account.objects.get(username="rm").id)
looked = wrong = 0
for row in CompletenessCheck.objects.select_related("encounter"):
    patient = get_patient(row.encounter.patient_id, by=by)
    result, _sheet = judge(row.encounter, patient, unit=row.unit, by=by)
    open_now = set(Deficiency.objects.filter(encounter=row.encounter, mended_at=None)
                   .values_list("rule", flat=True))
    looked += 1
    wrong += (result.complete != (row.status != "incomplete") or result.percent != row.percent
              or {m.rule for m in result.missing} != open_now
              or [m.rule for m in result.missing] != [r["rule"] for r in row.results])
print(looked, wrong)
"""


def test_everybody_can_be_found_by_name(stored: Stored) -> None:
    lost = stored.one(
        "SELECT count(*) FROM patients_patient p WHERE NOT EXISTS "
        "(SELECT 1 FROM patients_nametoken t JOIN patients_tokenvariant v ON v.token = t.token "
        "AND v.variant = t.token WHERE t.patient_id = p.id)"
    )
    assert lost == 0


def test_past_visits_are_on_weekday_mornings(stored: Stored) -> None:
    past = stored.all(
        "SELECT service_date, period_start FROM registration_encounter WHERE service_date < ?",
        today(),
    )
    assert len(past) == SIZES["small"].visits
    for day, began in past:
        here = instant(began).astimezone(WIB)
        assert here.date().isoformat() == day
        assert here.weekday() < 5
        assert (7, 30) <= (here.hour, here.minute) <= (11, 0)
    assert len({row[0] for row in past}) > 200, "spread over the year"


def test_about_twelve_of_a_hundred_records_were_incomplete(stored: Stored) -> None:
    acts = Counter(row[0] for row in stored.all("SELECT act FROM journal_journalentry"))
    share = acts["record-incomplete"] / (acts["record-complete"] + acts["record-incomplete"])
    assert 0.08 <= share <= 0.16
    open_since = [
        instant(row[0])
        for row in stored.all(
            "SELECT closed_at FROM completeness_completenesscheck WHERE status = 'incomplete'"
        )
    ]
    assert len(open_since) >= 4
    assert max(open_since) - min(open_since) > timedelta(days=7), "old ones and new ones"


def test_folders_are_out_for_longer_than_a_day(stored: Stored) -> None:
    out = stored.all("SELECT since FROM filing_paperfile WHERE whereabouts = 'out'")
    overdue = [row for row in out if datetime.now(UTC) - instant(row[0]) > timedelta(days=1)]
    assert overdue
    assert len(out) > len(overdue)
    moves = Counter(row[0] for row in stored.all("SELECT kind FROM filing_filemovement"))
    assert moves["sent"] >= moves["received"] >= moves["stored"] > 50


def test_this_morning_has_every_state(stored: Stored) -> None:
    rows = stored.all("SELECT * FROM distribution_distribution WHERE service_date = ?", today())
    stages = Counter(row["stage"] for row in rows)
    assert set(stages) == {
        "saved", "shown", "opened", "in-service", "done", "redirected", "cancelled", "no-show",
    }  # fmt: skip
    waiting = Counter(row["unit"] for row in rows if row["stage"] in ("shown", "opened"))
    assert len(waiting) >= 5
    at_work = [row["unit"] for row in rows if row["stage"] == "in-service"]
    assert len(at_work) == len(set(at_work)) >= 4
    assert {row["priority"] for row in rows} >= {"2-priority", "3-routine"}
    assert [row for row in rows if row["came_from"] and row["stage"] == "shown"]
    late = [row for row in rows if row["stage"] == "saved"]
    assert len(late) == 1
    assert late[0]["shown_at"] is None
    for row in rows:
        steps = [row[f"{step}_at"] for step in ("saved", "shown", "opened", "started", "ended")]
        times = [instant(step) for step in steps if step]
        assert times == sorted(times)
    names = [
        row[0]
        for row in stored.all(
            "SELECT p.name FROM distribution_distribution d JOIN patients_patient p "
            "ON p.id = d.patient_id WHERE d.service_date = ? AND d.unit = 'umum' "
            "AND d.stage = 'shown'",
            today(),
        )
    ]
    assert any(a != b and a.startswith(b[:-1]) for a in names for b in names), names
    assert stored.one(
        "SELECT count(*) FROM patients_patient p JOIN distribution_distribution d "
        "ON d.patient_id = p.id WHERE d.service_date = ? AND NOT p.is_identity_complete",
        today(),
    )


def test_there_is_somebody_of_every_role_and_no_token(stored: Stored) -> None:
    roles = Counter(row[0] for row in stored.all("SELECT role FROM staff_practitionerrole"))
    assert set(roles) == {
        "pendaftaran", "perawat", "dokter", "dokter_gigi", "bidan", "farmasi", "laboratorium",
        "perekam_medis", "kepala", "petugas_it", "petugas_dinas",
    }  # fmt: skip
    assert roles["pendaftaran"] == 2
    assert stored.one("SELECT count(*) FROM staff_apitoken") == 0
    assert stored.one("SELECT count(*) FROM facilities_village") == 248


# -- again ------------------------------------------------------------------------------------


def test_the_second_start_keeps_the_data_and_is_quick(folder: Path, stored: Stored) -> None:
    before = stored.one("SELECT count(*) FROM journal_journalentry")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {"PYTHONPROFILEIMPORTTIME": "1"}
    done = simpul("demo", "--size", "small", "--no-serve", "--json", data=folder, **told)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0
    assert json.loads(done.stdout)["made"] is False
    assert stored.one("SELECT count(*) FROM journal_journalentry") == before
    seconds = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
    assert seconds < 5, "processor seconds: a busy machine must not fail this"
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "simpul.demo.mark" in loaded
    idle = {"simpul.demo.making", "simpul.demo.names", "rich", "ninja"}
    assert not loaded & idle, "nothing is loaded that such a start does not use"


def test_another_size_says_so_and_keeps_what_is_there(folder: Path) -> None:
    done = simpul("demo", "--size", "medium", "--no-serve", "--json", data=folder)
    assert done.returncode == 0
    assert json.loads(done.stdout)["size"] == "small"
    assert "“small” sudah ada" in done.stderr


def test_the_same_seed_makes_the_same_people(stored: Stored, tmp_path: Path) -> None:
    assert simpul("demo", "--no-serve", data=tmp_path).returncode == 0
    second = Stored(tmp_path)
    people = "SELECT mrn, name, nik, birth_date, village FROM patients_patient ORDER BY mrn"
    visits = (
        "SELECT registration_number, complaint, unit FROM registration_encounter "
        "WHERE service_date < ? ORDER BY registration_number"
    )
    assert [tuple(r) for r in stored.all(people)] == [tuple(r) for r in second.all(people)]
    assert [tuple(r) for r in stored.all(visits, today())] == [
        tuple(r) for r in second.all(visits, today())
    ]
    second.database.close()


def test_a_demo_of_an_earlier_day_gets_a_fresh_morning(copy: Path) -> None:
    """Yesterday's demo, by moving its mark and its morning one day back in time."""
    old = Stored(copy)
    visits = old.one("SELECT count(*) FROM registration_encounter")
    entries = [tuple(row) for row in old.all("SELECT * FROM journal_journalentry ORDER BY seq")]
    old.database.close()
    with sqlite3.connect(copy / "simpul.sqlite3") as database:
        mark = json.loads(
            database.execute("SELECT value FROM core_nodestate WHERE key = 'demo'").fetchone()[0]
        )
        mark["morning"] = "2020-01-01"
        database.execute(
            "UPDATE core_nodestate SET value = ? WHERE key = 'demo'", [json.dumps(mark)]
        )
    done = simpul("demo", "--no-serve", "--json", data=copy)
    assert done.returncode == 0, done.stderr
    assert "Hari baru" in done.stderr
    new = Stored(copy)
    assert new.one("SELECT count(*) FROM registration_encounter") > visits + 20
    now = [tuple(row) for row in new.all("SELECT * FROM journal_journalentry ORDER BY seq")]
    assert now[: len(entries)] == entries, "the rest stays as it was"
    twice = new.all(
        "SELECT patient_id FROM distribution_distribution "
        "WHERE service_date = ? AND stage IN ('saved', 'shown', 'opened', 'in-service') "
        "GROUP BY patient_id HAVING count(*) > 1",
        today(),
    )
    assert twice == [], "nobody waits in two places"
    again = simpul("demo", "--no-serve", data=copy)
    assert "Hari baru" not in again.stderr
    assert simpul("journal", "verify", data=copy).returncode == 0
    new.database.close()


def test_a_demo_that_was_never_finished_is_made_anew(copy: Path) -> None:
    with sqlite3.connect(copy / "simpul.sqlite3") as database:
        database.execute(
            "UPDATE core_nodestate SET value = ? WHERE key = 'demo'",
            [json.dumps({"size": "small", "finished": False})],
        )
    done = simpul("demo", "--size", "empty", "--no-serve", "--json", data=copy)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer == {"ok": True, "size": "empty", "made": True, "patients": 0, "visits": 0}


def test_a_real_site_is_never_filled_with_made_up_people(tmp_path: Path) -> None:
    words = ["--facility", "Puskesmas Nyata", "--timezone", "WIB", "--name", "Sri"]
    made = simpul(
        "account", "create", *words, "--username", "sri", "--password-stdin",
        data=tmp_path, given="sandi-panjang-9\n",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    done = simpul("demo", "--no-serve", "--json", data=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] == "not_a_demo"
    assert "sungguhan" in done.stderr
    real = Stored(tmp_path)
    assert real.one("SELECT count(*) FROM patients_patient") == 0
    assert [r[0] for r in real.all("SELECT username FROM staff_account")] == ["sri"]
    real.database.close()


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX")
def test_a_demo_is_served_with_its_log_ins_and_ends_cleanly(copy: Path) -> None:
    with serving("demo", "--size", "small", data=copy) as server:
        address = f"http://127.0.0.1:{server.port}"
        assert server.text.count("http://") == 1
        assert address in server.text
        assert "contoh-simpul" in server.text
        for name in ("pendaftaran2", "dokter-gigi", "kepala"):
            assert f"  {name} " in server.text
        with urllib.request.urlopen(f"{address}/health", timeout=30) as answer:
            assert json.load(answer)["set_up"] is True
        status, took = server.stop(signal.SIGINT)
        assert status == 0, server.text
        assert took < 6
        assert not server.left_over()


# -- PostgreSQL -------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.skipif(
    "SIMPUL_TEST_POSTGRES_URL" not in os.environ, reason="needs a PostgreSQL server"
)
def test_a_demo_on_postgresql(tmp_path: Path) -> None:
    import psycopg

    url = os.environ["SIMPUL_TEST_POSTGRES_URL"]
    name = f"simpul_demo_{os.urandom(4).hex()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    own = f"{url.rpartition('/')[0]}/{name}"
    try:
        done = simpul("demo", "--no-serve", "--json", data=tmp_path, SIMPUL_DATABASE_URL=own)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)["patients"]
        checked = simpul("journal", "verify", "--json", data=tmp_path, SIMPUL_DATABASE_URL=own)
        assert checked.returncode == 0, checked.stdout
        judged = simpul("manage", "shell", "-c", JUDGE_ALL, data=tmp_path, SIMPUL_DATABASE_URL=own)
        assert judged.returncode == 0, judged.stderr
        assert judged.stdout.split()[-1] == "0"
        with psycopg.connect(own) as database:
            changes = database.execute("SELECT count(*) FROM journal_change").fetchone()
            rows = database.execute("SELECT count(*) FROM patients_patient").fetchone()
        assert changes is not None
        assert changes[0] > 10_000
        # Newcomers of this morning are among them, so how many there are depends on the hour.
        assert rows == (told,)
        assert told >= SIZES["small"].patients
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_the_head_has_a_version_of_the_rules_and_the_counter_overrode_some(stored: Stored) -> None:
    ((number, rules, note),) = stored.all("SELECT number, rules, note FROM placement_ruleset")
    assert number == 1
    assert "rapat loket" in note
    assert {"mulut", "gigi", "ugd-keluhan"} <= {rule["code"] for rule in json.loads(rules)}
    enrolled = stored.all("SELECT DISTINCT programme FROM placement_programmeenrolment")
    assert {"prolanis", "kb"} <= {row[0] for row in enrolled}
    overridden = stored.one(
        "SELECT count(*) FROM registration_encounter "
        "WHERE suggested_unit <> '' AND unit <> suggested_unit AND override_reason <> ''"
    )
    assert overridden > 20
