"""Calls about who a patient is: find, read, make, correct, and the look-alikes of a form."""

import uuid
from dataclasses import replace
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from simpul.domain.dates import read_birth_date
from simpul.domain.errors import DomainError, Finding
from simpul.domain.matching import PersonKey
from simpul.domain.names import split_titles
from simpul.foundation.core.errors import Problem, Refused, Stale
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.api import (
    LONGEST_PAGE,
    answer,
    at_home,
    cursor_after,
    read_cursor,
    seen_version,
    unknown_cursor,
)
from simpul.foundation.staff.api_description import describe
from simpul.service.patients import api_schemas as shapes
from simpul.service.patients.api_schemas import NewPatient, PatientBody, patient_json
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.forms import typed_key
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.matching.candidates import find_candidates
from simpul.service.patients.selectors import find_page, get_patient
from simpul.service.patients.services import (
    Registered,
    correct_patient,
    register_patient,
    with_mother,
)

router = Router(tags=["Pasien"])

#: People ranked for one search; a search that finds more is too wide to page through.
WIDEST_SEARCH = 200


class Search(BaseModel):
    """What the search box says, and which page of it."""

    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            description="NIK, BPJS, nomor RM, telepon, nama, atau nama dengan tanggal lahir.",
            json_schema_extra={"example": "siti 1985"},
        ),
    ]
    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 20
    cursor: Annotated[str, Field(max_length=40)] = ""


@router.get(
    "/patients",
    **describe(
        "find_patients",
        "Cari pasien",
        description="Paling mirip lebih dahulu, seperti kotak cari di loket. Paling banyak 200.",
        returns=shapes.PatientPage,
        example={"items": [shapes.PATIENT], "next": None},
    ),
)
def find(request: HttpRequest, search: Query[Search]) -> HttpResponse:
    """Find patients by any number or by name."""
    try:
        page, has_more = find_page(
            search.q,
            by=at_home(request),
            widest=WIDEST_SEARCH,
            limit=search.limit,
            after=read_cursor(search.cursor),
        )
    except LookupError:
        raise unknown_cursor() from None
    return answer(
        {
            "items": [patient_json(hit.patient) for hit in page],
            "next": cursor_after(page[-1].patient.id) if has_more else None,
        }
    )


@router.post(
    "/patients",
    **describe(
        "register_patient",
        "Daftarkan pasien baru",
        description=(
            "Nomor RM diberikan di sini. Bila tampak sudah terdaftar, jawabannya 409 dengan "
            "`candidates`; `confirm_new` berisi alasan bahwa ini orang lain."
        ),
        status=201,
        sends=shapes.NEW_PATIENT,
        returns=shapes.SavedPatientOut,
        example={**shapes.PATIENT, "warnings": []},
        fails={409: "patient_looks_known nik_taken", 422: "patient_refused request_refused"},
        headers=("ETag", "Location"),
    ),
)
def register(request: HttpRequest, typed: NewPatient) -> HttpResponse:
    """Make a new patient with a record number."""
    confirm = typed.confirm_new
    reason = confirm if isinstance(confirm, str) else confirm.reason if confirm else ""
    saved = register_patient(
        by=at_home(request),
        typed=PatientInput(**_texts(typed)),
        confirm_new=reason,
        decided_apart=True,
    )
    return _saved(saved, status=201, location=f"{request.path}/{saved.patient.id}")


def _texts(typed: PatientBody) -> dict[str, Any]:
    """Return what was sent, with nothing for `null`."""
    sent = typed.model_dump(exclude_unset=True, exclude={"confirm_new"})
    return {name: "" if value is None else value for name, value in sent.items()}


def _saved(saved: Registered, *, status: int = 200, location: str = "") -> HttpResponse:
    content = patient_json(saved.patient)
    content["warnings"] = [warning_json(finding) for finding in saved.warnings]
    return answer(content, status=status, version=saved.patient.version, location=location)


def warning_json(finding: Finding) -> dict[str, str]:
    """Return a remark of a rule as programs see it."""
    return {"where": finding.where, "code": finding.code, "message": finding.message}


