"""The year's workload from what the services really wrote, and who may see what of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simpul.foundation.core.errors import NotAllowed, NotHere, Refused
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.planning.workload import selectors, tallies
from simpul.planning.workload.closely import CloseUp, get_close_up
from simpul.planning.workload.models import MonthTally
from simpul.planning.workload.selectors import Period, list_loads, yearly_workload
from simpul.service.distribution.services import cancel_visit, undo_visit
from simpul.service.filing.services import scan_file
from simpul.service.patients.selectors import get_patient
from tests.planning.workload.morning import EIGHT, NAMES, at, new_visit, serve

DAY = date(2026, 3, 2)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    selectors.forget_tallies()
    yield
    selectors.forget_tallies()


@pytest.fixture
def served(registrar: Actor, nurse: Actor, physician: Actor) -> None:
    """Three new patients ten minutes apart, each served for twelve minutes."""
    for n, name in enumerate(NAMES[:3]):
        visit = new_visit(registrar, n * 10, name)
        serve(visit, n * 10 + 2, nurse=nurse, physician=physician, took=12)


def load_of(by: Actor, code: str, period: Period = MARCH) -> selectors.Load:
    return next(load for load in list_loads(by=by, period=period) if load.code == code)


def close_up(by: Actor, load: selectors.Load) -> CloseUp:
    return get_close_up(
        by=by, period=MARCH, unit=load.unit, activity=load.code, category=load.category
    )


@pytest.mark.usefixtures("served")
def test_a_year_is_counted_by_category_with_times_and_where_they_come_from(head: Actor):
    with at(24 * 60 * 9):
        year = yearly_workload(by=head, year=2026)

    lines = {c.code: {a.code: a for a in c.activities} for c in year.categories}
    assert set(lines) == {"pendaftaran", "perawat", "dokter"}
    assert lines["pendaftaran"]["daftar-baru"].counted == 3
    assert lines["perawat"]["tanda-vital"].counted == 3
    service = lines["dokter"]["layanan"]
    assert service.counted == 3
    assert service.timing.median == 600, "from the patient before, not from the vital signs"
    assert service.unit == "umum"
    assert service.unit_seconds is None, "three are too few to propose"
    assert "panggil" not in lines["perawat"], "waiting is not work"
    assert {c.code: c.people for c in year.categories} == {
        "pendaftaran": 1,
        "perawat": 1,
        "dokter": 1,
    }


@pytest.mark.usefixtures("served")
def test_a_year_that_is_not_over_is_extrapolated_and_says_so(head: Actor):
    with at(24 * 60 * 9):
        year = yearly_workload(by=head, year=2026)

    assert (year.period.first, year.period.last) == (DAY, date(2026, 3, 11))
    line = year.categories[0].activities[0]
    assert line.volume == round(line.counted * Decimal(365) / 10)
    assert any("365/10 hari" in sentence for sentence in year.assumptions)


def test_a_year_without_entries_is_empty_and_says_so(head: Actor):
    year = yearly_workload(by=head, year=2019)

    assert year.is_empty
    assert "2019" in year.assumptions[0]


def test_undone_and_cancelled_visits_are_not_volume(
    registrar: Actor, nurse: Actor, physician: Actor, head: Actor
):
    for n, name in enumerate(NAMES[:3]):
        visit = new_visit(registrar, n * 10, name)
        with at(n * 10 + 1.5):
            if n == 1:
                undo_visit(visit.encounter.id, by=registrar)
            if n == 2:
                cancel_visit(visit.encounter.id, reason="pulang", by=registrar)

    assert load_of(head, "daftar-baru").acts == 1


def test_a_lunch_break_is_not_part_of_a_registration(registrar: Actor, head: Actor):
    for n, minutes in enumerate((0, 4, 8, 12, 75)):
        new_visit(registrar, minutes, NAMES[n], after=0.5)

    load = load_of(head, "daftar-baru")
    assert (load.acts, load.timing.n) == (5, 3)
    assert load.timing.left_out.pauses == 1
    assert load.timing.left_out.unmeasured == 1, "the first act of the day"
    assert load.timing.median == 240


def test_vital_signs_of_who_serves_the_patient_are_not_counted_twice(
    registrar: Actor, physician: Actor, head: Actor
):
    visit = new_visit(registrar, 0, NAMES[0])
    serve(visit, 2, nurse=physician, physician=physician, took=12)

    codes = {load.code for load in list_loads(by=head, period=MARCH)}
    assert "layanan" in codes
    assert "tanda-vital" not in codes


def test_folders_are_the_record_officers(registrar: Actor, recorder: Actor, head: Actor):
    visit = new_visit(registrar, 0, NAMES[0])
    mrn = get_patient(visit.encounter.patient_id, by=registrar).mrn
    for minutes, mode in ((10, "sent"), (12, "received"), (13, "stored")):
        with at(minutes):
            scan_file(mrn, mode=mode, by=recorder, unit="umum" if mode == "sent" else "")

    load = load_of(head, "berkas-simpan")
    assert (load.category, load.unit, load.timing.median) == ("perekam_medis", "rekam-medis", 60)


@pytest.mark.usefixtures("served")
def test_another_month_and_another_unit_hold_nothing(head: Actor):
    assert list_loads(by=head, period=Period(date(2026, 2, 1), date(2026, 2, 28))) == []
    assert list_loads(by=head, period=MARCH, unit="gigi") == []
    assert {x.unit for x in list_loads(by=head, period=MARCH, unit="umum")} == {"umum"}


@pytest.mark.usefixtures("served")
def test_a_month_that_is_over_is_read_once(head: Actor):
    with at(24 * 60 * 60):
        before = load_of(head, "layanan")
        assert MonthTally.objects.count() == 1
        with CaptureQueriesContext(connection) as again:
            after = load_of(head, "layanan")

    assert after.timing == before.timing
    assert not any("ORDER BY id" in query["sql"] for query in again)


@pytest.mark.usefixtures("served")
def test_an_entry_that_arrives_late_makes_the_month_anew(
    registrar: Actor, nurse: Actor, physician: Actor, head: Actor
):
    with at(24 * 60 * 60):
        assert load_of(head, "layanan").acts == 3
    # A device whose clock stood still sends its day two months later.
    visit = new_visit(registrar, 100, NAMES[3])
    serve(visit, 102, nurse=nurse, physician=physician, took=5)

    with at(24 * 60 * 60):
        assert load_of(head, "layanan").acts == 4
        assert load_of(head, "layanan").acts == 4


def test_months_are_made_one_by_one_before_anybody_asks(registrar: Actor, head: Actor):
    for n, days in enumerate((0, 40)):
        new_visit(registrar, days * 24 * 60, NAMES[n])

    def chore() -> date | None:
        return tallies.keep_one_month_here()

    with at(24 * 60 * 75):  # in the middle of May
        assert [chore(), chore(), chore()] == [date(2026, 4, 1), date(2026, 3, 1), None]
        whole = load_of(head, "daftar-baru", Period(date(2026, 3, 1), date(2026, 4, 30)))
    assert whole.acts == 2


def test_nobody_waits_for_months_that_the_start_has_made(
    registrar: Actor, head: Actor, monkeypatch: pytest.MonkeyPatch
):
    for n, days in enumerate((0, 40, 61)):
        new_visit(registrar, days * 24 * 60, NAMES[n])
    told: list[tuple[int, int]] = []

    with at(24 * 60 * 75):
        assert tallies.keep_missing_months(lambda done, most: told.append((done, most))) == 2
        assert tallies.keep_missing_months(lambda done, most: told.append((done, most))) == 0
        monkeypatch.setattr(tallies, "_fold", None)  # reading anew would fail
        load = load_of(head, "daftar-baru", Period(date(2026, 3, 1), date(2026, 4, 30)))
    assert (load.acts, told) == (2, [(1, 24), (2, 24)])


def test_months_made_one_after_another_stay_as_they_are(
    registrar: Actor, head: Actor, monkeypatch: pytest.MonkeyPatch
):
    """April's entries are newer than March's histogram, and older than April's own."""
    for n, day in enumerate((0, 30, 61)):
        new_visit(registrar, day * 24 * 60, NAMES[n])
        with at((day + 5) * 24 * 60):
            tallies.keep_one_month_here()
    assert {row.first for row in MonthTally.objects.all()} == {date(2026, 3, 1), date(2026, 4, 1)}
    monkeypatch.setattr(tallies, "_fold", None)  # reading anew would fail

    with at(24 * 60 * 75):
        for looked in (10**6, 0):  # marking them as looked through changes nothing
            monkeypatch.setattr(tallies, "LOOKED_THROUGH", looked)
            load = load_of(head, "daftar-baru", Period(date(2026, 3, 1), date(2026, 4, 30)))
            assert load.acts == 2
    assert MonthTally.objects.values("top").distinct().count() == 1


