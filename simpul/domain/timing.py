"""Measured time per act: from what people did one after another to a median one can plan with.

Two ways, named with every figure:

*span*  an act whose beginning and end both are in the journal (started → finished), from the end of
        the same person's span before where the two overlap: nobody serves two at once;
*gap*   an act of which only the end is known: the time since the same person's act before it.

A gap also holds the waiting for the next patient, so it is an upper figure; its median is proposed,
not its mean. What cannot be the length of an act is left out and counted (`LeftOut`):

1. nothing to measure from: the first act of a person's day, an act without its beginning, two acts
   at the same second;
2. the clock went backwards between the two;
3. longer than `Rule.longest`: a pause (lunch, prayers, a service nobody closed);
4. beyond the far-out fence Q3 + 3 × (Q3 − Q1) of what is left, but never below 2 × Q3, applied once
   and from `Rule.least` values on (Tukey, Exploratory Data Analysis, 1977, ch. 2: "far out").

Seconds are whole; quartiles are interpolated between neighbours (Hyndman & Fan 1996, type 7, as
spreadsheets do), exact, rounded only when shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Rule:
    """What is too long to be one act: a pause from `longest` seconds on, and the far-out fence."""

    longest: int
    fence: int = 3
    least: int = 8


@dataclass(frozen=True)
class LeftOut:
    """How many acts did not count as measured, by reason."""

    unmeasured: int = 0
    backwards: int = 0
    pauses: int = 0
    far_out: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.unmeasured + self.backwards + self.pauses + self.far_out


@dataclass(frozen=True)
class Timing:
    """The length of one kind of act, in seconds; `n` of `acts` were measured.

    With n = 0 every figure is None.
    """

    acts: int
    n: int
    mean: Decimal | None
    median: Decimal | None
    q1: Decimal | None
    q3: Decimal | None
    least: int | None
    most: int | None
    left_out: LeftOut
    #: Above this many seconds a value was left out as far out; None where the fence did not apply.
    fence: Decimal | None = None
    longest: int = 0


def measure(tally: Mapping[int | None, int], rule: Rule) -> Timing:
    """Return the figures of a tally seconds → how many acts (None: not measured)."""
    acts = sum(tally.values())
    unmeasured = tally.get(None, 0) + tally.get(0, 0)
    backwards = pauses = 0
    kept: list[tuple[int, int]] = []
    for seconds, many in sorted((s, n) for s, n in tally.items() if s):
        if seconds < 0:
            backwards += many
        elif seconds >= rule.longest:
            pauses += many
        else:
            kept.append((seconds, many))
    fence = _fence(kept, rule)
    inside = kept if fence is None else [(s, n) for s, n in kept if s <= fence]
    far_out = sum(n for _s, n in kept) - sum(n for _s, n in inside)
    left_out = LeftOut(unmeasured, backwards, pauses, far_out)
    count = sum(n for _s, n in inside)
    shown = None if fence is None else decimal(fence)
    if not count:
        return Timing(acts, 0, None, None, None, None, None, None, left_out, shown, rule.longest)
    return Timing(
        acts=acts,
        n=count,
        mean=decimal(Fraction(sum(s * n for s, n in inside), count)),
        median=decimal(quantile(inside, Fraction(1, 2))),
        q1=decimal(quantile(inside, Fraction(1, 4))),
        q3=decimal(quantile(inside, Fraction(3, 4))),
        least=inside[0][0],
        most=inside[-1][0],
        left_out=left_out,
        fence=shown,
        longest=rule.longest,
    )


def _fence(kept: list[tuple[int, int]], rule: Rule) -> Fraction | None:
    if sum(n for _s, n in kept) < rule.least:
        return None
    low, high = quantile(kept, Fraction(1, 4)), quantile(kept, Fraction(3, 4))
    return max(high + rule.fence * (high - low), 2 * high)


def quantile(ordered: list[tuple[int, int]], share: Fraction) -> Fraction:
    """Return a quantile of values given as ascending (value, how many); share is 0 to 1."""
    place = (sum(n for _v, n in ordered) - 1) * share
    below = int(place)
    first = _value_at(ordered, below)
    if place == below:
        return Fraction(first)
    return first + (place - below) * (_value_at(ordered, below + 1) - first)


def _value_at(ordered: list[tuple[int, int]], place: int) -> int:
    for value, many in ordered:
        if place < many:
            return value
        place -= many
    raise IndexError("no value at that place")


def decimal(value: Fraction) -> Decimal:
    """Return a fraction as a decimal with all the digits a Decimal carries."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def measure_all(seconds: Iterable[int | None], rule: Rule) -> Timing:
    """Return the figures of single values."""
    return measure(Counter(seconds), rule)


