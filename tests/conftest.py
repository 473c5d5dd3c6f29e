"""Personas and places every test may use: a Puskesmas with its units, and its people.

`house` is the Puskesmas; `registrar`, `nurse`, `physician`, `dentist`, `midwife`, `pharmacist`,
`laboratorian`, `recorder`, `head`, `technician`, `district_officer` are its people as `Actor`;
`outsider` is a physician of another facility. `browse(actor)` is a signed-in page client,
`program(actor)` an API client with a bearer token.
"""

import json
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from hypothesis import HealthCheck, settings

from simpul.foundation.administration.services import (
    NewAccount,
    create_token,
    open_account,
    set_up_facility,
)
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.node import forget_node
from simpul.foundation.facilities import selectors as facilities
from simpul.foundation.facilities.models import Facility
from simpul.foundation.facilities.selectors import Here, forget_here, get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff import selectors as staff
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account, Practitioner, PractitionerRole, Role
from simpul.foundation.staff.selectors import forget_actors, get_actor
from simpul.planning.workload import tallies
from simpul.service.patients.numbers import schemes
from simpul.service.registration.booking import opening
from simpul.service.registration.placement import programmes
from simpul.service.registration.placement import selectors as placement

# How long one example takes tells how busy the machine is; what must be quick, benchmarks measure.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A gate must answer the same twice: there the examples follow from the test itself. Everywhere
# else each run looks for new ones.
settings.register_profile("gate", settings.get_profile("house"), derandomize=True, database=None)
settings.load_profile("gate" if os.environ.get("SIMPUL_TEST_GATE") else "house")

#: Who asks for one of these works with the program's database.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


@pytest.hookimpl(tryfirst=True)  # before the markers choose
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the program's own database: only that is worth running on a second one."""
    for item in items:
        asked = DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if asked or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


_flush = BaseDatabaseOperations.execute_sql_flush


def _flush_past_the_guards(self: Any, sql_list: list[str]) -> None:
    """Empty the tables after a transactional test; the triggers refuse that to everybody else."""
    if self.connection.vendor == "postgresql":
        with self.connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        _flush(self, sql_list)
        with self.connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")
        return
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
    _flush(self, sql_list)
    with self.connection.cursor() as cursor:
        for _name, sql in triggers:
            cursor.execute(sql)


BaseDatabaseOperations.execute_sql_flush = _flush_past_the_guards  # type: ignore[method-assign]


#: What these read is kept for seconds and then read anew. A busy machine needs longer than that on
#: its way to a page whose statements are counted; so in a test it is kept until the test is over.
KEEPERS = (facilities, staff, schemes, opening, placement, programmes)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test reads facility, rights and node anew, and once."""
    forget_here()
    forget_actors()
    forget_node()
    with pytest.MonkeyPatch.context() as patch:
        for keeper in KEEPERS:
            patch.setattr(keeper, "KEEP_SECONDS", 3600.0)
        # Only a journal that is slow to read is kept, and here none is large.
        patch.setattr(tallies, "SLOW_SECONDS", 3600.0)
        yield
    forget_here()
    forget_actors()
    forget_node()


@pytest.fixture
def house(db: None) -> Here:
    """Puskesmas Contoh with its standard units."""
    set_up_facility("Puskesmas Contoh")
    return get_here()


def make_actor(role: str, *, units: tuple[str, ...] = (), name: str = "") -> Actor:
    """Return a new person of the house with one role."""
    account = open_account(
        NewAccount(
            name=name or f"{role.replace('_', ' ').title()} Contoh",
            username=f"{role.replace('_', '-')}-{uuid7().hex[-6:]}",
            password="rahasia-uji-1",
            roles=(role,),
            units=units,
        )
    )
    actor = get_actor(account.id)
    assert actor is not None
    return actor


@pytest.fixture
def registrar(house: Here) -> Actor:
    return make_actor(Role.REGISTRAR)


@pytest.fixture
def nurse(house: Here) -> Actor:
    return make_actor(Role.NURSE)


@pytest.fixture
def physician(house: Here) -> Actor:
    return make_actor(Role.PHYSICIAN)


@pytest.fixture
def dentist(house: Here) -> Actor:
    return make_actor(Role.DENTIST, units=("gigi",))


@pytest.fixture
def midwife(house: Here) -> Actor:
    return make_actor(Role.MIDWIFE, units=("kia", "imunisasi", "persalinan"))


@pytest.fixture
def pharmacist(house: Here) -> Actor:
    return make_actor(Role.PHARMACIST, units=("farmasi",))


@pytest.fixture
def laboratorian(house: Here) -> Actor:
    return make_actor(Role.LABORATORY, units=("laboratorium",))


@pytest.fixture
def recorder(house: Here) -> Actor:
    return make_actor(Role.RECORD_OFFICER)


@pytest.fixture
def head(house: Here) -> Actor:
    return make_actor(Role.HEAD)


@pytest.fixture
def technician(house: Here) -> Actor:
    return make_actor(Role.IT)


@pytest.fixture
def district_officer(house: Here) -> Actor:
    return make_actor(Role.DISTRICT)


@pytest.fixture
def outsider(house: Here) -> Actor:
    """A physician, registrar and record officer of another facility with an account here."""
    other = Facility(id=uuid7(), name="Puskesmas Sebelah", is_here=False)
    with act(by=None, facility=other.id) as this:
        this.create(other)
        person = Practitioner(name="Orang Luar")
        this.create(person)
        this.create(
            *(
                PractitionerRole(practitioner=person, facility=other, role=role)
                for role in (Role.PHYSICIAN, Role.REGISTRAR, Role.RECORD_OFFICER, Role.HEAD)
            )
        )
        account = Account(username=f"luar-{uuid7().hex[-6:]}", practitioner=person)
        account.set_password("rahasia-uji-1")
        account.save(force_insert=True)
    actor = get_actor(account.id)
    assert actor is not None
    return actor


@dataclass(frozen=True)
class Program:
    """An API client with a bearer token; JSON in, JSON out."""

    client: Client
    token: str

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Send one call below /api/v1 and return Django's response (`.json()` is the body)."""
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if key is not None:
            sent["Idempotency-Key"] = key
        return self.client.generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers=sent,
        )


@pytest.fixture
def program(house: Here) -> Callable[[Actor], Program]:
    """Return an API client acting as a person."""

    def make(actor: Actor) -> Program:
        account = Account.objects.get(id=actor.account_id)
        token, _row = create_token(username=account.username)
        return Program(Client(enforce_csrf_checks=True), token)

    return make


@pytest.fixture
def browse(house: Here) -> Callable[[Actor], Client]:
    """Return a page client signed in as a person."""

    def make(actor: Actor) -> Client:
        client = Client()
        client.force_login(
            Account.objects.get(id=actor.account_id),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    return make


@pytest.fixture
def on_postgres() -> bool:
    """Is this run on PostgreSQL?"""
    return connection.vendor == "postgresql"


def new_key() -> str:
    """Return a fresh idempotency key."""
    return str(uuid.uuid4())
