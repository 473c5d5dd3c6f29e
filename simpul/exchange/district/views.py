"""`/dinas`: how fresh each Puskesmas is; one Puskesmas; admitting one, and shutting one out.

Forms are plain posts that end in a redirect; a refusal shows the same page with what was typed.
"""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.exchange.district import attention
from simpul.exchange.district.contacts import keep_contact
from simpul.exchange.district.export import as_file
from simpul.exchange.district.freshness import (
    ABSENT,
    LEVELS,
    TROUBLED,
    Freshness,
    get_freshness,
    list_freshness,
)
from simpul.exchange.hub.enrolment import decide, make_code, revoke
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

PAGE_ROWS = 100
SORTS = {
    "nama": gettext_lazy("nama"),
    "data": gettext_lazy("data tertua dulu"),
    "menunggu": gettext_lazy("paling banyak menunggu"),
    "keadaan": gettext_lazy("yang perlu orang dulu"),
}
SHOWN = {
    "semua": gettext_lazy("semua Puskesmas"),
    "perlu": gettext_lazy("yang perlu dilihat"),
    "terhubung": gettext_lazy("yang terhubung"),
    "belum": gettext_lazy("yang belum terhubung"),
}
LEVEL_WORDS = {
    "suspect": gettext_lazy("dicurigai kembar"),
    "red": gettext_lazy("lebih dari 72 jam"),
    "amber": gettext_lazy("lebih dari 24 jam"),
    "never": gettext_lazy("belum pernah mengirim"),
    "absent": gettext_lazy("belum terhubung"),
    "fresh": gettext_lazy("segar"),
    "revoked": gettext_lazy("dicabut"),
}
HEADINGS = (
    "Puskesmas",
    "Keadaan",
    "Terakhir terlihat",
    "Data sampai",
    "Menunggu di Puskesmas",
    "Menunggu orang di Dinas",
    "Versi",
    "Cadangan",
    "Cadangan teruji pulih",
    "Petugas IT",
    "Telepon",
)


@require_GET
def freshness(request: HttpRequest) -> HttpResponse:
    """`/dinas`: one row a Puskesmas."""
    by = acting(request)
    rows = list_freshness(by=by)
    shown, sort = _shown(request), _sort(request)
    words = request.GET.get("q", "").replace("\x00", "")[:80]
    wanted = _narrowed(rows, shown, sort, words)
    page = Paginator(wanted, PAGE_ROWS).get_page(request.GET.get("halaman"))
    query = request.GET.copy()
    for name in ("halaman", "berkas"):
        query.pop(name, None)
    context = {
        "page": page,
        "many": len(wanted),
        "counts": {level: sum(row.level == level for row in rows) for level in LEVELS},
        "total": len(rows),
        "connected": sum(row.is_enrolled for row in rows),
        "troubled": sum(row.level in TROUBLED for row in rows),
        "parked": sum(row.parked for row in rows),
        "shown": shown,
        "sort": sort,
        "words": words,
        "is_narrowed": shown != "semua" or bool(words),
        "shown_options": list(SHOWN.items()),
        "sort_options": list(SORTS.items()),
        "query": query.urlencode(),
        "level_words": LEVEL_WORDS,
        **frame(by),
    }
    return render(request, "district/freshness.html", context)


def frame(by: Actor) -> dict[str, Any]:
    """Return what each page of the district shows around its own part."""
    return {
        "is_hub": settings.SIMPUL_ROLE == "hub",
        "attention_count": attention.count_attention(by=by),
        "moment": now(),
    }


def _shown(request: HttpRequest) -> str:
    wanted = request.GET.get("tampil", "")
    return wanted if wanted in SHOWN else "semua"


def _sort(request: HttpRequest) -> str:
    wanted = request.GET.get("urut", "")
    return wanted if wanted in SORTS else "nama"


def _narrowed(rows: list[Freshness], shown: str, sort: str, words: str) -> list[Freshness]:
    if shown == "perlu":
        rows = [row for row in rows if row.level in TROUBLED or row.parked]
    elif shown == "terhubung":
        rows = [row for row in rows if row.is_enrolled]
    elif shown == "belum":
        rows = [row for row in rows if not row.is_enrolled]
    if words:
        rows = [row for row in rows if words.casefold() in row.name.casefold()]
    if sort == "data":
        # Without any data is older than the oldest.
        rows = sorted(rows, key=lambda row: (row.until is not None, row.until or now()))
    elif sort == "menunggu":
        rows = sorted(rows, key=lambda row: -1 if row.waiting is None else row.waiting)[::-1]
    elif sort == "keadaan":
        rows = sorted(rows, key=lambda row: LEVELS.index(row.level))
    return rows


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """`/dinas/unduh`: the same rows, narrowed and sorted the same, as XLSX or CSV."""
    by = acting(request)
    rows = _narrowed(
        list_freshness(by=by), _shown(request), _sort(request), request.GET.get("q", "")[:80]
    )
    cells = [
        (
            row.name,
            str(LEVEL_WORDS[row.level]),
            row.seen_at,
            row.until,
            row.waiting,
            row.parked if row.is_enrolled else None,
            row.version,
            row.backup_at,
            row.proven_at,
            row.person,
            row.phone,
        )
        for row in rows
    ]
    name = f"kesegaran-{get_here().today():%Y-%m-%d}"
    return as_file(request.GET.get("berkas", ""), name, HEADINGS, cells)


