"""The call that reads a patient's earlier visits; the reading is written in the journal."""

import uuid
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from simpul.foundation.core.errors import NotHere
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.api import answer, cursor_after, read_cursor, unknown_cursor
from simpul.foundation.staff.api_description import describe
from simpul.service.care import api_schemas as shapes
from simpul.service.care.selectors import read_history
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.selectors import get_encounter

router = Router(tags=["Riwayat"])


class HistoryPageWish(BaseModel):
    """Which page of the history."""

    limit: Annotated[int, Field(ge=1, le=50)] = 10
    cursor: Annotated[str, Field(max_length=40)] = ""


@router.get(
    "/patients/{patient_id}/history",
    **describe(
        "get_history",
        "Riwayat kunjungan dengan isi rekamnya",
        description="Terbaru lebih dahulu. Pembacaan ini tercatat di jurnal.",
        returns=shapes.HistoryPage,
        example={"items": [shapes.PAST_VISIT], "next": None},
        fails={404: "patient_unknown"},
    ),
)
def history(
    request: HttpRequest, patient_id: uuid.UUID, page: Query[HistoryPageWish]
) -> HttpResponse:
    """Return earlier visits with their current entries."""
    by = acting(request)
    get_patient(patient_id, by=by)
    before = None
    after = read_cursor(page.cursor)
    if after is not None:
        try:
            last = get_encounter(after, by=by)
        except NotHere:
            raise unknown_cursor() from None
        if last.patient_id != patient_id:
            raise unknown_cursor()
        before = last.period_start
    visits = read_history(patient_id, by=by, limit=page.limit + 1, before=before)
    has_more = len(visits) > page.limit
    visits = visits[: page.limit]
    return answer(
        {
            "items": [
                {
                    "encounter_id": past.visit.id,
                    "registration_number": past.visit.registration_number,
                    "on": past.visit.on,
                    "at": past.visit.at,
                    "unit": past.visit.unit,
                    "status": past.visit.status,
                    "payer": past.visit.payer,
                    "complaint": past.visit.complaint,
                    "entries": [shapes.entry_json(entry) for entry in past.entries],
                }
                for past in visits
            ],
            "next": cursor_after(visits[-1].visit.id) if has_more else None,
        }
    )