def test_a_house_without_entries_has_no_month_to_make(head: Actor):
    with at(-24 * 60 * 400):
        assert tallies.keep_one_month(head.facility_id, timezone="Asia/Jakarta") is None


def test_a_month_still_running_is_not_kept(registrar: Actor, head: Actor):
    new_visit(registrar, 0, NAMES[0])
    with at(60):
        load_of(head, "daftar-baru")

    assert not MonthTally.objects.exists()


def test_months_fit_together(registrar: Actor, head: Actor):
    """A period over the end of a month counts each act once."""
    for n, days in enumerate((0, 29, 30)):
        new_visit(registrar, days * 24 * 60, NAMES[n])

    whole = load_of(head, "daftar-baru", Period(date(2026, 3, 1), date(2026, 4, 30)))
    assert whole.acts == 3
    parts = list(tallies.split_months(Period(date(2026, 1, 15), date(2026, 3, 2))))
    assert [(p.first.day, p.last.day) for p in parts] == [(15, 31), (1, 28), (1, 2)]
    assert sum(p.days for p in parts) == 47


def test_the_hour_is_the_facilitys_own(registrar: Actor, head: Actor):
    for n in range(2):
        new_visit(registrar, 10 + n * 5, NAMES[n])

    load = load_of(head, "daftar-baru")
    close = close_up(head, load)
    assert [part.label for part in close.hours] == ["08.00–09.00"]
    assert close.hours[0].timing == load.timing


