"""How fresh each Puskesmas is at the hub: last seen, what waits there, version, proven backup.

`until` is the instant up to which the hub has everything a Puskesmas wrote: when it last said that
nothing waits, or the newest act that came, whichever is later. A Puskesmas that never spoke has
none, which is not the same as nothing happening there.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count

from simpul.exchange.district.models import Contact
from simpul.exchange.hub.models import HubNode, HubPark
from simpul.foundation.core.clock import now
from simpul.foundation.core.rows import as_instant, fetch_values
from simpul.foundation.facilities.selectors import list_facility_places
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

AMBER: Final = timedelta(hours=24)
RED: Final = timedelta(hours=72)

#: What a Puskesmas is in, worst first; the word of each is in the template.
SUSPECT, REVOKED, RED_LEVEL, AMBER_LEVEL = "suspect", "revoked", "red", "amber"
NEVER, ABSENT, FRESH = "never", "absent", "fresh"
LEVELS: Final = (SUSPECT, RED_LEVEL, AMBER_LEVEL, NEVER, ABSENT, FRESH, REVOKED)
#: Those a person should look at.
TROUBLED: Final = frozenset({SUSPECT, RED_LEVEL, AMBER_LEVEL, NEVER})

_COMMON_WORDS: Final = frozenset({"uptd", "upt", "blud", "puskesmas", "pkm"})

_LAST_ACTS = """
    SELECT n.node, (SELECT l.at FROM hub_hublog l WHERE l.node = n.node
                    ORDER BY l.number DESC LIMIT 1)
    FROM hub_hubnode n
"""


@dataclass(frozen=True)
class Freshness:
    """One Puskesmas as the Dinas sees it; None means not known, never 0."""

    facility: uuid.UUID
    name: str
    level: str
    seen_at: datetime | None = None
    until: datetime | None = None
    waiting: int | None = None
    waiting_since: datetime | None = None
    version: str = ""
    backup_at: datetime | None = None
    proven_at: datetime | None = None
    parked: int = 0
    disk_free_percent: int | None = None
    enrolled_at: datetime | None = None
    person: str = ""
    phone: str = ""

    @property
    def is_enrolled(self) -> bool:
        """Was it ever given a key?"""
        return self.enrolled_at is not None

    @property
    def may_send(self) -> bool:
        """Is what it sends taken in?"""
        return self.is_enrolled and self.level not in (REVOKED, SUSPECT)


@dataclass(frozen=True)
class Coverage:
    """How much of the district a figure stands on: so many Puskesmas of so many, up to when."""

    covered: tuple[Freshness, ...]
    missing: tuple[Freshness, ...]
    until: datetime | None

    @property
    def total(self) -> int:
        """All Puskesmas of the district."""
        return len(self.covered) + len(self.missing)

    @property
    def facilities(self) -> list[uuid.UUID]:
        """The Puskesmas a figure is made of."""
        return [one.facility for one in self.covered]


@dataclass
class _Known:
    """What was read of one Puskesmas, before it is judged."""

    name: str
    node: HubNode | None = None
    last_act: datetime | None = None
    parked: int = 0
    contact: tuple[str, str] = ("", "")
    info: dict[str, Any] = field(default_factory=dict)


def list_freshness(*, by: Actor) -> list[Freshness]:
    """Return every Puskesmas of the district, by name; five statements, however many they are."""
    require(by, "view", "district")
    require_home(by)
    moment = now()
    known = {place.id: _Known(place.name) for place in list_facility_places()}
    for node in HubNode.objects.all():
        one = known.setdefault(node.node, _Known(node.name))
        one.node, one.info = node, node.info if isinstance(node.info, dict) else {}
    for node_id, at in fetch_values(_LAST_ACTS, "ut"):
        known[node_id].last_act = at
    waiting = HubPark.objects.filter(settled_at__isnull=True).values_list("node")
    for node_id, parked in waiting.annotate(Count("id")):
        if node_id in known:
            known[node_id].parked = parked
    for facility, person, phone in Contact.objects.values_list("facility", "person", "phone"):
        if facility in known:
            known[facility].contact = (person, phone)
    enrolled = {_plain(one.name) for one in known.values() if one.node is not None}
    rows = [
        _judged(facility, one, moment)
        for facility, one in known.items()
        # A Puskesmas the Dinas had listed by itself is the one that was connected since.
        if one.node is not None or _plain(one.name) not in enrolled
    ]
    return sorted(rows, key=lambda row: row.name.casefold())


def _plain(name: str) -> str:
    """Return a Puskesmas's name without the words every one of them has."""
    return " ".join(word for word in name.casefold().split() if word not in _COMMON_WORDS)


def get_freshness(facility: uuid.UUID, *, by: Actor) -> Freshness | None:
    """Return one Puskesmas; None for one that is not of this district."""
    return next((row for row in list_freshness(by=by) if row.facility == facility), None)


def coverage_of(rows: Iterable[Freshness], *, until: datetime) -> Coverage:
    """Return which Puskesmas a figure up to an instant may be made of.

    Covered is whose data reach that instant, or nearly now: at most a day is missing.
    """
    wanted = min(until, now() - AMBER)
    all_rows = list(rows)
    covered = tuple(row for row in all_rows if row.until is not None and row.until >= wanted)
    missing = tuple(row for row in all_rows if row not in covered)
    ends = [row.until for row in covered if row.until is not None]
    return Coverage(covered, missing, min(ends) if ends else None)


def _judged(facility: uuid.UUID, known: _Known, moment: datetime) -> Freshness:
    node, info = known.node, known.info
    if node is None:
        return Freshness(
            facility, known.name, ABSENT, person=known.contact[0], phone=known.contact[1]
        )
    waiting = _whole(info.get("waiting"))
    until = _until(node, _instant(info.get("at")) if waiting == 0 else None, known.last_act)
    return Freshness(
        facility=facility,
        name=known.name,
        level=_level(node, until, moment),
        seen_at=node.seen_at,
        until=until,
        waiting=waiting,
        waiting_since=_instant(info.get("waiting_since")) if waiting else None,
        version=str(info.get("version") or "")[:20],
        backup_at=_instant(info.get("backup_at")),
        proven_at=_instant(info.get("backup_proven_at")),
        parked=known.parked,
        disk_free_percent=_share(info.get("disk_free"), info.get("disk_total")),
        enrolled_at=node.enrolled_at,
        person=known.contact[0],
        phone=known.contact[1],
    )


def _until(
    node: HubNode, nothing_waited_at: datetime | None, last_act: datetime | None
) -> datetime | None:
    """Return up to when the hub has everything; no clock of a Puskesmas may run ahead of us."""
    ends = [end for end in (nothing_waited_at, last_act) if end is not None]
    if not ends or node.seen_at is None:
        return None
    return min(max(ends), node.seen_at)


def _level(node: HubNode, until: datetime | None, moment: datetime) -> str:
    if node.state == HubNode.State.REVOKED:
        return REVOKED
    if node.state == HubNode.State.SUSPECT:
        return SUSPECT
    if until is None:
        return NEVER
    age = moment - until
    return RED_LEVEL if age > RED else AMBER_LEVEL if age > AMBER else FRESH


def _whole(value: object) -> int | None:
    # What a worker says of itself is somebody else's word: it may be anything.
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _instant(value: object) -> datetime | None:
    try:
        found = as_instant(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if isinstance(found, datetime) else None


def _share(free: object, total: object) -> int | None:
    some, whole = _whole(free), _whole(total)
    return None if some is None or not whole else min(100, 100 * some // whole)
