"""Reading: the cards of a patient, the versions of the numberings, what numbers would look like."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from simpul.domain.identity import group_mrn
from simpul.domain.record_numbers import FamilyScheme, PersonalScheme
from simpul.foundation.core.errors import NotHere
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.models import Identifier
from simpul.service.patients.numbers.families import SYSTEM
from simpul.service.patients.numbers.models import IssuedCard, NumberScheme, SchemeKind
from simpul.service.patients.numbers.schemes import as_family, as_personal
from simpul.service.patients.records import record_ids


@dataclass(frozen=True)
class CardLine:
    """A card a patient was given."""

    id: uuid.UUID
    code: str
    issued_at: datetime
    revoked_at: datetime | None
    why: str
    revoked_code: str


def list_cards(patient: uuid.UUID, *, by: Actor) -> list[CardLine]:
    """Return the cards of a person, the valid one first."""
    require(by, "view", "patient")
    rows = IssuedCard.objects.filter(
        patient_id__in=record_ids(patient), owner=by.facility_id
    ).order_by("-issued_at", "-id")
    lines = [
        CardLine(
            row.id,
            row.code,
            row.issued_at,
            row.revoked_at,
            str(row.get_revoked_reason_display()),
            row.revoked_reason,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.revoked_at is not None)


def valid_card(patient: uuid.UUID, *, by: Actor) -> CardLine:
    """Return the card that opens this person's record; NotHere where none was given out."""
    found = next((one for one in list_cards(patient, by=by) if one.revoked_at is None), None)
    if found is None:
        raise NotHere(
            _("Pasien ini belum punya kartu yang berlaku. Terbitkan dulu."), "card_missing"
        )
    return found


def list_old_numbers(patient: uuid.UUID, *, by: Actor) -> list[str]:
    """Return the former numbers that still find this person (not those of family folders)."""
    require(by, "view", "patient")
    rows = Identifier.objects.filter(patient_id__in=record_ids(patient), owner=by.facility_id)
    return list(rows.exclude(system=SYSTEM).order_by("value").values_list("value", flat=True))


@dataclass(frozen=True)
class SchemeLine:
    """One version of a numbering, in words."""

    kind: str
    example: str
    is_on: bool
    decided_at: datetime
    decided_by: str


def list_versions(*, by: Actor, limit: int = 20) -> list[SchemeLine]:
    """Return how numbers were written, newest first."""
    require(by, "view", "settings")
    rows = list(NumberScheme.objects.filter(owner=by.facility_id).order_by("-decided_at")[:limit])
    names = practitioner_names({row.decided_by for row in rows})
    return [
        SchemeLine(
            kind=str(SchemeKind(row.kind).label),
            example=_example(row),
            is_on=row.is_on,
            decided_at=row.decided_at,
            decided_by=names.get(row.decided_by, ""),
        )
        for row in rows
    ]


def _example(row: NumberScheme) -> str:
    if row.kind == SchemeKind.PERSONAL:
        return group_mrn(as_personal(row).format(1))
    scheme = as_family(row)
    area = min(row.areas.values(), default="0" * scheme.area_width)
    return scheme.show(scheme.format(area, 1, scheme.first_member))


def personal_examples(scheme: PersonalScheme, upcoming: int) -> list[tuple[str, str]]:
    """Return the next three numbers as they will be shown and as scanners will read them."""
    numbers = [scheme.format(number) for number in range(upcoming, upcoming + 3)]
    return [(group_mrn(number), number) for number in numbers]


def family_examples(scheme: FamilyScheme, areas: dict[str, str]) -> list[tuple[str, str]]:
    """Return the first family of the first area, member by member."""
    area = min(areas.values(), default="0" * (scheme.area_width - 1) + "1")
    if scheme.by_order:
        who = [_("yang pertama datang"), _("yang kedua"), _("yang ketiga")]
    else:
        who = [_("kepala keluarga"), _("pasangan"), _("anggota lain")]
    return [
        (label, scheme.show(scheme.format(area, 1, scheme.first_member + place)))
        for place, label in enumerate(who)
    ]
