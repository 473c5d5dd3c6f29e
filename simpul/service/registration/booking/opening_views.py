"""`/pengaturan/jam`: open hours and quota of each unit, and the days it is closed."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.selectors import Unit, get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require, require_home
from simpul.service.registration.booking import opening as hours
from simpul.service.registration.booking.forms import DayForm, WeekRefused, read_day, read_week
from simpul.service.registration.booking.opening import NEVER_CLOSED, WEEKDAYS, Timetable


@require_GET
def opening(request: HttpRequest) -> HttpResponse:
    """Every unit with its week; one of them can be opened for changing."""
    by = acting(request)
    require(by, "view", "settings")
    require_home(by)
    chosen = request.GET.get("poli", "")
    return _page(request, by=by, chosen=chosen if chosen in get_here().units else "")


def _page(
    request: HttpRequest,
    *,
    by: Actor,
    chosen: str = "",
    days: list[DayForm] | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    timetable = hours.get_timetable()
    units = [unit for unit in get_here().units.values() if unit.takes_patients]
    problems = {one.where: one.message for one in refusal.errors} if refusal else {}
    context: dict[str, Any] = {
        "tab": "opening",
        "rows": [_week_of(unit, timetable) for unit in units],
        "chosen": get_here().units.get(chosen),
        "days": _days(days or _day_forms(chosen, timetable), problems) if chosen else [],
        "refusal": refusal,
        "closed_days": [
            {"row": row, "unit": _unit_name(row.unit), "day_text": hours.say_day(row.day)}
            for row in hours.list_closed_days(by=by)
        ],
        "unit_choices": [(unit.code, unit.name) for unit in units],
        "may_change": may(by, "correct", "settings"),
        "weekdays": WEEKDAYS,
        "today": get_here().today(),
    }
    return render(request, "booking/opening.html", context, status=422 if refusal else 200)


def _unit_name(code: str) -> str:
    units = get_here().units
    return units[code].name if code in units else _("seluruh Puskesmas")


def _week_of(unit: Unit, timetable: Timetable) -> dict[str, Any]:
    week = {one.weekday: one for one in timetable.hours.get(unit.code, ())}
    return {
        "unit": unit,
        "is_always_open": not week,
        "never_closes": unit.code in NEVER_CLOSED,
        "days": [week.get(weekday) for weekday in range(7)],
    }


def _day_forms(unit: str, timetable: Timetable) -> list[DayForm]:
    week = {one.weekday: one for one in timetable.hours.get(unit, ())}
    forms = []
    for weekday in range(7):
        one = week.get(weekday)
        if one is None:
            forms.append(DayForm(weekday))
            continue
        forms.append(
            DayForm(
                weekday,
                f"{one.opens:%H.%M}",
                f"{one.closes:%H.%M}",
                "" if one.quota is None else str(one.quota),
                "" if one.booked_quota is None else str(one.booked_quota),
            )
        )
    return forms


def _days(forms: list[DayForm], problems: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": WEEKDAYS[form.weekday],
            "form": form,
            "cells": [
                {
                    "name": f"{part}-{form.weekday}",
                    "label": f"{WEEKDAYS[form.weekday]}: {label}",
                    "value": getattr(form, part),
                    "error": problems.get(f"{part}-{form.weekday}", ""),
                }
                for part, label in (
                    ("opens", _("jam buka")),
                    ("closes", _("jam tutup")),
                    ("quota", _("kuota sehari")),
                    ("booked_quota", _("kuota janji")),
                )
            ],
        }
        for form in forms
    ]


@require_POST
def week(request: HttpRequest, unit: str) -> HttpResponse:
    """Store a unit's week."""
    by = acting(request)
    require(by, "correct", "settings")
    require_home(by)
    get_here().unit(unit)
    try:
        _forms, wanted = read_week(request.POST)
    except WeekRefused as refusal:
        return _page(request, by=by, chosen=unit, days=refusal.days, refusal=refusal)
    hours.change_week(unit, wanted, by=by)
    messages.success(
        request, _("Jam buka %(unit)s tersimpan.") % {"unit": get_here().unit(unit).name}
    )
    return redirect("jam-buka")


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Add a closed day."""
    by = acting(request)
    require(by, "correct", "settings")
    require_home(by)
    day = read_day(request.POST.get("day", ""))
    if day is None:
        raise Refused(_("Hari tutup belum disimpan: pilih harinya."), "closed_day_refused")
    row = hours.close_day(
        day, unit=request.POST.get("unit", ""), reason=request.POST.get("reason", ""), by=by
    )
    messages.success(
        request,
        _("%(unit)s tutup pada %(day)s. Janji yang sudah ada perlu dihubungi.")
        % {"unit": _unit_name(row.unit), "day": hours.say_day(row.day)},
    )
    return redirect("jam-buka")


@require_POST
def lift(request: HttpRequest, closed: uuid.UUID) -> HttpResponse:
    """Take a closed day back."""
    by = acting(request)
    require_home(by)
    row = hours.lift_closed_day(closed, by=by)
    messages.success(request, _("%(day)s buka seperti biasa.") % {"day": hours.say_day(row.day)})
    return redirect("jam-buka")
