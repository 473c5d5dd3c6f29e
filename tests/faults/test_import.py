"""kill -9 of an import of people: begun again it goes on, and everybody is there once."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from simpul.demo.people_file import as_csv, people_rows
from tests.faults.site import ROOT, Site

PEOPLE = 200
KILLS = 2


def importing(site: Site, file: Path) -> subprocess.Popen[bytes]:
    """The command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "simpul", "import", "people", str(file), "--json"],
        env=site.env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def written(site: Site) -> int:
    """Rows of the file whose people are saved."""
    return site.count("importing_importrow", "is_written")


@pytest.mark.timeout(240)
def test_killed_at_any_row_and_begun_again_it_brings_the_same_people(
    idle_site: Site, tmp_path: Path
) -> None:
    site, file = idle_site, tmp_path / "list.csv"
    file.write_bytes(as_csv(people_rows(11, PEOPLE, date(2026, 11, 1))))
    before = site.count("patients_patient", "1 = 1")

    for kill in range(1, KILLS + 1):
        process = importing(site, file)
        goal = kill * PEOPLE // (KILLS + 1)
        until = time.monotonic() + 60
        while written(site) < goal and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        cut_off = written(site)
        assert goal <= cut_off < PEOPLE, "killed while it was writing"
        saved = site.count("importing_importrow", "is_written AND verdict IN ('new','incomplete')")
        assert site.count("patients_patient", "1 = 1") == before + saved

    assert importing(site, file).wait(120) in (0, 1)
    saved = site.count("importing_importrow", "is_written AND verdict IN ('new','incomplete')")
    assert written(site) == PEOPLE
    assert site.count("patients_patient", "1 = 1") == before + saved
    assert site.count("importing_importrun", "state = 'done'") == 1

    assert importing(site, file).wait(120) in (0, 1)
    assert site.count("patients_patient", "1 = 1") == before + saved
