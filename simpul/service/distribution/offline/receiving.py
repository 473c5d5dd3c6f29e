"""Taking in what was written without the server: once each, in order, under the typist's name.

Every item is kept as it came and settled in one transaction of its own. What cannot be saved is
not lost: it waits in *Perlu diperiksa* (`deciding`).
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from simpul.domain.lanes import REGISTRATIONS, TICKETS
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotAllowed, Refused, SimpulError
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require
from simpul.foundation.staff.selectors import get_actor
from simpul.service.distribution.models import Ticket
from simpul.service.distribution.offline.devices import give_block, key_until, require_offline
from simpul.service.distribution.offline.items import (
    CLOCK_SLACK,
    Clock,
    Sent,
    VisitBody,
    read_patient_id,
    read_person,
    read_visit,
)
from simpul.service.distribution.offline.models import (
    Device,
    DeviceUse,
    ItemKind,
    NumberBlock,
    OfflineItem,
    OfflineOutcome,
    Status,
)
from simpul.service.distribution.services import Visit, register_visit
from simpul.service.patients.cards import PatientCard, card
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.matching.candidates import find_candidates
from simpul.service.patients.merging.models import ReviewTask
from simpul.service.patients.merging.services import open_task
from simpul.service.patients.models import Patient
from simpul.service.patients.numbers.schemes import get_numbering
from simpul.service.patients.selectors import get_row
from simpul.service.patients.services import ReservedRecord, register_patient
from simpul.service.registration.booking.selectors import booking_of
from simpul.service.registration.models import Encounter
from simpul.service.registration.selectors import get_encounter
from simpul.service.registration.services import Opening, VisitWish

#: Of a log-in that a clock out of order may still mean.
LATELY = timedelta(hours=36)
WORD = "Didaftarkan saat server tidak terjangkau"


@dataclass(frozen=True)
class Carried:
    """An item on its way in: who typed it when, and who brought it from where."""

    item: OfflineItem
    device: Device
    typist: Actor
    carrier: Actor
    typed_at: datetime
    clock: str
    #: Numbers given out at the computer are kept; without, the server gives new ones.
    keeps_numbers: bool = True


def receive(
    device: Device, items: list[Sent], *, by: Actor, clock_shows: object = None
) -> list[OfflineOutcome]:
    """Take in items in the order they came; return what became of each."""
    require_offline(by)
    clock = Clock.of(clock_shows, now())
    outcomes = [_receive_one(device, sent, clock, by=by) for sent in items]
    if device.lane is not None and any(o.mrn for o in outcomes):
        with transaction.atomic():
            give_block(Device.objects.select_for_update().get(id=device.id))
    return outcomes


def _receive_one(device: Device, sent: Sent, clock: Clock, *, by: Actor) -> OfflineOutcome:
    with transaction.atomic():
        item, is_new = OfflineItem.objects.get_or_create(
            id=sent.id,
            defaults={
                "facility": by.facility_id,
                "device": device,
                "kind": sent.kind,
                "typed_by": sent.typed_by,
                "typed_at": sent.typed_at,
                "seq": sent.seq,
                "body": sent.body,
                "fingerprint": sent.fingerprint,
                "carried_by": by.account_id,
                "received_at": clock.received,
            },
        )
        if not is_new:
            return _said_before(item, sent, by=by)
        try:
            carried = _believe(item, device, sent, clock, by=by)
            outcome = settle(carried)
        except SimpulError as refusal:
            outcome = _refused(item, refusal)
            _record_refusal(item, device, outcome, by=by)
        outcome.save(force_insert=True)
    return outcome


def _said_before(item: OfflineItem, sent: Sent, *, by: Actor) -> OfflineOutcome:
    if item.fingerprint != sent.fingerprint or item.facility != by.facility_id:
        return OfflineOutcome(
            item=item,
            status=Status.REFUSED,
            code="item_reused",
            why=_(
                "Nomor pengenal catatan ini sudah dipakai untuk isian lain. Yang pertama aman; "
                "yang ini tidak disimpan. Kirim sebagai catatan baru."
            ),
        )
    return item.outcomes.order_by("-id")[0]


def _believe(item: OfflineItem, device: Device, sent: Sent, clock: Clock, *, by: Actor) -> Carried:
    """Return who typed the item and when, or refuse what cannot be believed."""
    typist = None if sent.typed_by is None else get_actor(sent.typed_by)
    if typist is None or typist.facility_id != by.facility_id:
        raise NotAllowed(
            _(
                "Akun yang mengetik tidak dikenal atau sudah ditutup. Isian disimpan untuk "
                "diperiksa."
            ),
            "typist_unknown",
        )
    at = clock.corrected(sent.typed_at)
    if at is not None and at < device.first_seen_at - CLOCK_SLACK:
        at = None
    uses = DeviceUse.objects.filter(device=device, account=typist.account_id)
    if at is not None:
        told = "as-said" if clock.ahead is None or abs(clock.ahead) < CLOCK_SLACK else "corrected"
        if any(_covers(use, at) for use in uses.order_by("-began_at")[:200]):
            return Carried(item, device, typist, by, at, told)
    else:
        # A clock that cannot be right says nothing about who sat there: it must have been somebody
        # whose log-in was alive lately.
        recent = clock.received - LATELY
        alive = Q(ended_at__isnull=True) | Q(ended_at__gte=recent)
        use = uses.filter(alive).order_by("-began_at").first()
        if use is not None:
            at = min(use.ended_at or clock.received, clock.received)
            return Carried(item, device, typist, by, at, "doubtful")
    raise NotAllowed(
        _(
            "Yang mengetik tidak tercatat masuk di komputer itu pada jam itu. Isian disimpan untuk "
            "diperiksa, belum didaftarkan."
        ),
        "typist_not_there",
    )


def _covers(use: DeviceUse, at: datetime) -> bool:
    end = key_until(use)
    if use.ended_at is not None:
        end = min(end, use.ended_at)
    return use.began_at - CLOCK_SLACK <= at <= end + CLOCK_SLACK


def settle(carried: Carried) -> OfflineOutcome:
    """Do what an item says; Refused and its kin leave nothing behind but the item itself."""
    try:
        with transaction.atomic():
            return _settle(carried)
    except (IntegrityError, Conflict) as trouble:
        if isinstance(trouble, Conflict) and trouble.code != "nik_taken":
            raise
        # Somebody else has one of its numbers (two tabs, or a database put back from a backup).
        try:
            with transaction.atomic():
                return _settle(replace(carried, keeps_numbers=False))
        except IntegrityError:
            raise Conflict(
                _("Catatan ini bertabrakan dengan data lain, jadi belum didaftarkan."),
                "numbers_taken",
            ) from None


def _settle(carried: Carried) -> OfflineOutcome:
    match carried.item.kind:
        case ItemKind.NEW_PATIENT:
            return _settle_new_patient(carried)
        case ItemKind.VISIT:
            patient = read_patient_id(carried.item.body, "patient")
            return _settle_visit(carried, read_visit(carried.item.body, patient=patient), [])
        case ItemKind.SOAP_DRAFT:
            return _settle_draft(carried)
    raise Refused(_("Jenis catatan ini tidak dikenal versi ini."), "kind_unknown")


def _settle_new_patient(carried: Carried) -> OfflineOutcome:
    body, by = carried.item.body, carried.typist
    patient_id = read_patient_id(body, "patient_id")
    if Patient.objects.filter(id=patient_id).exists():
        return _settle_visit(carried, read_visit(body, patient=patient_id), [])
    typed, number, why = read_person(body)
    made = register_patient(
        by=by,
        typed=typed,
        confirm_new=why or WORD,
        reserved=ReservedRecord(patient_id, _record_number(carried, number)),
    )
    doubts: list[tuple[str, Patient | None]] = []
    if made.patient.no_nik_reason == "conflict":
        doubts.append(("nik-conflict", _holder(typed, made.patient.id, by=by)))
    elif not why:
        # Where the counter saw the candidate and said why not, nobody has to say it again.
        doubts += [("likely-duplicate", other) for other in _alike(made.patient, by=by)]
    if number is not None and get_numbering().personal.parse(made.patient.mrn) != number:
        doubts.append(("record-number-changed", None))
    return _settle_visit(
        carried, read_visit(body, patient=patient_id), doubts, mrn=made.patient.mrn
    )


def _holder(typed: PatientInput, made: uuid.UUID, *, by: Actor) -> Patient | None:
    nik = "".join(sign for sign in typed.nik if sign.isdigit())
    return Patient.objects.filter(owner=by.facility_id, nik=nik).exclude(id=made).first()


def _alike(patient: PatientCard, *, by: Actor) -> list[Patient]:
    """Return whom the newcomer most looks like, as the server knows everybody."""
    found = find_candidates(patient.key, by=by, limit=1, leave_out=patient.id)
    sure = [c for c in found if c.match.level in ("certain", "possible")]
    return [get_row(candidate.patient.id, by=by) for candidate in sure]


def _record_number(carried: Carried, number: int | None) -> str:
    """Return the record number given at the computer if it is from its block and free."""
    if number is None or not carried.keeps_numbers:
        return ""
    here = get_here()
    block = (
        NumberBlock.objects.select_for_update()
        .filter(device=carried.device, first__lte=number, last__gte=number)
        .first()
    )
    mrn = get_numbering().personal.format(number)
    if block is None or Patient.objects.filter(owner=here.id, mrn=mrn).exists():
        return ""
    if number > block.used_to:
        block.used_to = number
        block.save(update_fields=["used_to"])
    return mrn


def _settle_visit(
    carried: Carried,
    body: VisitBody,
    doubts: list[tuple[str, Patient | None]],
    *,
    mrn: str = "",
) -> OfflineOutcome:
    by = carried.typist
    person = get_row(body.wish.patient_id, by=by)
    opening = Opening(
        id=carried.item.id, at=carried.typed_at, registration_number=_book_number(carried, body)
    )
    number = _ticket_number(carried, body)
    try:
        visit = _register(carried, _with_booking(carried, body.wish, person), opening, number)
    except Conflict as waiting:
        if waiting.code != "already_waiting":
            raise
        return _hold(carried, person, waiting, doubts, mrn=mrn)
    doubts = [*doubts, *_doubts(carried, body, visit, number, person)]
    outcome = OfflineOutcome(
        item=carried.item,
        status=Status.SAVED,
        patient=person.id,
        encounter=visit.encounter.id,
        ticket=visit.ticket.label,
        mrn=mrn,
        registration=visit.encounter.registration_number,
        at=now(),
    )
    _tell(carried, outcome, person, doubts, unit=visit.distribution.unit)
    return outcome


def _register(carried: Carried, wish: VisitWish, opening: Opening, number: int | None) -> Visit:
    try:
        with transaction.atomic():
            return register_visit(wish, by=carried.typist, opening=opening, number=number)
    except Conflict as refusal:
        if wish.booking_id is None or not refusal.code.startswith("booking_"):
            raise
    # Somebody used or took back the booking in this very moment; the patient holds a number.
    return _register(carried, replace(wish, booking_id=None), opening, number)


def _with_booking(carried: Carried, wish: VisitWish, person: Patient) -> VisitWish:
    """Let a booking of that day and unit become this visit, if it names the person for certain.

    By the link, NIK or BPJS card, or name with birth date; a bare name is for a person to judge.
    """
    by = carried.typist
    if get_here().day_of(carried.typed_at) != get_here().today() or not may(by, "view", "booking"):
        return wish
    booking = booking_of(card(person), by=by)
    if booking is None or booking.unit != wish.unit or not booking.names_for_certain:
        return wish
    return replace(wish, booking_id=booking.id)


def _book_number(carried: Carried, body: VisitBody) -> str:
    lane, number = carried.device.lane, body.registration
    if lane is None or number is None or not carried.keeps_numbers:
        return ""
    first, last = REGISTRATIONS.of(lane)
    text = f"{get_here().day_of(carried.typed_at):%y%m%d}-{number:04d}"
    taken = Encounter.objects.filter(
        owner=carried.typist.facility_id, registration_number=text
    ).exists()
    return text if first <= number <= last and not taken else ""


def _ticket_number(carried: Carried, body: VisitBody) -> int | None:
    """Return the printed ticket's number if it is of this computer's lane and free."""
    lane, number, here = carried.device.lane, body.number, get_here()
    unit = here.units.get(body.wish.unit)
    if lane is None or number is None or unit is None or not carried.keeps_numbers:
        return None
    first, last = TICKETS.of(lane)
    if not first <= number <= last or body.prefix != unit.prefix:
        return None
    taken = Ticket.objects.filter(
        owner=here.id,
        service_date=here.day_of(carried.typed_at),
        prefix=unit.prefix,
        number=number,
    ).exists()
    return None if taken else number


def _doubts(
    carried: Carried, body: VisitBody, visit: Visit, number: int | None, person: Patient
) -> list[tuple[str, Patient | None]]:
    """Return what a person should look at although the visit is saved."""
    here = get_here()
    unit = here.units[visit.distribution.unit]
    placement = visit.placement
    suggested = placement.suggestion.unit if placement and placement.suggestion else unit.code
    asked = bool(body.wish.override_reason.strip())
    found = {
        "unit-closed": not unit.is_open or not unit.takes_patients,
        "other-unit-suggested": suggested != unit.code and not asked,
        "deceased": person.deceased_on is not None and not asked,
        "other-day": visit.encounter.service_date != here.today(),
        "number-changed": body.number is not None and number is None,
        "clock-doubtful": carried.clock == "doubtful",
    }
    return [(code, None) for code, holds in found.items() if holds]


def _hold(
    carried: Carried,
    person: Patient,
    waiting: Conflict,
    doubts: list[tuple[str, Patient | None]],
    *,
    mrn: str,
) -> OfflineOutcome:
    outcome = OfflineOutcome(
        item=carried.item,
        status=Status.HELD,
        code="already_waiting",
        why=_("Pasien ini sudah menunggu di poli itu dengan nomor %(ticket)s.")
        % {"ticket": waiting.extra.get("ticket", "lain")},
        patient=person.id,
        mrn=mrn,
        at=now(),
    )
    _tell(carried, outcome, person, [*doubts, ("already-waiting", None)])
    return outcome


def _settle_draft(carried: Carried) -> OfflineOutcome:
    body, by = carried.item.body, carried.typist
    encounter = get_encounter(read_patient_id(body, "encounter"), by=by)
    unit = str(body.get("unit") or encounter.unit)
    require(by, "input", "clinical", unit=unit)
    outcome = OfflineOutcome(
        item=carried.item,
        status=Status.SAVED,
        patient=encounter.patient_id,
        encounter=encounter.id,
        at=now(),
    )
    _tell(carried, outcome, None, [], unit=unit)
    return outcome


def _tell(
    carried: Carried,
    outcome: OfflineOutcome,
    person: Patient | None,
    doubts: list[tuple[str, Patient | None]],
    *,
    unit: str = "",
) -> None:
    """Note in the journal what came in and how; put what is in doubt into *Perlu diperiksa*."""
    item = carried.item
    with act(by=carried.typist) as this:
        for other in _about(doubts):
            task = open_task(
                this,
                kind="offline",
                patient=person,  # type: ignore[arg-type]
                other=other,
                detail={
                    "item": str(item.id),
                    "device": carried.device.code,
                    "doubts": [code for code, _other in doubts],
                },
            )
            outcome.task = task.pk
        if outcome.task is None and doubts:
            outcome.task = _line_about(outcome.patient)
        if doubts and not outcome.code:
            outcome.code = doubts[0][0].replace("-", "_")
        this.record(
            "offline-received",
            unit=unit,
            patient=outcome.patient,
            encounter=outcome.encounter,
            subject=f"offline:{item.id}",
            detail={
                "kind": item.kind,
                "status": str(outcome.status),
                "device": carried.device.code,
                "carried_by": str(carried.carrier.practitioner_id),
                "typed_at": item.typed_at,
                "clock": carried.clock,
                "received_at": item.received_at.isoformat(),
                "doubts": [code for code, _other in doubts],
            },
        )


def _line_about(patient: uuid.UUID | None) -> uuid.UUID | None:
    rows = ReviewTask.objects.filter(patient=patient, closed_at__isnull=True)
    return rows.order_by("-opened_at").values_list("pk", flat=True).first()


def _about(doubts: list[tuple[str, Patient | None]]) -> list[Patient | None]:
    """With whom each line is about: one line a pair, and one alone where no pair is in doubt."""
    others = {
        other.pk: other
        for code, other in doubts
        # Registering has put a line of its own about one NIK on two people.
        if other is not None and code != "nik-conflict"
    }
    doubts = [pair for pair in doubts if pair[0] != "nik-conflict"]
    if others:
        return list(others.values())
    return [None] if doubts else []


def _refused(item: OfflineItem, refusal: SimpulError) -> OfflineOutcome:
    return OfflineOutcome(
        item=item,
        status=Status.REFUSED,
        code=refusal.code[:60],
        why="; ".join([refusal.message, *(str(p.message) for p in refusal.errors)])[:300],
        at=now(),
    )


def _record_refusal(
    item: OfflineItem, device: Device, outcome: OfflineOutcome, *, by: Actor
) -> None:
    with act(by=by) as this:
        this.record(
            "offline-refused",
            subject=f"offline:{item.id}",
            detail={
                "kind": item.kind,
                "device": device.code,
                "typed_by": str(item.typed_by),
                "code": outcome.code,
            },
        )
