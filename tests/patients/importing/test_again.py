"""Importing twice is importing once; cut off anywhere it goes on, and nothing is there twice."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.demo.people_file import HEADINGS as DEMO_HEADINGS
from simpul.demo.people_file import as_csv, as_xlsx, people_rows
from simpul.foundation.core.errors import Conflict, NotAllowed
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.importing import services, work
from simpul.service.patients.importing.models import ImportRow, ImportRun, RunState
from simpul.service.patients.importing.work import work_on
from simpul.service.patients.models import Patient
from tests.patients.importing.lists import (
    SITI,
    bring,
    counts,
    rows_of,
    take_in,
    text,
    try_out,
    worked,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)


class Cut(Exception):
    """The power goes."""


def people() -> set[tuple[str, str, str]]:
    return {
        (name, nik, born.isoformat())
        for name, nik, born in Patient.objects.values_list("name", "nik", "birth_date")
    }


@pytest.mark.parametrize("write", [as_csv, as_xlsx], ids=["csv", "xlsx"])
def test_a_damaged_list_of_the_demo_goes_in_once(
    recorder: Actor, write: Callable[..., bytes]
) -> None:
    rows = people_rows(4, 300, TODAY)
    run = take_in(write(rows), by=recorder)
    found = counts(run)

    wrong = {row.damage for row in rows} - {""}
    assert wrong >= {"no_name", "bad_date", "scientific", "repeated"}
    refused = sum(row.damage in ("no_name", "bad_date", "bad_sex") for row in rows)
    assert refused <= found["refused"] <= refused + 2 * sum(r.damage == "repeated" for r in rows)
    assert Patient.objects.count() == found["new"] + found["incomplete"]

    before = people()
    again = take_in(write(people_rows(4, 300, TODAY)[::-1]), by=recorder)
    assert people() == before
    assert counts(again).keys() <= {"known", "possible", "refused"}


@given(seed=st.integers(0, 10**6), other=st.booleans())
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_importing_twice_is_importing_once(recorder: Actor, seed: int, other: bool) -> None:
    rows = people_rows(seed, 60, TODAY, first=seed)
    take_in(as_csv(rows), by=recorder)
    before, size = people(), Patient.objects.count()
    shuffled = rows[::-1]
    again = take_in(as_xlsx(shuffled) if other else as_csv(shuffled), by=recorder)

    assert (people(), Patient.objects.count()) == (before, size)
    assert not {"new", "incomplete"} & counts(again).keys()


@pytest.mark.parametrize("is_writing", [False, True])
def test_a_run_cut_off_at_any_batch_goes_on_to_the_same_end(
    recorder: Actor, monkeypatch: pytest.MonkeyPatch, is_writing: bool
) -> None:
    monkeypatch.setattr(work, "WRITTEN_AT_ONCE", 7)
    monkeypatch.setattr(work, "TRIED_AT_ONCE", 11)
    data = as_csv(people_rows(9, 60, TODAY))
    run = try_out(data, by=recorder) if is_writing else bring(data, by=recorder)
    (services.start_import if is_writing else services.start_trial)(run, by=recorder)
    batches = iter([2, 1, 3])

    def cut(_seconds: float) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Cut

    for left in batches:  # noqa: B007 - counted down by `cut`
        with pytest.raises(Cut):
            work_on(run.pk, rest=cut)
    run = worked(run)
    if not is_writing:
        services.start_import(run, by=recorder)
        run = worked(run)

    verdicts = [(row.line, row.verdict) for row in rows_of(run)]
    stored = people()
    assert len(verdicts) == 60
    assert run.state == RunState.DONE

    undisturbed = take_in(data, by=recorder)
    assert people() == stored
    assert counts(undisturbed).get("new", 0) == 0
    saved = [verdict for _line, verdict in verdicts if verdict in ("new", "incomplete")]
    assert Patient.objects.count() == len(saved)


def test_a_batch_that_fails_leaves_nothing(
    recorder: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = try_out(as_csv(people_rows(3, 30, TODAY)), by=recorder)
    services.start_import(run, by=recorder)

    def fail(*_args: Any, **_more: Any) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(ImportRow.objects, "bulk_create", fail)
        with pytest.raises(Cut):
            work_on(run.pk)

    assert Patient.objects.count() == 0
    run.refresh_from_db()
    assert (run.done, run.worker) == (0, None)


def test_only_one_works_on_a_run_until_it_falls_silent(recorder: Actor) -> None:
    from datetime import timedelta

    from simpul.foundation.core.clock import now
    from simpul.foundation.core.ids import uuid7

    run = bring(text(SITI), by=recorder)
    services.start_trial(run, by=recorder)
    ImportRun.objects.update(worker=uuid7(), beat=now())
    assert work.next_run() is None
    assert work_on(run.pk) is None

    ImportRun.objects.update(beat=now() - timedelta(seconds=work.SILENT_SECONDS + 1))
    assert work.next_run() == run.pk
    assert worked(run).state == RunState.CHECKED


def test_stopped_by_a_person_it_stops_after_the_batch_and_goes_on_later(
    recorder: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "WRITTEN_AT_ONCE", 10)
    run = try_out(as_csv(people_rows(5, 40, TODAY, damaged=False)), by=recorder)
    services.start_import(run, by=recorder)
    stopped = False

    def stop(_seconds: float) -> None:
        nonlocal stopped
        if not stopped:
            stopped = True
            services.stop(ImportRun.objects.get(pk=run.pk), by=recorder)

    halted = work_on(run.pk, rest=stop)
    assert halted is not None
    assert (halted.state, halted.done) == (RunState.STOPPED, 10)
    assert Patient.objects.count() == 10

    services.go_on(halted, by=recorder)
    assert worked(run).state == RunState.DONE
    assert Patient.objects.count() == 40


def test_a_number_saved_at_the_counter_meanwhile_does_not_stop_the_others(
    recorder: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counter saves the NIK between the look and the write of a batch."""
    from simpul.service.patients.inputs import PatientInput
    from simpul.service.patients.services import register_patient

    run = try_out(as_csv(people_rows(6, 20, TODAY, damaged=False)), by=recorder)
    services.start_import(run, by=recorder)
    real, called = work.write_batch, []

    def meanwhile(run: Any, judged: Any, **more: Any) -> None:
        if not called:
            called.append(1)
            values = next(one.draft.values for one in judged if one.draft.nik)
            typed = PatientInput(
                name=values["name"], birth_date=values["birth_date"].isoformat(),
                sex=values["sex"], nik=values["nik"], mother_name="Ibu", village="Sabrang",
            )  # fmt: skip
            register_patient(by=recorder, typed=typed)
        real(run, judged, **more)

    monkeypatch.setattr(work, "write_batch", meanwhile)
    run = worked(run)

    assert run.state == RunState.DONE
    assert Patient.objects.count() == 20
    assert counts(run)["known"] == 1


