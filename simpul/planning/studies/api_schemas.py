"""What the calls of `wisn` and `cpi` take and answer, as schemas with examples.

Bodies are read leniently, as the fixed format promises: what may be left out has a default, a name
that is not known is told among the findings and hinders nothing.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simpul.domain.cpi import Direction
from simpul.domain.wisn import Period, Pressure, PrintedFigure, Rounding, TimeUnit, Variant
from simpul.planning.studies.calculations import MOST_BANDS, MOST_MEASURES
from simpul.planning.studies.input_reading import (
    LARGEST,
    LONGEST_NAME,
    MOST_CATEGORIES,
    MOST_PRINTED,
    MOST_ROWS,
    MOST_STEPS,
)

Amount = Annotated[Decimal, Field(ge=0, le=LARGEST)]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]


class Open(BaseModel):
    """Something sent; unknown names pass and are told as findings."""

    model_config = ConfigDict(extra="allow")


class WisnUnitTimeIn(Open):
    """Time of one act with its unit; `low` and `high` are for the sensitivity."""

    value: Amount
    unit: TimeUnit | None = Field(None, description="Kosong dibaca `min`, dengan temuan.")
    low: Amount | None = None
    high: Amount | None = None


class WisnStepIn(Open):
    """One timed step of an activity."""

    name: Name = ""
    value: Amount
    unit: Literal["s", "min", "h"] | None = None


class WisnActivityIn(Open):
    """One activity."""

    name: Name = ""
    unit_time: WisnUnitTimeIn | Amount
    volume: Amount
    per: Period | None = Field(None, description="Kosong dibaca `year`, dengan temuan.")
    volume_low: Amount | None = None
    volume_high: Amount | None = None
    last_year_volume: Amount | None = Field(None, description="Untuk memeriksa lonjakan ±50 %.")
    steps: Annotated[list[WisnStepIn], Field(max_length=MOST_STEPS)] = Field(
        [], description="Untuk menemukan langkah yang dihitung dua kali."
    )


class WisnAllowanceIn(Open):
    """Support work of all members: one of hours, minutes, percent."""

    name: Name = ""
    hours: Amount | None = None
    minutes: Amount | None = None
    percent: Amount | None = None
    per: Period | None = None


class WisnIndividualAllowanceIn(WisnAllowanceIn):
    """Work of some members only: hours of each of them."""

    staff: Amount = Decimal(1)


class WisnWorkingTimeIn(Open):
    """By entitlement (days and hours a day), or the hours of a rule with its source."""

    working_days: Amount | None = None
    annual_leave: Amount | None = None
    training: Amount | None = None
    public_holidays: Amount | None = None
    absence: Amount | None = None
    hours_per_day: Amount | None = None
    days_per_week: Amount | None = None
    open_days: Amount | None = Field(None, description="Hari buka unit, untuk volume per hari.")
    shift_hours: Annotated[list[Amount], Field(max_length=24)] = []
    hours_per_year: Amount | None = None
    source: Name = ""
    date: Name = ""
    days_per_year: Amount | None = None


class WisnCategoryIn(Open):
    """One staff category of one unit."""

    name: Name = ""
    staff: Amount = Decimal(0)
    working_time: WisnWorkingTimeIn | None = Field(
        None, description="Hanya `abk_kes` boleh tanpa ini (1.200 jam)."
    )
    activities: Annotated[list[WisnActivityIn], Field(max_length=MOST_ROWS)] = []
    allowances: Annotated[list[WisnAllowanceIn], Field(max_length=MOST_ROWS)] = []
    individual_allowances: Annotated[
        list[WisnIndividualAllowanceIn], Field(max_length=MOST_ROWS)
    ] = []
    minimum_cover: Amount = Decimal(0)


class WisnPrintedIn(Open):
    """One printed figure to be compared with the recomputed one."""

    figure: PrintedFigure
    value: Amount
    category: Name = ""
    activity: Name = ""
    unit: Name = ""
    high: Amount | None = None
    numerator: Amount | None = None
    denominator: Amount | None = None
    label: Name = ""


class WisnBody(Open):
    """A study in the fixed input format."""

    variant: Variant | None = Field(None, description="Kosong dibaca `who_wisn`, dengan temuan.")
    rounding: Rounding | None = None
    name: Name = ""
    year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    categories: Annotated[list[WisnCategoryIn], Field(min_length=1, max_length=MOST_CATEGORIES)]
    printed: Annotated[list[WisnPrintedIn], Field(max_length=MOST_PRINTED)] = []
    spread: Annotated[Decimal, Field(ge=0, lt=100)] | None = Field(
        None, description="Persen ± untuk masukan tanpa rentang sendiri."
    )


class WisnFindingOut(BaseModel):
    """One doubt: code, place, sentence, and the figure that would be right."""

    code: str
    severity: Literal["info", "warning", "error"]
    where: str
    message: str
    corrected: str


class WisnAvailableOut(BaseModel):
    """Working time of one person in a year."""

    days: float
    hours: float
    minutes: float
    source: str
    sentence: str


class WisnActivityOut(BaseModel):
    """`standard_workload` is in acts per person-year."""

    name: str
    unit_time_minutes: float
    volume_per_year: float
    standard_workload: float
    required_fte: float
    sentences: list[str]


class WisnLineOut(BaseModel):
    """One allowance as hours of a year and share of a person (or people)."""

    name: str
    hours_per_year: float
    share: float
    sentence: str


class WisnAllowanceOut(BaseModel):
    """`factor` of the variants that multiply, `standard` of the one that adds."""

    factor: float | None = None
    standard: float | None = None
    share: float
    lines: list[WisnLineOut]
    sentence: str


class WisnCategoryOut(BaseModel):
    """`difference` is staff less `required_staff`; `ratio` is staff over `required_fte`."""

    name: str
    staff: float
    available_working_time: WisnAvailableOut
    activities: list[WisnActivityOut]
    allowance: WisnAllowanceOut
    individual_allowance: float
    individual_allowances: list[WisnLineOut]
    workload_fte: float
    required_fte: float
    rounded_staff: int
    minimum_cover: int
    required_staff: int
    difference: float
    difference_fte: float
    shortage: float
    surplus: float
    ratio: float | None
    pressure: Pressure
    pressure_label: str
    sentences: list[str]
    summary: str
    findings: list[WisnFindingOut]


class WisnTotalsOut(BaseModel):
    """Sums; the ratio is the ratio of sums, shortage and surplus stay apart."""

    staff: float
    required_fte: float
    required_staff: int
    shortage: float
    surplus: float
    difference: float
    ratio: float | None
    pressure: Pressure
    pressure_label: str
    sentence: str


class WisnRangeOut(BaseModel):
    """Need at all lows, as typed, at all highs."""

    name: str
    low_fte: float
    base_fte: float
    high_fte: float
    low_staff: int
    base_staff: int
    high_staff: int
    sentence: str


class WisnInfluenceOut(BaseModel):
    """By how much one input alone moves the need."""

    where: str
    category: str
    activity: str
    input: Literal["unit_time", "volume"]
    low: float
    high: float
    low_fte: float
    high_fte: float
    swing: float


class WisnSensitivityOut(BaseModel):
    """Ranges, and the inputs from the most to the least decisive."""

    categories: list[WisnRangeOut]
    total: WisnRangeOut
    influences: list[WisnInfluenceOut]
    sentence: str


class WisnMethodOut(BaseModel):
    """The variant in words."""

    label: str
    source: str
    formula: str


class WisnOut(BaseModel):
    """The result of a study."""

    name: str
    year: int | None
    variant: Variant
    method: WisnMethodOut
    rounding: Rounding
    rounding_label: str
    rounding_is_verified: bool
    rounding_note: str
    categories: list[WisnCategoryOut]
    totals: WisnTotalsOut
    findings: list[WisnFindingOut]
    sensitivity: WisnSensitivityOut | None


class CpiTimeIn(Open):
    """A time with its unit."""

    value: Amount
    unit: TimeUnit | None = None


class CpiMeasureIn(Open):
    """Target and realised time of one activity."""

    name: Name = ""
    target: CpiTimeIn | Amount
    realisation: CpiTimeIn | Amount
    unit: TimeUnit | None = None
    target_unit: TimeUnit | None = None
    realisation_unit: TimeUnit | None = None
    printed: Amount | None = Field(None, description="Persen yang tercetak, untuk diperiksa.")


class CpiBody(Open):
    """One measure, or several in `measures`."""

    direction: Direction | None = None
    measures: Annotated[list[CpiMeasureIn], Field(max_length=MOST_MEASURES)] | None = None
    name: Name = ""
    target: CpiTimeIn | Amount | None = None
    realisation: CpiTimeIn | Amount | None = None
    unit: TimeUnit | None = None
    target_unit: TimeUnit | None = None
    realisation_unit: TimeUnit | None = None
    printed: Amount | None = None
    bands: Annotated[
        list[Annotated[list[Amount], Field(min_length=2, max_length=2)]],
        Field(max_length=MOST_BANDS),
    ] = Field([], description="Golongan tercetak [bawah, atas], untuk diperiksa celahnya.")


class CpiBandOut(BaseModel):
    """Per cent above `above`, up to and with the next band's edge."""

    code: str
    label: str
    above: int | None


