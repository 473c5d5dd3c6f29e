"""What the booking page and the page of open hours send, read and shown again after a refusal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from django.utils.translation import gettext as _

from simpul.domain.dates import read_birth_date
from simpul.domain.errors import DomainError
from simpul.domain.opening import Hours
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.service.registration.booking.inputs import BookingWish
from simpul.service.registration.booking.models import Source

#: 8, 08, 08.30, 8:30, 0830, 830
_TIME = re.compile(r"(\d{1,2})(?:[.:](\d{2})|(\d{2}))?", re.ASCII)
MOST_QUOTA = 2000


def read_day(text: str) -> date | None:
    """Return a day as the browser's date field sends it; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """Return a time of day as people write it (8, 08.00, 8:30, 0830); None for anything else."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return time(int(found[1]), int(found[2] or found[3] or 0))
    except ValueError:
        return None


@dataclass(frozen=True)
class BookingForm:
    """The values of the booking form as they stand on the screen."""

    name: str = ""
    birth_date: str = ""
    nik: str = ""
    bpjs_number: str = ""
    phone: str = ""
    source: str = Source.PHONE
    service_date: str = ""
    unit: str = ""
    starts: str = ""
    ends: str = ""
    complaint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def read_booking_form(post: Mapping[str, str]) -> BookingForm:
    """Return the form as it was sent."""
    return BookingForm(
        name=post.get("name", ""),
        birth_date=post.get("birth_date", ""),
        nik=post.get("nik", ""),
        bpjs_number=post.get("bpjs_number", ""),
        phone=post.get("phone", ""),
        source=post.get("source", ""),
        service_date=post.get("service_date", ""),
        unit=post.get("unit", ""),
        starts=post.get("starts", ""),
        ends=post.get("ends", ""),
        complaint=post.get("complaint", ""),
    )


def read_booking(form: BookingForm) -> BookingWish:
    """Return what is to be booked; Refused naming each value that cannot be read."""
    problems = []
    day = read_day(form.service_date)
    if day is None:
        problems.append(Problem("service_date", "unreadable", _("Pilih harinya.")))
    if form.unit not in get_here().units:
        problems.append(Problem("unit", "unknown", _("Pilih poli dari daftar.")))
    times: dict[str, time | None] = {}
    for name in ("starts", "ends"):
        text = getattr(form, name)
        times[name] = read_time(text) if text.strip() else None
        if text.strip() and times[name] is None:
            problems.append(
                Problem(name, "unreadable", _("Tulis jam seperti 08.30; boleh dikosongkan."))
            )
    born = None
    if form.birth_date.strip():
        try:
            born = read_birth_date(form.birth_date, get_here().today()).value
        except DomainError as why:
            problems.append(Problem("birth_date", "unreadable", why.message))
    if problems or day is None:
        raise Refused(
            _("Janji belum disimpan: %(count)d isian perlu diperbaiki. Yang lain tetap ada.")
            % {"count": len(problems)},
            "booking_refused",
            errors=tuple(problems),
        )
    return BookingWish(
        service_date=day,
        unit=form.unit,
        source=form.source,
        name=form.name,
        birth_date=born,
        nik=form.nik,
        bpjs_number=form.bpjs_number,
        phone=form.phone,
        starts=times["starts"],
        ends=times["ends"],
        complaint=form.complaint,
    )


@dataclass(frozen=True)
class DayForm:
    """One weekday of the page of open hours."""

    weekday: int
    opens: str = ""
    closes: str = ""
    quota: str = ""
    booked_quota: str = ""


def read_week(post: Mapping[str, str]) -> tuple[list[DayForm], dict[int, Hours | None]]:
    """Return the week as sent and as hours; Refused names the place of each value not understood.

    A day without both times is a day off.
    """
    days, week, problems = [], {}, []
    for weekday in range(7):
        names = {part: f"{part}-{weekday}" for part in ("opens", "closes", "quota", "booked_quota")}
        form = DayForm(weekday, **{part: post.get(name, "") for part, name in names.items()})
        days.append(form)
        try:
            week[weekday] = _hours_of(form)
        except _Unclear as why:
            problems.append(Problem(names[why.part], "unreadable", why.message))
    if problems:
        raise WeekRefused(days, problems)
    return days, week


class WeekRefused(Refused):
    """Some value of the week was not understood; carries what was typed."""

    def __init__(self, days: list[DayForm], problems: list[Problem]) -> None:
        super().__init__(
            _("Jam buka belum disimpan: %(count)d isian perlu diperbaiki. Yang lain tetap ada.")
            % {"count": len(problems)},
            "opening_refused",
            errors=tuple(problems),
        )
        self.days = days


class _Unclear(Exception):
    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part, self.message = part, message


def _hours_of(form: DayForm) -> Hours | None:
    if not form.opens.strip() and not form.closes.strip():
        return None
    opens, closes = read_time(form.opens), read_time(form.closes)
    if opens is None:
        raise _Unclear("opens", _("Tulis jam buka seperti 07.30."))
    if closes is None:
        raise _Unclear("closes", _("Tulis jam tutup seperti 12.00."))
    if opens >= closes:
        raise _Unclear("closes", _("Jam tutup harus sesudah jam buka."))
    quota = _number(form.quota, "quota")
    booked = _number(form.booked_quota, "booked_quota")
    if quota is not None and booked is not None and booked > quota:
        raise _Unclear("booked_quota", _("Kuota janji tidak boleh lebih dari kuota sehari."))
    return Hours(form.weekday, opens, closes, quota, booked)


def _number(text: str, part: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) > MOST_QUOTA:
        raise _Unclear(
            part, _("Tulis angka 0 sampai %(most)d, atau kosongkan.") % {"most": MOST_QUOTA}
        )
    return int(text)
