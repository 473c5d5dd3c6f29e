"""Changing rooms, floors, and how queues mix priority and routine patients."""

import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from simpul.domain.queue_order import MOST_IN_A_ROW
from simpul.foundation.core.errors import NotHere, Problem, Refused
from simpul.foundation.facilities.models import QueueMode, QueueRule, Room, ServiceUnit
from simpul.foundation.facilities.rooms import PRIORITY_GROUPS
from simpul.foundation.facilities.selectors import forget_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

MOST_FLOORS = 20
MOST_ROOMS = 30


def add_room(unit: str, *, name: str, floor: int, by: Actor) -> Room:
    """Give a unit one more room."""
    _may_change(by)
    row = _unit(unit, by=by)
    name = _checked(row, name, floor)
    rooms = Room.objects.filter(unit=row)
    if rooms.count() >= MOST_ROOMS:
        raise Refused(_("Ruang unit ini sudah terlalu banyak; tutup yang tidak dipakai."), "rooms")
    room = Room(facility_id=by.facility_id, unit=row, name=name, floor=floor, order=rooms.count())
    with act(by=by) as this:
        this.create(room)
        this.record("room-changed", unit=unit, detail={"room": str(room.id), "floor": floor})
    forget_here()
    return room


def change_room(
    room: uuid.UUID,
    *,
    by: Actor,
    name: str | None = None,
    floor: int | None = None,
    is_open: bool | None = None,
) -> Room:
    """Rename a room, move it to another floor, open or close it."""
    _may_change(by)
    row = Room.objects.select_related("unit").filter(id=room, facility_id=by.facility_id).first()
    if row is None:
        raise NotHere(_("Ruang ini tidak ada di Puskesmas Anda."), "room_unknown")
    name = _checked(
        row.unit,
        row.name if name is None else name,
        row.floor if floor is None else floor,
        but=row.id,
    )
    changed = []
    for field, value in (("name", name), ("floor", floor), ("is_open", is_open)):
        if value is not None and value != getattr(row, field):
            setattr(row, field, value)
            changed.append(field)
    if changed:
        with act(by=by) as this:
            this.update(row, *changed)
            this.record(
                "room-changed", unit=row.unit.code, detail={"room": str(row.id), "fields": changed}
            )
        forget_here()
    return row


def set_unit_floor(unit: str, *, floor: int, by: Actor) -> ServiceUnit:
    """Say on which floor a unit without rooms of its own is called."""
    _may_change(by)
    row = _unit(unit, by=by)
    _check_floor(floor)
    if row.floor != floor:
        row.floor = floor
        with act(by=by) as this:
            this.update(row, "floor")
            this.record("unit-changed", unit=unit, detail={"fields": ["floor"]})
        forget_here()
    return row


def set_queue_rule(
    unit: str,
    *,
    mode: str,
    by: Actor,
    priority_calls: int = 2,
    routine_calls: int = 1,
    groups: Collection[str] | None = None,
) -> QueueRule | None:
    """Set how a unit's queue is mixed; unit "" is the whole house, mode "" follows the house.

    `groups` (of `PRIORITY_GROUPS`) only belongs to the house. Numbers already given keep the
    priority they were registered with.
    """
    _may_change(by)
    if unit:
        _unit(unit, by=by)
    if mode not in QueueMode.values and not (unit and mode == ""):
        raise Refused(_("Pilih cara dari daftar; belum ada yang diubah."), "queue_mode_unknown")
    if not all(1 <= calls <= MOST_IN_A_ROW for calls in (priority_calls, routine_calls)):
        message = _("Rasio: kedua angkanya 1 sampai %(most)d.") % {"most": MOST_IN_A_ROW}
        raise Refused(
            message, "ratio_out_of_range", errors=(Problem("priority_calls", "range", message),)
        )
    row = QueueRule.objects.filter(facility_id=by.facility_id, unit=unit).first()
    if row is None and not mode:
        return None
    values: dict[str, object] = {"is_active": bool(mode)}
    if mode:
        values |= {"mode": mode, "priority_calls": priority_calls, "routine_calls": routine_calls}
    if groups is not None and not unit:
        values |= {f"counts_{code.replace('-', '_')}": code in groups for code in PRIORITY_GROUPS}
    with act(by=by) as this:
        if row is None:
            row = QueueRule(facility_id=by.facility_id, unit=unit, **values)
            this.create(row)
        else:
            for field, value in values.items():
                setattr(row, field, value)
            this.update(row, *values)
        this.record(
            "queue-rule-changed",
            unit=unit,
            detail={key: value for key, value in values.items() if key != "is_active"},
        )
    forget_here()
    return row


def list_rooms(*, by: Actor) -> list[tuple[ServiceUnit, list[Room]]]:
    """Return every unit with its rooms, closed ones too."""
    require(by, "view", "settings")
    require_home(by)
    rooms: dict[uuid.UUID, list[Room]] = {}
    for room in Room.objects.filter(facility_id=by.facility_id).order_by("order", "name"):
        rooms.setdefault(room.unit_id, []).append(room)
    units = ServiceUnit.objects.filter(facility_id=by.facility_id).order_by("order", "code")
    return [(unit, rooms.get(unit.id, [])) for unit in units]


def list_queue_rules(*, by: Actor) -> dict[str, QueueRule]:
    """Return the rules in force by unit; the house's has the key ""."""
    require(by, "view", "settings")
    require_home(by)
    rules = {
        rule.unit: rule
        for rule in QueueRule.objects.filter(facility_id=by.facility_id, is_active=True)
    }
    rules.setdefault("", QueueRule(unit=""))
    return rules


def _may_change(by: Actor) -> None:
    require(by, "correct", "settings")
    require_home(by)


def _unit(code: str, *, by: Actor) -> ServiceUnit:
    row = ServiceUnit.objects.filter(facility_id=by.facility_id, code=code).first()
    if row is None:
        raise NotHere(_("Unit ini tidak ada di Puskesmas Anda."), "unit_unknown")
    return row


def _checked(unit: ServiceUnit, name: str, floor: int, *, but: uuid.UUID | None = None) -> str:
    name = " ".join(name.split())
    _check_floor(floor)
    if not 1 <= len(name) <= 40 or "\x00" in name:
        message = _("Nama ruang: 1–40 huruf.")
        raise Refused(message, "room_refused", errors=(Problem("name", "length", message),))
    same = Room.objects.filter(unit=unit, name__iexact=name).values_list("id", flat=True)
    if any(other != but for other in same):
        message = _("%(unit)s sudah punya ruang bernama itu.") % {"unit": unit.name}
        raise Refused(message, "room_taken", errors=(Problem("name", "taken", message),))
    return name


def _check_floor(floor: int) -> None:
    if not 1 <= floor <= MOST_FLOORS:
        message = _("Lantai: angka 1 sampai %(most)d.") % {"most": MOST_FLOORS}
        raise Refused(message, "floor_refused", errors=(Problem("floor", "range", message),))