class CpiWayOut(BaseModel):
    """The index by one named way."""

    direction: Direction
    label: str
    percent: float
    source: str
    is_verified: bool


class CpiResultOut(BaseModel):
    """One measure's index by the chosen way and by all three."""

    name: str
    direction: Direction
    percent: float
    band: str
    band_label: str
    by_way: list[CpiWayOut]
    sentence: str
    findings: list[WisnFindingOut]


class CpiOut(BaseModel):
    """The results, and what is wrong with printed bands."""

    direction: Direction
    bands: list[CpiBandOut]
    results: list[CpiResultOut]
    findings: list[WisnFindingOut]


WISN_EXAMPLE: dict[str, Any] = {
    "variant": "kepmenkes81",
    "rounding": "who",
    "categories": [
        {
            "name": "Loket CONTOH",
            "staff": 1,
            "working_time": {
                "working_days": 312,
                "annual_leave": 12,
                "training": 4,
                "public_holidays": 13,
                "absence": 6,
                "hours_per_day": 6,
            },
            "activities": [
                {
                    "name": "Pasien baru",
                    "unit_time": {"value": 7.35, "unit": "min"},
                    "volume": 3690,
                    "per": "year",
                }
            ],
            "allowances": [{"name": "Rapat", "hours": 2, "per": "month"}],
            "individual_allowances": [],
            "minimum_cover": 1,
        }
    ],
}
CPI_EXAMPLE: dict[str, Any] = {
    "direction": "target_over_realisation",
    "measures": [{"name": "Pasien baru", "target": 10, "realisation": 7.35, "unit": "min"}],
}