# -- From entries to lengths ---------------------------------------------------------------------

NEW, KNOWN, IDENTITY, VITALS = "daftar-baru", "daftar-lama", "identitas", "tanda-vital"
CALL, SERVICE, CHECK = "panggil", "layanan", "kelengkapan"
#: act of the journal → activity, for acts of which only the end is known.
GAP_ACTS = {
    "patient-registered": IDENTITY,
    "patient-corrected": "perbaikan-data",
    "distributed": KNOWN,
    "written": VITALS,
    "file-sent": "berkas-kirim",
    "file-received": "berkas-terima",
    "file-stored": "berkas-simpan",
    "filed": CHECK,
    "returned": CHECK,
}
SPAN_ACTS = frozenset({"called", "started", "finished", "redirected"})
#: What takes a registration back: the visit was undone at the counter, or cancelled before service.
TAKEN_BACK = frozenset({"undone", "cancelled", "returned-by-undo"})
#: Acts that a person does with their own hands: each ends the one before it.
BY_HAND = frozenset({*GAP_ACTS, *SPAN_ACTS, *TAKEN_BACK, "skipped"})
#: Where the acts of counter and record room belong, whatever unit the entry names.
RECORD_ROOM = "rekam-medis"


class Entry(NamedTuple):
    """One entry of the journal as timing needs it; `second` counts from 1970 in UTC.

    The caller leaves away what is not an act of its own: a hand-over that follows a redirection,
    and written entries that are not of vital signs.
    """

    act: str
    second: int
    person: str | None
    subject: str = ""
    encounter: str | None = None
    patient: str | None = None
    unit: str = ""


class Done(NamedTuple):
    """One kind of act of one person in one local hour."""

    activity: str
    unit: str
    person: str | None
    hour: int = -1


#: Who did what → seconds (None: not measured) → how many.
Tally = dict[Done, Counter[int | None]]


class Stopwatch:
    """Read entries in the order in which they were written, and tally the length of each act.

    `offset` is what the local clock is ahead of UTC, in seconds; only acts that begin from `start`
    on and before `end` count, so that a service may be followed over the end of the period.
    """

    def __init__(self, *, start: int, end: int, offset: int) -> None:
        self.start, self.end, self.offset = start, end, offset
        self.tally: Tally = {}
        # person → second, local day, act, patient: of their last act by hand
        self._last: dict[str, tuple[int, int, str, str | None]] = {}
        # person → second of their act before the patient's registration that was their last act
        self._before: dict[str, int | None] = {}
        self._spans: dict[str, _Span] = {}
        # visit → where its registration was tallied
        self._registered: dict[str, tuple[Done, int | None]] = {}
        self._undone: dict[str, int] = {}

    def read(self, entries: Iterable[tuple[Any, ...]]) -> None:
        """Take in the next entries (tuples with the fields of `Entry`)."""
        last, start, end, offset = self._last, self.start, self.end, self.offset
        for act, second, person, subject, encounter, patient, unit in entries:
            if act in SPAN_ACTS:
                self._step(act, second, person, subject, unit)
            if person is None or not start <= second < end:
                continue
            day = (second + offset) // SECONDS_A_DAY
            before = last.get(person)
            if before is not None and before[1] != day:
                before = None
            if act in GAP_ACTS:
                done = self._gap(act, second, person, patient, unit, before)
                if act == "distributed" and encounter is not None:
                    self._registered[encounter] = done
            elif act in TAKEN_BACK and encounter is not None:
                self._take_back(act, second, encounter)
            last[person] = (second, day, act, patient)

    def _gap(
        self,
        act: str,
        second: int,
        person: str,
        patient: str | None,
        unit: str,
        before: tuple[int, int, str, str | None] | None,
    ) -> tuple[Done, int | None]:
        activity = GAP_ACTS[act]
        since = None if before is None else before[0]
        if act == "written":
            return self._count(activity, unit, person, second, since)
        if act == "patient-registered":
            self._before[person] = since
        elif before is not None and act == "distributed":
            if before[2] == "patient-registered" and before[3] == patient:
                # The new patient's registration and visit are one act, from before both.
                since = self._before.get(person)
                self._count(IDENTITY, RECORD_ROOM, person, before[0], since, many=-1)
                activity = NEW
        elif act == "filed" and before is not None and _is_same_scan(before, second):
            return Done(activity, RECORD_ROOM, person), None
        return self._count(activity, RECORD_ROOM, person, second, since)

    def _take_back(self, act: str, second: int, visit: str) -> None:
        if act == "returned-by-undo":
            # A redirection is undone, and the visit goes on; its "undone" follows in the same act.
            self._undone[visit] = second
            return
        if act == "undone" and self._undone.get(visit) == second:
            return
        done = self._registered.pop(visit, None)
        if done is not None:
            self.tally[done[0]][done[1]] -= 1

    def _step(self, act: str, second: int, person: str | None, subject: str, unit: str) -> None:
        span = self._spans.get(subject)
        if span is None:
            span = self._spans[subject] = _Span(unit)
        if act == "called":
            span.called = second
        elif act == "started":
            if span.started is None:
                span.started, span.starter = second, person
        else:
            span.ended = second if span.ended is None else max(span.ended, second)
            if act == "finished":
                span.finished, span.finisher = second, person

    def close(self) -> Tally:
        """Return the tally, with the services whose beginning lies in the period."""
        # person → when their service before ended: nobody serves two patients at once, so a patient
        # who was measured and then waited for the physician is timed from the patient before.
        free: dict[str | None, int] = {}
        for span in sorted(self._spans.values(), key=_ended):
            anchor = span.finished if span.started is None else span.started
            if anchor is None:
                continue
            who = span.starter if span.finished is None else span.finisher
            since = None
            if span.started is not None and span.ended is not None:
                since = max(span.started, free.get(who, span.started))
            if span.ended is not None:
                free[who] = span.ended
            if not self.start <= anchor < self.end:
                continue
            # A service is put in the hour in which it began.
            self._count(SERVICE, span.unit, who, span.ended or anchor, since, at=anchor)
            if span.started is not None and span.called is not None:
                self._count(CALL, span.unit, span.starter, span.started, span.called)
        self._spans = {}
        kept = ((done, +counts) for done, counts in self.tally.items())
        return {done: counts for done, counts in kept if counts}

    def _count(
        self,
        activity: str,
        unit: str,
        person: str | None,
        second: int,
        since: int | None,
        *,
        at: int | None = None,
        many: int = 1,
    ) -> tuple[Done, int | None]:
        hour = ((second if at is None else at) + self.offset) // 3600 % 24
        seconds = None if since is None else second - since
        # The bare tuple finds the same place and is made three times as fast.
        done = (activity, unit, person, hour)
        counts = self.tally.get(done)  # type: ignore[call-overload]
        if counts is None:
            counts = self.tally[Done(*done)] = Counter()
        counts[seconds] = counts.get(seconds, 0) + many
        return done, seconds  # type: ignore[return-value]


