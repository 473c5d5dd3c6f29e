"""Pages of a poli: choosing the unit, queue and record side by side, records to complete."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import last_entry_id
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require
from simpul.service.completeness.forms import AllergyAnswer, read_allergy
from simpul.service.completeness.pane import MISSING_WORDS
from simpul.service.completeness.selectors import RecordLine, list_tasks
from simpul.service.completeness.services import recheck_patient
from simpul.service.distribution.selectors import list_queues
from simpul.service.patients.cards import Banner
from simpul.service.patients.selectors import get_allergy_state, get_patient, list_allergies
from simpul.service.patients.services import note_allergy, note_no_allergies


@require_GET
def choose_unit(request: HttpRequest) -> HttpResponse:
    """`/poli`: the units of this person; who has one goes straight there."""
    by = acting(request)
    require(by, "input", "queue")
    units = [queue for queue in list_queues(by=by) if may(by, "input", "queue", unit=queue.unit)]
    if len(units) == 1:
        return redirect("poli-unit", units[0].unit)
    return render(request, "completeness/poli.html", {"units": units})


@require_GET
def show_unit(request: HttpRequest, unit: str) -> HttpResponse:
    """`/poli/UNIT`: the queue at the left, the opened record at the right."""
    by = acting(request)
    place = get_here().unit(unit)
    require(by, "input", "queue", unit=unit)
    context = {
        # Read before anything else: what happens while the page is made is told afterwards.
        "after": last_entry_id(),
        "unit": place,
        "has_tasks": may(by, "view", "completeness"),
        "has_other_units": _has_other_units(by, unit),
    }
    if context["has_tasks"]:
        context["tasks"] = _tasks(unit, by=by)
    return render(request, "completeness/poli_unit.html", context)


def _has_other_units(by: Actor, unit: str) -> bool:
    return any(
        may(by, "input", "queue", unit=code)
        for code in get_here().units
        if code not in (unit, "rekam-medis")
    )


@require_GET
def show_tasks(request: HttpRequest, unit: str) -> HttpResponse:
    """`/kembalian/UNIT`: the records this person still has to complete."""
    by = acting(request)
    place = get_here().unit(unit)
    return render(
        request, "completeness/_tasks.html", {"tasks": _tasks(unit, by=by), "unit": place}
    )


def _tasks(unit: str, *, by: Actor) -> list[dict[str, object]]:
    return [{"line": line, "words": _words(line)} for line in list_tasks(by=by, unit=unit)]


def _words(line: RecordLine) -> str:
    return ", ".join(
        item.message
        if item.is_paper
        else str(MISSING_WORDS.get(item.rule, (item.message.rstrip("."), ""))[0])
        for item in line.missing
    )


@require_http_methods(["GET", "POST"])
def note_allergies(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """`/pasien/ID/alergi`: ask (GET) and note the answer (POST); a waiting record is rechecked."""
    by = acting(request)
    who = get_patient(patient, by=by)
    require(by, "input", "allergy")
    context: dict[str, object] = {"patient": who, "allergies": list_allergies(patient, by=by)}
    if request.method == "GET":
        return render(request, "completeness/_allergy.html", context)
    try:
        answer = read_allergy(request.POST)
        _store(patient, answer, by=by)
    except (Refused, Conflict) as refusal:
        context |= {
            "refusal": refusal,
            "wrong": _by_field(refusal.errors),
            "typed": request.POST,
        }
        return render(request, "completeness/_allergy.html", context, status=refusal.status)
    context |= {
        "banner": Banner(patient=who, allergy=get_allergy_state(patient, by=by)),
        "noted": _("Tidak ada alergi, sudah dicatat.") if answer.is_none else answer.substance,
        "is_none": answer.is_none,
    }
    return render(request, "completeness/_allergy_noted.html", context)


def _store(patient: uuid.UUID, answer: AllergyAnswer, *, by: Actor) -> None:
    if answer.is_none:
        note_no_allergies(patient, by=by)
    else:
        note_allergy(
            patient,
            by=by,
            substance=answer.substance,
            reaction=answer.reaction,
            category=answer.category,
            noted_year=answer.year,
        )
    recheck_patient(patient, by=by)


def _by_field(errors: tuple[Problem, ...]) -> dict[str, str]:
    return {problem.where: str(problem.message) for problem in errors}
