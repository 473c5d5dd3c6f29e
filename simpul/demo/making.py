"""Making a demo, and giving it a fresh morning; what a demo remembers is in `simpul.demo.mark`."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from django.db import connection
from django.utils.translation import gettext as _

from simpul.demo.bulk import Bulk
from simpul.demo.calendar import local_instant, this_morning, weekdays_before
from simpul.demo.district import found_district
from simpul.demo.doubles import make_doubles
from simpul.demo.history import History, Place, spread_visits
from simpul.demo.house import ALONE, House, colleagues, found_house
from simpul.demo.mark import (
    SIZES,
    Mark,
    Size,
    needs_morning,
    read_mark,
    refuse_real_site,
    write_mark,
)
from simpul.demo.morning import TIMES_AS_MANY, Today
from simpul.demo.names.people import MadeUpPerson
from simpul.demo.population import people
from simpul.demo.rules import make_rules
from simpul.demo.studies import make_studies
from simpul.foundation.core.clock import local_day, now
from simpul.foundation.core.errors import Conflict
from simpul.foundation.core.node import forget_node
from simpul.foundation.facilities.models import Facility
from simpul.foundation.facilities.selectors import forget_here, get_here
from simpul.service.patients.index import index_names

SEED = 20260711
#: Beyond the families of any house.
SHARED_FAMILY = 45_000
NAMES_A_TIME = 5000
LEAST_AGE_DAYS = 3
CHECKPOINT_BYTES = 64_000_000
CACHE_KILOBYTES = 300_000


#: Told what is being made, how much of it is done, and how much there is.
Tell = Callable[[str, int, int], None]


def discard_half_made() -> None:
    """Remove a demo that was never finished. Nobody has worked in it."""
    mark = read_mark()
    if mark is None or mark.finished:
        return
    if connection.vendor != "sqlite":
        raise Conflict(
            _(
                "Pembuatan data contoh pernah terhenti, dan di PostgreSQL tidak dibuang sendiri. "
                "Kosongkan basis data contoh itu, lalu jalankan lagi."
            ),
            "demo_half_made",
        )
    database = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    forget_here()
    forget_node()


def make_demo(
    size: str,
    tell: Tell,
    *,
    at: datetime | None = None,
    seed: int = SEED,
    house: House = ALONE,
) -> None:
    """Fill an empty, migrated database."""
    refuse_real_site()
    moment = at or now()
    wanted = SIZES[size]
    write_mark(Mark(size=size, finished=False))
    with quick_writes(), no_collection():
        zone = "Asia/Jakarta"
        today = local_day(moment, zone)
        days = weekdays_before(today)
        opened = local_instant(days[0], time(6), zone)
        facility = found_house(opened, house)
        if house.holds_register:
            found_district(facility, Random(f"{seed}:district"), opened, today)
        rng = Random(seed)
        mark = Mark(size=size, finished=True, morning=today.isoformat())
        if wanted.patients:
            with indexes_afterwards(tell):
                family = _write_history(_place(facility), rng, days, today, wanted, tell, house)
            tell(str(_("Antrean pagi ini")), 0, 1)
            family = _write_morning(_place(facility), rng, moment, size, family)
            tell(str(_("Antrean pagi ini")), 1, 1)
            mark = Mark(size, True, today.isoformat(), family)
            make_studies(today)
            make_rules(today)
            make_doubles(Random(f"{seed}:doubles"))
    write_mark(mark)


def add_morning(*, at: datetime | None = None) -> None:
    """Give a demo of an earlier day today's queues; the rest stays as it is."""
    mark = read_mark()
    if mark is None or not needs_morning(at=at):
        return
    moment = at or now()
    facility = Facility.objects.get(is_here=True)
    today = local_day(moment, facility.timezone)
    rng = Random(f"{SEED}:{today}")
    # Marked first: a second start beside this one must not make the same morning again.
    write_mark(Mark(mark.size, True, today.isoformat(), mark.next_family))
    family = _write_morning(_place(facility), rng, moment, mark.size, mark.next_family)
    write_mark(Mark(mark.size, True, today.isoformat(), family))


