"""`/cadangan`: the copies, how they stand, and what to do about it."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.backups.options import Options, read_options, save_options
from simpul.foundation.backups.selectors import (
    foresee,
    get_copy,
    restore_command,
    view_copies,
)
from simpul.foundation.backups.services import ask_for_copy, ask_for_proof, take_away
from simpul.foundation.core.errors import Refused
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor

FIELDS = ("time", "daily", "weekly", "monthly", "second")


@require_GET
def copies(request: HttpRequest) -> HttpResponse:
    """`/cadangan`: everything; `?bagian=keadaan` only what changes while a copy is made."""
    by = acting(request)
    if request.GET.get("bagian") == "keadaan":
        return render(request, "backups/_state.html", {"found": view_copies(by=by)})
    return _page(request, by, _typed(read_options()))


def _page(
    request: HttpRequest, by: Actor, typed: dict[str, str], *, refusal: Refused | None = None
) -> HttpResponse:
    problems: dict[str, list[str]] = {}
    for one in refusal.errors if refusal else ():
        problems.setdefault(one.where, []).append(one.message)
    context: dict[str, Any] = {
        "tab": "backup",
        "found": view_copies(by=by),
        "typed": typed,
        "refusal": refusal,
        "problems": problems,
    }
    status = refusal.status if refusal else 200
    return render(request, "backups/copies.html", context, status=status)


def _typed(options: Options) -> dict[str, str]:
    return {name: str(getattr(options, name)) for name in FIELDS}


@require_POST
def make_now(request: HttpRequest) -> HttpResponse:
    """`/cadangan/sekarang`: make one now."""
    ask_for_copy(by=acting(request))
    return redirect("cadangan")


@require_POST
def prove_now(request: HttpRequest) -> HttpResponse:
    """`/cadangan/uji`: a trial restore of the newest one now."""
    ask_for_proof(by=acting(request))
    return redirect("cadangan")


@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """`/cadangan/pengaturan`: when, how many, and the second place."""
    by = acting(request)
    typed = {name: request.POST.get(name, "")[:400] for name in FIELDS}
    try:
        save_options(typed, by=by)
    except Refused as refusal:
        return _page(request, by, typed, refusal=refusal)
    messages.success(request, _("Pengaturan cadangan tersimpan."))
    return redirect("cadangan")


@require_GET
def take(request: HttpRequest, name: str) -> HttpResponseBase:
    """`/cadangan/…/unduh`: the sealed file, to carry home."""
    copy = take_away(name, by=acting(request))
    return FileResponse(
        copy.path.open("rb"),
        as_attachment=True,
        filename=copy.name,
        content_type="application/octet-stream",
    )


@require_GET
def bring_back(request: HttpRequest, name: str) -> HttpResponse:
    """`/cadangan/…/pulih`: what would be lost, and how it is done."""
    copy = get_copy(name, by=acting(request))
    context = {
        "tab": "backup",
        "copy": copy,
        "losses": foresee(copy),
        "command": restore_command(copy),
        "key_tail": copy.recipient[-6:],
    }
    return render(request, "backups/restore.html", context)
