"""The call POST /planning/distribution: rows of people in, their distribution out; nothing kept."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from simpul.domain.distribution_rows import FIELD_OF, column_key, read_people
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.api import Sent, answer
from simpul.foundation.staff.api_description import describe
from simpul.planning.gap.distribution_result import FacilityBase, distribution_json

router = Router(tags=["Perencanaan"])

MOST_PEOPLE = 20_000
MOST_FACILITIES = 12_000
_SHOWN_PROBLEMS = 50

Cell = Annotated[str, Field(max_length=500)] | bool | int | float | None
Amount = Annotated[Decimal, Field(ge=0, le=10**10, max_digits=40, decimal_places=30)]


class FacilityIn(Sent):
    """A facility that exists, and what its staff are measured against."""

    facility: Annotated[str, Field(min_length=1, max_length=120)]
    population: Amount | None = None
    need: Amount | None = Field(None, description="Kebutuhan: standar, atau hasil WISN.")
    group: Annotated[str, Field(max_length=120)] = Field("", description="Misalnya kecamatan.")


class DistributionBody(Sent):
    """People, one row each; column names in Indonesian or English."""

    people: Annotated[
        list[Annotated[dict[Annotated[str, Field(max_length=80)], Cell], Field(max_length=40)]],
        Field(min_length=1, max_length=MOST_PEOPLE),
    ]
    as_of: date | None = Field(
        None, description="Masa kerja dihitung sampai hari ini; bawaan: kini."
    )
    facilities: Annotated[list[FacilityIn], Field(max_length=MOST_FACILITIES)] = Field(
        [], description="Semua fasilitas, juga yang tanpa tenaga; untuk Gini, Lorenz, dan Theil."
    )
    facility_count: Annotated[int, Field(ge=0, le=MOST_FACILITIES)] | None = Field(
        None, description="Banyak fasilitas, bila namanya tidak disebut semua."
    )


class RowOut(BaseModel):
    """n of N, with the fewest and most in one facility; `value` null: not filled in."""

    value: str | None
    n: int
    N: int
    percent: float
    fraction: str
    facility_min: int
    facility_max: int


class AspectOut(BaseModel):
    """One question: n answered of N."""

    n: int
    N: int
    rows: list[RowOut]
    missing: RowOut


class SpreadOut(BaseModel):
    """Spread; null where nothing was measured, sd null for one alone."""

    n: int
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None
    min: float | None
    max: float | None


class BandOut(BaseModel):
    """People with tenure of `at_least` up to but not including `below` years."""

    years: str
    at_least: int
    below: int | None
    n: int
    asn: int
    not_asn: int
    status_unknown: int


class TenureOut(SpreadOut):
    """Years of service."""

    N: int
    missing: RowOut
    bands: list[BandOut]


class PerFacilityOut(SpreadOut):
    """People per facility, those with nobody included."""

    facilities: int
    without_name: int


class FacilityOut(BaseModel):
    """One facility."""

    facility: str
    n: int
    asn: int
    trained: int
    years_of_service: SpreadOut


class PointOut(BaseModel):
    """A point of the Lorenz curve."""

    base: float
    staff: float


class GroupOut(BaseModel):
    """A group's part of Theil."""

    group: str
    theil: float
    between: float
    within: float


class TheilOut(BaseModel):
    """total = between + within."""

    total: float
    between: float
    within: float
    groups: list[GroupOut]


class EquityOut(BaseModel):
    """Against one base."""

    places: int
    gini: float
    lorenz: list[PointOut]
    theil: TheilOut


class BothOut(BaseModel):
    """Null where no base was given."""

    population: EquityOut | None
    need: EquityOut | None


class FindingOut(BaseModel):
    """A doubt."""

    code: str
    severity: Literal["info", "warning", "error"]
    where: str
    message: str
    corrected: str


class RefusedOut(BaseModel):
    """Always empty here: a row that cannot be read refuses the call."""

    line: int
    where: str
    code: str
    message: str


class DistributionOut(BaseModel):
    """The whole distribution."""

    people: int
    as_of: date
    rounding: dict[str, str | int]
    education: AspectOut
    employment: AspectOut
    trained: AspectOut
    asn: RowOut
    years_of_service: TenureOut
    per_facility: PerFacilityOut
    facilities: list[FacilityOut]
    equity: BothOut
    findings: list[FindingOut]
    refused: list[RefusedOut]


SENDS: dict[str, Any] = {
    "people": [
        {
            "facility": "Ambulu",
            "education": "D3 RMIK",
            "employment": "PNS",
            "trained": True,
            "years_of_service": 8,
        },
        {
            "puskesmas": "Sabrang",
            "pendidikan": "SMA",
            "status": "TKK",
            "pelatihan": "belum",
            "mulai": "2014-06-30",
        },
    ],
    "as_of": "2016-06-30",
    "facilities": [
        {"facility": "Ambulu", "population": 42000},
        {"facility": "Sabrang", "population": 31000},
    ],
}


def _example() -> dict[str, Any]:
    read = read_people(enumerate(SENDS["people"], start=1), as_of=date(2016, 6, 30))
    bases = [
        FacilityBase(one["facility"], Decimal(one["population"])) for one in SENDS["facilities"]
    ]
    return distribution_json(read, as_of=date(2016, 6, 30), facilities=bases)


@router.post(
    "/distribution",
    **describe(
        "planning_distribution",
        "Sebaran tenaga",
        description=(
            "Pendidikan, status kepegawaian, pelatihan, dan masa kerja: n, N, persen, yang belum "
            "diisi sebagai baris sendiri, sebaran, paling sedikit dan paling banyak per fasilitas; "
            "Gini, Lorenz, dan Theil bila penduduk atau kebutuhan disebut. Tidak ada yang disimpan."
        ),
        sends=SENDS,
        returns=DistributionOut,
        example=_example(),
        fails={422: "request_refused"},
    ),
)
def distribution(request: HttpRequest, typed: DistributionBody) -> HttpResponse:
    """Describe the people sent."""
    acting(request)
    as_of = typed.as_of or get_here().today()
    read = read_people(enumerate(typed.people), as_of=as_of)
    if read.refused:
        raise _refused([_problem(one.line, one.where, one.code, one.message, typed.people)
                        for one in read.refused])  # fmt: skip
    bases = [
        FacilityBase(one.facility, one.population, one.need, one.group) for one in typed.facilities
    ]
    return answer(
        distribution_json(read, as_of=as_of, facilities=bases, facility_count=typed.facility_count)
    )


def _problem(line: int, where: str, code: str, message: str, rows: list[dict[str, Any]]) -> Problem:
    """Name the field as it was sent: `people.3.pelatihan`."""
    sent = next((name for name in rows[line] if FIELD_OF.get(column_key(name)) == where), where)
    return Problem(f"people.{line}.{sent}"[:80], code, message)


def _refused(problems: list[Problem]) -> Refused:
    return Refused(
        _("%(count)d baris tidak terbaca, jadi tidak ada yang dihitung. Perbaiki baris itu.")
        % {"count": len(problems)},
        "request_refused",
        errors=tuple(problems[:_SHOWN_PROBLEMS]),
    )
