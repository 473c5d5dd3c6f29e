"""`/janji`: who announced themselves for a day; *Hadir* leads to the counter with all filled in."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.foundation.core.errors import Conflict, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require, require_home
from simpul.service.registration.booking import services
from simpul.service.registration.booking.forms import (
    BookingForm,
    read_booking,
    read_booking_form,
    read_day,
)
from simpul.service.registration.booking.inputs import DAYS_AHEAD
from simpul.service.registration.booking.models import BookingState, Source
from simpul.service.registration.booking.opening import say_day
from simpul.service.registration.booking.selectors import (
    count_day,
    get_booking,
    list_bookings,
    list_open_days,
)


@require_GET
def bookings(request: HttpRequest) -> HttpResponse:
    """The bookings of a day (today), those still expected first."""
    by = acting(request)
    day = read_day(request.GET.get("hari", "")) or get_here().today()
    unit = request.GET.get("poli", "")
    unit = unit if unit in get_here().units else ""
    context = _day(day, unit, by=by)
    template = (
        "booking/_list.html" if request.headers.get("HX-Request") else "booking/bookings.html"
    )
    return render(request, template, context)


def _day(day: date, unit: str, *, by: Actor) -> dict[str, Any]:
    today = get_here().today()
    return {
        "rows": list_bookings(day, by=by, unit=unit),
        "counts": count_day(day, by=by),
        "day": day,
        "day_text": say_day(day),
        "is_today": day == today,
        "is_past": day < today,
        "previous": day - timedelta(days=1),
        "following": day + timedelta(days=1),
        "unit": unit,
        "units": [one for one in get_here().units.values() if one.takes_patients],
        "open_days": list_open_days(day, by=by),
        "may_book": may(by, "input", "booking"),
    }


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A booking made by telephone or at the counter."""
    by = acting(request)
    require(by, "input", "booking")
    require_home(by)
    if request.method == "POST":
        form = read_booking_form(request.POST)
        try:
            row = services.make_booking(read_booking(form), by=by)
        except (Refused, Conflict) as refusal:
            problems = {one.where: one.message for one in getattr(refusal, "errors", ())}
            context = _new(replace(form, errors=problems)) | {"refusal": refusal}
            return render(request, "booking/new.html", context, status=refusal.status)
        messages.success(
            request,
            _("Janji %(ticket)s untuk %(day)s tersimpan. Kode %(code)s; sebutkan ke pasien.")
            % {"ticket": row.label, "day": say_day(row.service_date), "code": row.code},
        )
        return redirect(f"{reverse('janji')}?{urlencode({'hari': row.service_date.isoformat()})}")
    day = read_day(request.GET.get("hari", "")) or get_here().today()
    return render(request, "booking/new.html", _new(BookingForm(service_date=day.isoformat())))


def _new(form: BookingForm) -> dict[str, Any]:
    today = get_here().today()
    return {
        "form": form,
        "sources": Source.choices,
        "units": [
            {"value": unit.code, "label": unit.name, "disabled": not unit.is_open}
            for unit in get_here().units.values()
            if unit.takes_patients
        ],
        "first_day": today,
        "last_day": today + timedelta(days=DAYS_AHEAD),
    }


@require_POST
def arrive(request: HttpRequest, booking: uuid.UUID) -> HttpResponse:
    """*Hadir*: on to the counter, with the patient open or, when not known yet, to be found."""
    by = acting(request)
    require(by, "input", "encounter")
    line = get_booking(booking, by=by)
    if not line.is_open:
        raise Conflict(
            _("Janji %(ticket)s sudah berstatus “%(state)s”, jadi tidak didaftarkan lagi.")
            % {"ticket": line.label, "state": line.state_name},
            "booking_ended",
        )
    if line.patient_id is not None:
        address = reverse("loket-pasien", args=[line.patient_id])
        return redirect(f"{address}?{urlencode({'janji': str(line.id)})}")
    messages.info(
        request,
        _("Janji %(ticket)s belum terhubung ke rekam. Cari orangnya; janjinya ikut terisi.")
        % {"ticket": line.label},
    )
    return redirect(f"{reverse('loket')}?{urlencode({'janji': str(line.id)})}")


@require_POST
def cancel(request: HttpRequest, booking: uuid.UUID) -> HttpResponse:
    """Take a booking back, with the reason."""
    by = acting(request)
    row = services.cancel_booking(booking, reason=request.POST.get("reason", ""), by=by)
    messages.success(request, _("Janji %(ticket)s dibatalkan.") % {"ticket": row.label})
    return _back(row.service_date)


@require_POST
def restore(request: HttpRequest, booking: uuid.UUID) -> HttpResponse:
    """Let a booking stand again."""
    by = acting(request)
    row = services.restore_booking(booking, by=by)
    messages.success(
        request,
        _("Janji %(ticket)s berlaku lagi (%(state)s).")
        % {"ticket": row.label, "state": BookingState(row.state).label},
    )
    return _back(row.service_date)


def _back(day: date) -> HttpResponse:
    return redirect(f"{reverse('janji')}?{urlencode({'hari': day.isoformat()})}")
