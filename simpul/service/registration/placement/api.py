"""The rules in force as data, for a counter that goes on without its server."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from simpul.domain.placement_data import FORMAT, rule_as_data
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.foundation.staff.api import answer, at_home
from simpul.foundation.staff.api_description import describe
from simpul.foundation.staff.rights import require
from simpul.service.registration.placement.selectors import rules_as_json

router = Router(tags=["Penempatan"])


class PlacementRuleOut(BaseModel):
    """One rule; the conditions that are empty do not matter."""

    code: str
    unit: str = Field(description="Kosong: unit yang dipesan.")
    reason: str
    words: list[str]
    unless: list[str]
    lasting: list[str]
    lasting_days: int
    quiet: bool
    age_from_days: int
    age_below_days: int | None
    sex: str | None
    pregnant: bool
    emergency: bool
    booked: bool
    programmes: list[str]
    immunisation_due: bool
    cluster: str | None
    call_now: bool
    tags: list[str]
    is_active: bool
    cases: list[str]


class PlacementRulesOut(BaseModel):
    """The rules in force, and the lists with which complaints are read."""

    format: int
    version: int = Field(description="0: aturan nasional bawaan.")
    rules: list[PlacementRuleOut]
    reading: dict[str, Any]
    limits: dict[str, Any]


@router.get(
    "/placement/rules",
    **describe(
        "list_placement_rules",
        "Aturan poli yang berlaku",
        description="Cukup untuk menghitung saran yang sama tanpa peladen.",
        returns=PlacementRulesOut,
        example={
            "format": FORMAT,
            "version": 0,
            "rules": [rule_as_data(NATIONAL_RULES[0])],
            "reading": {"fuzzy_letters": 5},
            "limits": {"adult_years": 18},
        },
    ),
)
def list_rules(request: HttpRequest) -> HttpResponse:
    """Return the rules in force with their version."""
    by = at_home(request)
    require(by, "view", "placement")
    return answer(rules_as_json())
