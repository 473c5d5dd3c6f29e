"""One activity closely: by hour, by person (for those who may), and every time ever set for it."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.timing import Tally, Timing, in_words, measure
from simpul.foundation.core.errors import NotHere
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require
from simpul.planning.workload.activities import ACTIVITIES, GAP, category_of
from simpul.planning.workload.models import Source, UnitTime
from simpul.planning.workload.proposals import evidence_of, say_day
from simpul.planning.workload.selectors import Load, list_read_loads, read_tally, roles_of
from simpul.planning.workload.tallies import Period, person_of


@dataclass(frozen=True)
class Part:
    """The timing of one hour, or of one person."""

    label: str
    timing: Timing


@dataclass(frozen=True)
class CloseUp:
    """One activity; `people` is None for who may not see how long each colleague takes."""

    load: Load
    hours: tuple[Part, ...]
    people: tuple[Part, ...] | None


def get_close_up(*, by: Actor, period: Period, unit: str, activity: str, category: str) -> CloseUp:
    """Return one activity of one category in one unit; NotHere when nobody did or set it."""
    require(by, "view", "planning")
    tally = read_tally(by, period)
    roles = roles_of(tally)
    for load in list_read_loads(by, period, tally, roles, unit=unit):
        if load.code == activity and load.category == category:
            mine = _of(load, tally, roles)
            people = _by_person(load, mine) if may(by, "view", "staff_time") else None
            return CloseUp(load, _by_hour(load, mine), people)
    raise NotHere(
        _("Kegiatan ini tidak tercatat pada masa itu. Pilih masa lain."), "activity_unknown"
    )


def _of(load: Load, tally: Tally, roles: dict[uuid.UUID, frozenset[str]]) -> Tally:
    """Return the part of the tally that belongs to one line."""
    mine: Tally = {}
    for done, counts in tally.items():
        if done.activity != load.code or done.unit != load.unit:
            continue
        who = person_of(done)
        own = roles.get(who, frozenset()) if who else frozenset()
        if category_of(ACTIVITIES[done.activity], own) == load.category:
            mine[done] = counts
    return mine


def _by_hour(load: Load, mine: Tally) -> tuple[Part, ...]:
    parts: dict[int, Counter[int | None]] = {}
    for done, counts in mine.items():
        parts.setdefault(done.hour, Counter()).update(counts)
    return tuple(
        Part(f"{hour:02}.00–{(hour + 1) % 24:02}.00", _measured(load, counts))
        for hour, counts in sorted(parts.items())
    )


def _by_person(load: Load, mine: Tally) -> tuple[Part, ...]:
    parts: dict[uuid.UUID | None, Counter[int | None]] = {}
    for done, counts in mine.items():
        parts.setdefault(person_of(done), Counter()).update(counts)
    names = practitioner_names({who for who in parts if who})
    found = [
        Part(names.get(who, "") if who else _("tidak tercatat"), _measured(load, counts))
        for who, counts in parts.items()
    ]
    return tuple(sorted(found, key=lambda part: part.label))


def _measured(load: Load, counts: Counter[int | None]) -> Timing:
    return measure(counts, ACTIVITIES[load.code].rule if load.code in ACTIVITIES else GAP)


def evidence_for(load: Load, source: str, period: Period) -> dict[str, Any]:
    """Return what is known now from a source, to be kept with the time that is set on it."""
    if source == Source.JOURNAL:
        return evidence_of(load.timing, period, "median" if load.how == "gap" else "mean")
    if source == Source.OBSERVATION and load.observed is not None:
        return load.observed.evidence()
    if source == Source.TARGET and load.target is not None:
        return {"target": str(load.target.seconds), "revision": load.target.revision}
    return {}


@dataclass(frozen=True)
class SetTime:
    """One line of the history: which time, set by whom, when, on what evidence, why."""

    row: UnitTime
    who: str
    words: str
    evidence: str


def list_history(*, by: Actor, unit: str, activity: str, category: str) -> list[SetTime]:
    """Return every norm and target that was ever set for an activity, newest first."""
    require(by, "view", "planning")
    rows = list(
        UnitTime.objects.filter(
            owner=by.facility_id, unit=unit, activity=activity, category=category
        ).order_by("-set_at", "-revision")
    )
    names = practitioner_names({row.set_by for row in rows})
    return [
        SetTime(row, names.get(row.set_by, ""), in_words(row.seconds), say_evidence(row.evidence))
        for row in rows
    ]


def say_evidence(evidence: dict[str, Any]) -> str:
    """Return the figures a time was set on, in one line; nothing where there were none."""
    if not evidence.get("n") or evidence.get("median") is None:
        return ""
    words = {k: in_words(Decimal(evidence[k])) for k in ("median", "mean", "q1", "q3")}
    return _(
        "n %(n)s, %(from)s–%(to)s: median %(median)s, rata-rata %(mean)s, kuartil %(q1)s – %(q3)s"
    ) % {
        **words,
        "n": evidence["n"],
        "from": say_day(date.fromisoformat(evidence["from"])),
        "to": say_day(date.fromisoformat(evidence["to"])),
    }
