"""When each unit takes patients: read, changed by the head, and asked at the counter.

The week of every unit changes rarely and is asked at every registration, so each process keeps it
for a few seconds. Whether a quota is full is asked of the database, and only where one was set.
"""

import time as clock
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from simpul.domain.dates import format_date
from simpul.domain.errors import Finding
from simpul.domain.opening import Hours, Opening, next_open_day, opening_on
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere, Problem, Refused
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.registration.booking.models import ClosedDay, OpeningHours

KEEP_SECONDS = 5.0
#: Emergencies and births come when they come.
NEVER_CLOSED = frozenset({"ugd", "persalinan"})
MOST = 2000


@dataclass(frozen=True)
class Timetable:
    """Every unit's week and the days that are off."""

    hours: dict[str, tuple[Hours, ...]]
    closed: tuple[tuple[date, str, str], ...]

    def holidays(self, unit: str) -> list[tuple[date, str]]:
        """Return the days a unit is closed, with their reasons."""
        return [(day, why) for day, code, why in self.closed if code in ("", unit)]

    def opening(self, unit: str, on: date) -> Opening:
        """Return a unit's opening on a day."""
        return opening_on(on, self.hours.get(unit, ()), self.holidays(unit))

    def next_day(self, unit: str, after: date) -> date | None:
        """Return the next day on which a unit is open."""
        return next_open_day(after, self.hours.get(unit, ()), self.holidays(unit))


_kept: dict[uuid.UUID, tuple[float, Timetable]] = {}


def get_timetable() -> Timetable:
    """Return this house's timetable, at most a few seconds old."""
    here = get_here().id
    kept = _kept.get(here)
    if kept is not None and clock.monotonic() - kept[0] < KEEP_SECONDS:
        return kept[1]
    hours: dict[str, list[Hours]] = {}
    for row in OpeningHours.objects.filter(owner=here, is_open=True).order_by("unit", "weekday"):
        hours.setdefault(row.unit, []).append(
            Hours(row.weekday, row.opens, row.closes, row.quota, row.booked_quota)
        )
    closed = ClosedDay.objects.filter(owner=here, is_lifted=False).order_by("day")
    found = Timetable(
        {unit: tuple(rows) for unit, rows in hours.items()},
        tuple((row.day, row.unit, row.reason) for row in closed),
    )
    _kept[here] = (clock.monotonic(), found)
    return found


def forget_timetable() -> None:
    """Read the timetable anew next time (it was just changed)."""
    _kept.clear()


def local_time(at: datetime) -> time:
    """Return the time of day of an instant where the house stands."""
    return at.astimezone(ZoneInfo(get_here().timezone)).time().replace(tzinfo=None)


def count_registered(unit: str, on: date, *, facility: uuid.UUID) -> int:
    """Return how many places of a unit's day are taken: visits there, and bookings still open."""
    return count_registered_by_unit(on, facility=facility).get(unit, 0)


def count_registered_by_unit(on: date, *, facility: uuid.UUID) -> dict[str, int]:
    """Return `count_registered` of every unit of a day, in one statement."""
    rows = fetch_values(
        "SELECT taken.unit, count(*) FROM ("
        "SELECT e.unit FROM registration_encounter e WHERE e.owner = %s AND e.service_date = %s "
        "AND e.status <> 'cancelled' UNION ALL "
        "SELECT b.unit FROM booking_booking b WHERE b.owner = %s AND b.service_date = %s "
        "AND b.state = 'booked') AS taken GROUP BY taken.unit",
        "--",
        [facility, on, facility, on],
    )
    return {unit: int(many) for unit, many in rows}


