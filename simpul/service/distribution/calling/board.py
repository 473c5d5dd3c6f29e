"""The public board of a floor: numbers, units and rooms, nothing that names a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from simpul.domain.queue_order import Lane, Waiting, calling_order
from simpul.foundation.core.clock import now
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.selectors import Here, get_here
from simpul.service.distribution.calling.asking import place_of
from simpul.service.distribution.calling.playing import list_unheard
from simpul.service.distribution.calling.selectors import lane_of
from simpul.service.distribution.models import PRESENT, WAITING, Stage, ticket_label

UPCOMING = 4
MISSED = 12


@dataclass(frozen=True)
class Shown:
    """A number on the board, where it goes to, and when it was called."""

    ticket: str
    unit: str
    unit_name: str
    room: str
    at: datetime


@dataclass(frozen=True)
class WaitingRoomBoard:
    """What the board of one floor shows; `is_announced`: the big number was called out already."""

    floor: int
    current: Shown | None
    is_announced: bool
    latest: tuple[Shown, ...]
    upcoming: tuple[tuple[str, tuple[str, ...]], ...]
    missed: tuple[str, ...]


_NUMBERS = """
    SELECT d.unit, d.stage, d.priority, d.place, d.skip_count, d.saved_at, d.called_at,
           t.prefix, t.number, a.room, a.floor, a.state
    FROM distribution_distribution d
    JOIN distribution_ticket t ON t.id = d.ticket_id
    LEFT JOIN calling_callannouncement a ON a.id = (
        SELECT b.id FROM calling_callannouncement b WHERE b.distribution_id = d.id
        ORDER BY b.asked_at DESC, b.id DESC LIMIT 1)
    WHERE d.owner = %s AND d.service_date = %s
      AND (d.called_at IS NOT NULL OR d.stage IN ('saved', 'shown', 'opened', 'no-show'))
"""

_TURNS = """
    SELECT unit, priority FROM calling_callannouncement
    WHERE owner = %s AND service_date = %s AND is_turn ORDER BY asked_at, id
"""


def get_board(floor: int) -> WaitingRoomBoard:
    """Return the board of a floor.

    The big number is the one being called out or next to be: all televisions of a floor show the
    same, whichever of them speaks. Afterwards it is the last one that was called.
    """
    here = get_here()
    today = here.today()
    calls: list[Shown] = []
    waiting: dict[str, list[Waiting[str]]] = {}
    missed: list[tuple[datetime, str]] = []
    for row in fetch_values(_NUMBERS, "-----tt-----", [here.id, today]):
        unit, stage, priority, place, skips, saved_at, called_at, prefix, number, *call = row
        if unit not in here.units:
            continue
        label = ticket_label(prefix, number)
        if stage == Stage.NO_SHOW:
            if floor in _floors_of(here, unit):
                missed.append((saved_at, label))
        elif called_at is not None and stage in (*PRESENT, Stage.DONE):
            # A number stays the unit's last one until another is called, also when served.
            room, at_floor, _state = call if call[1] is not None else (*_place(here, unit), "")
            if at_floor == floor:
                calls.append(Shown(label, unit, here.units[unit].name, room, called_at))
        elif stage in WAITING and floor in _floors_of(here, unit):
            waiting.setdefault(unit, []).append(
                Waiting(label, lane_of(priority), place, skips, saved_at)
            )
    calls.sort(key=lambda call: call.at, reverse=True)
    current, is_announced = _current(here, floor, calls)
    latest: dict[tuple[str, str], Shown] = {}
    for one in calls:
        if current is None or (one.unit, one.room) != (current.unit, current.room):
            latest.setdefault((one.unit, one.room), one)
    turns = _turns(here) if waiting else {}
    missed.sort()
    return WaitingRoomBoard(
        floor=floor,
        current=current,
        is_announced=is_announced,
        latest=tuple(latest.values()),
        upcoming=tuple(
            (
                unit.name,
                _next_labels(here, code, waiting[code], turns.get(code, ())),
            )
            for code, unit in here.units.items()
            if code in waiting
        ),
        missed=tuple(label for _at, label in missed[-MISSED:]),
    )


def _current(here: Here, floor: int, calls: list[Shown]) -> tuple[Shown | None, bool]:
    moment = now()
    unheard = list_unheard(floor)
    sounding = [call for call in unheard if call.is_sounding(moment)]
    for call in (*sounding, *(one for one in unheard if one.may_be_taken(moment))):
        unit = here.units.get(call.unit)
        if unit is not None:
            label = ticket_label(call.prefix, call.number)
            return Shown(label, call.unit, unit.name, call.room, call.asked_at), False
    return (calls[0] if calls else None), True


def _next_labels(
    here: Here, unit: str, waiting: list[Waiting[str]], turns: Sequence[Lane]
) -> tuple[str, ...]:
    order = calling_order(waiting, here.units[unit].queue_rule, turns)
    return tuple(one.key for one in order[:UPCOMING])


def _turns(here: Here) -> dict[str, list[Lane]]:
    found: dict[str, list[Lane]] = {}
    for unit, priority in fetch_values(_TURNS, "--", [here.id, here.today()]):
        found.setdefault(unit, []).append(lane_of(priority))
    return found


def _place(here: Here, unit: str) -> tuple[str, int]:
    return place_of(here.units[unit], here.units[unit].room_with(None))


def _floors_of(here: Here, unit: str) -> set[int]:
    return {room.floor for room in here.units[unit].rooms} or {here.units[unit].floor}


def read_floor(text: str) -> int:
    """Return the floor an address asks for; the lowest one when it is none of the house's."""
    floors = get_here().floors
    floor = int(text) if text.isdecimal() and len(text) < 4 else floors[0]
    return floor if floor in floors else floors[0]
