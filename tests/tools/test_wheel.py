"""`pip install .` brings everything a site needs: templates, static files, data, translations."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Files under simpul/ that are no part of a running site.
LEFT_OUT = {"__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel once, from this tree, without fetching anything."""
    target = tmp_path_factory.mktemp("wheel")
    run = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return zipfile.ZipFile(next(target.glob("simpul-*.whl")))


def test_every_file_of_the_package_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "simpul").rglob("*")
        if path.is_file() and not LEFT_OUT & set(path.parts) and path.suffix != ".pyc"
    }
    assert wanted - inside == set()


def test_the_pages_for_bad_days_are_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    pages = {path.name for path in (ROOT / "docs" / "panduan" / "darurat").glob("*.md")}
    inside = {Path(name).name for name in wheel.namelist() if "config/system/darurat/" in name}
    assert pages
    assert inside == pages


def test_the_wheel_offers_the_command(wheel: zipfile.ZipFile) -> None:
    entry_points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "simpul = simpul.cli.main:main" in wheel.read(entry_points).decode()


def test_the_wheel_asks_for_what_the_lock_holds(wheel: zipfile.ZipFile) -> None:
    metadata = next(name for name in wheel.namelist() if name.endswith("METADATA"))
    needed = [
        line.removeprefix("Requires-Dist: ").lower()
        for line in wheel.read(metadata).decode().splitlines()
        if line.startswith("Requires-Dist: ")
    ]
    lock = (ROOT / "requirements" / "runtime.lock").read_text(encoding="utf-8").lower()
    for requirement in needed:
        name = requirement.split(";")[0].split(">")[0].split("<")[0].split("[")[0].strip()
        assert f"\n{name}==" in f"\n{lock}" or f"\n{name}[" in f"\n{lock}", name
