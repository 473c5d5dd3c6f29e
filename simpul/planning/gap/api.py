"""The call that holds facilities against a norm: rows in, gap out; it reads no database."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from simpul.domain.norms import NormSet
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.api import Sent, answer
from simpul.foundation.staff.api_description import describe
from simpul.planning.gap.calculation import calculate, shipped_norm
from simpul.planning.intake.facilities import read_facility_objects
from simpul.planning.intake.tables import Unusable
from simpul.planning.norms.reading import MOST_PEOPLE, MOST_POSTS, NormRefused, read_norm

router = Router(tags=["Perencanaan"])

MOST_FACILITIES = 20_000


class GapPostBody(Sent):
    """Posts of one kind of a norm; several professions make an either/or post."""

    professions: Annotated[list[str], Field(min_length=1, max_length=10)]
    count: Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
    label: Annotated[str, Field(max_length=80)] = ""
    per: Literal["facility", "pustu", "village"] = "facility"
    categories: Annotated[list[str], Field(max_length=20)] = []
    inpatient: bool | None = None


class GapNormBody(Sent):
    """A norm of one's own, with its source."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    source: Annotated[str, Field(min_length=1, max_length=300)]
    valid_from: Annotated[str | None, Field(max_length=10)] = None
    valid_until: Annotated[str | None, Field(max_length=10)] = None
    note: Annotated[str, Field(max_length=500)] = ""
    posts: Annotated[list[GapPostBody], Field(min_length=1, max_length=MOST_POSTS)]


class GapBody(Sent):
    """Facilities and the norm to hold them against."""

    norm: Annotated[str | None, Field(max_length=40)] = Field(
        None, description="Standar bawaan: `dsp-2004`, `permenkes-75-2014`, `skm`."
    )
    norm_set: GapNormBody | None = Field(
        None, description="Standar sendiri dengan sumbernya, sebagai ganti `norm`."
    )
    count: Literal["all", "asn"] = Field(
        "all", description="Semua tenaga, atau ASN saja (dari kolom `… ASN`)."
    )
    facilities: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_FACILITIES)] = (
        Field(
            description=(
                "Satu objek satu fasilitas: `facility`, `category`, satu nama tiap profesi, "
                "dan bila ada `inpatient`, `pustu`, `villages`, `population`, `lat`, `lon`. "
                "Nama Indonesia dan Inggris diterima; kosong bukan nol."
            )
        )
    )


class GapFindingOut(BaseModel):
    """A doubt: its code, how bad, where, what, and the right figure where it is known."""

    code: str
    severity: Literal["info", "warning", "error"]
    where: str
    message: str
    corrected: str


class ProfessionGapOut(BaseModel):
    """One profession; null where something is not stated or the norm is silent."""

    have: int | None
    standard: int | None
    shortage: int | None
    surplus: int | None
    filled_percent: float | None


class GapSumsOut(BaseModel):
    """Sums; `net` is surplus less shortage and never stands alone."""

    have: int
    standard: int
    shortage: int
    surplus: int
    net: int
    filled_percent: float | None


class FacilityGapOut(GapSumsOut):
    """One facility against the norm."""

    facility: str
    code: str
    where: str
    category: str | None
    inpatient: bool | None
    professions: dict[str, ProfessionGapOut]
    short_professions: int
    complete: bool | None
    not_stated: list[str]
    findings: list[GapFindingOut]


class ProfessionGapTotalOut(GapSumsOut):
    """One profession over the facilities that state it."""

    name: str
    facilities: int


class GapTotalsOut(GapSumsOut):
    """All facilities together: ratios of sums."""

    facilities: int
    complete: int
    incomplete: int
    unknown: int
    professions: dict[str, ProfessionGapTotalOut]


class KekosonganOut(BaseModel):
    """*Kekosongan*: a profession is empty where nobody of it works, ASN or not."""

    counts: Literal["all"]
    facilities: int
    complete: int
    complete_percent: float | None
    not_stated: int
    vacancies: int
    empty: dict[str, int]
    empty_dental: int


