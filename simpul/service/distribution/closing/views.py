"""`/tutup-hari`: who still waits, who left, who never came; one button, and its undo."""

import uuid
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import may
from simpul.service.distribution.closing.selectors import get_day_end
from simpul.service.distribution.closing.services import close_day, reopen_day
from simpul.service.registration.booking.opening import say_day


@require_http_methods(["GET", "POST"])
def day_end(request: HttpRequest) -> HttpResponse:
    """The end of a day (today); a post closes it."""
    by = acting(request)
    if request.method == "POST":
        day = _day(request.POST.get("hari", ""))
        closing = close_day(day, by=by, stay=_ids(request.POST.getlist("tetap")))
        messages.success(
            request,
            _("%(day)s ditutup: %(left)d orang pulang, %(missed)d janji tidak datang.")
            % {"day": say_day(day), "left": len(closing.left), "missed": len(closing.missed)},
        )
        return _back(day)
    day = _day(request.GET.get("hari", ""))
    context = {
        "end": get_day_end(day, by=by),
        "day_text": say_day(day),
        "is_today": day == get_here().today(),
        "previous": day - timedelta(days=1),
        "may_close": may(by, "input", "encounter"),
    }
    return render(request, "closing/day_end.html", context)


@require_POST
def reopen(request: HttpRequest, closing: uuid.UUID) -> HttpResponse:
    """Take a closing back."""
    by = acting(request)
    done = reopen_day(closing, by=by)
    text = _(
        "Diurungkan: %(people)d orang kembali ke antrean, %(bookings)d janji berlaku lagi."
    ) % {
        "people": done.people,
        "bookings": done.bookings,
    }
    if done.kept:
        text += " " + _("%(kept)d tetap seperti sekarang karena sudah didaftarkan lagi.") % {
            "kept": done.kept
        }
    messages.success(request, text)
    return _back(_day(request.POST.get("hari", "")))


def _day(text: str) -> date:
    if not text:
        return get_here().today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(
            _("Hari itu tidak terbaca. Pilih hari dari daftar."), "day_unreadable"
        ) from None


def _ids(texts: list[str]) -> list[uuid.UUID]:
    found = []
    for text in texts[:1000]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            raise Refused(
                _("Daftar yang tetap menunggu tidak terbaca, jadi hari belum ditutup. Muat ulang."),
                "stay_unreadable",
            ) from None
    return found


def _back(day: date) -> HttpResponse:
    return redirect(f"{reverse('tutup-hari')}?{urlencode({'hari': day.isoformat()})}")
