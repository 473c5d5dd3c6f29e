"""A disk that is really full: the ballast goes, and registering goes on without a restart."""

import uuid
from pathlib import Path

import pytest

from simpul.foundation.core import ballast
from tests.faults.site import Site, run_python
from tests.faults.soundness import check_soundness
from tests.faults.test_disk_full import cramped, disk, fill

__all__ = ["cramped", "disk"]  # its small disk and the site on it

BALLAST_MB = 2


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.mark.timeout(240)
def test_giving_up_the_ballast_lets_the_counter_go_on(
    cramped: Site, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = cramped
    monkeypatch.setenv(ballast.SETTING, str(BALLAST_MB))
    assert ballast.keep(site.folder)
    fill(disk, leaving=20_000)
    keys = [str(uuid.uuid4()) for _ in range(40)]

    def register(number: int) -> int:
        body = site.visit(number)
        return site.once("POST", "/api/v1/encounters", body, key=keys[number]).status

    said = [register(number) for number in range(40)]
    assert said[-1] == 507, site.tail()
    saved, refused = said.count(201), said.index(507)

    told = run_python("-m", "simpul", "doctor", "--free-ballast", "--json", env=site.env)
    assert f'"freed": {BALLAST_MB * 1_000_000}' in told
    assert register(refused) == 201, site.tail()
    # Each visit takes about 150 kB of the log until it is folded in: some go into two megabytes.
    missing = [number for number in range(refused + 1, 40) if said[number] == 507][:5]
    assert [register(number) for number in missing] == [201] * 5
    assert site.count("registration_encounter") == saved + 6
    check_soundness(site)
