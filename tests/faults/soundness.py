"""Is everything in a site's database what it must be, after whatever happened to it?"""

import uuid
from collections import defaultdict
from typing import Any

from simpul.domain.lanes import REGISTRATIONS, TICKETS
from tests.faults.site import Site

TABLES = ("registration_encounter", "distribution_ticket", "distribution_distribution")
ENTITIES = {
    "registration_encounter": "registration.encounter",
    "distribution_ticket": "distribution.ticket",
    "distribution_distribution": "distribution.distribution",
}


def as_id(value: Any) -> str:
    """Return an id the same way from both databases and from the API."""
    return str(uuid.UUID(str(value)))


def check_soundness(site: Site) -> None:
    """Check every promise that must survive a kill; the messages name what does not hold."""
    check_visits_are_whole(site)
    check_numbers_have_no_gap(site)
    check_feed_tells_the_rows(site)
    assert site.chain_faults() == []
    check_files_are_intact(site)


def check_visits_are_whole(site: Site) -> None:
    """Each visit has its ticket, its place, its journal entry, or it does not exist at all."""
    encounters = {as_id(row[0]) for row in site.rows("SELECT id FROM registration_encounter")}
    for table in ("distribution_ticket", "distribution_distribution"):
        found = [as_id(row[0]) for row in site.rows(f"SELECT encounter_id FROM {table}")]
        assert sorted(found) == sorted(encounters), table
    entries = site.rows("SELECT encounter FROM journal_journalentry WHERE act = 'distributed'")
    assert sorted(as_id(row[0]) for row in entries) == sorted(encounters)


def check_numbers_have_no_gap(site: Site) -> None:
    """Tickets and registration numbers of each day are the first n, and the counters stand at n."""
    counters = dict(site.rows("SELECT key, value FROM core_counter"))
    tickets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for day, prefix, number in site.rows(
        "SELECT service_date, prefix, number FROM distribution_ticket"
    ):
        tickets[str(day).replace("-", ""), prefix].append(number)
    for (day, prefix), numbers in tickets.items():
        first = [TICKETS.ordinary(n) for n in range(1, len(numbers) + 1)]
        assert sorted(numbers) == first, (day, prefix)
        (counted,) = [v for k, v in counters.items() if k.endswith(f":{day}:{prefix}")]
        assert counted == len(numbers)
    book: dict[str, list[int]] = defaultdict(list)
    for (text,) in site.rows("SELECT registration_number FROM registration_encounter"):
        day, number = text.rsplit("-", 1)
        book[day].append(int(number))
    for day, numbers in book.items():
        first = [REGISTRATIONS.ordinary(n) for n in range(1, len(numbers) + 1)]
        assert sorted(numbers) == first, day


def check_feed_tells_the_rows(site: Site) -> None:
    """Every row's versions are in the feed one after the other, up to the one that is stored."""
    feed: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for entity, row, version, change in site.rows(
        "SELECT entity, row, row_version, change FROM journal_change ORDER BY id"
    ):
        feed[entity, as_id(row)].append((version, as_id(change)))
    for (entity, row), versions in feed.items():
        assert [v for v, _ in versions] == list(range(1, len(versions) + 1)), (entity, row)
    for table in TABLES:
        for row, version, change in site.rows(f"SELECT id, version, change FROM {table}"):
            told = feed[ENTITIES[table], as_id(row)]
            assert told[-1] == (version, as_id(change)), (table, row)
        told_rows = {row for entity, row in feed if entity == ENTITIES[table]}
        assert len(told_rows) == site.count(table), table
    acts = [as_id(row[0]) for row in site.rows("SELECT act_id FROM journal_change ORDER BY id")]
    runs = [a for place, a in enumerate(acts) if place == 0 or acts[place - 1] != a]
    assert len(runs) == len(set(runs)), "an act is in one piece in the feed"


def check_files_are_intact(site: Site) -> None:
    """The database itself finds nothing wrong with its tables and indexes."""
    if site.is_sqlite:
        assert site.rows("PRAGMA integrity_check") == [("ok",)]
        assert site.rows("PRAGMA foreign_key_check") == []
        return
    for table in (*TABLES, "journal_journalentry", "journal_change", "core_idempotencykey"):
        whole = site.rows(f"SELECT count(*) FROM {table}")
        assert whole[0][0] == len(site.rows(f"SELECT id FROM {table} ORDER BY id")), table
    if site.rows("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'"):
        site.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        site.rows(
            "SELECT bt_index_check(c.oid, true) FROM pg_index i "
            "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam "
            "WHERE a.amname = 'btree' AND c.relnamespace = 'public'::regnamespace"
        )
