"""From journal entries to the length of an act: what counts, what is a pause, what is left out."""

import statistics
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.timing import (
    SECONDS_A_DAY,
    Done,
    Entry,
    Rule,
    Stopwatch,
    in_words,
    measure,
    measure_all,
    quantile,
    say_left_out,
)

RULE = Rule(longest=1800)
#: 3 March 2025, 08.00 in Jakarta.
EIGHT = 1_740_963_600
WIB = 7 * 3600
DAY_BEGINS = EIGHT - 8 * 3600


def timed(*entries: Entry, days: int = 1, offset: int = WIB) -> dict[Done, Counter[int | None]]:
    watch = Stopwatch(start=DAY_BEGINS, end=DAY_BEGINS + days * SECONDS_A_DAY, offset=offset)
    watch.read(entries)
    return watch.close()


def lengths(tally: dict[Done, Counter[int | None]], activity: str) -> list[int | None]:
    """Every length of an activity, whoever did it, shortest first."""
    found: Counter[int | None] = Counter()
    for done, counts in tally.items():
        if done.activity == activity:
            found.update(counts)
    return sorted(found.elements(), key=lambda s: (s is None, s or 0))


def registered(at: int, visit: str, *, patient: str = "p", person: str = "rina") -> Entry:
    return Entry("distributed", at, person, f"distribution:{visit}", visit, patient, "umum")


def step(act: str, at: int, *, subject: str = "d1", person: str = "dokter") -> Entry:
    return Entry(act, at, person, subject, "v1", "p", "umum")


# -- Figures ---------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 5000), min_size=2, max_size=60))
def test_quartiles_are_those_of_a_spreadsheet(values: list[int]):
    ordered = sorted(Counter(values).items())
    expected = statistics.quantiles(map(Fraction, values), n=4, method="inclusive")

    assert [quantile(ordered, Fraction(n, 4)) for n in (1, 2, 3)] == expected


@given(st.lists(st.one_of(st.none(), st.integers(-100, 4000)), max_size=80))
def test_every_act_is_measured_or_left_out_for_one_reason(values: list[int | None]):
    timing = measure_all(values, RULE)

    assert timing.acts == len(values)
    assert timing.n + timing.left_out.total == timing.acts
    if timing.n:
        assert timing.q1 is not None
        assert timing.least <= timing.q1 <= timing.median <= timing.q3 <= timing.most
        assert timing.least <= timing.mean <= timing.most
        assert timing.most < RULE.longest


@given(st.lists(st.integers(1, 1700), min_size=1, max_size=40), st.integers(1, 4))
def test_order_does_not_matter_and_doubling_keeps_the_mean(values: list[int], times: int):
    once = measure_all(values, Rule(longest=1800, least=10**6))

    assert measure_all(reversed(values), Rule(longest=1800, least=10**6)) == once
    again = measure_all(values * times, Rule(longest=1800, least=10**6))
    assert (again.mean, again.n) == (once.mean, once.n * times)


def test_lunch_is_a_pause_and_tea_is_far_out():
    timing = measure_all([60, 62, 64, 66, 68, 70, 72, 74, 10 * 60, 45 * 60], RULE)

    assert timing.n == 8
    assert timing.left_out.pauses == 1
    assert timing.left_out.far_out == 1
    assert timing.median == 67
    said = say_left_out(timing)
    assert said.startswith(
        "8 dari 10 tindakan terukur; tidak ikut: 1 jeda 30 mnt atau lebih, 1 jauh"
    )


def test_few_values_are_not_fenced():
    timing = measure_all([60, 60, 60, 900], RULE)

    assert timing.n == 4
    assert timing.fence is None


def test_equal_values_do_not_make_the_next_one_far_out():
    """With all quartiles equal the fence is twice the quartile, not the quartile itself."""
    timing = measure_all([60] * 20 + [61], RULE)

    assert timing.left_out.far_out == 0


def test_nothing_measured_has_no_figures():
    timing = measure({None: 3, 0: 1, -5: 2}, RULE)

    assert (timing.acts, timing.n, timing.median) == (6, 0, None)
    assert (timing.left_out.unmeasured, timing.left_out.backwards) == (4, 2)
    assert say_left_out(measure({}, RULE)) == "Belum ada tindakan dalam masa ini."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(45, "45 dtk"), (60, "1 mnt"), (227, "3 mnt 47 dtk"), (3900, "1 jam 5 mnt"), (7200, "2 jam")],
)
def test_lengths_in_words(seconds: int, words: str):
    assert in_words(seconds) == words
    assert in_words(Decimal(seconds)) == words


# -- Gaps ------------------------------------------------------------------------------------------


def test_a_returning_patient_is_timed_from_the_clerks_act_before():
    tally = timed(registered(EIGHT, "v1"), registered(EIGHT + 95, "v2", patient="q"))

    assert lengths(tally, "daftar-lama") == [95, None], "nothing tells when the first one began"


def test_other_peoples_acts_do_not_shorten_a_gap():
    tally = timed(
        registered(EIGHT, "v1"),
        registered(EIGHT + 50, "v2", person="agus"),
        registered(EIGHT + 95, "v3"),
    )

    assert lengths(tally, "daftar-lama") == [95, None, None]


def test_a_new_patient_is_one_act_with_their_first_visit():
    tally = timed(
        registered(EIGHT, "v1"),
        Entry("patient-registered", EIGHT + 200, "rina", "patient:q", None, "q"),
        registered(EIGHT + 260, "v2", patient="q"),
        registered(EIGHT + 300, "v3", patient="r"),
    )

    assert lengths(tally, "daftar-baru") == [260]
    assert lengths(tally, "identitas") == []
    assert lengths(tally, "daftar-lama") == [40, None]


