"""Fragments of the record pane that belong to care: picking terms, checks, earlier visits.

What is searched for or typed about a patient goes in the body of a POST, never in an address.
"""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import may, require
from simpul.service.care.favourites import favourite_codes
from simpul.service.care.forms import read_conditions, read_procedures, read_vitals
from simpul.service.care.presenting import condition_rows, entry_lines, procedure_rows
from simpul.service.care.selectors import read_history
from simpul.service.care.terminology import icd10, procedures
from simpul.service.care.terminology.soap_templates import list_templates
from simpul.service.care.vitals_review import age_days_now, review_vitals
from simpul.service.patients.cards import card
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.models import Encounter
from simpul.service.registration.selectors import get_encounter

SHOWN = 9
HISTORY_PAGE = 5


@require_POST
def search_diagnoses(request: HttpRequest) -> HttpResponse:
    """`/istilah/diagnosa`: rows for what was typed; nothing typed gives the unit's favourites."""
    by = acting(request)
    require(by, "view", "clinical")
    text = _sought(request, "icd_q")
    favourites = favourite_codes(_unit(request), by=by)
    exact = icd10.get(text) if text else None
    context = {
        "terms": icd10.search(text, limit=SHOWN, favourites=favourites),
        "favourites": favourites,
        "exact": exact.code if exact else "",
        "text": text,
    }
    return render(request, "care/_icd_results.html", context)


@require_POST
def search_procedures(request: HttpRequest) -> HttpResponse:
    """`/istilah/tindakan`: the same for procedures; nothing typed gives those of the unit."""
    by = acting(request)
    require(by, "view", "clinical")
    text = _sought(request, "tindakan_q")
    context = {
        "terms": procedures.search(text, limit=SHOWN, unit=_unit(request) or None),
        "text": text,
    }
    return render(request, "care/_procedure_results.html", context)


def _sought(request: HttpRequest, name: str) -> str:
    return (request.POST.get(name) or request.POST.get("q", "")).strip()[:60]


def _unit(request: HttpRequest) -> str:
    unit = request.POST.get("unit", "")
    return unit if unit in get_here().units else ""


@require_GET
def find_templates(request: HttpRequest) -> HttpResponse:
    """`/istilah/templat?q=isp`: note templates whose word begins so."""
    require(acting(request), "view", "clinical")
    found = list_templates(request.GET.get("q", "")[:20])[:SHOWN]
    return render(request, "care/_templates.html", {"templates": found})


@require_GET
def show_history(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """`/pasien/ID/riwayat`: earlier visits, newest first; the reading is in the journal."""
    by = acting(request)
    get_patient(patient, by=by)
    visits = read_history(
        patient,
        by=by,
        limit=HISTORY_PAGE + 1,
        before=_instant(request.GET.get("sebelum", "")),
        leave_out=_id(request.GET.get("selain", "")),
    )
    units = get_here().units
    shown = [
        {
            "visit": past.visit,
            "unit": units[past.visit.unit].name if past.visit.unit in units else past.visit.unit,
            "lines": [line for entry in past.entries for line in entry_lines(entry)],
            "plan": next((e.body.get("p", "") for e in past.entries if e.kind == "soap"), ""),
            "codes": [
                item["code"]
                for entry in past.entries
                if entry.kind == "condition" and isinstance(entry.body.get("items"), list)
                for item in entry.body["items"]  # type: ignore[attr-defined]
            ],
        }
        for past in visits[:HISTORY_PAGE]
    ]
    context = {
        "patient_id": patient,
        "visits": shown,
        "leave_out": request.GET.get("selain", ""),
        "is_first": "sebelum" not in request.GET,
        "more": visits[HISTORY_PAGE - 1].visit.at.isoformat() if len(visits) > HISTORY_PAGE else "",
        "can_write": may(by, "input", "clinical"),
    }
    return render(request, "care/_history.html", context)


def _instant(text: str) -> datetime | None:
    try:
        at = parse_datetime(text.replace(" ", "+")) if text else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _opened(request: HttpRequest, encounter: uuid.UUID) -> Encounter:
    by = acting(request)
    require(by, "view", "clinical")
    return get_encounter(encounter, by=by)


@require_POST
def review_typed_vitals(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/rekam/ID/periksa`: what is impossible or unusual in the row of numbers, and the BMI."""
    row = _opened(request, encounter)
    review = review_vitals(read_vitals(request.POST), encounter=row, by=acting(request))
    return render(request, "care/_vitals_check.html", {"review": review})


@require_POST
def list_typed_conditions(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/rekam/ID/diagnosa`: the chosen diagnoses with their doubts; nothing is stored."""
    row = _opened(request, encounter)
    rows = condition_rows(
        read_conditions(request.POST.get("dx", "")),
        patient=card(row.patient.person),
        age_days=age_days_now(row),
    )
    return render(request, "care/_condition_list.html", {"rows": rows, "can_write": True})


@require_POST
def list_typed_procedures(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/rekam/ID/tindakan`: the chosen procedures with the consent they need."""
    _opened(request, encounter)
    rows = procedure_rows(read_procedures(request.POST.get("px", "")))
    return render(request, "care/_procedure_list.html", {"rows": rows, "can_write": True})