def test_statements_do_not_grow_with_the_rows_of_a_batch(
    recorder: Actor, django_assert_max_num_queries: Any
) -> None:
    run = try_out(as_csv(people_rows(7, 41, TODAY, damaged=False)), by=recorder)
    services.start_import(run, by=recorder)
    ImportRun.objects.update(done=1)
    with CaptureQueriesContext(
        connection,
    ) as said:
        work_on(run.pk)

    assert Patient.objects.count() == 40
    assert len(said) <= 60, f"{len(said)} statements for 40 rows"


def test_who_may(recorder: Actor, head: Actor, registrar: Actor, nurse: Actor) -> None:
    for by in (registrar, nurse):
        with pytest.raises(NotAllowed):
            services.bring("a.csv", [text(SITI)], by=by)
    assert take_in(text(SITI), by=head).state == RunState.DONE


def test_a_step_out_of_its_turn_is_refused(recorder: Actor) -> None:
    run = bring(text(SITI), by=recorder)
    for step in (services.start_import, services.stop, services.go_on):
        with pytest.raises(Conflict):
            step(run, by=recorder)


def test_what_nobody_comes_back_for_is_closed(recorder: Actor) -> None:
    from datetime import timedelta

    from simpul.foundation.core.clock import now
    from simpul.service.patients.importing.files import path_of

    run = bring(text(SITI), by=recorder)
    assert services.tidy() == 0
    long_ago = now() - timedelta(days=services.FORGOTTEN_DAYS + 1)
    ImportRun.objects.update(made_at=long_ago)

    assert services.tidy() == 1
    assert not path_of(run.pk).exists()
    assert ImportRun.objects.get().state == RunState.CLOSED


def test_the_headings_of_the_demo_list_are_all_known(recorder: Actor) -> None:
    run = bring(as_csv(people_rows(1, 3, TODAY)), by=recorder)

    assert len(run.mapping) == len(DEMO_HEADINGS) - 1, "all but the running number"
