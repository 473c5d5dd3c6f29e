"""This room's calls: a list of people sent by a program, tried, imported, each row's verdict."""

import base64
import binascii
import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.api import Sent, answer, at_home
from simpul.foundation.staff.api_description import describe
from simpul.service.patients.importing import services
from simpul.service.patients.importing.models import ImportRun
from simpul.service.patients.importing.selectors import count_rows, list_rows

router = Router(tags=["Impor"])

IMPORT_ID = "0193b5a0-6200-7c11-9a52-4d1f0a7be2dd"
#: What is sent is JSON, so a file comes as base64 and has less room than on the page.
LARGEST_SENT = 2_400_000
StateName = Literal[
    "mapping", "checking", "checked", "running", "stopped", "done", "failed", "closed"
]
VerdictName = Literal["new", "incomplete", "known", "possible", "refused"]


class PeopleFile(Sent):
    """A list of people as it came out of a spreadsheet."""

    file_name: str = Field("", max_length=120)
    content: str = Field(
        max_length=LARGEST_SENT, description="Isi berkas XLSX, ODS, XLS, atau CSV sebagai base64."
    )
    sheet: str | None = Field(None, max_length=120, description="Bawaan: lembar yang paling cocok.")
    keep_numbers: bool = Field(False, description="Nomor RM di berkas dipakai bila masih bebas.")
    mapping: dict[str, str] | None = Field(
        None, description="Nomor kolom dari 0 → isian; bawaan: dikenali dari judulnya."
    )


class ImportCounts(BaseModel):
    """How many rows have each verdict."""

    new: int
    incomplete: int
    known: int
    possible: int
    refused: int


class ImportOut(BaseModel):
    """How far a list of people has come."""

    id: uuid.UUID
    state: StateName
    file_name: str
    sheet: str
    mapping: dict[str, str]
    total: int
    done: int
    counts: ImportCounts
    message: str
    made_at: datetime
    ended_at: datetime | None


class RowProblem(BaseModel):
    """What is wrong with a field of a row, or was done about it; the value is not repeated."""

    field: str
    column: str
    reason: str
    todo: str
    severity: str


class ImportRowOut(BaseModel):
    """One row's verdict."""

    line: int
    verdict: VerdictName
    is_written: bool
    is_open: bool = Field(description="Mungkin sama, dan belum diputuskan orang.")
    patient_id: uuid.UUID | None
    mrn: str
    other_id: uuid.UUID | None
    other_mrn: str
    other_line: int | None
    problems: list[RowProblem]


class ImportRowsOut(BaseModel):
    """Rows in the order of the file."""

    items: list[ImportRowOut]
    next: str | None


class RowsQuery(BaseModel):
    """Which rows."""

    verdict: VerdictName | None = None
    cursor: Annotated[str, Field(max_length=10, pattern=r"^[0-9]{0,9}$")] = ""


IMPORT: dict[str, Any] = {
    "id": IMPORT_ID,
    "state": "checking",
    "file_name": "pasien-contoh.csv",
    "sheet": "",
    "mapping": {"0": "old_mrn", "1": "name", "2": "birth_date"},
    "total": 0,
    "done": 0,
    "counts": {"new": 0, "incomplete": 0, "known": 0, "possible": 0, "refused": 0},
    "message": "",
    "made_at": "2026-11-22T02:02:00+00:00",
    "ended_at": None,
}
ROW: dict[str, Any] = {
    "line": 3,
    "verdict": "refused",
    "is_written": False,
    "is_open": False,
    "patient_id": None,
    "mrn": "",
    "other_id": None,
    "other_mrn": "",
    "other_line": None,
    "problems": [
        {
            "field": "birth_date",
            "column": "Tgl Lahir",
            "reason": "Tanggal ini tidak ada di kalender.",
            "todo": "Perbaiki di berkas, lalu impor lagi baris ini.",
            "severity": "refuse",
        }
    ],
}


def _json(run: ImportRun) -> dict[str, Any]:
    same = ("id", "state", "file_name", "sheet", "mapping", "total", "done", "message",
            "made_at", "ended_at")  # fmt: skip
    return {**{name: getattr(run, name) for name in same}, "counts": count_rows(run)}


