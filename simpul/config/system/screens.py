"""The computers and unit screens of the house that were seen lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.offline.computers import list_computers
from simpul.web.screens import screen_of

#: A computer that is on calls within a minute; a slow moment is allowed.
ON = timedelta(minutes=5)
LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Seen:
    """One computer or screen: on now, or since when it is not."""

    name: str
    is_on: bool
    last_seen: datetime
    waiting: int = 0


def seen_computers(*, by: Actor) -> list[Seen]:
    """Return the computers that were on in the last two weeks, those that are off first."""
    moment = now()
    found = [
        Seen(
            name=f"{one.name} ({one.code})",
            is_on=moment - one.last_seen_at < ON,
            last_seen=one.last_seen_at,
            waiting=one.waiting,
        )
        for one in list_computers(by=by)
        if one.wiped_at is None and moment - one.last_seen_at < LATELY
    ]
    return sorted(found, key=lambda one: (one.is_on, one.name))


def seen_screens() -> list[Seen]:
    """Return the units whose own screen was open in the last two weeks."""
    moment = now()
    found = []
    for unit in get_here().units.values():
        screen = screen_of(unit.code)
        if screen.last_seen is not None and moment - screen.last_seen < LATELY:
            found.append(Seen(unit.name, screen.is_open, screen.last_seen))
    return sorted(found, key=lambda one: (one.is_on, one.name))
