"""The call that proposes moves: rows and a norm in, moves and hires out; it reads no database."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from simpul.domain.findings import Meaningless
from simpul.domain.norms import NormSet
from simpul.domain.professions import find_profession
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.api import Sent, answer
from simpul.foundation.staff.api_description import describe
from simpul.planning.allocation.calculation import Wish, calculate
from simpul.planning.allocation.reading import read_allocation_objects
from simpul.planning.gap.api import GapFindingOut, GapNormBody, GapNormOut, GapRefusedOut
from simpul.planning.gap.calculation import shipped_norm
from simpul.planning.intake.tables import Unusable
from simpul.planning.norms.reading import NormRefused, read_norm

router = Router(tags=["Perencanaan"])

MOST_FACILITIES = 1_000
#: At most about three seconds of one processor; what is larger is left to the command line.
MOST_WAYS = 60_000

Weight = Annotated[Decimal, Field(gt=0, le=1000, max_digits=7, decimal_places=3)]


class AllocationBody(Sent):
    """Facilities, what they must have, and what may be done."""

    norm: Annotated[str | None, Field(max_length=40)] = Field(
        None, description="Standar bawaan; kosong bila tiap baris membawa `need`."
    )
    norm_set: GapNormBody | None = Field(None, description="Standar sendiri dengan sumbernya.")
    count: Literal["all", "asn"] = Field("all", description="Semua tenaga, atau ASN saja.")
    facilities: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_FACILITIES)] = (
        Field(
            description=(
                "Baris seperti pada `/planning/gap`; selain itu boleh `have`, `need`, `locked` "
                "(objek profesi: jumlah) dan `circle` (orang tidak dipindahkan ke luarnya)."
            )
        )
    )
    weights: Annotated[dict[Annotated[str, Field(max_length=80)], Weight], Field(max_length=50)] = (
        Field({}, description="Bobot satu kekurangan menurut profesi; bawaan 1.")
    )
    hires: Annotated[int | None, Field(ge=0, le=100_000)] = Field(
        None, description="Jatah pengangkatan; kosong: semua yang tak terisi diusulkan."
    )
    farthest_km: Annotated[float | None, Field(ge=0, le=40_000, allow_inf_nan=False)] = Field(
        None, description="Jarak pemindahan terjauh, garis lurus."
    )


class AllocationMoveOut(BaseModel):
    """So many people of a profession from one facility to another; null km: no point known."""

    from_facility: str
    to_facility: str
    circle: str
    profession: str
    name: str
    count: int
    distance_km: float | None
    reason: str


class AllocationHireOut(BaseModel):
    """Places that moving cannot fill; any of the professions will do."""

    facility: str
    circle: str
    professions: list[str]
    name: str
    count: int


class AllocationLineOut(BaseModel):
    """What moving can do about one kind of post, and why not more."""

    professions: list[str]
    name: str
    shortage: int
    surplus: int
    locked_surplus: int
    filled: int
    unfilled: int
    why: str


class AllocationStaffOut(BaseModel):
    """One profession before and after."""

    profession: str
    before: int
    after: int
    locked: int


class AllocationPostOut(BaseModel):
    """One kind of post before and after."""

    professions: list[str]
    need: int
    shortage_before: int
    shortage_after: int


class AllocationSiteOut(BaseModel):
    """One facility before and after; no shortage is ever greater after."""

    facility: str
    circle: str
    shortage_before: int
    shortage_after: int
    staff: list[AllocationStaffOut]
    posts: list[AllocationPostOut]


class AllocationTotalsOut(BaseModel):
    """The sums; km along straight lines, where both points are known."""

    shortage_before: int
    filled_by_moving: int
    needs_hiring: int
    moves: int
    distance_km: float
    hired: int
    unfilled: int


class AllocationOut(BaseModel):
    """The whole proposal."""

    norm: GapNormOut | None
    count: Literal["all", "asn"]
    summary: str
    totals: AllocationTotalsOut
    moves: list[AllocationMoveOut]
    hires: list[AllocationHireOut]
    unfilled: list[AllocationHireOut]
    professions: list[AllocationLineOut]
    facilities: list[AllocationSiteOut]
    refused: list[GapRefusedOut]
    findings: list[GapFindingOut]
    columns: dict[str, str]


SENT: dict[str, Any] = {
    "facilities": [
        {
            "facility": "Puskesmas Contoh",
            "have": {"dokter": 3, "bidan": 4},
            "need": {"dokter": 2, "bidan": 4},
            "locked": {"dokter": 1},
            "lat": -8.2,
            "lon": 113.6,
        },
        {
            "facility": "Puskesmas Misal",
            "have": {"dokter": 0, "bidan": 3},
            "need": {"dokter": 2, "bidan": 4},
            "lat": -8.3,
            "lon": 113.5,
        },
    ],
    "weights": {"dokter": 3},
    "hires": 1,
}


#: The answer to the example; a test computes it anew, so that the solver need not be loaded here.
EXAMPLE: dict[str, Any] = {
    "norm": None,
    "count": "all",
    "summary": (
        "1 dari 3 kekurangan terisi dengan pemindahan; 2 perlu pengangkatan. "
        "Jatah pengangkatan mengisi 1; 1 tetap kosong."
    ),
    "totals": {
        "shortage_before": 3,
        "filled_by_moving": 1,
        "needs_hiring": 2,
        "moves": 1,
        "distance_km": 15.6,
        "hired": 1,
        "unfilled": 1,
    },
    "moves": [
        {
            "from_facility": "Puskesmas Contoh",
            "to_facility": "Puskesmas Misal",
            "circle": "",
            "profession": "dokter",
            "name": "Dokter",
            "count": 1,
            "distance_km": 15.6,
            "reason": "Puskesmas Contoh punya 3, perlu 2; Puskesmas Misal kurang 2 dokter.",
        }
    ],
    "hires": [
        {
            "facility": "Puskesmas Misal",
            "circle": "",
            "professions": ["dokter"],
            "name": "Dokter",
            "count": 1,
        }
    ],
    "unfilled": [
        {
            "facility": "Puskesmas Misal",
            "circle": "",
            "professions": ["bidan"],
            "name": "Bidan",
            "count": 1,
        }
    ],
    "professions": [
        {
            "professions": ["dokter"],
            "name": "Dokter",
            "shortage": 2,
            "surplus": 1,
            "locked_surplus": 0,
            "filled": 1,
            "unfilled": 1,
            "why": "kelebihan hanya 1 orang; semuanya sudah dipindahkan",
        },
        {
            "professions": ["bidan"],
            "name": "Bidan",
            "shortage": 1,
            "surplus": 0,
            "locked_surplus": 0,
            "filled": 0,
            "unfilled": 1,
            "why": "tidak ada kelebihan di fasilitas mana pun",
        },
    ],
    "facilities": [
        {
            "facility": "Puskesmas Contoh",
            "circle": "",
            "shortage_before": 0,
            "shortage_after": 0,
            "staff": [
                {"profession": "dokter", "before": 3, "after": 2, "locked": 1},
                {"profession": "bidan", "before": 4, "after": 4, "locked": 0},
            ],
            "posts": [
                {"professions": ["dokter"], "need": 2, "shortage_before": 0, "shortage_after": 0},
                {"professions": ["bidan"], "need": 4, "shortage_before": 0, "shortage_after": 0},
            ],
        },
        {
            "facility": "Puskesmas Misal",
            "circle": "",
            "shortage_before": 3,
            "shortage_after": 2,
            "staff": [
                {"profession": "dokter", "before": 0, "after": 1, "locked": 0},
                {"profession": "bidan", "before": 3, "after": 3, "locked": 0},
            ],
            "posts": [
                {"professions": ["dokter"], "need": 2, "shortage_before": 2, "shortage_after": 1},
                {"professions": ["bidan"], "need": 4, "shortage_before": 1, "shortage_after": 1},
            ],
        },
    ],
    "refused": [],
    "findings": [],
    "columns": {
        "facility": "facility",
        "dokter": "dokter",
        "bidan": "bidan",
        "lat": "lat",
        "lon": "lon",
    },
}


@router.post(
    "/allocation",
    **describe(
        "planning_allocation",
        "Pemindahan tenaga",
        description=(
            "Usulan pemindahan: kekurangan berbobot paling sedikit, lalu pemindahan paling "
            "sedikit, lalu jarak. Tidak ada fasilitas yang menjadi lebih kurang; yang terkunci "
            "tetap di tempat. Yang tak terisi menjadi usulan pengangkatan. Tidak membaca dan tidak "
            "menyimpan apa pun."
        ),
        sends=SENT,
        returns=AllocationOut,
        example=EXAMPLE,
        fails={
            422: "request_refused norm_unknown norm_refused need_missing too_many_ways "
            "profession_unknown facility_column_missing profession_columns_missing column_twice "
            "table_too_large"
        },
    ),
)
def allocation(request: HttpRequest, typed: AllocationBody) -> HttpResponse:
    """Propose moves between the facilities sent."""
    acting(request)
    norm = _norm(typed)
    wish = Wish(_weights(typed.weights), typed.hires, typed.farthest_km, typed.count)
    try:
        rows = read_allocation_objects(typed.facilities)
        found = calculate(rows, norm, wish, most_ways=MOST_WAYS)
    except Unusable as why:
        raise _refused("facilities", why.code, why.message) from None
    except Meaningless as why:
        raise _refused(why.where or "facilities", why.code, why.message) from None
    return answer(found)


def _norm(typed: AllocationBody) -> NormSet | None:
    """Return the norm named or sent, None when each row brings its need."""
    if typed.norm is not None and typed.norm_set is not None:
        sentence = _("Isi salah satu: norm (standar bawaan) atau norm_set (standar sendiri).")
        raise _refused("norm", "norm_unknown", sentence)
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
    if typed.norm is None:
        return None
    try:
        return shipped_norm(typed.norm)
    except Unusable as why:
        raise _refused("norm", why.code, why.message) from None


def _weights(sent: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return weights by profession; a profession that is not known is refused, not passed over."""
    weights = {}
    for name, weight in sent.items():
        code = find_profession(name)
        if code is None:
            sentence = _("Profesi ini tidak dikenal, jadi bobotnya tidak dipakai.")
            raise _refused(f"weights.{name}"[:80], "profession_unknown", sentence)
        weights[code] = weight
    return weights


def _refused(where: str, code: str, message: str) -> Refused:
    return Refused(message, code, errors=(Problem(where[:120], code, message),))
