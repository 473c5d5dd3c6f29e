"""Calls about a visit's record: sign entries, close, what is missing, send back.

Allergies are written here because the answer to them may complete a record that was sent back.
"""

import uuid
from typing import Annotated, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from simpul.foundation.journal.services import record_reading
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.api import (
    LONGEST_PAGE,
    answer,
    check_unit,
    cursor_after,
    read_cursor,
    unknown_cursor,
)
from simpul.foundation.staff.api_description import describe
from simpul.service.care.api_schemas import ENTRY, entry_json
from simpul.service.care.selectors import get_record
from simpul.service.completeness import api_schemas as shapes
from simpul.service.completeness.api_schemas import (
    AllergyBody,
    CloseBody,
    EntriesBody,
    ReturnBody,
    record_json,
    saved_json,
)
from simpul.service.completeness.models import CompletenessCheck
from simpul.service.completeness.selectors import get_record_line, list_records
from simpul.service.completeness.services import (
    close_encounter,
    recheck_patient,
    return_record,
    save_entries,
)
from simpul.service.patients.selectors import get_allergy_state, get_patient, list_allergies
from simpul.service.patients.services import note_allergy, note_no_allergies
from simpul.service.registration.selectors import get_encounter

router = Router(tags=["Rekam"])


@router.post(
    "/encounters/{encounter_id}/entries",
    **describe(
        "sign_entries",
        "Tulis dan tanda tangani catatan",
        description=(
            "Semua atau tidak sama sekali. Pelayanan dimulai dengan catatan pertama; menulis lagi "
            "jenis yang sama menjadi versi baru, yang lama tetap ada."
        ),
        status=201,
        sends=shapes.ENTRIES,
        returns=shapes.SavedOut,
        example=shapes.SAVED,
        fails={
            403: "not_your_unit not_allowed",
            404: "encounter_unknown",
            409: "encounter_cancelled entry_superseded unit_not_visited",
            422: "entry_refused correction_needs_reason entry_unknown request_refused",
        },
    ),
)
def sign(request: HttpRequest, encounter_id: uuid.UUID, typed: EntriesBody) -> HttpResponse:
    """Sign entries of a visit."""
    by = acting(request)
    saved = save_entries(
        encounter_id,
        [entry.as_input() for entry in typed.entries],
        by=by,
        unit=check_unit(typed.unit or ""),
    )
    # The first entry starts the service, so the visit's status may have just changed.
    status = get_encounter(encounter_id, by=by).status
    return answer({**saved_json(saved), "status": status}, status=201)


@router.get(
    "/encounters/{encounter_id}/entries",
    **describe(
        "list_entries",
        "Baca catatan satu kunjungan",
        description="Semua versi, terlama lebih dahulu. Pembacaan ini tercatat di jurnal.",
        returns=shapes.Entries,
        example={"items": [ENTRY], "next": None},
        fails={404: "encounter_unknown"},
    ),
)
def entries(request: HttpRequest, encounter_id: uuid.UUID) -> HttpResponse:
    """Return every version of every entry of a visit."""
    by = acting(request)
    encounter = get_encounter(encounter_id, by=by)
    record = get_record(encounter, by=by)
    record_reading(by=by, patient=encounter.patient_id, encounter=encounter.id, what="record")
    return answer({"items": [entry_json(entry) for entry in record.entries], "next": None})


@router.post(
    "/encounters/{encounter_id}/close",
    **describe(
        "close_encounter",
        "Tutup kunjungan",
        description="Menandatangani yang tersisa, mengakhiri pelayanan, memeriksa kelengkapan.",
        sends={"entries": []},
        returns=shapes.SavedOut,
        example={**shapes.SAVED, "status": "finished", "check": shapes.CHECK},
        fails={
            403: "not_your_unit not_allowed",
            404: "encounter_unknown",
            409: "encounter_ended entry_superseded",
            422: "entry_refused request_refused",
        },
    ),
)
def close(
    request: HttpRequest, encounter_id: uuid.UUID, closing: CloseBody | None = None
) -> HttpResponse:
    """Sign what is still open, end service and visit, analyse the record."""
    typed = closing.entries if closing is not None else []
    saved = close_encounter(
        encounter_id, by=acting(request), inputs=[entry.as_input() for entry in typed]
    )
    return answer(saved_json(saved))