def opening_finding(unit: str, *, by: Actor, has_booking: bool = False) -> Finding | None:
    """Return what speaks against registering somebody in a unit now; a person may go on.

    A booked place is kept, also when the quota is full.
    """
    here = get_here()
    if unit in NEVER_CLOSED or unit not in here.units:
        return None
    at = now()
    today = here.day_of(at)
    opening = get_timetable().opening(unit, today)
    taken = 0
    if opening.quota is not None and not has_booking:
        taken = count_registered(unit, today, facility=by.facility_id)
    why = opening.why_not(local_time(at), registered=taken)
    if not why:
        return None
    name = here.units[unit].name
    hours = opening.hours
    messages = {
        "holiday": _("%(unit)s tutup hari ini: %(reason)s.")
        % {"unit": name, "reason": opening.holiday_reason},
        "day": _("%(unit)s tidak buka pada hari ini.") % {"unit": name},
    }
    if hours is not None:
        times = {"unit": name, "opens": f"{hours.opens:%H.%M}", "closes": f"{hours.closes:%H.%M}"}
        messages["before"] = _("%(unit)s baru buka pukul %(opens)s.") % times
        messages["after"] = _("%(unit)s sudah tutup sejak pukul %(closes)s.") % times
        messages["full"] = _("Kuota %(unit)s hari ini sudah penuh: %(taken)d dari %(quota)d.") % {
            "unit": name,
            "taken": taken,
            "quota": hours.quota or 0,
        }
    return Finding(f"unit-{why}", "warn", messages[why], "unit")


def change_week(unit: str, week: dict[int, Hours | None], *, by: Actor) -> None:
    """Store a unit's week: weekday → hours, None for a day off; all days at once.

    A unit for which no day has hours is open whenever it is switched on.
    """
    require(by, "correct", "settings")
    get_here().unit(unit)
    kept = {
        row.weekday: row for row in OpeningHours.objects.filter(owner=by.facility_id, unit=unit)
    }
    changed = []
    with act(by=by) as this:
        for weekday, hours in sorted(week.items()):
            row = kept.get(weekday)
            if hours is None:
                if row is not None and row.is_open:
                    row.is_open = False
                    this.update(row, "is_open")
                    changed.append(weekday)
                continue
            values = {
                "is_open": True,
                "opens": hours.opens,
                "closes": hours.closes,
                "quota": hours.quota,
                "booked_quota": hours.booked_quota,
            }
            if row is None:
                this.create(OpeningHours(unit=unit, weekday=weekday, **values))
                changed.append(weekday)
            elif any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                this.update(row, *values)
                changed.append(weekday)
        if changed:
            this.record("opening-changed", unit=unit, detail={"weekdays": changed})
    forget_timetable()


def close_day(day: date, *, unit: str, reason: str, by: Actor) -> ClosedDay:
    """Say that a unit (or the house, with an empty unit) takes nobody on a day."""
    require(by, "correct", "settings")
    if unit:
        get_here().unit(unit)
    reason = " ".join(reason.split())
    problems = []
    if not reason or len(reason) > 120 or "\x00" in reason:
        problems.append(
            Problem("reason", "required", _("Tulis alasannya, paling banyak 120 huruf."))
        )
    if day < get_here().today():
        problems.append(
            Problem("day", "past", _("Hari itu sudah lewat. Pilih hari ini atau nanti."))
        )
    if problems:
        raise Refused(
            _("Hari tutup belum disimpan: %(count)d isian perlu diperbaiki.")
            % {"count": len(problems)},
            "closed_day_refused",
            errors=tuple(problems),
        )
    same = ClosedDay.objects.filter(owner=by.facility_id, day=day, unit=unit, is_lifted=False)
    known = same.first()
    if known is not None:
        return known
    with act(by=by) as this:
        row = ClosedDay(day=day, unit=unit, reason=reason)
        this.create(row)
        this.record("day-closed", unit=unit, detail={"day": day.isoformat()})
    forget_timetable()
    return row


def lift_closed_day(closed: uuid.UUID, *, by: Actor) -> ClosedDay:
    """Take a closed day back."""
    require(by, "correct", "settings")
    row = ClosedDay.objects.filter(id=closed, owner=by.facility_id).first()
    if row is None:
        raise NotHere(_("Hari tutup ini tidak ada lagi. Muat ulang halaman."), "closed_day_unknown")
    if not row.is_lifted:
        with act(by=by) as this:
            row.is_lifted = True
            this.update(row, "is_lifted")
            this.record("day-closed-lifted", unit=row.unit, detail={"day": row.day.isoformat()})
    forget_timetable()
    return row


def list_closed_days(*, by: Actor) -> list[ClosedDay]:
    """Return the closed days from today on."""
    require(by, "view", "settings")
    return list(
        ClosedDay.objects.filter(
            owner=by.facility_id, is_lifted=False, day__gte=get_here().today()
        ).order_by("day", "unit")[:200]
    )


def say_day(day: date) -> str:
    """Return a day in words with its weekday: Senin, 24 Nov 2026."""
    return f"{WEEKDAYS[day.weekday()]}, {format_date(day)}"


WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
