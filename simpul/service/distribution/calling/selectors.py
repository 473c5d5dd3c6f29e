"""What became of the calls of a unit: for its queue's order, and for the room that waits."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from django.utils.translation import gettext as _

from simpul.domain.queue_order import Lane
from simpul.foundation.core.clock import now
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.selectors import get_here
from simpul.service.distribution.calling.models import CallState, Heard
from simpul.service.distribution.calling.screens import has_screen
from simpul.service.distribution.calling.timing import NO_SCREEN, UNHEARD

#: More calls than any ratio looks back on, and than any unit has waiting at its doors.
NEWEST = 80

HeardState = Literal["calling", "heard", "bell", "text", "no-screen", "unheard", "unknown"]


@dataclass(frozen=True)
class CallNote:
    """The last call of one patient as the room sees it."""

    state: HeardState
    floor: int
    room: str
    at: datetime
    #: In how many seconds the answer may change although nothing happens.
    ask_again: int = 0

    @property
    def is_heard(self) -> bool:
        """Did the waiting room get it?"""
        return self.state in ("heard", "bell", "text")

    @property
    def is_lost(self) -> bool:
        """Must somebody call by voice?"""
        return self.state in ("no-screen", "unheard")

    @property
    def warning(self) -> str:
        """What to do when the call was not heard."""
        if self.state == "no-screen":
            return _("Belum terdengar: TV lantai %(floor)d mati. Panggil langsung.") % {
                "floor": self.floor
            }
        if self.state == "unheard":
            return _("Belum terdengar di lantai %(floor)d. Panggil langsung.") % {
                "floor": self.floor
            }
        return ""


@dataclass(frozen=True)
class UnitCalls:
    """The calls of one unit today: the last of each patient, and the lines called in turn."""

    notes: dict[uuid.UUID, CallNote]
    last_called: tuple[Lane, ...]


#: One lean statement: every screen of the unit asks it after every event.
_CALLS = f"""
    SELECT distribution_id, state, floor, room, asked_at, heard_at, heard_how, priority, is_turn
    FROM calling_callannouncement
    WHERE owner = %s AND service_date = %s AND unit = %s
    ORDER BY asked_at DESC, id DESC LIMIT {NEWEST:d}
"""


def get_unit_calls(unit: str) -> UnitCalls:
    """Return what became of today's calls of a unit."""
    here = get_here()
    moment = now()
    rows = fetch_values(_CALLS, "u---tt--b", [here.id, here.today(), unit])
    notes: dict[uuid.UUID, CallNote] = {}
    turns: list[Lane] = []
    for distribution, state, floor, room, asked_at, heard_at, how, priority, is_turn in rows:
        if distribution not in notes:
            notes[distribution] = _note(state, floor, room, asked_at, heard_at, how, moment)
        if is_turn:
            turns.append(lane_of(priority))
    return UnitCalls(notes, tuple(reversed(turns)))


def last_called(unit: str) -> tuple[Lane, ...]:
    """Return the lines of today's calls of a unit, oldest first, as far as a ratio looks back."""
    here = get_here()
    rows = fetch_values(_CALLS, "u---tt--b", [here.id, here.today(), unit])
    return tuple(lane_of(row[7]) for row in reversed(rows) if row[8])


def lane_of(priority: str) -> Lane:
    """Return the line somebody stands in: the stored code begins with a digit so that it sorts."""
    return cast(Lane, priority.split("-", 1)[1])


_HEARD: dict[str, HeardState] = {Heard.VOICE: "heard", Heard.BELL: "bell", Heard.TEXT: "text"}


def _note(
    state: str,
    floor: int,
    room: str,
    asked_at: datetime,
    heard_at: datetime | None,
    how: str,
    moment: datetime,
) -> CallNote:
    if state == CallState.HEARD and heard_at is not None:
        return CallNote(_HEARD[how], floor, room, heard_at)
    age = moment - asked_at
    limit = UNHEARD if has_screen(floor) else NO_SCREEN
    if age < limit:
        # A television that is switched off meanwhile is noticed at the shorter limit.
        until = NO_SCREEN if age < NO_SCREEN else UNHEARD
        return CallNote("calling", floor, room, asked_at, int((until - age).total_seconds()) + 1)
    return CallNote("unheard" if limit is UNHEARD else "no-screen", floor, room, asked_at)
