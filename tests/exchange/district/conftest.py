"""A hub with its Dinas, and Puskesmas whose rows lie there as they were taken in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from simpul.exchange.hub.models import HubNode
from simpul.foundation.administration.services import set_up_facility
from simpul.foundation.core.clock import now
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import Facility, FacilityKind
from simpul.foundation.facilities.selectors import Here, get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account, Role
from tests.conftest import make_actor


@pytest.fixture
def hub(db: None, settings: Any) -> Here:
    """The house is the Dinas."""
    settings.SIMPUL_ROLE = "hub"
    set_up_facility("Dinas Kesehatan Contoh", kind=FacilityKind.DINAS)
    return get_here()


@pytest.fixture
def officer(hub: Here) -> Actor:
    """Somebody of the Dinas."""
    return make_actor(Role.DISTRICT, name="Endang Contoh")


@pytest.fixture
def puskesmas(hub: Here) -> Callable[..., Facility]:
    """Return a Puskesmas that is known here; enrolled and fresh unless told otherwise."""

    def make(
        name: str, *, ago: timedelta = timedelta(minutes=5), enrolled: bool = True, **told: Any
    ) -> Facility:
        row = Facility(id=uuid7(), name=name, is_here=False)
        with act(by=None, facility=row.id) as this:
            this.create(row)
        if enrolled:
            seen = now() - ago
            info = {"waiting": 0, "at": seen.isoformat(), "version": "0.1.0"}
            state = told.pop("state", HubNode.State.ACTIVE)
            HubNode.objects.create(
                node=row.id,
                name=name,
                public_key=row.id.hex,
                enrolled_at=seen - timedelta(days=30),
                seen_at=told.pop("seen_at", seen),
                state=state,
                info=told.pop("info", {**info, **told}),
            )
        return row

    return make


@pytest.fixture
def browse_hub(hub: Here) -> Callable[[Actor], Client]:
    """Return a page client signed in as a person of the hub."""

    def make(actor: Actor) -> Client:
        client = Client()
        client.force_login(
            Account.objects.get(id=actor.account_id),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    return make
