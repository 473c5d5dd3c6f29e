"""This room's calls: two records joined into one person, and taken apart again."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.api import Sent, answer, seen_version
from simpul.foundation.staff.api_description import describe
from simpul.service.patients.api_schemas import PATIENT_ID
from simpul.service.patients.merging.decisions import merge_records, undo_merge
from simpul.service.patients.merging.fields import GROUPS
from simpul.service.patients.merging.selectors import get_merge

router = Router(tags=["Pasien"])

OTHER_ID = "0193b5a0-5c3e-7c11-9a52-4d1f0a7be2ff"
MERGE_ID = "0193b5a0-6000-7c11-9a52-4d1f0a7be2aa"


class MergeBody(Sent):
    """The record that is the same person, and which of its values are the right ones."""

    other_id: uuid.UUID = Field(description="Rekam lain dari orang yang sama.")
    take: list[str] = Field(
        default_factory=list,
        max_length=len(GROUPS),
        description="Kelompok isian yang diambil dari rekam lain: "
        + ", ".join(group.key for group in GROUPS),
    )


class MergeOut(BaseModel):
    """One decision that two records are one person."""

    id: uuid.UUID
    survivor_id: uuid.UUID
    survivor_mrn: str
    merged_id: uuid.UUID
    merged_mrn: str
    decided_at: datetime
    decided_by: str
    undone_at: datetime | None
    undone_by: str | None
    version: int


class MergeUndoneOut(MergeOut):
    """A decision taken back; `left` are fields a person has corrected since, which stay."""

    left: list[str]
    review_tasks: list[uuid.UUID]


MERGE: dict[str, Any] = {
    "id": MERGE_ID,
    "survivor_id": PATIENT_ID,
    "survivor_mrn": "000417",
    "merged_id": OTHER_ID,
    "merged_mrn": "000512",
    "decided_at": "2026-11-22T02:02:00+00:00",
    "decided_by": "Petugas Contoh",
    "undone_at": None,
    "undone_by": None,
    "version": 1,
}
UNDONE: dict[str, Any] = {
    **MERGE,
    "undone_at": "2026-11-22T02:05:00+00:00",
    "undone_by": "Petugas Contoh",
    "version": 2,
    "left": [],
    "review_tasks": [],
}


def _json(merge: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    line = get_merge(merge, by=by)
    return {
        "id": line.id,
        "survivor_id": line.survivor.id,
        "survivor_mrn": line.survivor.mrn,
        "merged_id": line.merged.id,
        "merged_mrn": line.merged.mrn,
        "decided_at": line.decided_at,
        "decided_by": line.decided_by,
        "undone_at": line.undone_at,
        "undone_by": line.undone_by or None,
        "version": line.version,
    }


@router.post(
    "/patients/{patient_id}/merge",
    **describe(
        "merge_patient",
        "Gabungkan dua rekam satu orang",
        description=(
            "Pasien di alamat tetap dipakai; `other_id` dibaca bersamanya. Tidak ada yang "
            "dipindahkan, dan dapat diurungkan kapan saja. If-Match berisi versi pasien di alamat."
        ),
        status=201,
        sends={"other_id": OTHER_ID, "take": ["phone"]},
        returns=MergeOut,
        example=MERGE,
        fails={
            400: "if_match_malformed malformed_json",
            404: "patient_unknown",
            409: "already_merged",
            412: "stale_version",
            422: "same_record merge_refused request_refused",
            428: "if_match_required",
        },
        headers=("ETag",),
    ),
)
def merge(request: HttpRequest, patient_id: uuid.UUID, typed: MergeBody) -> HttpResponse:
    """Say that two records are one person."""
    by = acting(request)
    made = merge_records(
        patient_id,
        typed.other_id,
        by=by,
        take=typed.take,
        seen_version=seen_version(request),
    )
    return answer(_json(made.pk, by=by), status=201, version=made.version)


@router.post(
    "/merges/{merge_id}/undo",
    **describe(
        "undo_merge",
        "Urungkan penggabungan",
        description=(
            "Kedua rekam kembali seperti sebelum digabungkan. Isian yang sesudahnya diperbaiki "
            "orang tetap, dan disebut di `left`."
        ),
        returns=MergeUndoneOut,
        example=UNDONE,
        fails={
            400: "if_match_malformed",
            404: "merge_unknown",
            409: "already_undone",
            412: "stale_version",
            428: "if_match_required",
        },
        headers=("ETag",),
    ),
)
def undo(request: HttpRequest, merge_id: uuid.UUID) -> HttpResponse:
    """Take a decision back."""
    by = acting(request)
    undone = undo_merge(merge_id, by=by, seen_version=seen_version(request))
    content = _json(undone.merge.pk, by=by)
    content["left"] = list(undone.left)
    content["review_tasks"] = [task.pk for task in undone.conflicts]
    return answer(content, version=undone.merge.version)
