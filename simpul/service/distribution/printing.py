"""What is on paper: the queue slip of the patient and the hand-over slip of the counter.

The queue slip lies about in the waiting room, so it holds no diagnosis, no complaint and only a
shortened name. Its code is `AQ:` and the visit's id: meaningless outside this house.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from simpul.domain.dates import age_text
from simpul.domain.identity import group_mrn
from simpul.domain.names import split_titles
from simpul.domain.queue_order import Waiting, calling_order
from simpul.foundation.core.errors import Conflict
from simpul.foundation.facilities.selectors import Unit, get_here
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.calling.selectors import lane_of, last_called
from simpul.service.distribution.models import WAITING, Distribution, Stage
from simpul.service.distribution.services import get_present
from simpul.service.registration.models import Encounter, EncounterStatus
from simpul.service.registration.selectors import get_encounter

SLIP_CODE = re.compile(r"AQ:([0-9A-F]{32})", re.IGNORECASE)


@dataclass(frozen=True)
class Slip:
    """What the patient holds. `in_front` is None once the patient was called or served."""

    ticket: str
    unit_name: str
    room: str
    name: str
    registered_at: datetime
    in_front: int | None
    code: SafeString


@dataclass(frozen=True)
class HandOverSlip:
    """Paper that goes to the unit in place of a screen: who comes, with two identifiers."""

    ticket: str
    unit_name: str
    room: str
    name: str
    title: str
    mrn: str
    sex: str
    birth_date: date
    age: str
    priority: str
    came_from: str
    registered_at: datetime
    code: SafeString


def make_slip(encounter_id: uuid.UUID, *, by: Actor) -> Slip:
    """Return the queue slip of a visit that has not ended."""
    encounter, present = _open_visit(encounter_id, by=by)
    unit = get_here().unit(present.unit)
    return Slip(
        ticket=present.ticket.label,
        unit_name=unit.name,
        room=_rooms_of(unit),
        name=short_name(encounter.patient.person.name),
        registered_at=encounter.period_start,
        in_front=_count_in_front(present),
        code=draw_code(slip_code(encounter.id)),
    )


def make_hand_over_slip(encounter_id: uuid.UUID, *, by: Actor) -> HandOverSlip:
    """Return the slip a person carries to the unit whose screen does not show the record."""
    encounter, present = _open_visit(encounter_id, by=by)
    patient = encounter.patient.person
    units = get_here().units
    unit = get_here().unit(present.unit)
    came_from = units.get(present.came_from)
    return HandOverSlip(
        ticket=present.ticket.label,
        unit_name=unit.name,
        room=_rooms_of(unit),
        name=patient.name,
        title=patient.title,
        mrn=group_mrn(patient.mrn),
        sex="L" if patient.sex == "male" else "P",
        birth_date=patient.birth_date,
        age=age_text(patient.birth_date, encounter.service_date, patient.birth_date_estimated),
        priority=present.get_priority_display(),
        came_from=came_from.name if came_from else "",
        registered_at=encounter.period_start,
        code=draw_code(slip_code(encounter.id)),
    )


def _open_visit(encounter_id: uuid.UUID, *, by: Actor) -> tuple[Encounter, Distribution]:
    encounter = get_encounter(encounter_id, by=by)
    present = get_present(encounter, lock=False)
    if present is None:
        raise Conflict(
            _("Kunjungan ini dibatalkan, jadi slipnya tidak dicetak. Daftarkan lagi bila perlu.")
            if encounter.status == EncounterStatus.CANCELLED
            else _("Pasien ini sudah selesai di poli, jadi slipnya tidak dicetak lagi."),
            "encounter_ended",
        )
    return encounter, present


def _rooms_of(unit: Unit) -> str:
    """Where the patient may be called to; the call itself says which room it is."""
    return " / ".join(room.name for room in unit.rooms) if unit.rooms else unit.room


def _count_in_front(present: Distribution) -> int | None:
    if present.stage == Stage.IN_SERVICE or present.called_at is not None:
        return None
    uncalled = Distribution.objects.filter(
        owner=present.owner,
        service_date=present.service_date,
        unit=present.unit,
        stage__in=WAITING,
        called_at__isnull=True,
    ).values_list("id", "priority", "place", "skip_count", "saved_at")
    order = calling_order(
        [
            Waiting(key, lane_of(lane), place, skips, since)
            for key, lane, place, skips, since in uncalled
        ],
        get_here().unit(present.unit).queue_rule,
        last_called(present.unit),
    )
    return next((n for n, one in enumerate(order) if one.key == present.id), None)


def short_name(name: str) -> str:
    """Return the first word of a name and the initials of the others: SITI A."""
    words = split_titles(name)[1].split() or name.split()
    initials = "".join(f"{word[0].upper()}." for word in words[1:])
    return f"{words[0]} {initials}".strip() if words else ""


def slip_code(encounter_id: uuid.UUID) -> str:
    """Return what the code on a slip says."""
    return f"AQ:{encounter_id.hex.upper()}"


def read_slip_code(code: str) -> uuid.UUID | None:
    """Return the visit a scanned slip belongs to; None when it is no slip of this program."""
    found = SLIP_CODE.fullmatch(code.strip())
    return uuid.UUID(found[1]) if found else None


def draw_code(text: str) -> SafeString:
    """Return a QR code as inline SVG without style attributes, which the CSP would drop."""
    drawing = segno.make(text, error="m", micro=False)
    svg = drawing.svg_inline(border=2, svgclass="slip-code", lineclass=None, omitsize=True)
    # The drawing holds segno's own path only; the text is encoded in it, not written.
    return mark_safe(svg)  # noqa: S308
