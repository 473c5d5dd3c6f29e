"""What this house knows of the world outside: the internet, and what the district has received.

The steps of a visit may not know how synchronising works; they only say what is true of it. So
whoever knows tells here (`tell`), and whoever shows asks here. A house that sends to no district
has nobody who tells, and shows nothing of a district.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

#: Every open screen asks for the state every few seconds; a process reads it this rarely.
KEEP_SECONDS = 5.0


@dataclass(frozen=True)
class Sending:
    """How the sending to the district stands.

    `reached` is whether its last try reached anything outside (None: not tried yet); `stopped` is
    why it waits for a person, "" when it does not.
    """

    waiting: int
    waiting_since: datetime | None = None
    received_at: datetime | None = None
    tried_at: datetime | None = None
    reached: bool | None = None
    stopped: str = ""
    parked: int = 0
    #: What happened on the line, what is safe, what to do; "" while all is well.
    sentence: str = ""


_received_upto: Callable[[], int | None] | None = None
_sending: Callable[[], Sending | None] | None = None
_internet: Callable[[], bool | None] | None = None
_kept: tuple[float, dict[str, object]] | None = None


def tell(*, received_upto: Callable[[], int | None], sending: Callable[[], Sending | None]) -> None:
    """Say who knows: called once, at the start, by the room that synchronises."""
    global _received_upto, _sending
    _received_upto, _sending = received_upto, sending


def received_upto() -> int | None:
    """Return the journal entry up to which the district has everything; one statement.

    None: this house sends to no district. Taken from the district's acknowledgement alone.
    """
    return None if _received_upto is None else _received_upto()


def sending() -> Sending | None:
    """Return how the sending stands; None: this house sends to no district."""
    return None if _sending is None else _sending()


def tell_internet(known: Callable[[], bool | None]) -> None:
    """Say who knows whether the internet is there."""
    global _internet
    _internet = known


def internet() -> bool | None:
    """Return whether the world outside answers; None: nobody has asked it.

    A house that asks no host of its own learns it from its tries to reach the district.
    """
    known = None if _internet is None else _internet()
    if known is None:
        found = sending()
        known = None if found is None else found.reached
    return known


def chip_state() -> dict[str, object]:
    """Return what the Keadaan chip shows: the internet, and how much waits to be sent."""
    global _kept
    moment = time.monotonic()
    if _kept is None or moment - _kept[0] > KEEP_SECONDS:
        found = sending()
        pending = 0 if found is None else found.waiting
        _kept = (moment, {"internet": internet(), "pending": pending})
    return _kept[1]
