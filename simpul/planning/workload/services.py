"""Setting a time with its evidence, and keeping activities and observations.

Everything here is an act of its own, with its entry in the journal.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Problem, Refused, Stale
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.workload.activities import ACTIVITIES
from simpul.planning.workload.models import (
    Observation,
    ObservedActivity,
    Purpose,
    Source,
    UnitTime,
)
from simpul.planning.workload.observations import get_activity, require_observer
from simpul.planning.workload.thesis_steps import TEMPLATES

LONGEST_SECONDS = 12 * 3600
MOST_STEPS = 30
#: Observations of one sending; a phone sends the rest after these were taken.
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class TimeWish:
    """A norm or target a person wants to set for one activity of one category in one unit."""

    purpose: str
    unit: str
    activity: str
    category: str
    seconds: Decimal
    source: str
    reason: str
    evidence: dict[str, Any] = field(default_factory=dict)
    #: The revision the person saw (0: none); another one since then is not overwritten unseen.
    seen_revision: int = 0


def set_time(wish: TimeWish, *, by: Actor) -> UnitTime:
    """Set a norm or a target; the one before stays, with its evidence, as history."""
    require(by, "input", "planning")
    require_home(by)
    _check_time(wish, by)
    with act(by=by) as this:
        current = (
            UnitTime.objects.select_for_update()
            .filter(
                owner=by.facility_id,
                purpose=wish.purpose,
                unit=wish.unit,
                activity=wish.activity,
                category=wish.category,
                is_current=True,
            )
            .first()
        )
        seen = current.revision if current is not None else 0
        if seen != wish.seen_revision:
            raise _set_meanwhile(wish.seen_revision, seen)
        if current is not None:
            current.is_current = False
            this.update(current, "is_current")
        row = UnitTime(
            purpose=wish.purpose,
            unit=wish.unit,
            activity=wish.activity,
            category=wish.category,
            seconds=wish.seconds,
            revision=seen + 1,
            source=wish.source,
            evidence=wish.evidence,
            reason=wish.reason.strip(),
            set_by=by.practitioner_id,
            set_at=this.at,
        )
        try:
            this.create(row)
        except IntegrityError:
            # The first time of an activity has no row to lock: the other one is seen only here.
            raise _set_meanwhile(wish.seen_revision, seen + 1) from None
        this.record(
            "unit-time-set",
            unit=wish.unit,
            subject=f"unittime:{row.id}",
            detail={
                "purpose": wish.purpose,
                "activity": wish.activity,
                "category": wish.category,
                "seconds": str(wish.seconds),
                "source": wish.source,
                "revision": row.revision,
            },
        )
    return row


def _set_meanwhile(seen: int, current: int) -> Stale:
    return Stale(
        _("Waktu ini baru saja ditetapkan orang lain; isian Anda belum disimpan. Lihat dulu."),
        "unit_time_changed",
        extra={"your_revision": seen, "current_revision": current},
    )


def _check_time(wish: TimeWish, by: Actor) -> None:
    problems = []
    if wish.purpose not in Purpose.values or wish.source not in Source.values:
        problems.append(Problem("source", "unknown", _("Pilih asal waktunya.")))
    if not wish.seconds.is_finite() or not 0 < wish.seconds <= LONGEST_SECONDS:
        problems.append(
            Problem("minutes", "range", _("Waktu harus lebih dari 0 dan paling lama 12 jam."))
        )
    if not wish.reason.strip():
        problems.append(Problem("reason", "required", _("Tulis alasannya.")))
    elif len(wish.reason.strip()) > 200 or "\x00" in wish.reason:
        problems.append(Problem("reason", "long", _("Alasan paling banyak 200 huruf.")))
    if wish.category not in Role.values and wish.category != "lain":
        problems.append(Problem("category", "unknown", _("Pilih kategori tenaga.")))
    if problems:
        raise Refused(
            _("Waktu belum disimpan; yang lama tetap berlaku. Betulkan isian yang ditandai."),
            "unit_time_refused",
            errors=tuple(problems),
        )
    get_here().unit(wish.unit)
    if wish.activity not in ACTIVITIES:
        get_activity(_uuid(wish.activity), by=by)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


# -- What an observer times ------------------------------------------------------------------------


@dataclass(frozen=True)
class ActivityWish:
    """An activity to be observed, as it was typed."""

    name: str
    unit: str
    category: str
    steps: tuple[str, ...]
    target_seconds: int | None = None
    journal_activity: str = ""
    source: str = ""
    is_active: bool = True


def save_activity(
    wish: ActivityWish, *, by: Actor, activity: uuid.UUID | None = None, seen_version: int = 0
) -> ObservedActivity:
    """Make or change an activity; observations made before keep the steps of their day."""
    require_observer(by, "input")
    _check_activity(wish)
    values = {
        "name": wish.name.strip(),
        "unit": wish.unit,
        "category": wish.category,
        "steps": [step.strip() for step in wish.steps if step.strip()],
        "target_seconds": wish.target_seconds,
        "journal_activity": wish.journal_activity,
        "source": wish.source.strip(),
        "is_active": wish.is_active,
    }
    with act(by=by) as this:
        if activity is None:
            count = ObservedActivity.objects.filter(owner=by.facility_id).count()
            row = ObservedActivity(**values, order=min(count, 30_000))
            this.create(row)
        else:
            row = get_activity(activity, by=by)
            for name, value in values.items():
                setattr(row, name, value)
            this.update(row, *values, seen_version=seen_version or None)
        this.record("observed-activity-saved", unit=row.unit, subject=f"observed:{row.id}")
    return row


def _check_activity(wish: ActivityWish) -> None:
    steps = [step.strip() for step in wish.steps if step.strip()]
    target = wish.target_seconds
    unreadable = "\x00" in "".join((wish.name, wish.source, *wish.steps))
    checks = (
        (1 <= len(wish.name.strip()) <= 80, "name", _("Nama kegiatan 1–80 huruf.")),
        (not unreadable, "name", _("Ada huruf yang tidak dapat disimpan.")),
        (1 <= len(steps) <= MOST_STEPS, "steps", _("Tulis 1–30 langkah, satu setiap baris.")),
        (
            all(len(step) <= 80 for step in steps),
            "steps",
            _("Setiap langkah paling banyak 80 huruf."),
        ),
        (len(set(steps)) == len(steps), "steps", _("Ada langkah yang sama dua kali; bedakan.")),
        (wish.category in Role.values, "category", _("Pilih kategori tenaga.")),
        (
            target is None or 0 < target <= LONGEST_SECONDS,
            "target",
            _("Target harus lebih dari 0 dan paling lama 12 jam."),
        ),
        (wish.journal_activity in ("", *ACTIVITIES), "journal_activity", _("Pilih dari daftar.")),
        (wish.unit in get_here().units, "unit", _("Pilih unit.")),
        (len(wish.source) <= 160, "source", _("Sumber paling banyak 160 huruf.")),
    )
    problems = tuple(Problem(where, "refused", said) for fits, where, said in checks if not fits)
    if problems:
        raise Refused(
            _("Kegiatan belum disimpan. Betulkan isian yang ditandai; tulisan Anda tetap ada."),
            "observed_activity_refused",
            errors=problems,
        )


def add_templates(*, by: Actor) -> list[ObservedActivity]:
    """Add the published activities that are not here yet (known by their name), ready to edit."""
    require_observer(by, "input")
    have = set(ObservedActivity.objects.filter(owner=by.facility_id).values_list("name", flat=True))
    rows = [
        ObservedActivity(
            name=str(template.name),
            unit="rekam-medis",
            category=template.category,
            steps=[name for name, _seconds in template.steps],
            target_seconds=template.target_minutes * 60,
            journal_activity=template.journal_activity,
            source=template.source,
            order=order,
        )
        for order, template in enumerate(TEMPLATES)
        if str(template.name) not in have
    ]
    if not rows:
        return []
    with act(by=by) as this:
        this.create(*rows)
        for row in rows:
            this.record("observed-activity-saved", unit=row.unit, subject=f"observed:{row.id}")
    return rows


# -- Observations from a phone ---------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """What became of a sending: stored now or before, and refused with the sentence why."""

    stored: tuple[uuid.UUID, ...]
    refused: tuple[tuple[str, str], ...]


def save_observations(sent: list[Any], *, by: Actor) -> Kept:
    """Store what a phone has kept. An id that is here already is answered as stored, once.

    Each observation is judged by itself: a refused one does not hold back the others.
    """
    require_observer(by, "input")
    activities = {row.id: row for row in ObservedActivity.objects.filter(owner=by.facility_id)}
    fresh: dict[uuid.UUID, Observation] = {}
    refused: list[tuple[str, str]] = []
    wanted: list[uuid.UUID] = []
    with act(by=by) as this:
        for item in sent[:MOST_AT_ONCE]:
            try:
                row = _read_observation(item, activities, by, this.at)
            except _Unreadable as fault:
                refused.append((fault.id, str(fault)))
                continue
            wanted.append(row.id)
            fresh.setdefault(row.id, row)
        known = dict(Observation.objects.filter(id__in=fresh).values_list("id", "owner"))
        for one, owner in known.items():
            del fresh[one]
            if owner != by.facility_id:
                wanted.remove(one)
                refused.append((str(one), _("Nomor pengamatan ini sudah dipakai fasilitas lain.")))
        rows = list(fresh.values())
        if rows:
            this.create(*rows)
            for row in rows:
                this.record(
                    "observation-saved",
                    unit=activities[row.activity_id].unit,
                    subject=f"observation:{row.id}",
                    detail={"activity": str(row.activity_id)},
                )
    return Kept(tuple(dict.fromkeys(wanted)), tuple(refused))


class _Unreadable(ValueError):
    """One observation cannot be stored; says why."""

    def __init__(self, one: str, message: str) -> None:
        super().__init__(message)
        self.id = one


def _read_observation(
    item: Any, activities: dict[uuid.UUID, ObservedActivity], by: Actor, at: datetime
) -> Observation:
    if not isinstance(item, dict):
        raise _Unreadable("", _("Pengamatan tidak terbaca."))
    name = str(item.get("id", ""))[:64]
    one, activity = _uuid(name), activities.get(_uuid(str(item.get("activity", ""))))
    if one.int == 0:
        raise _Unreadable(name, _("Nomor pengamatan tidak terbaca."))
    if activity is None:
        raise _Unreadable(name, _("Kegiatannya sudah tidak ada di sini."))
    try:
        started = datetime.fromisoformat(str(item.get("started_at", "")))
    except ValueError:
        raise _Unreadable(name, _("Jam mulainya tidak terbaca.")) from None
    if started.tzinfo is None or not timedelta(days=-366) < started - now() < timedelta(days=1):
        raise _Unreadable(name, _("Jam mulainya tidak masuk akal; periksa jam ponsel."))
    seconds = _seconds(item.get("seconds"))
    if seconds is None or not 0 < seconds <= LONGEST_SECONDS:
        raise _Unreadable(name, _("Lamanya harus lebih dari 0 dan paling lama 12 jam."))
    return Observation(
        id=one,
        activity=activity,
        observer=by.practitioner_id,
        started_at=started,
        seconds=seconds,
        steps=_read_steps(name, item.get("steps", [])),
        received_at=at,
    )


def _read_steps(name: str, steps: Any) -> list[dict[str, Any]]:
    if not isinstance(steps, list) or len(steps) > MOST_STEPS:
        raise _Unreadable(name, _("Langkah-langkahnya tidak terbaca."))
    read = []
    for step in steps:
        seconds = _seconds(step.get("seconds")) if isinstance(step, dict) else None
        text = str(step.get("name", ""))[:80] if isinstance(step, dict) else ""
        if seconds is None or not 0 <= seconds <= LONGEST_SECONDS or not text or "\x00" in text:
            raise _Unreadable(name, _("Langkah-langkahnya tidak terbaca."))
        read.append({"name": text, "seconds": float(seconds)})
    return read


def _seconds(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    seconds = Decimal(str(value))
    return round(seconds, 1) if seconds.is_finite() and abs(seconds) < 10**6 else None
