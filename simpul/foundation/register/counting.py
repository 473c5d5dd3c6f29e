"""Counting the staff: per facility and profession on any day, and the rows behind the figures."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from simpul.domain.professions import in_table_order, profession_name
from simpul.foundation.core.rows import bound, fetch_values
from simpul.foundation.facilities.selectors import FacilityPlace, get_here
from simpul.foundation.register.models import ASN, StaffMember
from simpul.foundation.register.places import get_facility_place, list_facilities, sees_district
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require


@dataclass(frozen=True)
class StaffCounts:
    """How many people of each profession a facility has on a day: everybody, and ASN alone."""

    facility: uuid.UUID
    on: date
    everyone: Mapping[str, int] = field(default_factory=dict)
    asn: Mapping[str, int] = field(default_factory=dict)
    #: People whose employment status is not filled in: among `everyone`, never among `asn`.
    status_unknown: int = 0

    def of(self, *, asn_only: bool) -> Mapping[str, int]:
        """Return one of the two counts."""
        return self.asn if asn_only else self.everyone

    def total(self, *, asn_only: bool = False) -> int:
        """Return the sum over the professions."""
        return sum(self.of(asn_only=asn_only).values())

    @property
    def has_data(self) -> bool:
        """Is anybody of this facility in the register? No row is "no data", not 0 people."""
        return bool(self.everyone)


_COUNTED = (
    "SELECT m.facility_id, m.profession, count(*), "
    "sum(CASE WHEN m.employment IN ('pns', 'pppk') THEN 1 ELSE 0 END), "
    "sum(CASE WHEN m.employment = '' THEN 1 ELSE 0 END) "
    "FROM register_staffmember m "
    "WHERE m.is_active AND (m.started_on IS NULL OR m.started_on <= %s) {more}"
    "GROUP BY m.facility_id, m.profession ORDER BY m.facility_id, m.profession"
)


def count_staff(
    *,
    by: Actor,
    on: date | None = None,
    facility: uuid.UUID | None = None,
    places: Sequence[FacilityPlace] | None = None,
) -> dict[uuid.UUID, StaffCounts]:
    """Count people per facility and profession on a day (today), in three statements.

    A caller that has read `list_facilities` already passes its answer as `places`.

    Every Puskesmas this person may see is a key, also one without data. Somebody who moved after
    that day is counted where they were; employment is as it is known now.
    """
    require(by, "view", "register")
    day = on or get_here().today()
    if facility is not None:
        places = [get_facility_place(facility, by=by)]
    elif places is None:
        places = list_facilities(by=by)
    more, values = "", [bound(day)]
    if len(places) == 1:
        more, values = "AND m.facility_id = %s ", [bound(day), bound(places[0].id)]
    tally = _Tally()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(more=more), values)
        tally.add_all(cursor.fetchall())
    for where, member in _located_otherwise(day):
        if member.started_on is not None and member.started_on > day:
            continue
        asn, unknown = int(member.employment in ASN), int(not member.employment)
        if member.is_active:
            tally.add(member.facility, member.profession, -1, -asn, -unknown)
        if where is not None:
            tally.add(where, member.profession, 1, asn, unknown)
    return {place.id: tally.counts(place.id, day) for place in places}


class _Tally:
    """Sums while they are being counted."""

    def __init__(self) -> None:
        self.everyone: dict[uuid.UUID, dict[str, int]] = {}
        self.asn: dict[uuid.UUID, dict[str, int]] = {}
        self.unknown: dict[uuid.UUID, int] = {}

    def add_all(self, rows: Iterable[tuple[Any, str, int, int, int]]) -> None:
        """Take what the database counted, sorted by facility."""
        last: Any = None
        place, everyone, asns = uuid.UUID(int=0), {}, {}
        for key, profession, many, asn, unknown in rows:
            if key != last:
                last, place = key, key if isinstance(key, uuid.UUID) else uuid.UUID(key)
                everyone = self.everyone[place] = {}
                asns = self.asn[place] = {}
            everyone[profession] = many
            if asn:
                asns[profession] = asn
            if unknown:
                self.unknown[place] = self.unknown.get(place, 0) + unknown

    def add(self, place: uuid.UUID, profession: str, many: int, asn: int, unknown: int) -> None:
        """Move people of one profession in or out of a facility."""
        for table, number in ((self.everyone, many), (self.asn, asn)):
            row = table.setdefault(place, {})
            row[profession] = row.get(profession, 0) + number
            if not row[profession]:
                del row[profession]
        self.unknown[place] = self.unknown.get(place, 0) + unknown

    def counts(self, place: uuid.UUID, day: date) -> StaffCounts:
        """Return the sums of one facility."""
        return StaffCounts(
            facility=place,
            on=day,
            everyone=self.everyone.get(place, {}),
            asn=self.asn.get(place, {}),
            status_unknown=self.unknown.get(place, 0),
        )


@dataclass(frozen=True)
class _Moved:
    id: uuid.UUID
    facility: uuid.UUID
    profession: str
    employment: str
    is_active: bool
    started_on: date | None


def _located_otherwise(day: date) -> list[tuple[uuid.UUID | None, _Moved]]:
    """People who moved after a day, with the facility they were at on it (None: at none)."""
    rows = fetch_values(
        "SELECT v.from_facility_id, m.id, m.facility_id, m.profession, m.employment, "
        "m.is_active, m.started_on FROM register_staffmove v "
        "JOIN register_staffmember m ON m.id = v.member_id "
        'WHERE v."on" > %s ORDER BY v.member_id, v.number',
        "uuu--bd",
        [day],
    )
    first: dict[uuid.UUID, tuple[uuid.UUID | None, _Moved]] = {}
    for where, *member in rows:
        first.setdefault(member[0], (where, _Moved(*member)))
    return list(first.values())


@dataclass(frozen=True)
class StaffRow:
    """One person as figures take them: where, as what, since when; "" and None: not filled in."""

    id: uuid.UUID
    facility: uuid.UUID
    name: str
    profession: str
    education: str
    employment: str
    is_trained: bool | None
    started_on: date | None
    contract_ends_on: date | None
    birth_year: int | None
    lock: str
    lock_until: date | None
    units: tuple[str, ...] = ()

    @property
    def is_asn(self) -> bool:
        """Is this person a civil servant?"""
        return self.employment in ASN

    def is_locked(self, on: date) -> bool:
        """May this person not be moved on a day?"""
        return bool(self.lock) and (self.lock_until is None or self.lock_until >= on)

    def years_of_service(self, on: date) -> int | None:
        """Completed years since the start; None when that is not filled in or lies after."""
        if self.started_on is None or self.started_on > on:
            return None
        short = (on.month, on.day) < (self.started_on.month, self.started_on.day)
        return on.year - self.started_on.year - short


def list_staff_rows(
    *,
    by: Actor,
    on: date | None = None,
    facility: uuid.UUID | None = None,
    profession: str = "",
) -> list[StaffRow]:
    """Return everybody on the staff on a day (today), for distribution, locks and projection."""
    require(by, "view", "register")
    day = on or get_here().today()
    only = None if sees_district(by) else by.facility_id
    if facility is not None:
        only = get_facility_place(facility, by=by).id
    moved = {member.id: where for where, member in _located_otherwise(day)}
    found = StaffMember.objects.filter(Q(started_on__isnull=True) | Q(started_on__lte=day))
    at = Q(is_active=True)
    if only is not None:
        at &= Q(facility_id=only)
    found = found.filter(at | Q(id__in=list(moved))) if moved else found.filter(at)
    if profession:
        found = found.filter(profession=profession)
    rows = []
    for values in found.order_by("sort_name", "id").values_list(*_ROW_FIELDS).iterator(5000):
        where = moved.get(values[0], values[1])
        if where is None or (only is not None and where != only):
            continue
        rows.append(_row(values, where))
    return rows


def _row(values: tuple[Any, ...], where: uuid.UUID) -> StaffRow:
    read: Any = (values[0], where, *values[2:-1], tuple(values[-1]))
    return StaffRow(*read)


_ROW_FIELDS = (
    "id",
    "facility_id",
    "name",
    "profession",
    "education",
    "employment",
    "is_trained",
    "started_on",
    "contract_ends_on",
    "birth_year",
    "lock",
    "lock_until",
    "units",
)


@dataclass(frozen=True)
class ProfessionTotal:
    """One profession over some facilities: everybody, and ASN alone."""

    code: str
    name: str
    everyone: int
    asn: int


def profession_totals(counts: Iterable[StaffCounts]) -> list[ProfessionTotal]:
    """Add counts up by profession, in the order of the table of professions."""
    everyone: dict[str, int] = {}
    asn: dict[str, int] = {}
    for one in counts:
        for table, source in ((everyone, one.everyone), (asn, one.asn)):
            for code, number in source.items():
                table[code] = table.get(code, 0) + number
    return [
        ProfessionTotal(code, profession_name(code), everyone[code], asn.get(code, 0))
        for code in in_table_order(everyone)
    ]
