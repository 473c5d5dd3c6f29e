"""A hub and a facility, each with a database of its own."""

from collections.abc import Iterator

import pytest

from tests.exchange.sites import Site, facility_site, hub_site
from tests.exchange.transport.bridge import enrolled, fresh_limits


@pytest.fixture
def hub(db: None) -> Iterator[Site]:
    """A Dinas that counts its guests from nothing."""
    with fresh_limits():
        site = hub_site()
        yield site
        site.close()


@pytest.fixture
def melati(db: None) -> Iterator[Site]:
    """A Puskesmas that knows no Dinas yet."""
    site = facility_site("Puskesmas Melati")
    yield site
    site.close()


@pytest.fixture
def joined(melati: Site, hub: Site) -> Site:
    """The Puskesmas, enrolled."""
    enrolled(melati, hub)
    return melati
