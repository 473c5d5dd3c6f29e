"""`/perencanaan`: where planning stands, in a few figures, and what to look at next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from simpul.foundation.register.selectors import sees_district
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may
from simpul.planning.gap.selectors import district_gap
from simpul.planning.maps.asking import read_asked
from simpul.planning.studies.selectors import count_studies, list_needs

#: Needs shown on the overview; all of them are on the studies' page.
MOST_NEEDS = 6


@require_GET
def perencanaan(request: HttpRequest) -> HttpResponse:
    """Show the overview."""
    by = acting(request)
    asked = read_asked(request.GET, by=by)
    found = district_gap(asked.wish.norm, on=asked.wish.on, by=by)
    stated = [one for one in found.everybody.facilities if one.facility.have]
    worst = sorted(stated, key=lambda one: (-one.sums.shortage, one.facility.name))[:5]
    people = sum(number or 0 for one in stated for number in one.facility.have.values())
    context = {
        "norm": found.norm,
        "facilities": len(found.places),
        "without_data": len(found.without_data),
        "refused": found.everybody.refused,
        "people": people,
        "everybody": found.everybody.sums,
        "civil": found.civil.sums,
        "complete": sum(1 for one in stated if one.complete),
        "stated": len(stated),
        "worst": [one for one in worst if one.sums.shortage],
        "is_district": sees_district(by),
        **_studies(by),
    }
    return render(request, "maps/overview.html", context)


def _studies(by: Actor) -> dict[str, Any]:
    if not may(by, "view", "planning"):
        return {}
    needs = sorted(list_needs(by=by), key=lambda need: (-need.year, need.title, need.category))
    return {"studies": count_studies(by=by), "needs": needs[:MOST_NEEDS]}
