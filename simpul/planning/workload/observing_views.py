"""`/pengamatan`: the observer's page for a phone, what it sends, and the activities it offers."""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.domain.timing import in_words
from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import may
from simpul.planning.workload.activities import ACTIVITIES
from simpul.planning.workload.forms import ActivityForm, read_number
from simpul.planning.workload.models import ObservedActivity
from simpul.planning.workload.observations import (
    count_observations,
    get_activity,
    list_activities,
    require_observer,
    summarise_observations,
)
from simpul.planning.workload.services import (
    MOST_AT_ONCE,
    ActivityWish,
    add_templates,
    save_activity,
    save_observations,
)
from simpul.planning.workload.thesis_steps import TEMPLATES


@require_GET
def observe(request: HttpRequest) -> HttpResponse:
    """The page that is loaded once and then works without the server."""
    by = acting(request)
    require_observer(by, "input")
    context = {
        "activities": [_told(one) for one in list_activities(by=by)],
        "person_key": str(by.practitioner_id),
        "person_name": by.name,
        "sent": count_observations(by=by),
        "templates": TEMPLATES,
        "may_plan": may(by, "view", "planning"),
    }
    return render(request, "workload/observe.html", context)


def _told(one: ObservedActivity) -> dict[str, Any]:
    """An activity as the phone keeps it."""
    unit = get_here().units.get(one.unit)
    return {
        "id": str(one.id),
        "name": one.name,
        "unit": unit.name if unit else one.unit,
        "steps": one.steps,
        "target": one.target_seconds,
    }


@require_GET
def state(request: HttpRequest) -> JsonResponse:
    """Answer a phone that wants to send: is somebody signed in, the form token, the activities."""
    by = acting(request)
    require_observer(by, "input")
    return JsonResponse(
        {
            "person": str(by.practitioner_id),
            "csrf": get_token(request),
            "activities": [_told(one) for one in list_activities(by=by)],
            "sent": count_observations(by=by),
        }
    )


@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """Store what a phone has kept; sending it again changes nothing."""
    by = acting(request)
    require_observer(by, "input")
    kept = save_observations(_read(request), by=by)
    return JsonResponse(
        {
            "stored": [str(one) for one in kept.stored],
            "refused": [{"id": one, "message": message} for one, message in kept.refused],
            "sent": count_observations(by=by),
        }
    )


def _read(request: HttpRequest) -> list[Any]:
    try:
        body = json.loads(request.body) if request.content_type == "application/json" else None
    except (ValueError, RecursionError):
        body = None
    sent = body.get("observations") if isinstance(body, dict) else None
    if not isinstance(sent, list) or len(sent) > MOST_AT_ONCE:
        raise Refused(
            _("Kiriman tidak terbaca; pengamatan tetap tersimpan di ponsel. Kirim lagi."),
            "observations_unreadable",
        )
    return sent


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that opens `/pengamatan` without the server; the same for everybody."""
    response = render(
        request, "workload/observe_worker.js", content_type="text/javascript; charset=utf-8"
    )
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def activities(request: HttpRequest) -> HttpResponse:
    """The activities that may be observed, and a form for a new one."""
    by = acting(request)
    require_observer(by, "input" if request.method == "POST" else "view")
    return _edit(request, by, None)


@require_http_methods(["GET", "POST"])
def activity(request: HttpRequest, activity: uuid.UUID) -> HttpResponse:
    """One activity with its steps, to be changed."""
    by = acting(request)
    return _edit(request, by, get_activity(activity, by=by))


def _edit(request: HttpRequest, by: Actor, row: ObservedActivity | None) -> HttpResponse:
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            _save(request, by, row)
        except Refused as fault:
            refusal = fault
        else:
            return redirect("pengamatan-kegiatan")
    every = list_activities(by=by, with_hidden=True)
    seen = summarise_observations(every)
    context = {
        "rows": [
            {
                "activity": one,
                "n": seen[one.id].timing.n if one.id in seen else 0,
                "mean": in_words(seen[one.id].timing.mean or 0) if one.id in seen else "",
                "steps": [
                    {"name": step.name, "mean": in_words(step.timing.mean or 0), "n": step.timing.n}
                    for step in (seen[one.id].steps if one.id in seen else ())
                ],
            }
            for one in every
        ],
        "row": row,
        "values": request.POST if refusal else _values(row),
        "errors": {p.where: str(p.message) for p in refusal.errors} if refusal else {},
        "refusal": refusal,
        "units": [(one.code, one.name) for one in get_here().units.values()],
        "categories": [(str(role.value), role.label) for role in Role],
        "journal": [(one.code, one.label) for one in ACTIVITIES.values()],
        "may_add": may(by, "input", "observation"),
        "may_plan": may(by, "view", "planning"),
        "missing": len({str(t.name) for t in TEMPLATES} - {one.name for one in every}),
    }
    status = refusal.status if refusal else 200
    return render(request, "workload/activities.html", context, status=status)


def _values(row: ObservedActivity | None) -> dict[str, Any]:
    if row is None:
        return {"unit": "rekam-medis", "category": Role.REGISTRAR.value, "is_active": True}
    target = row.target_seconds
    return {
        "name": row.name,
        "unit": row.unit,
        "category": row.category,
        "steps": "\n".join(row.steps),
        "target": "" if target is None else f"{target / 60:g}".replace(".", ","),
        "journal_activity": row.journal_activity,
        "is_active": row.is_active,
    }


def _save(request: HttpRequest, by: Actor, row: ObservedActivity | None) -> None:
    form = ActivityForm(request.POST)
    form.is_valid()
    typed = request.POST.get
    target = read_number(typed("target", ""), "target")
    wish = ActivityWish(
        name=typed("name", ""),
        unit=typed("unit", ""),
        category=typed("category", ""),
        steps=tuple(typed("steps", "").splitlines()),
        target_seconds=round(target * 60) if target else None,
        journal_activity=typed("journal_activity", ""),
        source=row.source if row else "",
        is_active=bool(typed("is_active", "")) if row else True,
    )
    save_activity(
        wish,
        by=by,
        activity=row.id if row else None,
        seen_version=form.cleaned_data.get("version") or 0,
    )


@require_POST
def templates(request: HttpRequest) -> HttpResponse:
    """Take over the published activities."""
    by = acting(request)
    add_templates(by=by)
    return redirect("pengamatan-kegiatan" if request.POST.get("ke") == "kegiatan" else "pengamatan")