@router.post(
    "/encounters/{encounter_id}/return",
    **describe(
        "return_record",
        "Kembalikan rekam yang belum lengkap ke poli",
        sends={"paper_items": ["tanda tangan lembar persetujuan"], "note": None},
        returns=shapes.RecordLineOut,
        example=shapes.RECORD_LINE,
        fails={
            404: "encounter_unknown",
            409: "encounter_open record_complete",
            422: "paper_item_refused request_refused",
        },
    ),
)
def send_back(request: HttpRequest, encounter_id: uuid.UUID, wish: ReturnBody) -> HttpResponse:
    """The record room sends a record back to the clinician."""
    by = acting(request)
    return_record(encounter_id, by=by, paper_items=wish.paper_items, note=wish.note or "")
    return answer(record_json(get_record_line(encounter_id, by=by)))


class RecordsWish(BaseModel):
    """Which records, and which page of them."""

    status: Literal["incomplete", "complete", "filed"] = "incomplete"
    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 50
    cursor: Annotated[str, Field(max_length=40)] = ""


@router.get(
    "/completeness",
    **describe(
        "list_records",
        "Rekam kunjungan yang sudah ditutup, menurut keadaannya",
        description="Terlama lebih dahulu.",
        returns=shapes.RecordPage,
        example={"items": [shapes.RECORD_LINE], "next": None},
    ),
)
def records(request: HttpRequest, wish: Query[RecordsWish]) -> HttpResponse:
    """Return closed visits by the state of their record."""
    by = acting(request)
    after = _check_id(read_cursor(wish.cursor), by=by)
    lines = list_records(by=by, status=wish.status, limit=wish.limit + 1, after=str(after))
    has_more = len(lines) > wish.limit
    lines = lines[: wish.limit]
    return answer(
        {
            "items": [record_json(line) for line in lines],
            "next": cursor_after(lines[-1].encounter_id) if has_more else None,
        }
    )


def _check_id(encounter: uuid.UUID | None, *, by: Actor) -> uuid.UUID:
    """Return the analysis a page goes on after. The zero id is before every other."""
    if encounter is None:
        return uuid.UUID(int=0)
    rows = CompletenessCheck.objects.filter(encounter_id=encounter, owner=by.facility_id)
    found = rows.values_list("id", flat=True).first()
    if found is None:
        raise unknown_cursor()
    return found


@router.get(
    "/patients/{patient_id}/allergies",
    tags=["Pasien"],
    **describe(
        "get_allergies",
        "Alergi pasien",
        returns=shapes.Allergies,
        example=shapes.ALLERGIES,
        fails={404: "patient_unknown"},
    ),
)
def allergies(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Return what is known of a patient's allergies."""
    return _allergies(patient_id, by=acting(request))


@router.post(
    "/patients/{patient_id}/allergies",
    tags=["Pasien"],
    **describe(
        "note_allergy",
        "Catat alergi, atau bahwa tidak ada",
        status=201,
        sends={"substance": "amoksisilin", "reaction": "ruam", "category": "medication"},
        returns=shapes.Allergies,
        example=shapes.ALLERGIES,
        fails={
            404: "patient_unknown",
            409: "allergy_recorded",
            422: "allergy_refused request_refused",
        },
    ),
)
def note(request: HttpRequest, patient_id: uuid.UUID, told: AllergyBody) -> HttpResponse:
    """Note an allergy or that there is none, and look again at records waiting for the answer."""
    by = acting(request)
    with transaction.atomic():
        if told.none:
            note_no_allergies(patient_id, by=by)
        else:
            note_allergy(
                patient_id,
                by=by,
                substance=told.substance or "",
                reaction=told.reaction or "",
                category=told.category or "",
                noted_year=told.noted_year,
            )
        recheck_patient(patient_id, by=by)
    return _allergies(patient_id, by=by, status=201)


def _allergies(patient_id: uuid.UUID, *, by: Actor, status: int = 200) -> HttpResponse:
    get_patient(patient_id, by=by)
    return answer(
        {
            "patient_id": patient_id,
            "state": get_allergy_state(patient_id, by=by).code,
            "items": [shapes.allergy_json(row) for row in list_allergies(patient_id, by=by)],
            "next": None,
        },
        status=status,
    )
