"""`/pengaturan/printer` for whoever looks after the computers; the printer of this computer; how a
piece of paper fared."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.foundation.core.errors import Refused, Stale
from simpul.foundation.printing.forms import input_of, read_printer
from simpul.foundation.printing.inputs import CHOSEN_KINDS, PrinterInput
from simpul.foundation.printing.models import Connection, PaperWidth
from simpul.foundation.printing.selectors import (
    COOKIE,
    get_printer,
    list_choices,
    list_printers,
    view_job,
)
from simpul.foundation.printing.services import print_again, print_test, save_printer
from simpul.foundation.printing.transport import allowed_devices
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require

ONE_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
def printers(request: HttpRequest) -> HttpResponse:
    """`/pengaturan/printer`: the printers and their state; a post adds one."""
    by = acting(request)
    require(by, "view", "settings")
    if request.method == "GET":
        return _page(request, by, PrinterInput())
    typed = read_printer(request.POST)
    try:
        saved = save_printer(typed, by=by)
    except Refused as refusal:
        return _page(request, by, typed, refusal=refusal)
    messages.success(request, _("Printer %(name)s tersimpan. Coba cetak.") % {"name": saved.name})
    return redirect("printer")


def _page(
    request: HttpRequest, by: Actor, typed: PrinterInput, *, refusal: Refused | None = None
) -> HttpResponse:
    context = {"lines": list_printers(by=by), **_form(typed, refusal)}
    status = refusal.status if refusal else 200
    return render(request, "printing/printers.html", context, status=status)


def _form(typed: PrinterInput, refusal: Refused | None) -> dict[str, Any]:
    return {
        "tab": "printer",
        "typed": typed,
        "refusal": refusal,
        "problems": {one.where: [one.message] for one in (refusal.errors if refusal else ())},
        "connections": Connection.choices,
        "papers": PaperWidth.choices,
        "kinds": [(kind.value, kind.label, kind.value in typed.kinds) for kind in CHOSEN_KINDS],
        "devices": allowed_devices(),
    }


@require_http_methods(["GET", "POST"])
def printer(request: HttpRequest, printer: uuid.UUID) -> HttpResponse:
    """`/pengaturan/printer/…`: change one printer."""
    by = acting(request)
    require(by, "view", "settings")
    row = get_printer(printer, by=by)
    seen = request.POST.get("seen_version", "")
    if request.method == "GET":
        context = {"printer": row, "seen_version": row.version, **_form(input_of(row), None)}
        return render(request, "printing/printer.html", context)
    typed = read_printer(request.POST)
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    try:
        save_printer(typed, by=by, printer=row.id, seen_version=version)
    except (Refused, Stale) as refusal:
        shown = refusal if isinstance(refusal, Refused) else None
        context = {"printer": get_printer(printer, by=by), **_form(typed, shown)}
        context["stale"] = refusal.message if isinstance(refusal, Stale) else ""
        context["seen_version"] = context["printer"].version
        return render(request, "printing/printer.html", context, status=refusal.status)
    messages.success(request, _("Printer %(name)s tersimpan.") % {"name": typed.name.strip()})
    return redirect("printer")


@require_POST
def test(request: HttpRequest, printer: uuid.UUID) -> HttpResponse:
    """`/pengaturan/printer/…/uji`: print a test page and see how it fares."""
    by = acting(request)
    return redirect("cetakan", print_test(printer, by=by).id)


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """`/printer`: which printer this computer uses; kept in this browser."""
    by = acting(request)
    found = list_choices(by=by)
    back = request.POST.get("kembali", "") or request.GET.get("kembali", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = ""
    if request.method == "GET":
        chosen = request.COOKIES.get(COOKIE, "")
        known = {str(one.id) for one in found}
        context = {
            "printers": found,
            "chosen": chosen if chosen in known else "",
            "back": back,
            "may_settings": may(by, "view", "settings"),
        }
        return render(request, "printing/choose.html", context)
    wanted = request.POST.get("printer", "")
    response = redirect(back) if back else redirect("printer-pilih")
    row = next((one for one in found if str(one.id) == wanted), None)
    if row is None:
        response.delete_cookie(COOKIE)
        said = _("Komputer ini mencetak lewat peramban.")
    else:
        response.set_cookie(
            COOKIE,
            str(row.id),
            max_age=ONE_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
        said = _("Komputer ini mencetak di %(name)s.") % {"name": row.name}
    messages.success(request, said)
    return response


@require_GET
def job(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    """`/cetakan/…`: how a piece of paper fares; drawn anew until it is settled."""
    by = acting(request)
    return _job(request, job, by=by)


@require_POST
def again(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    """`/cetakan/…/lagi`: print it once more, here or (`printer`) on another one."""
    by = acting(request)
    wanted = request.POST.get("printer", "")
    try:
        elsewhere = uuid.UUID(wanted) if wanted else None
    except ValueError:
        elsewhere = uuid.UUID(int=0)  # no printer has it: refused as unknown
    made = print_again(job, by=by, printer=elsewhere)
    if not request.headers.get("HX-Request"):
        return redirect("cetakan", made.id)
    return _job(request, made.id, by=by)


def _job(request: HttpRequest, job: uuid.UUID, *, by: Actor) -> HttpResponse:
    context = {"job": view_job(job, by=by)}
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "printing/_job.html" if is_part else "printing/job.html", context)
