"""Items that a person must look at: who is it, why did it stop, and what becomes of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from simpul.domain.dates import format_date
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account
from simpul.foundation.staff.rights import require
from simpul.service.distribution.offline.items import read_instant
from simpul.service.distribution.offline.models import (
    ItemKind,
    OfflineItem,
    OfflineOutcome,
    Status,
)
from simpul.service.distribution.offline.receiving import Carried, settle
from simpul.service.patients.models import Patient

OPEN = (Status.HELD, Status.REFUSED)


@dataclass(frozen=True)
class Waiting:
    """One item that waits for a person."""

    id: uuid.UUID
    kind: str
    kind_text: str
    status: str
    why: str
    code: str
    name: str
    birth_date: str
    village: str
    unit: str
    unit_name: str
    complaint: str
    ticket: str
    typed_by: str
    typed_at: datetime | None
    typed_at_said: str
    received_at: datetime
    device: str
    can_register: bool


def _open_items(facility: uuid.UUID) -> Any:
    newest = OfflineOutcome.objects.filter(item=OuterRef("pk")).order_by("-id")
    return (
        OfflineItem.objects.filter(facility=facility)
        .annotate(
            status=Subquery(newest.values("status")[:1]),
            why=Subquery(newest.values("why")[:1]),
            code=Subquery(newest.values("code")[:1]),
            patient=Subquery(newest.values("patient")[:1]),
        )
        .filter(status__in=OPEN)
    )


def count_waiting(*, by: Actor) -> int:
    """Return how many items wait for a person."""
    require(by, "input", "encounter")
    return int(_open_items(by.facility_id).count())


def list_waiting(*, by: Actor, limit: int = 100) -> list[Waiting]:
    """Return the items that wait for a person, oldest first."""
    require(by, "input", "encounter")
    rows = list(
        _open_items(by.facility_id).select_related("device").order_by("received_at", "seq")[:limit]
    )
    typists = _names([row.typed_by for row in rows if row.typed_by])
    about = [found for row in rows if (found := row.patient or _patient_id(row))]
    known = {
        row.id: row
        for row in Patient.objects.filter(
            owner=by.facility_id,
            id__in=about,
        )
    }
    return [_waiting(row, typists, known) for row in rows]


def _names(accounts: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    people = dict(Account.objects.filter(id__in=accounts).values_list("id", "practitioner_id"))
    names = practitioner_names(set(people.values()))
    return {account: names.get(person, "") for account, person in people.items()}


def _patient_id(row: OfflineItem) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(row.body.get("patient") or row.body.get("patient_id")))
    except ValueError:
        return None


def _waiting(row: Any, typists: dict[uuid.UUID, str], known: dict[uuid.UUID, Patient]) -> Waiting:
    body = row.body
    typed = body.get("patient") if isinstance(body.get("patient"), dict) else {}
    visit = body.get("visit") if isinstance(body.get("visit"), dict) else {}
    person = known.get(row.patient or _patient_id(row) or row.id)
    units = get_here().units
    unit = str(visit.get("unit") or body.get("unit") or "")[:20]
    return Waiting(
        id=row.id,
        kind=row.kind,
        kind_text=str(ItemKind(row.kind).label) if row.kind in ItemKind.values else row.kind,
        status=row.status,
        why=row.why,
        code=row.code,
        name=person.name if person is not None else str(typed.get("name", ""))[:120],
        birth_date=format_date(person.birth_date)
        if person is not None
        else str(typed.get("birth_date", ""))[:20],
        village=person.village if person is not None else str(typed.get("village", ""))[:80],
        unit=unit,
        unit_name=units[unit].name if unit in units else unit,
        complaint=str(visit.get("complaint", ""))[:300],
        ticket=str(visit.get("ticket") or "")[:12],
        typed_by=typists.get(row.typed_by, "") if row.typed_by else "",
        typed_at=read_instant(row.typed_at),
        typed_at_said=row.typed_at,
        received_at=row.received_at,
        device=f"{row.device.name} ({row.device.code})",
        can_register=row.kind in (ItemKind.NEW_PATIENT, ItemKind.VISIT),
    )


def _open_item(item: uuid.UUID, *, by: Actor) -> OfflineItem:
    row = (
        OfflineItem.objects.select_for_update(of=("self",))
        .select_related("device")
        .filter(id=item, facility=by.facility_id)
        .first()
    )
    if row is None:
        raise NotHere(_("Kiriman ini tidak ada dalam daftar."), "item_unknown")
    if row.outcomes.order_by("-id")[0].status not in OPEN:
        raise Conflict(
            _("Kiriman ini sudah diputuskan orang lain. Tidak ada yang diubah."), "item_decided"
        )
    return row


def register_item(item: uuid.UUID, *, unit: str = "", by: Actor) -> OfflineOutcome:
    """Register after all what an item says, under the name of the person who decides it."""
    require(by, "input", "encounter")
    with transaction.atomic():
        row = _open_item(item, by=by)
        if row.kind not in (ItemKind.NEW_PATIENT, ItemKind.VISIT):
            raise Refused(_("Hanya pendaftaran yang dapat didaftarkan dari sini."), "not_a_visit")
        if unit:
            get_here().unit(unit)
            visit = row.body.get("visit")
            row.body = {**row.body, "visit": {**(visit or {}), "unit": unit}}
        moment = now()
        said = read_instant(row.typed_at)
        at = said if said is not None and row.device.first_seen_at <= said <= moment else moment
        carried = Carried(row, row.device, typist=by, carrier=by, typed_at=at, clock="decided")
        outcome = settle(carried)
        if outcome.status != Status.SAVED:
            # Nothing is kept of a decision that changed nothing: the item goes on waiting.
            raise Conflict(outcome.why, outcome.code or "still_held")
        outcome.decided_by = by.practitioner_id
        outcome.save(force_insert=True)
    return outcome


def discard_item(item: uuid.UUID, *, reason: str, by: Actor) -> OfflineOutcome:
    """Decide with a reason that an item is not needed; it stays as it came."""
    require(by, "input", "encounter")
    text = " ".join(reason.split())
    if not text or len(text) > 160 or "\x00" in reason:
        raise Refused(
            _("Tulis alasannya, paling banyak 160 huruf. Belum ada yang diubah."),
            "reason_required",
            errors=(Problem("reason", "required", _("Tulis alasan.")),),
        )
    with act(by=by) as this:
        row = _open_item(item, by=by)
        last = row.outcomes.order_by("-id")[0]
        outcome = OfflineOutcome.objects.create(
            item=row,
            status=Status.DISCARDED,
            code="discarded",
            why=_("Tidak dipakai: %(reason)s") % {"reason": text},
            patient=last.patient,
            task=last.task,
            decided_by=by.practitioner_id,
            reason=text,
            at=this.at,
        )
        this.record(
            "offline-discarded",
            patient=last.patient,
            subject=f"offline:{row.id}",
            detail={"device": row.device.code, "was": last.code},
        )
    return outcome


@dataclass(frozen=True)
class Draft:
    """A note of a poli that reached the server unsigned."""

    id: uuid.UUID
    unit: str
    soap: dict[str, str]
    typed_at: str


def list_drafts(encounter: uuid.UUID, *, by: Actor) -> list[Draft]:
    """Return this person's own unsigned notes about a visit, newest first."""
    require(by, "input", "clinical")
    rows = OfflineItem.objects.filter(
        Q(outcomes__encounter=encounter, outcomes__status=Status.SAVED),
        facility=by.facility_id,
        kind=ItemKind.SOAP_DRAFT,
        typed_by=by.account_id,
    ).order_by("-received_at", "-seq")[:20]
    return [_draft(row) for row in rows]


def _draft(row: OfflineItem) -> Draft:
    soap = row.body.get("soap")
    parts = soap if isinstance(soap, dict) else {}
    return Draft(
        id=row.id,
        unit=str(row.body.get("unit", ""))[:20],
        soap={part: str(parts.get(part, ""))[:8000] for part in ("s", "o", "a", "p")},
        typed_at=row.typed_at,
    )
