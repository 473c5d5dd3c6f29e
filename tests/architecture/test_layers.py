"""The import contracts hold, and would notice a wall that is broken."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import PACKAGE, ROOT

LINT = (
    "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
)
ROOMS = {
    "": (
        *("config", "cli", "demo", "web", "exchange", "planning", "service", "foundation"),
        "domain",
    ),
    "exchange": ("district", "hub", "sync", "fhir"),
    "service": (
        "filing",
        "completeness",
        "care",
        "distribution",
        "registration",
        "patients",
    ),
    "foundation": (
        *("administration", "register", "backups", "printing", "journal", "staff"),
        *("facilities", "core"),
    ),
    "planning": (
        "maps",
        "allocation",
        "gap",
        "studies",
        "workload",
        "norms",
        "reports",
        "charts",
        "intake",
    ),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the package in a folder against the contracts beside it."""
    return subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, '.'); {LINT}"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "160"},  # a wrapped name would not be found
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def empty_house(tmp_path: Path) -> Path:
    """A house with every room and nothing in it, under the real contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for floor, rooms in ROOMS.items():
        for room in ("", *rooms):
            package = tmp_path / "simpul" / floor / room
            package.mkdir(parents=True, exist_ok=True)
            (package / "__init__.py").touch()
    return tmp_path


def test_the_contracts_hold():
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout


def test_an_empty_house_keeps_every_contract(empty_house: Path):
    done = lint(empty_house)

    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "forbidden", "contract"),
    [
        ("domain/wisn.py", "simpul.foundation.core", "The house"),
        ("foundation/core/ids.py", "simpul.web", "The house"),
        ("web/shell.py", "simpul.config", "The house"),
        ("service/patients/services.py", "simpul.service.registration", "The walk"),
        ("service/care/selectors.py", "simpul.service.completeness", "The walk"),
        ("service/distribution/models.py", "simpul.service.filing", "The walk"),
        ("foundation/core/models.py", "simpul.foundation.journal", "The foundation"),
        ("foundation/staff/services.py", "simpul.foundation.administration", "The foundation"),
        ("foundation/facilities/models.py", "simpul.foundation.staff", "The foundation"),
        ("domain/identity.py", "django.utils.timezone", "The field's rules"),
        ("web/live.py", "simpul.service.distribution", "The web shell"),
    ],
)
def test_a_broken_wall_is_noticed(empty_house: Path, module: str, forbidden: str, contract: str):
    path = empty_house / "simpul" / module
    path.write_text(f"import {forbidden}\n")

    done = lint(empty_house)

    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), done.stdout


@pytest.mark.parametrize("room", ["lab", "service/referral", "foundation/money"])
def test_a_new_room_must_be_given_its_place(empty_house: Path, room: str):
    (empty_house / "simpul" / room).mkdir()
    (empty_house / "simpul" / room / "__init__.py").touch()

    done = lint(empty_house)

    assert done.returncode == 1
    assert "not listed as layers" in done.stdout


def test_every_folder_of_the_house_is_a_package():
    """A folder without `__init__.py` is invisible to the contracts."""
    code_folders = {path.parent for path in PACKAGE.rglob("*.py")}

    assert [folder for folder in code_folders if not (folder / "__init__.py").exists()] == []
