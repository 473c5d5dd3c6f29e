"""The list of computers for the IT person and the head."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from simpul.domain.lanes import TICKETS
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account
from simpul.foundation.staff.rights import require
from simpul.service.distribution.offline.models import Device, NumberBlock


@dataclass(frozen=True)
class Computer:
    """One computer: who was there last, what waits there, which numbers are its own."""

    id: uuid.UUID
    name: str
    code: str
    last_seen_at: datetime
    last_person: str
    waiting: int
    tickets: tuple[int, int] | None
    record_numbers: tuple[int, int] | None
    record_numbers_left: int
    never_used: int
    wipe_asked_at: datetime | None
    wiped_at: datetime | None


def list_computers(*, by: Actor) -> list[Computer]:
    """Return every computer that signed on here, the one seen last first."""
    require(by, "view", "settings")
    devices = list(Device.objects.filter(facility=by.facility_id).order_by("-last_seen_at")[:200])
    blocks: dict[uuid.UUID, list[NumberBlock]] = {}
    for block in NumberBlock.objects.filter(device__in=devices).order_by("id"):
        blocks.setdefault(block.device_id, []).append(block)
    accounts = {device.last_account for device in devices if device.last_account}
    people = dict(Account.objects.filter(id__in=accounts).values_list("id", "practitioner_id"))
    names = practitioner_names(set(people.values()))
    return [
        _computer(device, blocks.get(device.id, []), _person(device.last_account, people, names))
        for device in devices
    ]


def _person(
    account: uuid.UUID | None, people: dict[uuid.UUID, uuid.UUID], names: dict[uuid.UUID, str]
) -> str:
    person = None if account is None else people.get(account)
    return "" if person is None else names.get(person, "")


def _computer(device: Device, blocks: list[NumberBlock], person: str) -> Computer:
    current = next((block for block in blocks if block.closed_at is None), None)
    return Computer(
        id=device.id,
        name=device.name,
        code=device.code,
        last_seen_at=device.last_seen_at,
        last_person=person,
        waiting=device.waiting,
        tickets=None if device.lane is None else TICKETS.of(device.lane),
        record_numbers=None if current is None else (current.first, current.last),
        record_numbers_left=0 if current is None else current.last - current.used_to,
        never_used=sum(b.last - b.used_to for b in blocks if b.closed_at is not None),
        wipe_asked_at=device.wipe_asked_at,
        wiped_at=device.wiped_at,
    )
