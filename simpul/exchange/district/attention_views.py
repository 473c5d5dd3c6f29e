"""`/dinas/perlu-orang`: what waits for a decision of the Dinas, each line with its acts."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul.exchange.district import attention
from simpul.exchange.district.proposals import count_proposals
from simpul.exchange.district.views import frame
from simpul.foundation.core.errors import Refused
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor


@require_GET
def needs_a_person(request: HttpRequest) -> HttpResponse:
    """Servers in doubt, acts that wait, what was set aside."""
    return _page(request, by=acting(request))


def _page(
    request: HttpRequest, *, by: Actor, refusal: Refused | None = None, park: int = 0
) -> HttpResponse:
    doubtful = attention.list_doubtful(by=by)
    counts = count_proposals(by=by)
    context = {
        "suspects": [one for one in doubtful if one.state == "suspect"],
        "revoked": [one for one in doubtful if one.state == "revoked"],
        "parked": attention.list_parked(by=by),
        "most": attention.LONGEST,
        "aside": attention.list_aside(by=by),
        "proposals": counts["certain"] + counts["possible"],
        "refusal": refusal,
        "refused_park": park,
        **frame(by),
    }
    status = refusal.status if refusal else 200
    return render(request, "district/attention.html", context, status=status)


@require_POST
def try_again(request: HttpRequest) -> HttpResponse:
    """Try to take in everything that waits."""
    settled = attention.try_again(by=acting(request))
    if settled:
        said = ngettext("%(n)d catatan masuk.", "%(n)d catatan masuk.", settled) % {"n": settled}
        messages.success(request, said)
    else:
        messages.info(request, _("Belum ada yang dapat masuk; semuanya tetap tersimpan."))
    return redirect("dinas-perlu")


@require_POST
def set_aside(request: HttpRequest, park: int) -> HttpResponse:
    """Stop waiting for one act, with a reason."""
    by = acting(request)
    try:
        attention.set_aside(park, reason=request.POST.get("reason", ""), by=by)
    except Refused as refusal:
        return _page(request, by=by, refusal=refusal, park=park)
    messages.success(request, _("Disisihkan dengan alasan; kirimannya tetap tersimpan di catatan."))
    return redirect("dinas-perlu")


@require_POST
def take_back(request: HttpRequest, aside: uuid.UUID) -> HttpResponse:
    """Let it wait again."""
    attention.take_back(aside, by=acting(request))
    messages.success(request, _("Menunggu lagi. Coba masukkan bila sebabnya sudah diperbaiki."))
    return redirect("dinas-perlu")