@router.post(
    "/patients/match",
    **describe(
        "match_patient",
        "Siapa yang mirip dengan isian ini",
        description="Untuk formulir yang belum disimpan; tidak ada yang disimpan.",
        sends=shapes.NEW_PATIENT,
        returns=shapes.Candidates,
        example=shapes.CANDIDATES,
    ),
)
def match(request: HttpRequest, typed: PatientBody) -> HttpResponse:
    """Return known people like the one typed, with reasons for and against."""
    by = at_home(request)
    candidates = find_candidates(_key(typed, by=by), by=by)
    return answer(
        {
            "candidates": [
                {
                    "patient": patient_json(candidate.patient),
                    "level": candidate.match.level,
                    "score": round(candidate.match.score, 4),
                    "agrees": candidate.match.agrees,
                    "differs": candidate.match.differs,
                }
                for candidate in candidates
            ]
        }
    )


def _key(typed: PatientBody, *, by: Actor) -> PersonKey:
    """Return what the matcher compares; half a form is enough, but a date must be readable."""
    today = get_here().today()
    if typed.birth_date and typed.birth_date.strip():
        try:
            read_birth_date(typed.birth_date, today)
        except DomainError as trouble:
            raise _unreadable("birth_date", trouble.code, trouble.message) from None
    form = PatientInput(**_texts(typed))
    key = typed_key(replace(form, birth_order=str(form.birth_order)), today=today)
    return with_mother(key, mother_mrn=form.mother_mrn, by=by)


def _unreadable(where: str, code: str, message: str) -> Refused:
    return Refused(
        _("Belum dicari: 1 isian perlu diperbaiki."),
        "request_refused",
        errors=(Problem(where, code, message),),
    )


@router.get(
    "/patients/{patient_id}",
    **describe(
        "get_patient",
        "Baca satu pasien",
        returns=shapes.PatientOut,
        example=shapes.PATIENT,
        fails={404: "patient_unknown"},
        headers=("ETag",),
    ),
)
def read(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Return one patient's identity."""
    patient = get_patient(patient_id, by=acting(request))
    return answer(patient_json(patient), version=patient.version)


@router.patch(
    "/patients/{patient_id}",
    **describe(
        "correct_patient",
        "Perbaiki identitas",
        description=(
            "Kirim hanya yang berubah; `null` mengosongkan. If-Match berisi versi yang dilihat."
        ),
        sends={"phone": "081298765432", "occupation": "Petani"},
        returns=shapes.SavedPatientOut,
        example={
            **shapes.PATIENT,
            "phone": "+6281298765432",
            "occupation": "Petani",
            "version": 2,
            "warnings": [],
        },
        fails={
            400: "if_match_malformed malformed_json",
            404: "patient_unknown",
            412: "stale_version",
            422: "patient_refused nik_taken request_refused",
            428: "if_match_required",
        },
        headers=("ETag",),
    ),
)
def correct(request: HttpRequest, patient_id: uuid.UUID, typed: PatientBody) -> HttpResponse:
    """Write corrected identity over the version the program saw."""
    by = acting(request)
    version = seen_version(request)
    before = get_patient(patient_id, by=by)
    changes = _texts(typed)
    try:
        saved = correct_patient(
            patient_id,
            by=by,
            typed=PatientInput(**{**_as_typed(before), **changes}),
            seen_version=version,
        )
    except Stale as stale:
        current = get_patient(patient_id, by=by)
        stale.extra = {
            "your_version": version,
            "current_version": current.version,
            "yours": typed.model_dump(exclude_unset=True),
            "current": patient_json(current),
        }
        raise
    return _saved(saved)


def _as_typed(patient: PatientCard) -> dict[str, Any]:
    """Return a stored patient as it would be typed anew, for what a correction leaves alone."""
    typed: dict[str, Any] = {
        name: "" if getattr(patient, name) is None else getattr(patient, name)
        for name in PatientBody.model_fields
        if name not in {"name", "birth_date", "old_mrn", "mother_mrn"}
    }
    # The title is kept apart from the name; typed together they are told apart again. A title
    # that was cut short is not: then the name alone must come through unchanged.
    together = f"{patient.title} {patient.name}".strip()
    whole = split_titles(together) == (patient.title, patient.name)
    typed["name"] = together if whole else patient.name
    typed["birth_date"] = patient.birth_date.isoformat()
    return typed