@pytest.mark.usefixtures("served")
def test_only_who_may_sees_times_by_person(head: Actor, district_officer: Actor, registrar: Actor):
    load = load_of(head, "layanan")

    people = close_up(head, load).people
    assert people is not None
    assert [part.label for part in people] == ["Dokter Contoh"]
    assert close_up(district_officer, load).people is None
    with pytest.raises(NotAllowed):
        close_up(registrar, load)


@pytest.mark.usefixtures("served")
def test_who_may_not_plan_sees_nothing(registrar: Actor, physician: Actor):
    for somebody in (registrar, physician):
        with pytest.raises(NotAllowed):
            yearly_workload(by=somebody, year=2026)
        with pytest.raises(NotAllowed):
            list_loads(by=somebody, period=MARCH)


@pytest.mark.usefixtures("served")
def test_another_facility_is_for_the_dinas_alone(
    head: Actor, district_officer: Actor, outsider: Actor
):
    with at(60 * 24):
        assert yearly_workload(by=outsider, year=2026).is_empty
        with pytest.raises(NotHere):
            yearly_workload(by=outsider, year=2026, facility=head.facility_id)
        seen = yearly_workload(by=district_officer, year=2026, facility=head.facility_id)
    assert not seen.is_empty


def test_a_year_or_period_that_cannot_be_is_refused(head: Actor):
    with pytest.raises(Refused):
        yearly_workload(by=head, year=99999)
    with pytest.raises(Refused):
        selectors.check_period(date(2026, 2, 1), date(2026, 1, 1))
    with pytest.raises(Refused):
        selectors.check_period(date(2020, 2, 1), date(2026, 1, 1))


def test_statements_do_not_grow_with_the_journal(
    registrar: Actor, nurse: Actor, physician: Actor, head: Actor
):
    def cost() -> int:
        selectors.forget_tallies()
        with CaptureQueriesContext(connection) as seen:
            list_loads(by=head, period=Period(DAY, DAY))
        return len(seen)

    def one(n: int) -> None:
        visit = new_visit(registrar, n * 10, NAMES[n])
        serve(visit, n * 10 + 2, nurse=nurse, physician=physician, took=3)

    one(0)
    few = cost()
    for n in (1, 2, 3):
        one(n)

    assert cost() == few <= 6


def test_many_acts_propose_the_median_of_gaps_and_the_mean_of_services(head: Actor):
    for n in range(12):
        when = EIGHT + timedelta(minutes=3 * n)
        for name, later in (("started", 0), ("finished", 100 + n)):
            with act(by=head, at=when + timedelta(seconds=later)) as this:
                this.record(name, unit="umum", subject=f"distribution:{n}")
    for n in range(12):
        # One of twelve waits two minutes longer: the mean would follow it.
        later = timedelta(hours=2, minutes=3 * n + 2 * (n == 11))
        with act(by=head, at=EIGHT + later) as this:
            this.record("file-sent", unit="umum", subject="file:1")

    with at(300):
        service, folder = load_of(head, "layanan"), load_of(head, "berkas-kirim")
    assert service.proposal.source == folder.proposal.source == "journal"
    assert service.proposal.seconds == service.timing.mean == Decimal("105.5")
    assert folder.proposal.seconds == folder.timing.median == Decimal(180)
    evidence: dict[str, Any] = service.proposal.evidence
    assert (evidence["n"], evidence["figure"], evidence["from"]) == (12, "mean", "2026-03-01")