def _is_same_scan(before: tuple[int, int, str, str | None], second: int) -> bool:
    """A record filed at the second its folder was stored was filed by that scan."""
    return before[0] == second and before[2] in ("file-stored", "filed")


def _ended(span: "_Span") -> int:
    return -1 if span.ended is None else span.ended


@dataclass(slots=True)
class _Span:
    """One hand-over on its way through a unit."""

    unit: str
    called: int | None = None
    started: int | None = None
    ended: int | None = None
    finished: int | None = None
    starter: str | None = None
    finisher: str | None = None


# -- In words --------------------------------------------------------------------------------------


def in_words(seconds: Decimal | int) -> str:
    """Return a length for people: "45 dtk", "3 mnt 47 dtk", "1 jam 5 mnt"."""
    whole = int(Decimal(seconds).quantize(Decimal(1)))
    if whole < 60:
        return f"{whole} dtk"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} mnt {rest} dtk" if rest else f"{minutes} mnt"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} jam {minutes} mnt" if minutes else f"{hours} jam"


def say_left_out(timing: Timing) -> str:
    """Say how many acts were measured and what was left out, in one sentence."""
    if not timing.acts:
        return "Belum ada tindakan dalam masa ini."
    out = timing.left_out
    reasons = [
        (out.unmeasured, "tanpa awal yang tercatat (tindakan pertama hari itu, atau serentak)"),
        (out.backwards, "jam komputer mundur"),
        (out.pauses, f"jeda {in_words(timing.longest)} atau lebih"),
    ]
    if timing.fence is not None:
        reasons.append((out.far_out, f"jauh di luar pola (lebih dari {in_words(timing.fence)})"))
    said = ", ".join(f"{_thousands(many)} {why}" for many, why in reasons if many)
    head = f"{_thousands(timing.n)} dari {_thousands(timing.acts)} tindakan terukur"
    return f"{head}; tidak ikut: {said}." if said else f"{head}."


def _thousands(value: int) -> str:
    return f"{value:,}".replace(",", ".")
