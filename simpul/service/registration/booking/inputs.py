"""What is said when somebody books, checked as a whole: every problem is told at once."""

import uuid
from dataclasses import dataclass, fields, replace
from datetime import date, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.errors import Finding
from simpul.domain.identity import (
    check_bpjs,
    check_nik,
    check_phone,
    normalise_number,
    normalise_phone,
)
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.service.registration.booking.models import Source

#: How many days ahead may be booked.
DAYS_AHEAD = 30
_LENGTHS = {"name": 120, "complaint": 300, "doctor_code": 20, "doctor_name": 80}


@dataclass(frozen=True)
class BookingWish:
    """Who wants to come, when and where. A known patient needs no name."""

    service_date: date
    unit: str
    source: str = Source.PHONE
    patient_id: uuid.UUID | None = None
    name: str = ""
    birth_date: date | None = None
    nik: str = ""
    bpjs_number: str = ""
    phone: str = ""
    starts: time | None = None
    ends: time | None = None
    doctor_code: str = ""
    doctor_name: str = ""
    complaint: str = ""


def check_booking(wish: BookingWish) -> BookingWish:
    """Return the wish with its numbers tidied; raises Refused naming each place."""
    tidy: dict[str, Any] = {
        each.name: " ".join(getattr(wish, each.name).split())
        for each in fields(wish)
        if isinstance(getattr(wish, each.name), str)
    }
    tidy["nik"] = normalise_number(tidy["nik"])
    tidy["bpjs_number"] = normalise_number(tidy["bpjs_number"])
    if tidy["phone"] and not check_phone(tidy["phone"]):
        tidy["phone"] = normalise_phone(tidy["phone"])
    wish = replace(wish, **tidy)
    problems = [*_text_problems(wish), *_number_problems(wish), *_day_problems(wish)]
    if problems:
        raise Refused(
            _("Janji belum disimpan: %(count)d isian perlu diperbaiki. Yang lain tetap ada.")
            % {"count": len(problems)},
            "booking_refused",
            errors=tuple(problems),
        )
    return wish


def _text_problems(wish: BookingWish) -> list[Problem]:
    problems = []
    if wish.patient_id is None and not wish.name:
        problems.append(Problem("name", "required", _("Tulis namanya.")))
    if wish.source not in Source.values:
        problems.append(Problem("source", "unknown", _("Pilih asal janji dari daftar.")))
    for field, longest in _LENGTHS.items():
        text = getattr(wish, field)
        if len(text) > longest:
            problems.append(
                Problem(
                    field,
                    "too_long",
                    _("Terlalu panjang: paling banyak %(most)d huruf.") % {"most": longest},
                )
            )
        elif "\x00" in text:
            problems.append(Problem(field, "unreadable", _("Ada tanda yang tidak terbaca.")))
    return problems


def _number_problems(wish: BookingWish) -> list[Problem]:
    found: list[Finding] = []
    today = get_here().today()
    if wish.nik:
        found += check_nik(wish.nik, birth_date=wish.birth_date, sex=None, today=today)
    if wish.bpjs_number:
        found += check_bpjs(wish.bpjs_number)
    if wish.phone:
        found += check_phone(wish.phone)
    return [Problem(one.where, one.code, one.message) for one in found if one.severity == "refuse"]


def _day_problems(wish: BookingWish) -> list[Problem]:
    problems = []
    today = get_here().today()
    if wish.service_date < today:
        problems.append(
            Problem("service_date", "past", _("Hari itu sudah lewat. Pilih hari ini atau nanti."))
        )
    elif wish.service_date > today + timedelta(days=DAYS_AHEAD):
        problems.append(
            Problem(
                "service_date",
                "too_far",
                _("Janji paling jauh %(days)d hari lagi.") % {"days": DAYS_AHEAD},
            )
        )
    if (wish.starts is None) != (wish.ends is None) or (
        wish.starts is not None and wish.ends is not None and wish.starts >= wish.ends
    ):
        problems.append(
            Problem("starts", "reversed", _("Tulis jam mulai dan jam selesai, mulai lebih dulu."))
        )
    if wish.birth_date is not None and wish.birth_date > today:
        problems.append(
            Problem("birth_date", "future", _("Tanggal lahir itu belum tiba. Periksa tahunnya."))
        )
    return problems