class PemenuhanOut(BaseModel):
    """*Pemenuhan*: ASN only, against the standard."""

    counts: Literal["asn"]
    facilities: int
    complete: int
    complete_percent: float | None
    not_stated: int
    shortage: int


class GapMeasuresOut(BaseModel):
    """The two official measures by name; null where the figures for it are not there."""

    kekosongan: KekosonganOut | None
    pemenuhan: PemenuhanOut | None


class GapNormOut(BaseModel):
    """Which norm was used and where it stands."""

    code: str
    name: str
    source: str
    valid_from: str | None
    valid_until: str | None
    verified: bool
    note: str
    version: int


class GapRefusedOut(BaseModel):
    """A row that was not used, and why."""

    line: int | None
    where: str
    facility: str
    code: str
    message: str


class GapStudyOut(BaseModel):
    """The gap of every facility, the totals, both measures, what was refused and doubted."""

    norm: GapNormOut
    count: Literal["all", "asn"]
    facilities: list[FacilityGapOut]
    totals: GapTotalsOut
    measures: GapMeasuresOut
    refused: list[GapRefusedOut]
    findings: list[GapFindingOut]
    columns: dict[str, str]


SENT: dict[str, Any] = {
    "norm": "dsp-2004",
    "facilities": [
        {
            "facility": "Puskesmas Contoh",
            "category": "pedesaan",
            "dokter": 1,
            "skm": 0,
            "dokter_gigi": 2,
            "perawat": 6,
            "bidan": 11,
            "gizi": 0,
            "atlm": 0,
            "farmasi": 0,
            "kesling": 0,
            "pustu": 1,
            "villages": 1,
        }
    ],
}


def _example() -> object:
    """Return the answer to the example, made by the program itself so that it stays right."""
    rows = read_facility_objects(SENT["facilities"])
    return calculate(rows, shipped_norm(SENT["norm"]))


@router.post(
    "/gap",
    **describe(
        "calculate_gap",
        "Kesenjangan tenaga terhadap standar",
        description=(
            "Kekurangan dan kelebihan tiap profesi di tiap fasilitas, tidak pernah selisihnya "
            "saja. Baris yang salah disebut di `refused`; yang lain tetap dihitung. Tidak membaca "
            "dan tidak menyimpan apa pun."
        ),
        sends=SENT,
        returns=GapStudyOut,
        example=_example(),
        fails={
            422: "request_refused norm_unknown norm_refused facility_column_missing "
            "profession_columns_missing column_twice table_too_large"
        },
    ),
)
def gap(request: HttpRequest, typed: GapBody) -> HttpResponse:
    """Hold the facilities sent against a norm."""
    acting(request)
    norm = _norm(typed)
    try:
        rows = read_facility_objects(typed.facilities)
    except Unusable as why:
        raise _refused("facilities", why) from None
    return answer(calculate(rows, norm, count=typed.count))


def _norm(typed: GapBody) -> NormSet:
    """Return the norm named or sent; exactly one of the two."""
    if (typed.norm is None) == (typed.norm_set is None):
        sentence = _("Isi salah satu: norm (standar bawaan) atau norm_set (standar sendiri).")
        raise Refused(sentence, "norm_unknown", errors=(Problem("norm", "required", sentence),))
    if typed.norm_set is not None:
        try:
            return read_norm(typed.norm_set.model_dump())
        except NormRefused as why:
            raise Refused(
                _("Standar yang dikirim belum dapat dipakai. Perbaiki isian yang disebut."),
                "norm_refused",
                errors=tuple(
                    Problem(f"norm_set.{each.where}", each.code, each.message)
                    for each in why.problems
                ),
            ) from None
    try:
        return shipped_norm(typed.norm or "")
    except Unusable as why:
        raise _refused("norm", why) from None


def _refused(where: str, why: Unusable) -> Refused:
    return Refused(why.message, why.code, errors=(Problem(where, why.code, why.message),))
