"""What the what-if page answers: need, gap and wait, each before and after.

Each of the three is worked out by itself; what one cannot answer (no study chosen, nothing typed
about the counter) is said in its place and leaves the others alone.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.findings import Meaningless
from simpul.domain.norms import NormSet
from simpul.domain.queueing import Desk
from simpul.domain.whatif import (
    GapChange,
    Levers,
    NeedChange,
    WaitChange,
    changed_gap,
    changed_need,
    changed_wait,
)
from simpul.domain.wisn import METHODS, Study
from simpul.foundation.facilities.selectors import FacilityPlace, get_here
from simpul.foundation.register.selectors import list_facilities
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.allocation.counter import CounterPattern, counter_pattern
from simpul.planning.allocation.staffing import get_facility_staff
from simpul.planning.allocation.whatif_asking import Typed, read_desk, read_id, read_levers
from simpul.planning.norms.selectors import default_norm, usable_norms
from simpul.planning.studies.computing import study_of
from simpul.planning.studies.models import StudyVersion
from simpul.planning.studies.selectors import find_version, newest_version

#: Arrivals simulated for one answer on each side; a slider must answer at once.
ARRIVALS = 8_000
MOST_DAYS, FEWEST_DAYS = 200, 10


@dataclass
class WhatIf:
    """The form as typed, what it means, and the three answers."""

    typed: Typed
    levers: Levers
    norms: dict[str, NormSet]
    norm: NormSet
    other_norm: NormSet | None
    places: list[FacilityPlace]
    place: FacilityPlace | None = None
    version: StudyVersion | None = None
    study: Study | None = None
    desk: Desk | None = None
    pattern: CounterPattern | None = None
    need: NeedChange | None = None
    gap: GapChange | None = None
    wait: WaitChange | None = None
    refusals: dict[str, Meaningless] = field(default_factory=dict)

    @property
    def moved(self) -> bool:
        """Is any lever away from where it began?"""
        return self.levers != Levers() or self.other_norm is not None

    @property
    def variant_label(self) -> str:
        """The method of the study, which no need is shown without."""
        return METHODS[self.study.variant].label if self.study else ""


def what_if(typed: Typed, *, by: Actor) -> WhatIf:
    """Work out the whole page; raises NotHere for a study that is not this person's to see."""
    require(by, "view", "planning")
    require_home(by)
    _choose_newest_study(typed, by)
    norms = usable_norms(by=by)
    norm = norms.get(typed.text("norma")) or default_norm(norms, get_here().today())
    other = norms.get(typed.text("norma_lain"))
    if other is not None and other.code == norm.code:
        other = None
    version, study = _study(typed, by)
    levers = read_levers(typed, study, (other or norm).professions)
    asked = WhatIf(typed, levers, norms, norm, other, list_facilities(by=by))
    asked.version, asked.study = version, study
    wanted = read_id(typed.text("puskesmas")) or _facility_of(version) or by.facility_id
    asked.place = next((each for each in asked.places if each.id == wanted), None)
    if asked.place is None and asked.places:
        asked.place = asked.places[0]
    if typed.text("pola") == "jurnal":
        asked.pattern = counter_pattern(by=by)
        _fill_counter(typed, asked.pattern)
    asked.desk = _read_desk(asked)
    _need(asked)
    _gap(asked, by)
    _wait(asked)
    return asked


def _choose_newest_study(typed: Typed, by: Actor) -> None:
    """Begin with the newest study of the Puskesmas; an empty choice is kept as a choice."""
    if "studi" in typed.sent:
        return
    newest = newest_version(by=by, facility=read_id(typed.text("puskesmas")) or by.facility_id)
    if newest is not None:
        sent = typed.sent.copy()
        sent["studi"] = str(newest)
        typed.sent = sent


def _study(typed: Typed, by: Actor) -> tuple[StudyVersion | None, Study | None]:
    wanted = read_id(typed.text("studi"))
    if wanted is None:
        return None, None
    version = find_version(wanted, by=by)
    return version, study_of(version.input)


def _facility_of(version: StudyVersion | None) -> uuid.UUID | None:
    return None if version is None else version.study.facility_id


def _fill_counter(typed: Typed, pattern: CounterPattern) -> None:
    """Put what the journal saw where nothing was typed."""
    sent = typed.sent.copy()
    if not sent.get("datang", "").strip() and pattern.per_day:
        sent["datang"] = str(round(pattern.per_day))
    if not sent.get("menit", "").strip() and pattern.minutes:
        sent["menit"] = f"{pattern.minutes:.1f}"
    typed.sent = sent


def _read_desk(asked: WhatIf) -> Desk | None:
    try:
        return read_desk(asked.typed, asked.pattern.by_hour if asked.pattern else None)
    except Meaningless as why:
        asked.refusals["wait"] = why
        return None


def _need(asked: WhatIf) -> None:
    if asked.study is None:
        return
    try:
        asked.need = changed_need(asked.study, asked.levers)
    except Meaningless as why:
        asked.refusals["need"] = why


def _gap(asked: WhatIf, by: Actor) -> None:
    if asked.place is None:
        return
    staff = get_facility_staff(asked.place, by=by)
    if staff is None:
        asked.refusals["gap"] = Meaningless(
            "register_empty",
            asked.place.name,
            _("Daftar tenaga %(name)s masih kosong, jadi kesenjangannya belum dapat dihitung.")
            % {"name": asked.place.name},
        )
        return
    try:
        asked.gap = changed_gap(staff, asked.norm, asked.levers, other_norm=asked.other_norm)
    except Meaningless as why:
        asked.refusals["gap"] = why


def _wait(asked: WhatIf) -> None:
    if asked.desk is None:
        return
    people = max(1.0, asked.desk.expected_arrivals)
    days = max(FEWEST_DAYS, min(MOST_DAYS, int(ARRIVALS / people)))
    try:
        asked.wait = changed_wait(asked.desk, asked.levers, days=days)
    except Meaningless as why:
        asked.refusals["wait"] = why


def outcome_json(asked: WhatIf) -> dict[str, Any]:
    """Return the figures of the three answers, for storing and comparing."""
    found: dict[str, Any] = {"need": None, "gap": None, "wait": None}
    if asked.need is not None and asked.study is not None:
        before, after = asked.need.before, asked.need.after
        found["need"] = {
            "variant": after.variant,
            "rounding": after.rounding,
            "study": asked.version.study.title if asked.version else "",
            "fte": [_two(before.totals.required_fte), _two(after.totals.required_fte)],
            "posts": [before.totals.required_staff, after.totals.required_staff],
            "staff": [_two(before.totals.staff), _two(after.totals.staff)],
            "shortage": [_two(before.totals.shortage), _two(after.totals.shortage)],
        }
    if asked.gap is not None:
        sums = asked.gap.before.sums, asked.gap.after.sums
        found["gap"] = {
            "facility": asked.place.name if asked.place else "",
            "norm": [asked.norm.name, (asked.other_norm or asked.norm).name],
            "shortage": [each.shortage for each in sums],
            "surplus": [each.surplus for each in sums],
        }
    if asked.wait is not None:
        waits = asked.wait.before, asked.wait.after
        found["wait"] = {
            "mean": [_one(w.mean_wait) for w in waits],
            "p90": [_one(w.p90_wait) for w in waits],
            "load": [round(w.load, 2) for w in waits],
            "overtime": [_one(w.overtime) for w in waits],
        }
    return found


def _two(value: Any) -> float:
    return round(float(value), 2)


def _one(value: float) -> float:
    return round(value, 1)
