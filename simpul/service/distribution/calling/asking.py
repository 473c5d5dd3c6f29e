"""A room wants a number called out: the wish is stored with the call, in one transaction."""

from simpul.foundation.facilities.rooms import RoomPlace
from simpul.foundation.facilities.selectors import Unit
from simpul.foundation.journal.acts import Act
from simpul.service.distribution.calling.models import CallAnnouncement, CallState
from simpul.service.distribution.calling.timing import FRESH
from simpul.service.distribution.models import Distribution


def ask_call(
    this: Act, row: Distribution, *, unit: Unit, room: RoomPlace | None, is_turn: bool
) -> None:
    """Put a call into the queue of the floor; one that still waits there is not put in twice."""
    name, floor = place_of(unit, room)
    if room is None and len(unit.rooms) > 1:
        # Called once more from a computer that stands in no room: into the room of the last call.
        last = CallAnnouncement.objects.filter(distribution=row).order_by("asked_at").last()
        if last is not None:
            name, floor = last.room, last.floor
    waiting = CallAnnouncement.objects.filter(
        distribution=row, state=CallState.WAITING, asked_at__gte=this.at - FRESH
    )
    if not is_turn and waiting.update(room=name, floor=floor):
        return
    CallAnnouncement.objects.create(
        owner=this.facility,
        distribution=row,
        ticket_id=row.ticket_id,
        service_date=row.service_date,
        unit=row.unit,
        room=name,
        floor=floor,
        priority=row.priority,
        is_turn=is_turn,
        asked_at=this.at,
    )


def place_of(unit: Unit, room: RoomPlace | None) -> tuple[str, int]:
    """Return the name of the place a number is called to, and the floor it is heard on."""
    if room is not None:
        return room.name, room.floor
    if unit.rooms:
        # Nobody said which room: the unit's name is called, where its first room is.
        return "", unit.rooms[0].floor
    return unit.room, unit.floor
