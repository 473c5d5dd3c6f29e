"""A site of its own for each test: a data folder and a database that really commits.

The database is a copy of the migrated test database, so that it takes milliseconds; Django's
connection is swapped for it in this thread, so the program's own code works on it.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from pytest_django import Settings

from simpul.foundation.administration.services import set_up_facility
from simpul.foundation.backups import postgres
from simpul.foundation.core.clock import now
from simpul.foundation.core.node import forget_node
from simpul.foundation.facilities.selectors import forget_here, get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.selectors import forget_actors
from simpul.service.patients.models import Patient

#: The migrated test database, from which each site's is copied.
ORIGINAL: dict[str, str] = {}


def forget() -> None:
    """What this process remembers of a database is of another one now."""
    forget_here()
    forget_node()
    forget_actors()


@dataclass
class Site:
    """A Puskesmas of its own: its data folder, and how many people it has."""

    data: Path
    people: int = 0

    def add_people(self, count: int) -> None:
        """Register people, each in an act of its own."""
        for _one in range(count):
            self.people += 1
            with act(by=None, facility=get_here().id) as this:
                this.create(
                    Patient(
                        mrn=f"{secrets.token_hex(4)}",
                        name=f"Orang {self.people}",
                        birth_date=date(1990, 1, 1),
                        sex="female",
                        registered_at=now(),
                    )
                )
                this.record("patient-registered")

    def names(self) -> list[str]:
        """Who is registered."""
        return sorted(Patient.objects.values_list("name", flat=True))


@pytest.fixture(scope="session")
def template_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """PostgreSQL only: a migrated database nobody is connected to, to make others from."""
    if connection.vendor == "sqlite":
        yield ""
        return
    with django_db_blocker.unblock():
        connection.close()
        name = postgres.spare_name("pola")
        postgres_create(name, str(connection.settings_dict["NAME"]))
        yield name
        postgres.drop(name)


def postgres_create(name: str, template: str) -> None:
    """Make a PostgreSQL database as a copy of another one."""
    with postgres.connect("postgres", autocommit=True) as own:
        own.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@pytest.fixture
def site(db: None, tmp_path: Path, settings: Settings, template_database: str) -> Iterator[Site]:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "secret.key").write_text("rahasia situs ini")
    settings.DATA = data
    with own_database(data / "simpul.sqlite3", template_database):
        set_up_facility("Puskesmas Contoh")
        made = Site(data)
        made.add_people(5)
        yield made


class own_database:  # noqa: N801 - reads as a sentence
    """Swap Django's connection for one to a new copy of the test database."""

    def __init__(self, path: Path, template: str) -> None:
        self.path, self.template = path, template

    def __enter__(self) -> None:
        self.before = connections["default"]
        if self.template:
            self.name = f"situs_{secrets.token_hex(4)}"
            postgres_create(self.name, self.template)
        else:
            self.name = str(self.path)
            source_name = ORIGINAL.setdefault("name", str(self.before.settings_dict["NAME"]))
            # A connection beside the test's own, which is within a transaction.
            with (
                closing(sqlite3.connect(source_name)) as source,
                closing(sqlite3.connect(self.name)) as copy,
            ):
                source.backup(copy)
        own = connections.create_connection("default")
        own.settings_dict = {**self.before.settings_dict, "NAME": self.name}
        connections["default"] = own
        forget()

    def __exit__(self, *_trouble: object) -> None:
        connections["default"].close()
        if self.template:
            with postgres.connect("postgres", autocommit=True) as server:
                found = server.execute(
                    "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.name]
                ).fetchall()
                for (name,) in found:
                    server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connections["default"] = self.before
        forget()


@pytest.fixture
def another_site(
    site: Site, tmp_path: Path, settings: Settings, template_database: str
) -> Callable[[str], Any]:
    """Give a way to work at another site for a while: `with another_site("Puskesmas Lain"):`."""

    @contextmanager
    def at(name: str) -> Iterator[Path]:
        data = tmp_path / f"data-{secrets.token_hex(3)}"
        data.mkdir(mode=0o700)
        settings.DATA = data
        try:
            with own_database(data / "simpul.sqlite3", template_database):
                if name:
                    set_up_facility(name)
                yield data
        finally:
            settings.DATA = site.data

    return at