def _place(facility: Facility) -> Place:
    here = get_here()
    return Place(
        facility=facility.id,
        zone=facility.timezone,
        width=facility.mrn_width,
        prefixes={code: unit.prefix for code, unit in here.units.items()},
        staff=colleagues(),
    )


def _write_morning(
    place: Place, rng: Random, moment: datetime, size: str, first_family: int
) -> int:
    today = Today(
        place=place,
        bulk=Bulk(place.facility, rng),
        morning=this_morning(moment, place.zone),
        day=local_day(moment, place.zone),
        times=TIMES_AS_MANY[size],
        first_family=first_family,
        next_family=first_family,
    )
    today.write()
    return today.next_family


def _write_history(
    place: Place,
    rng: Random,
    days: list[date],
    today: date,
    wanted: Size,
    tell: Tell,
    house: House,
) -> int:
    title = str(_("Warga"))
    youngest = days[-1] - timedelta(days=LEAST_AGE_DAYS)
    persons, family = _shared_people(house.shared, today, youngest), house.first_family
    for number, person in people(rng, today, first_family=house.first_family):
        if person.birth_date > youngest:
            continue  # born since the last day on which they could have come
        persons.append(person)
        family = number
        if len(persons) % 500 == 0:
            tell(title, len(persons), wanted.patients)
        if len(persons) >= wanted.patients:
            break
    tell(title, len(persons), wanted.patients)
    rng.shuffle(persons)
    first_possible = [_first_day_alive(person.birth_date, days) for person in persons]
    calendar = spread_visits(rng, first_possible, wanted.visits, len(days))
    bulk = Bulk(place.facility, rng)
    history = History(place, bulk, days, persons)
    total, written = sum(len(who) for who in calendar), 0

    def on_day(visits: int) -> None:
        nonlocal written
        written += visits
        if len(history.new_names) >= NAMES_A_TIME or written >= total:
            index_names(history.new_names)
            history.new_names.clear()
        _keep_log_small()
        tell(str(_("Kunjungan setahun")), written, total)

    history.write(calendar, on_day=on_day)
    return family


def _shared_people(count: int, today: date, youngest: date) -> list[MadeUpPerson]:
    """Return people who come to every house of the made-up district: the same ones each time."""
    known = people(Random(f"{SEED}:shared"), today, first_family=SHARED_FAMILY)
    grown = (person for _family, person in known if person.birth_date <= youngest)
    return list(islice(grown, count))


def _first_day_alive(birth: date, days: list[date]) -> int:
    """The first day on which somebody can have come."""
    return next(n for n, day in enumerate(days) if (day - birth).days >= LEAST_AGE_DAYS)


def _keep_log_small() -> None:
    if connection.vendor != "sqlite":
        return
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    if log.exists() and log.stat().st_size > CHECKPOINT_BYTES:
        connection.checkpoint()  # type: ignore[attr-defined]


@contextmanager
def indexes_afterwards(tell: Tell) -> Iterator[None]:
    """Leave out SQLite's plain indexes while millions of rows come in, and build them at the end.

    Sorting once is much quicker than finding a place for each row. A making that is stopped here
    is begun anew (see `discard_half_made`), so a demo never goes without them.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'"
        )
        plain = cursor.fetchall()
        for name, _sql in plain:
            cursor.execute(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        title = str(_("Indeks"))
        with connection.cursor() as cursor:
            for n, (_name, sql) in enumerate(plain):
                tell(title, n, len(plain))
                cursor.execute(sql)
                _keep_log_small()
        tell(title, len(plain), len(plain))


@contextmanager
def no_collection() -> Iterator[None]:
    """Spare the search for cycles: there are none, and it would walk millions of rows."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def quick_writes() -> Iterator[None]:
    """Write without waiting for the disk: what is made up can be made up again."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET synchronous_commit = on")
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute(f"PRAGMA cache_size=-{CACHE_KILOBYTES}")
    try:
        yield
        connection.checkpoint()  # type: ignore[attr-defined]
        if hasattr(os, "sync"):
            os.sync()
    finally:
        # The next connection has the site's own settings again.
        if not connection.in_atomic_block:
            connection.close()
