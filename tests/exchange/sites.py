"""Several installations in one process: each has a database of its own, in memory.

    with site:        # the real code runs against this site's database
        act(…)

A site's database can be copied and put back (`snapshot`, `restore`), as a backup or a cloned disk
would. Django's default connection is swapped while a site is entered; what the program remembers
between requests is forgotten at each door.
"""

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import lru_cache
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend

from simpul.exchange.hub.feeding import feed_page, fill_feed, own_page
from simpul.exchange.hub.nodes import add_node
from simpul.exchange.hub.receiving import Reply, receive
from simpul.exchange.sync import incoming, outgoing, returning
from simpul.exchange.sync.signing import own_key
from simpul.exchange.sync.wire import decode_page, encode_page
from simpul.foundation.administration.services import set_up_facility
from simpul.foundation.core.node import forget_node
from simpul.foundation.facilities.selectors import forget_here
from simpul.foundation.staff.selectors import forget_actors

ENGINE = "simpul.foundation.core.sqlite"


class Site:
    """One installation. `node` is its facility, once it has one."""

    def __init__(self, name: str, content: bytes | None = None) -> None:
        self.name = name
        self.node: uuid.UUID | None = None
        self._outer: list[Any] = []
        settings = deepcopy(connections["default"].settings_dict)
        settings |= {"ENGINE": ENGINE, "NAME": ":memory:", "CONN_MAX_AGE": None}
        settings["CONN_HEALTH_CHECKS"] = False
        settings["OPTIONS"] = {"transaction_mode": "IMMEDIATE"}
        self.connection = load_backend(ENGINE).DatabaseWrapper(settings, alias="default")
        self.connection.connect()
        self.restore(empty_database() if content is None else content)

    def __enter__(self) -> "Site":
        _forget()
        self._outer.append(connections["default"])
        connections["default"] = self.connection
        return self

    def __exit__(self, *_problem: object) -> None:
        connections["default"] = self._outer.pop()
        _forget()

    def snapshot(self) -> bytes:
        """Return a copy of the whole database."""
        return bytes(self.connection.connection.serialize())

    def restore(self, content: bytes) -> None:
        """Put a copy in the place of the database."""
        self.connection.connection.deserialize(content)

    def close(self) -> None:
        """Let the database go."""
        self.connection.connection.close()

    def all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database directly."""
        found = self.connection.connection.execute(statement, values)
        return list(found.fetchall())


class OwnSite(Site):
    """The tests' own database as a site: PostgreSQL where the tests run on it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.node = None

    def __enter__(self) -> "Site":
        _forget()
        return self

    def __exit__(self, *_problem: object) -> None:
        _forget()

    def close(self) -> None:
        """The tests' database stays."""


def _forget() -> None:
    forget_here()
    forget_node()
    forget_actors()


@lru_cache(maxsize=1)
def empty_database() -> bytes:
    """Return a migrated database: a copy of the tests' own, or migrated once where that is
    another kind."""
    target = sqlite3.connect(":memory:")
    default = connections["default"]
    if default.vendor == "sqlite":
        # Not over Django's own connection: it is in the test's transaction.
        source = sqlite3.connect(default.settings_dict["NAME"])
        source.backup(target)
        source.close()
        content = bytearray(target.serialize())
        content[18] = content[19] = 1  # no write-ahead log in memory
        return bytes(content)
    blank = Site("blank", bytes(_blank(target)))
    with blank:
        call_command("migrate", verbosity=0)
    return blank.snapshot()


def _blank(target: sqlite3.Connection) -> bytes:
    target.execute("CREATE TABLE x (x)")
    target.execute("DROP TABLE x")
    return target.serialize()


def facility_site(name: str, content: bytes | None = None) -> Site:
    """Return a Puskesmas with its units."""
    site = Site(name, content)
    with site:
        site.node = set_up_facility(name).id
    return site


def hub_site(name: str = "Dinas Contoh") -> Site:
    """Return a Dinas."""
    return facility_site(name)


def own_hub() -> Site:
    """Return a Dinas in the tests' own database."""
    site = OwnSite("Dinas Contoh")
    with site:
        site.node = set_up_facility(site.name).id
    return site


def enrol(site: Site, hub: Site) -> None:
    """Make the hub know a facility's key."""
    assert site.node is not None
    with site:
        key = own_key().public
    with hub:
        add_node(site.node, name=site.name, public_key=key)


def answer_of(hub: Site, push: outgoing.Push, **how: Any) -> Reply:
    """Let the hub take a push."""
    with hub:
        return receive(push.headers, push.body, **how)


def visit(site: Site, hub: Site, *, limit: int = 500) -> outgoing.Outcome | None:
    """One push there and its answer back; None when nothing waits."""
    with site:
        push = outgoing.next_push(limit=limit)
    if push is None:
        return None
    reply = answer_of(hub, push)
    with site:
        return outgoing.take_reply(push, reply.status, reply.body)


def pull_own(site: Site, hub: Site, *, limit: int = 500) -> bool:
    """One page of the site's own rows; True when there is more."""
    assert site.node is not None
    with site:
        asked = returning.return_request()
    with hub:
        page = encode_page(own_page(site.node, limit=limit, **asked))
    with site:
        return returning.take_returned(decode_page(page)).more


def pull_feed(site: Site, hub: Site, *, limit: int = 500) -> bool:
    """One page of the hub's feed; True when there is more."""
    assert site.node is not None
    with site:
        asked = incoming.feed_request()
    with hub:
        fill_feed()
        page = encode_page(feed_page(site.node, limit=limit, **asked))
    with site:
        return incoming.take_feed(decode_page(page)).more


def drain(site: Site, hub: Site, *, limit: int = 500, most: int = 200) -> None:
    """Go on until both agree; fails when that never happens."""
    for _turn in range(most):
        with site:
            is_returning = returning.returning()
        if is_returning:
            pull_own(site, hub, limit=limit)
            continue
        outcome = visit(site, hub, limit=limit)
        if outcome is None and not pull_feed(site, hub, limit=limit):
            with site:
                if not returning.returning():
                    return
        assert outcome is None or outcome.kind in {"acked", "rewound", "new-epoch"}, outcome
    raise AssertionError(f"{site.name} never drains")


@contextmanager
def failing_at(site: Site, statement: int) -> Iterator[None]:
    """The machine stops at its n-th statement: nothing after it happens.

    Below zero it stops where it hurts most: the lines are stored, the cursor is about to move.
    """
    left = statement if statement > 0 else 10**6

    def stop(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal left
        left -= 1
        moves_cursor = statement < 0 and sql.startswith('UPDATE "hub_hubcursor"')
        if left <= 0 or (moves_cursor and '"seq"' in sql):
            raise Stopped
        return execute(sql, *rest)

    with site.connection.execute_wrapper(stop):
        yield


class Stopped(BaseException):
    """The machine stopped: no handler of the program runs after this."""