@require_http_methods(["GET", "POST"])
def facility(request: HttpRequest, facility: uuid.UUID) -> HttpResponse:
    """`/dinas/puskesmas/<id>`: one Puskesmas, whom to telephone, what waits, what can be done."""
    by = acting(request)
    row = _require_row(facility, by=by)
    refusal = None
    if request.method == "POST":
        try:
            keep_contact(
                facility,
                person=request.POST.get("person", ""),
                phone=request.POST.get("phone", ""),
                by=by,
            )
        except Refused as trouble:
            refusal = trouble
        else:
            messages.success(request, _("Petugas IT dan teleponnya disimpan."))
            return redirect("dinas-puskesmas", facility=facility)
    context = {
        "row": row,
        "person": request.POST.get("person", row.person),
        "phone": request.POST.get("phone", row.phone),
        "refusal": refusal,
        "errors": {p.where: str(p.message) for p in refusal.errors} if refusal else {},
        "parked": [one for one in attention.list_parked(by=by) if one.facility == facility],
        "level_words": LEVEL_WORDS,
        **frame(by),
    }
    status = refusal.status if refusal else 200
    return render(request, "district/facility.html", context, status=status)


def _require_row(facility: uuid.UUID, *, by: Actor) -> Freshness:
    row = get_freshness(facility, by=by)
    if row is None:
        raise NotHere(_("Puskesmas ini tidak ada di daftar Dinas."), "facility_unknown")
    return row


@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """`/dinas/hubungkan`: a code, shown once, with which a Puskesmas's server is admitted."""
    by = acting(request)
    require(by, "input", "district")
    require_home(by)
    known = {str(row.facility): row for row in list_freshness(by=by)}
    chosen = request.POST.get("facility") or request.GET.get("puskesmas", "")
    name = request.POST.get("name", "").replace("\x00", "")[:120]
    context: dict[str, Any] = {
        "options": [(key, row.name) for key, row in known.items() if row.is_enrolled],
        "chosen": chosen,
        "name": name or _name_of(known.get(chosen)),
        **frame(by),
    }
    if request.method == "GET":
        return render(request, "district/enrol.html", context)
    try:
        # Another server of a known Puskesmas goes by its id; a new one by the name that is typed.
        is_known = chosen in known and known[chosen].is_enrolled
        made = make_code(chosen if is_known else name, by=by)
    except Refused as refusal:
        return render(
            request, "district/enrol.html", context | {"refusal": refusal}, status=refusal.status
        )
    address = request.build_absolute_uri("/").rstrip("/")
    # Not kept anywhere to be seen again: drawn in answer to the post, never stored by the browser.
    response = render(request, "district/code.html", context | {"made": made, "address": address})
    response["Cache-Control"] = "no-store"
    return response


def _name_of(row: Freshness | None) -> str:
    return row.name if row is not None and row.level == ABSENT else ""


@require_POST
def shut_out(request: HttpRequest, facility: uuid.UUID) -> HttpResponse:
    """`/dinas/puskesmas/<id>/cabut`: nothing more is taken from this server; what came stays."""
    by = acting(request)
    require(by, "correct", "district")
    require_home(by)
    row = _require_row(facility, by=by)
    revoke(str(facility), by=by)
    messages.success(
        request,
        _(
            "%(name)s dicabut: kiriman server itu tidak diterima lagi. Data yang sudah masuk tetap "
            "ada. Untuk menghubungkan lagi, buat kode baru."
        )
        % {"name": row.name},
    )
    return redirect("dinas-puskesmas", facility=facility)


@require_POST
def let_go_on(request: HttpRequest, facility: uuid.UUID) -> HttpResponse:
    """`/dinas/puskesmas/<id>/lanjutkan`: somebody has seen that there is only one server."""
    by = acting(request)
    require(by, "correct", "district")
    require_home(by)
    row = _require_row(facility, by=by)
    decide(str(facility), by=by)
    messages.success(
        request, _("%(name)s diterima lagi; kirimannya berlanjut sendiri.") % {"name": row.name}
    )
    return redirect("dinas-puskesmas", facility=facility)
