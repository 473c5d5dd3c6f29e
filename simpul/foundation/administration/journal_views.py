"""`/jurnal`: look up who opened a patient's record, what was done to the house, check the chain."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.administration.selectors import list_house_journal
from simpul.foundation.administration.verification import Verified, verify_journal
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role


@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """The journal's first page; a patient's own journal is found from it by record number."""
    return _page(request, acting(request), None)


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the chain now and say what was found."""
    by = acting(request)
    checked = verify_journal(by=by)
    if request.headers.get("HX-Request"):
        return render(request, "administration/_verified.html", {"checked": checked})
    return _page(request, by, checked)


def _page(request: HttpRequest, by: Actor, checked: Verified | None) -> HttpResponse:
    text = request.GET.get("sebelum", "")
    before = int(text) if text.isdigit() and len(text) < 18 else 0
    return render(
        request,
        "administration/journal.html",
        {
            "house": list_house_journal(by=by, before=before),
            "before": before,
            "may_verify": Role.HEAD in by.roles,
            "checked": checked,
        },
    )
