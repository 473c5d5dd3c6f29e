"""Calls about the paper folder: one scan, and where a folder is."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.api import Sent, answer, check_unit
from simpul.foundation.staff.api_description import describe
from simpul.foundation.staff.api_reading import check_path_text
from simpul.service.filing.selectors import FileView, get_file
from simpul.service.filing.services import scan_file
from simpul.service.patients.api_schemas import PATIENT_ID

router = Router(tags=["Berkas"])


class ScanBody(Sent):
    """One scan of a label (`BK:…`) or a record number."""

    label: Annotated[str, Field(min_length=1, max_length=60)]
    mode: Literal["sent", "received", "stored"]
    unit: Annotated[str | None, Field(max_length=20)] = Field(
        None, description="Tujuan bila dikirim; kosong berarti poli kunjungan hari ini."
    )
    encounter_id: uuid.UUID | None = None
    confirm: bool = Field(False, description="Berkas benar-benar di tangan, walau catatan lain.")


class MovementOut(BaseModel):
    """One line of a folder's history."""

    kind: Literal["sent", "received", "stored"]
    unit_name: str
    at: datetime
    by: str


class FileOut(BaseModel):
    """Where a folder is and how it came there."""

    patient_id: uuid.UUID
    mrn: str
    name: str
    shelf: str
    whereabouts: Literal["shelf", "out", "received"]
    unit: str
    unit_name: str
    since: datetime | None
    is_overdue: bool
    history: list[MovementOut]


class ScannedOut(BaseModel):
    """What a scan did; `repeated` when it had been done already."""

    repeated: bool
    file: FileOut


FILE: dict[str, Any] = {
    "patient_id": PATIENT_ID,
    "mrn": "000417",
    "name": "SITI CONTOH",
    "shelf": "17-04",
    "whereabouts": "out",
    "unit": "umum",
    "unit_name": "Poli Umum",
    "since": "2026-11-22T01:20:00+00:00",
    "is_overdue": False,
    "history": [
        {
            "kind": "sent",
            "unit_name": "Poli Umum",
            "at": "2026-11-22T01:20:00+00:00",
            "by": "Petugas Contoh",
        }
    ],
}


def file_json(file: FileView) -> dict[str, Any]:
    """Return a folder as programs see it."""
    return {
        **{name: getattr(file, name) for name in FileOut.model_fields},
        "history": [
            {name: getattr(line, name) for name in MovementOut.model_fields}
            for line in file.history
        ],
    }


@router.post(
    "/files/scan",
    **describe(
        "scan_file",
        "Pindai berkas: kirim, terima, simpan",
        description=(
            "Memindai dua kali tidak mengubah apa pun. Yang bertentangan dengan catatan dijawab "
            "409; kirim lagi dengan `confirm` bila berkasnya memang di tangan."
        ),
        sends={"label": "BK:000417", "mode": "sent", "unit": "umum"},
        returns=ScannedOut,
        example={"repeated": False, "file": FILE},
        fails={
            404: "label_unknown",
            409: "file_on_shelf file_still_out record_incomplete",
            422: "file_unit_required unit_unknown request_refused",
        },
    ),
)
def scan(request: HttpRequest, typed: ScanBody) -> HttpResponse:
    """Do one act on a folder by its label."""
    by = acting(request)
    scanned = scan_file(
        typed.label,
        mode=typed.mode,
        by=by,
        unit=check_unit(typed.unit or ""),
        encounter=typed.encounter_id,
        confirm=typed.confirm,
    )
    file = file_json(get_file(scanned.patient.mrn, by=by))
    return answer({"repeated": scanned.repeated, "file": file})


@router.get(
    "/files/{mrn}",
    **describe(
        "get_file",
        "Di mana berkas ini",
        description="Nomor RM, atau isi labelnya.",
        returns=FileOut,
        example=FILE,
        fails={404: "label_unknown"},
    ),
)
def where(request: HttpRequest, mrn: str) -> HttpResponse:
    """Return where the folder of a record number is, with its last movements."""
    return answer(file_json(get_file(check_path_text(mrn, where="mrn"), by=acting(request))))