def test_a_patient_without_a_visit_is_an_act_of_its_own():
    tally = timed(
        registered(EIGHT, "v1"),
        Entry("patient-registered", EIGHT + 200, "rina", "patient:q", None, "q"),
        registered(EIGHT + 260, "v2", patient="somebody else"),
    )

    assert lengths(tally, "identitas") == [200]
    assert lengths(tally, "daftar-baru") == []
    assert lengths(tally, "daftar-lama") == [60, None]


def test_undone_and_cancelled_visits_are_not_counted():
    tally = timed(
        registered(EIGHT, "v1"),
        registered(EIGHT + 60, "v2", patient="q"),
        Entry("undone", EIGHT + 80, "rina", "distribution:v2", "v2", "q", "umum"),
        registered(EIGHT + 140, "v3", patient="r"),
        Entry("cancelled", EIGHT + 400, "agus", "", "v3", "r", "umum"),
        registered(EIGHT + 200, "v4", patient="s"),
    )

    assert lengths(tally, "daftar-lama") == [60, None]


def test_an_undone_redirection_takes_no_registration_back():
    tally = timed(
        registered(EIGHT, "v1"),
        Entry("redirected", EIGHT + 30, "rina", "distribution:v1", "v1", "p", "umum"),
        Entry("returned-by-undo", EIGHT + 50, "rina", "distribution:v1", "v1", "p", "umum"),
        Entry("undone", EIGHT + 50, "rina", "distribution:other", "v1", "p", "gigi"),
    )

    assert lengths(tally, "daftar-lama") == [None]


def test_midnight_ends_a_gap():
    evening = DAY_BEGINS + 23 * 3600 + 59 * 60
    tally = timed(registered(evening, "v1"), registered(evening + 120, "v2"), days=2)

    assert lengths(tally, "daftar-lama") == [None, None]


def test_a_clock_that_goes_back_is_counted_and_not_measured():
    tally = timed(
        registered(EIGHT + 500, "v1"), registered(EIGHT, "v2"), registered(EIGHT + 70, "v3")
    )

    assert lengths(tally, "daftar-lama") == [-500, 70, None]
    timing = measure(sum(tally.values(), Counter()) | {-500: 1}, RULE)
    assert timing.left_out.backwards == 1


def test_a_record_filed_by_the_scan_is_no_check_of_its_own():
    tally = timed(
        Entry("file-received", EIGHT, "eka", "file:1"),
        Entry("file-stored", EIGHT + 30, "eka", "file:1"),
        Entry("filed", EIGHT + 30, "eka", "", "v1"),
        Entry("filed", EIGHT + 90, "eka", "", "v2"),
        Entry("returned", EIGHT + 130, "eka", "", "v3"),
    )

    assert lengths(tally, "berkas-simpan") == [30]
    assert lengths(tally, "kelengkapan") == [40, 60]


# -- Spans -----------------------------------------------------------------------------------------


def test_a_service_lasts_from_start_to_finish_for_who_finishes():
    tally = timed(
        step("called", EIGHT, person="perawat"),
        step("started", EIGHT + 40, person="perawat"),
        step("finished", EIGHT + 400),
    )

    assert tally[Done("layanan", "umum", "dokter", 8)] == {360: 1}
    assert tally[Done("panggil", "umum", "perawat", 8)] == {40: 1}


def test_a_service_over_midnight_belongs_to_the_evening():
    late = DAY_BEGINS + SECONDS_A_DAY - 300
    entries = (step("started", late), step("finished", late + 900))

    assert lengths(timed(*entries), "layanan") == [900]
    next_day = Stopwatch(
        start=DAY_BEGINS + SECONDS_A_DAY, end=DAY_BEGINS + 2 * SECONDS_A_DAY, offset=WIB
    )
    next_day.read(entries)
    assert next_day.close() == {}, "and is not counted twice"


def test_a_redirection_ends_the_service_unless_it_is_undone():
    redirected = (step("started", EIGHT), step("redirected", EIGHT + 200))

    assert lengths(timed(*redirected), "layanan") == [200]
    assert lengths(timed(*redirected, step("finished", EIGHT + 500)), "layanan") == [500]


def test_nobody_serves_two_at_once():
    """A patient measured by the nurse waits for the physician; that is not the physician's work."""
    tally = timed(
        step("started", EIGHT, subject="d1", person="perawat"),
        step("started", EIGHT + 60, subject="d2", person="perawat"),
        step("finished", EIGHT + 600, subject="d1"),
        step("finished", EIGHT + 1000, subject="d2"),
    )

    assert lengths(tally, "layanan") == [400, 600]


def test_a_service_nobody_closed_is_done_but_not_measured():
    assert lengths(timed(step("started", EIGHT)), "layanan") == [None]
    assert lengths(timed(step("finished", EIGHT)), "layanan") == [None]
    assert lengths(timed(step("called", EIGHT)), "layanan") == [], "called is not served"


@given(st.lists(st.tuples(st.sampled_from(["rina", "agus"]), st.integers(0, 900)), max_size=30))
def test_gaps_of_a_person_add_up_to_their_day(acts: list[tuple[str, int]]):
    """Each second between a person's first and last act belongs to exactly one act."""
    at, entries = EIGHT, []
    for n, (person, pause) in enumerate(acts):
        at += pause
        entries.append(registered(at, f"v{n}", patient=f"p{n}", person=person))
    tally = timed(*entries)

    for person in ("rina", "agus"):
        own = [entry.second for entry in entries if entry.person == person]
        counted = sum(
            seconds * many
            for done, counts in tally.items()
            if done.person == person
            for seconds, many in counts.items()
            if seconds is not None
        )
        assert counted == (own[-1] - own[0] if own else 0)
