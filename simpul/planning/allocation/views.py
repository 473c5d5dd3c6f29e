"""`/perencanaan/pemindahan`: who could move where, what moving can and cannot fill."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.domain.allocation import Hire
from simpul.domain.findings import Meaningless
from simpul.domain.professions import profession_name
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.register.models import Employment
from simpul.foundation.register.selectors import sees_district
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.allocation.asking import Asked, read_asked, weight_fields
from simpul.planning.allocation.report import moves_report, names
from simpul.planning.allocation.selectors import Proposal, propose
from simpul.planning.norms.selectors import default_norm, usable_norms
from simpul.planning.reports.spreadsheet import write_spreadsheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def moves(request: HttpRequest) -> HttpResponse:
    """Show the proposal; everything asked stands in the address."""
    by = acting(request)
    asked, options = _asked(request, by)
    refusal: Meaningless | None = None
    proposal: Proposal | None = None
    try:
        proposal = propose(asked, by=by)
    except Meaningless as why:
        refusal = why
    context = {
        "asked": asked,
        "norms": options,
        "employments": [
            {"value": value, "label": label, "on": value in asked.bound}
            for value, label in Employment.choices
        ],
        "weights": weight_fields(asked),
        "weighted": bool(asked.weights),
        "refusal": refusal,
        "proposal": proposal,
        "is_district": sees_district(by),
        "query": request.GET.urlencode(),
        **(_shown(proposal) if proposal else {}),
    }
    template = "allocation/_moves.html" if is_part(request) else "allocation/moves.html"
    return render(request, template, context)


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """Give the same proposal as a spreadsheet."""
    by = acting(request)
    asked, _options = _asked(request, by)
    try:
        proposal = propose(asked, by=by)
    except Meaningless as why:
        raise Refused(
            why.message, why.code, errors=(Problem(why.where, why.code, why.message),)
        ) from None
    name = f"pemindahan-{asked.norm.code}-{get_here().today()}.xlsx"
    response = HttpResponse(write_spreadsheet(moves_report(proposal, asked)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def is_part(request: HttpRequest) -> bool:
    """Does htmx ask for the part that changes, and not for the page?"""
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")


def _asked(request: HttpRequest, by: Actor) -> tuple[Asked, list[tuple[str, str]]]:
    require(by, "view", "planning")
    require_home(by)
    norms = usable_norms(by=by)
    asked = read_asked(request.GET, norms, default_norm(norms, get_here().today()))
    return asked, [(norm.code, norm.name) for norm in norms.values()]


def _shown(proposal: Proposal) -> dict[str, Any]:
    found = proposal.found
    return {
        "moves": [
            {"move": move, "profession": profession_name(move.profession)} for move in found.moves
        ],
        "kinds": [
            {"line": line, "name": names(line.professions)}
            for line in found.professions
            if line.short or line.spare
        ],
        "hires": _by_facility(found.hires),
        "unfilled": _by_facility(found.unfilled),
        "changed": [s for s in found.sites if s.short_before],
        "note": _("Satu fasilitas saja, jadi tidak ada pemindahan.")
        if len(found.sites) == 1
        else "",
    }


def _by_facility(places: tuple[Hire, ...]) -> list[dict[str, Any]]:
    """Return a row a facility: how many, and of which professions."""
    rows: dict[str, dict[str, Any]] = {}
    for place in places:
        row = rows.setdefault(place.facility, {"facility": place.facility, "count": 0, "kinds": []})
        row["count"] += place.count
        row["kinds"].append({"name": names(place.professions), "count": place.count})
    return list(rows.values())
