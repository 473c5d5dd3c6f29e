"""`/perlu-diperiksa`: what waits for a person, each line with its acts, closed with who and how."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.domain.errors import DomainError
from simpul.domain.identity import nik_birth_date, parse_nik
from simpul.foundation.core.errors import Conflict, Stale
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import may, require, require_home
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.matching.selectors import count_pairs
from simpul.service.patients.merging.forms import read_id, read_version
from simpul.service.patients.merging.models import TaskKind
from simpul.service.patients.merging.selectors import (
    count_waiting,
    get_waiting,
    list_closed,
    list_waiting,
)
from simpul.service.patients.merging.services import give_nik, settle
from simpul.service.patients.selectors import count_incomplete

SHOWN = 100


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """`/perlu-diperiksa`: one list of everything that waits for a person."""
    by = acting(request)
    require(by, "view", "merge")
    require_home(by)
    counts = count_pairs(by=by)
    context = {
        "tasks": list_waiting(by=by, limit=SHOWN),
        "waiting": count_waiting(by=by),
        "closed": list_closed(by=by),
        "pairs": counts["certain"] + counts["possible"],
        "incomplete": count_incomplete(by=by),
        "may_decide": may(by, "input", "merge"),
        "may_complete": may(by, "correct", "patient"),
        "may_import": may(by, "view", "import"),
    }
    return render(request, "merging/review.html", context)


@require_http_methods(["GET", "POST"])
def nik_conflict(request: HttpRequest, task: uuid.UUID) -> HttpResponse:
    """`/perlu-diperiksa/<id>`: one NIK, two people: whose is it? A person decides."""
    by = acting(request)
    waiting = get_waiting(task, by=by)
    refusal = None
    if request.method == "POST":
        owner = read_id(request.POST.get("owner", "")) or uuid.UUID(int=0)
        try:
            give_nik(task, owner, by=by, seen=read_version(request.POST.get("version", "")))
        except (Conflict, Stale) as trouble:
            refusal = trouble
        else:
            return redirect("perlu-diperiksa")
    if waiting.kind != TaskKind.NIK_CONFLICT or waiting.other is None:
        return redirect("perlu-diperiksa")
    holder = waiting.other if waiting.other.nik else waiting.patient
    sides = [(card, _fits(card, holder.nik)) for card in (waiting.patient, waiting.other)]
    context = {
        "task": waiting,
        "nik": holder.nik,
        "sides": sides,
        "refusal": refusal,
        "may_decide": may(by, "input", "merge"),
    }
    status = refusal.status if refusal else 200
    return render(request, "merging/nik_conflict.html", context, status=status)


def _fits(card: PatientCard, nik: str) -> list[tuple[bool, str]]:
    """What the number says beside what the record says: birth date and sex."""
    try:
        read = parse_nik(nik)
        born = nik_birth_date(read, get_here().today())
    except DomainError:
        return []
    days = {born.value, born.other}
    return [(card.birth_date in days, "birth_date"), (card.sex == read.sex, "sex")]


@require_POST
def close(request: HttpRequest, task: uuid.UUID) -> HttpResponse:
    """Close a line: looked at, or two different people."""
    by = acting(request)
    settle(
        task,
        by=by,
        outcome=request.POST.get("outcome", "")[:16],
        seen=read_version(request.POST.get("version", "")),
    )
    return redirect(reverse("perlu-diperiksa"))
