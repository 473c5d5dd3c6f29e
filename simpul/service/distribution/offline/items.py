"""What an item from a computer looks like, read with care: it may be old, odd or typed by hand."""

import hashlib
import json
import uuid
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Problem, Refused
from simpul.service.patients.inputs import PatientInput
from simpul.service.registration.services import VisitWish

MOST_ITEMS = 200
MOST_BYTES = 64_000
#: A clock this far ahead of ours is simply a clock.
CLOCK_SLACK = timedelta(minutes=10)


@dataclass(frozen=True)
class Sent:
    """One item as it came."""

    id: uuid.UUID
    kind: str
    typed_by: uuid.UUID | None
    typed_at: str
    seq: int
    body: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """What a repeat must agree with."""
        told = [self.kind, str(self.typed_by), self.typed_at, self.seq, self.body]
        text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class VisitBody:
    """A visit as the counter wrote it: the wish, and the numbers it gave out."""

    wish: VisitWish
    prefix: str
    number: int | None
    registration: int | None


def read_items(content: object) -> list[Sent]:
    """Return the items of a request in the order they came; Refused names the first odd one."""
    if not isinstance(content, list) or len(content) > MOST_ITEMS:
        raise _odd("items", _("Kirim paling banyak %(most)d catatan sekaligus.") % {"most": 200})
    return [_read_item(item, place) for place, item in enumerate(content)]


def _read_item(item: object, place: int) -> Sent:
    where = f"items[{place}]"
    if not isinstance(item, dict) or not isinstance(item.get("body"), dict):
        raise _odd(where, _("Catatan ini tidak terbaca. Yang lain menunggu di komputer itu."))
    if len(json.dumps(item, ensure_ascii=False)) > MOST_BYTES or "\x00" in _flat(item):
        raise _odd(where, _("Catatan ini terlalu panjang atau berisi tanda yang tidak terbaca."))
    try:
        number = uuid.UUID(str(item.get("id")))
    except ValueError:
        raise _odd(f"{where}.id", _("Catatan tanpa nomor pengenal tidak dapat diterima.")) from None
    return Sent(
        id=number,
        kind=str(item.get("kind", ""))[:16],
        typed_by=_uuid_or_none(item.get("typed_by")),
        typed_at=str(item.get("typed_at", ""))[:40],
        seq=_small(item.get("seq")) or 0,
        body=item["body"],
    )


def _flat(item: object) -> str:
    # A zero byte inside a string would come out of `json.dumps` escaped; look at the strings.
    if isinstance(item, str):
        return item
    if isinstance(item, dict):
        return "".join(_flat(part) for pair in item.items() for part in pair)
    if isinstance(item, list):
        return "".join(_flat(part) for part in item)
    return ""


def _odd(where: str, message: str) -> Refused:
    return Refused(message, "items_unreadable", errors=(Problem(where, "unreadable", message),))


def _uuid_or_none(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def _small(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        number = int(value)
    except ValueError:
        return None
    return number if 0 < number < 2**31 else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def read_visit(body: dict[str, Any], *, patient: uuid.UUID) -> VisitBody:
    """Return the visit of an item's body."""
    visit = body.get("visit")
    if not isinstance(visit, dict):
        raise Refused(_("Catatan ini tidak berisi kunjungan."), "body_unreadable")
    pregnant = visit.get("pregnant")
    disability = visit.get("disability")
    return VisitBody(
        wish=VisitWish(
            patient_id=patient,
            unit=_text(visit.get("unit")),
            complaint=_text(visit.get("complaint")),
            payer=_text(visit.get("payer")) or "umum",
            priority=_text(visit.get("priority")),
            pregnant=pregnant if isinstance(pregnant, bool) else None,
            override_reason=_text(visit.get("override_reason")),
            disability=disability if isinstance(disability, bool) else None,
        ),
        prefix=_text(visit.get("prefix")),
        number=_small(visit.get("number")),
        registration=_small(visit.get("registration")),
    )


def read_patient_id(body: dict[str, Any], field: str) -> uuid.UUID:
    """Return which patient an item is about."""
    patient = _uuid_or_none(body.get(field))
    if patient is None:
        raise Refused(_("Catatan ini tidak menyebut pasiennya."), "body_unreadable")
    return patient


def read_person(body: dict[str, Any]) -> tuple[PatientInput, int | None, str]:
    """Return who was typed, the record number that was given, and why it is somebody new."""
    typed = body.get("patient")
    if not isinstance(typed, dict):
        raise Refused(_("Catatan ini tidak berisi data pasien."), "body_unreadable")
    known = {field.name for field in fields(PatientInput)}
    values: dict[str, Any] = {
        name: bool(value) if name == "birth_date_estimated" else _text(value)
        for name, value in typed.items()
        if name in known
    }
    return PatientInput(**values), _small(body.get("mrn")), _text(body.get("confirm_new"))


@dataclass(frozen=True)
class Clock:
    """How far a computer's clock is from ours, where it said what it shows now."""

    ahead: timedelta | None
    received: datetime

    @classmethod
    def of(cls, said: object, received: datetime) -> "Clock":
        """Compare what a computer's clock shows with ours."""
        shown = read_instant(said)
        return cls(None if shown is None else shown - received, received)

    def corrected(self, typed_at: str) -> datetime | None:
        """Return when something was really typed; None when that cannot be."""
        said = read_instant(typed_at)
        if said is None:
            return None
        try:
            real = said - self.ahead if self.ahead is not None else said
        except OverflowError:
            return None
        return None if real > self.received + CLOCK_SLACK else min(real, self.received)


def read_instant(said: object) -> datetime | None:
    """Return an ISO instant with its zone; None for anything else."""
    try:
        instant = datetime.fromisoformat(str(said))
        return instant.astimezone(UTC) if instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