@router.post(
    "/people-imports",
    **describe(
        "bring_people",
        "Kirim daftar pasien",
        description=(
            "Berkas dibaca dan dicoba baris demi baris di belakang; belum ada yang disimpan. Baca "
            "keadaannya sampai `checked`, lihat putusan tiap baris, lalu mulai. Berkas yang sama "
            "boleh diulang: tidak ada yang bertambah. Paling besar 1,8 MB; yang lebih besar lewat "
            "halaman Impor atau `simpul import people`."
        ),
        status=201,
        sends={
            "file_name": "pasien-contoh.csv",
            "content": "Tm9tb3I7TmFtYTtUZ2wgTGFoaXIKMTtTSVRJIENPTlRPSDsxMi0wMy0xOTg1Cg==",
        },
        returns=ImportOut,
        example=IMPORT,
        fails={
            409: "import_state",
            422: "request_refused content_unreadable file_empty file_binary file_unreadable "
            "name_missing born_missing column_unknown column_twice sheet_unknown",
        },
        headers=("Location",),
    ),
)
def bring(request: HttpRequest, sent: PeopleFile) -> HttpResponse:
    """Keep a list and let it be tried."""
    by = at_home(request)
    services.require_import(by)
    content = _content(sent.content)
    mapping = None if sent.mapping is None else _mapping(sent.mapping)
    run = services.bring(sent.file_name, [content], by=by)
    try:
        services.choose(
            run, by=by, sheet=sent.sheet, mapping=mapping, keep_numbers=sent.keep_numbers
        )
        services.start_trial(run, by=by)
    except BaseException:
        services.discard(run)
        raise
    return answer(_json(run), status=201, location=f"{request.path}/{run.pk}")


def _content(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        said = _("Isi berkas bukan base64 yang utuh. Tidak ada yang disimpan.")
        raise Refused(
            said, "content_unreadable", errors=(Problem("content", "base64", said),)
        ) from None


def _mapping(sent: dict[str, str]) -> dict[int, str]:
    places = {}
    for at, name in sent.items():
        if not (at.isascii() and at.isdigit() and len(at) < 5):
            said = _("Kolom disebut dengan nomornya dari 0. Tidak ada yang disimpan.")
            raise Refused(
                said, "column_unknown", errors=(Problem("mapping", "column_unknown", said),)
            )
        places[int(at)] = name
    return places


@router.get(
    "/people-imports/{import_id}",
    **describe(
        "get_people_import",
        "Keadaan sebuah impor",
        returns=ImportOut,
        example={**IMPORT, "state": "checked", "total": 3, "done": 3},
        fails={404: "import_unknown"},
    ),
)
def read(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """Return how far a list has come."""
    return answer(_json(_run(import_id, by=at_home(request))))


@router.post(
    "/people-imports/{import_id}/start",
    **describe(
        "start_people_import",
        "Mulai menyimpan",
        description=(
            "Daftar yang sudah dicoba disimpan dari baris pertama, di belakang. Yang mungkin sama "
            "dengan orang di sini menunggu keputusan di halaman Impor."
        ),
        returns=ImportOut,
        example={**IMPORT, "state": "running"},
        fails={404: "import_unknown", 409: "import_state"},
    ),
)
def start(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """Import the list that was tried."""
    by = at_home(request)
    services.require_import(by)
    run = _run(import_id, by=by)
    services.start_import(run, by=by)
    return answer(_json(run))


@router.get(
    "/people-imports/{import_id}/rows",
    **describe(
        "list_people_import_rows",
        "Putusan tiap baris",
        description="Menurut urutan berkas; `verdict` memilih satu putusan saja.",
        returns=ImportRowsOut,
        example={"items": [ROW], "next": None},
        fails={404: "import_unknown", 422: "request_refused"},
    ),
)
def rows(request: HttpRequest, import_id: uuid.UUID, which: Query[RowsQuery]) -> HttpResponse:
    """Return what became, or will become, of each row."""
    by = at_home(request)
    run = _run(import_id, by=by)
    after = int(which.cursor or 0)
    page = list_rows(run, by=by, verdict=which.verdict or "", after=after)
    items = [
        {
            "line": one.row.line,
            "verdict": one.row.verdict,
            "is_written": one.row.is_written,
            "is_open": one.is_open,
            "patient_id": one.row.patient,
            "mrn": one.mrn,
            "other_id": one.row.other,
            "other_mrn": one.other_mrn,
            "other_line": one.row.other_line,
            "problems": [
                {name: str(problem.get(name) or "") for name in RowProblem.model_fields}
                for problem in one.row.problems
            ],
        }
        for one in page.rows
    ]
    return answer({"items": items, "next": str(page.next) if page.next else None})


def _run(run: uuid.UUID, *, by: Actor) -> ImportRun:
    return services.read_run(run, by=by)
