"""The call that suggests a unit, with its reason, before a visit is registered."""

import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from simpul.domain.dates import read_birth_date
from simpul.domain.errors import DomainError
from simpul.domain.placement import NO_SUGGESTION, Situation
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.api import Sent, answer, at_home
from simpul.foundation.staff.api_description import describe
from simpul.foundation.staff.rights import require
from simpul.service.patients.api_schemas import PATIENT_ID
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.suggestion import place, situation_of

router = Router(tags=["Penempatan"])


class PlacementBody(Sent):
    """A patient who is known (`patient_id`), or only age and sex, and what they come for."""

    patient_id: uuid.UUID | None = None
    birth_date: Annotated[str | None, Field(max_length=40)] = None
    sex: Literal["male", "female"] | None = None
    complaint: Annotated[str | None, Field(max_length=300)] = None
    pregnant: bool | None = None
    emergency: bool = False


class SuggestionOut(BaseModel):
    """The unit a visit should go to, by which rule and why."""

    unit: str
    unit_name: str
    cluster: str
    rule: str
    reason: str
    call_now: bool
    tags: list[str]


class ImpossibleOut(BaseModel):
    """A unit that always asks for a second look with this patient."""

    unit: str
    code: str
    message: str


class PlacementOut(BaseModel):
    """What is suggested, and what would contradict what is known."""

    suggestion: SuggestionOut | None
    message: str | None = Field(description="Bila tidak ada saran: kalimat untuk orang.")
    impossible: list[ImpossibleOut]


@router.post(
    "/placement/suggest",
    **describe(
        "suggest_placement",
        "Saran poli",
        description="Menghitung saja; tidak ada yang disimpan.",
        sends={"patient_id": PATIENT_ID, "complaint": "batuk tiga hari", "pregnant": False},
        returns=PlacementOut,
        example={
            "suggestion": {
                "unit": "umum",
                "unit_name": "Poli Umum",
                "cluster": "3",
                "rule": "adult",
                "reason": "dewasa, 41 th",
                "call_now": False,
                "tags": [],
            },
            "message": None,
            "impossible": [
                {
                    "unit": "mtbs",
                    "code": "mtbs_too_old",
                    "message": "Pasien 41 th; MTBS untuk anak di bawah 5 th.",
                }
            ],
        },
        fails={404: "patient_unknown"},
    ),
)
def suggest(request: HttpRequest, asked: PlacementBody) -> HttpResponse:
    """Return the suggested unit with its reason, and the units that contradict."""
    by = at_home(request)
    require(by, "view", "encounter")
    situation = _situation(asked, by=by)
    suggestion = place(situation).suggestion
    here = get_here()
    return answer(
        {
            "suggestion": None
            if suggestion is None
            else {
                "unit": suggestion.unit,
                "unit_name": here.unit(suggestion.unit).name,
                "cluster": suggestion.cluster,
                "rule": suggestion.rule,
                "reason": suggestion.reason,
                "call_now": suggestion.call_now,
                "tags": suggestion.tags,
            },
            "message": NO_SUGGESTION if suggestion is None else None,
            "impossible": _impossible(situation),
        }
    )


def _impossible(situation: Situation) -> list[dict[str, Any]]:
    found = []
    for unit in get_here().units.values():
        finding = place(situation, unit=unit.code).finding if unit.takes_patients else None
        if finding is not None:
            found.append({"unit": unit.code, "code": finding.code, "message": finding.message})
    return found


def _situation(asked: PlacementBody, *, by: Actor) -> Situation:
    complaint = asked.complaint or ""
    if asked.patient_id is not None:
        return situation_of(
            get_patient(asked.patient_id, by=by),
            complaint=complaint,
            pregnant=asked.pregnant,
            emergency=asked.emergency,
        )
    today = get_here().today()
    birth, estimated = None, False
    if asked.birth_date and asked.birth_date.strip():
        try:
            read = read_birth_date(asked.birth_date, today)
        except DomainError as trouble:
            raise Refused(
                _("Belum dihitung: 1 isian perlu diperbaiki."),
                "request_refused",
                errors=(Problem("birth_date", trouble.code, trouble.message),),
            ) from None
        birth, estimated = read.value, read.estimated
    return Situation(
        complaint=complaint,
        sex=asked.sex,
        birth_date=birth,
        on=today,
        pregnant=asked.pregnant,
        emergency=asked.emergency,
        age_estimated=estimated,
    )
