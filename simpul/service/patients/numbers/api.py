"""This room's calls: a patient's cards, and how the house writes its record numbers."""

import uuid
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.api import Sent, answer, at_home
from simpul.foundation.staff.api_description import describe
from simpul.foundation.staff.rights import require
from simpul.service.patients.numbers.models import IssuedCard, RevokedReason
from simpul.service.patients.numbers.schemes import get_numbering
from simpul.service.patients.numbers.selectors import list_cards
from simpul.service.patients.numbers.services import issue_card, revoke_card
from simpul.service.patients.selectors import get_patient

router = Router(tags=["Pasien"])

CARD_ID = "0193b5a0-6100-7c11-9a52-4d1f0a7be2cc"
ReasonName = Literal["lost", "damaged", "wrong"]


class CardIssue(Sent):
    """A card for this patient; where one counts already, which one stops and why."""

    instead_of: uuid.UUID | None = Field(None, description="Kartu yang diganti; dicabut serentak.")
    reason: ReasonName | None = Field(
        None, description="Alasan kartu lama dicabut: hilang, rusak, salah orang."
    )


class CardRevoke(Sent):
    """Why a card no longer opens the record."""

    reason: ReasonName


class CardOut(BaseModel):
    """A card given to a patient."""

    id: uuid.UUID
    code: str = Field(description="Angka acak pada QR dan Code128; tidak menyebut siapa pun.")
    issued_at: datetime
    revoked_at: datetime | None
    revoked_reason: ReasonName | None


class CardsOut(BaseModel):
    """The cards of all records of a person, the one that counts first."""

    items: list[CardOut]
    next: str | None


class PersonalOut(BaseModel):
    """How personal record numbers are written."""

    prefix: str
    width: int
    example: str


class FamilyOut(BaseModel):
    """How numbers of family folders are written."""

    prefix: str
    area_width: int
    width: int
    member_width: int
    separator: str
    first_member: int
    by_order: bool
    areas: dict[str, str] = Field(description="Desa (huruf kecil) → kode wilayah.")
    example: str


class NumberingOut(BaseModel):
    """The numberings in force; `family` is null where folders are personal."""

    personal: PersonalOut
    family: FamilyOut | None


CARD: dict[str, Any] = {
    "id": CARD_ID,
    "code": "0123456789" * 3 + "012345678",
    "issued_at": "2026-11-22T02:02:00+00:00",
    "revoked_at": None,
    "revoked_reason": None,
}
NUMBERING: dict[str, Any] = {
    "personal": {"prefix": "", "width": 6, "example": "000001"},
    "family": {
        "prefix": "",
        "area_width": 2,
        "width": 5,
        "member_width": 2,
        "separator": "-",
        "first_member": 1,
        "by_order": True,
        "areas": {"sabrang": "01"},
        "example": "01-00001-01",
    },
}


def _card(row: IssuedCard) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "issued_at": row.issued_at,
        "revoked_at": row.revoked_at,
        "revoked_reason": row.revoked_reason or None,
    }


@router.get(
    "/patients/{patient_id}/cards",
    **describe(
        "list_patient_cards",
        "Kartu seorang pasien",
        description="Kartu dari semua rekam orang ini, yang berlaku lebih dahulu.",
        returns=CardsOut,
        example={"items": [CARD], "next": None},
        fails={404: "patient_unknown"},
    ),
)
def cards(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Return the cards this person was given."""
    by = at_home(request)
    found = [
        {
            "id": line.id,
            "code": line.code,
            "issued_at": line.issued_at,
            "revoked_at": line.revoked_at,
            "revoked_reason": line.revoked_code or None,
        }
        for line in list_cards(_person(patient_id, by=by), by=by)
    ]
    return answer({"items": found, "next": None})


@router.post(
    "/patients/{patient_id}/cards",
    **describe(
        "issue_patient_card",
        "Terbitkan kartu",
        description=(
            "Seorang pasien hanya punya satu kartu yang berlaku. Mengganti: `instead_of` berisi "
            "kartu lama dan `reason` alasannya; kartu lama dicabut pada saat yang sama."
        ),
        status=201,
        sends={"instead_of": None, "reason": None},
        returns=CardOut,
        example=CARD,
        fails={404: "patient_unknown", 409: "card_valid", 422: "reason_unknown request_refused"},
    ),
)
def issue(request: HttpRequest, patient_id: uuid.UUID, wish: CardIssue) -> HttpResponse:
    """Give this person a card."""
    by = at_home(request)
    made = issue_card(
        _person(patient_id, by=by), by=by, instead_of=wish.instead_of, reason=wish.reason or ""
    )
    return answer(_card(made), status=201)


@router.post(
    "/cards/{card_id}/revoke",
    **describe(
        "revoke_card",
        "Cabut kartu",
        description="Kartu yang hilang atau rusak: sejak sekarang tidak membuka rekam siapa pun.",
        sends={"reason": "lost"},
        returns=CardOut,
        example={
            **CARD,
            "revoked_at": "2026-11-23T01:12:00+00:00",
            "revoked_reason": str(RevokedReason.LOST),
        },
        fails={404: "card_unknown", 409: "card_revoked", 422: "reason_unknown request_refused"},
    ),
)
def revoke(request: HttpRequest, card_id: uuid.UUID, why: CardRevoke) -> HttpResponse:
    """Let a card stop counting."""
    return answer(_card(revoke_card(card_id, by=at_home(request), reason=why.reason)))


@router.get(
    "/numbering",
    **describe(
        "get_numbering",
        "Skema nomor rekam medis",
        description=(
            "Cara nomor RM perorangan dan nomor map keluarga ditulis sekarang. Nomor lama tetap "
            "menemukan orangnya; nomor perorangan tidak berubah bila keluarga pindah."
        ),
        returns=NumberingOut,
        example=NUMBERING,
    ),
)
def numbering(request: HttpRequest) -> HttpResponse:
    """Return how numbers are written now."""
    require(at_home(request), "view", "patient")
    now = get_numbering()
    family = None
    if now.family is not None:
        scheme = now.family
        area = min(now.areas.values(), default="0" * scheme.area_width)
        family = {
            name: getattr(scheme, name)
            for name in (
                "prefix", "area_width", "width", "member_width", "separator", "first_member",
                "by_order",
            )
        }  # fmt: skip
        family["areas"] = now.areas
        family["example"] = scheme.show(scheme.format(area, 1, scheme.first_member))
    personal = now.personal
    return answer(
        {
            "personal": {
                "prefix": personal.prefix,
                "width": personal.width,
                "example": personal.format(1),
            },
            "family": family,
        }
    )


def _person(patient: uuid.UUID, *, by: Actor) -> uuid.UUID:
    """Return the record that stands for this person; NotHere for nobody's."""
    return get_patient(patient, by=by).id
