"""Sites for the fault tests, one for each test and each kind of database."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.site import Site, Workshop

KINDS = [
    pytest.param("sqlite", id="sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
]


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Where sites are made."""
    url = os.environ.get("SIMPUL_TEST_POSTGRES_URL")
    made = Workshop(tmp_path_factory.mktemp("sites"), url)
    yield made
    made.tidy()


@pytest.fixture
def idle_site(request: pytest.FixtureRequest, workshop: Workshop, tmp_path: Path) -> Iterator[Site]:
    """A site of the asked kind whose server is not running yet."""
    kind = getattr(request, "param", "sqlite")
    if kind == "postgres" and not workshop.postgres_url:
        pytest.skip("PostgreSQL tidak ada (SIMPUL_TEST_POSTGRES_URL)")
    site = workshop.site(kind, tmp_path / "data")
    yield site
    site.kill()


@pytest.fixture
def site(idle_site: Site) -> Site:
    """The same, serving."""
    idle_site.start()
    return idle_site


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a site runs on every kind of database, unless it names one itself."""
    named = any("idle_site" in m.args[0] for m in metafunc.definition.iter_markers("parametrize"))
    if "idle_site" in metafunc.fixturenames and not named:
        metafunc.parametrize("idle_site", KINDS, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a fault test, run alone, but for what needs no process of its own.

    One with a site of its own says which database that is.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents:
            if not getattr(item.module, "IN_PROCESS", False):  # type: ignore[attr-defined]
                item.add_marker(pytest.mark.faults)
            called = getattr(item, "callspec", None)
            if called is not None and "sqlite" in called.params.values():
                item.add_marker(pytest.mark.sqlite)
