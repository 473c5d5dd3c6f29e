"""The disk fills up while people register: a clear sentence, nothing half-saved, still readable."""

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import KINDS
from tests.faults.site import Answer, Site, Workshop, at_once
from tests.faults.soundness import as_id, check_soundness

SIZE_MB = {"sqlite": 16, "postgres": 60}
#: What is left when the registering begins: room for some visits, not for all.
LEFT_BYTES = 500_000
SENTENCE = "Penyimpanan server penuh"


@pytest.fixture
def disk(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A disk of a few megabytes, which a server of another account can reach as well."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("cakram penuh hanya dapat diuji oleh root di Linux (tmpfs)")
    folder = Path(tempfile.mkdtemp(prefix="simpul-disk-"))
    size = SIZE_MB[request.getfixturevalue("kind")]
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=755", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        folder.rmdir()
        pytest.skip(f"tmpfs tidak dapat dipasang: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


@pytest.fixture
def cramped(kind: str, workshop: Workshop, disk: Path, tmp_path: Path) -> Iterator[Site]:
    """A serving site whose database lives on the small disk; the files of its pages do not."""
    if kind == "sqlite":
        site = workshop.site("sqlite", disk / "data", is_small=True)
        site.start()
        yield site
        site.kill()
        return
    if not workshop.postgres_url:
        pytest.skip("PostgreSQL tidak ada (SIMPUL_TEST_POSTGRES_URL)")
    space = disk / "space"
    space.mkdir(mode=0o700)
    ((server_files,),) = workshop.execute("SHOW data_directory")
    owner = Path(server_files).stat()
    os.chown(space, owner.st_uid, owner.st_gid)
    name = f"cramped_{os.getpid()}_{len(workshop.made)}"
    workshop.execute(f"CREATE TABLESPACE {name} LOCATION '{space}'")
    site = workshop.site("postgres", tmp_path / "data", tablespace=name)
    site.start()
    yield site
    site.kill()
    workshop.drop(workshop.made[-1])
    workshop.execute(f"DROP TABLESPACE {name}")


def free_bytes(folder: Path) -> int:
    facts = os.statvfs(folder)
    return facts.f_bavail * facts.f_frsize


def fill(folder: Path, *, leaving: int) -> Path:
    """Put a ballast there that leaves so many bytes free."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        while free_bytes(folder) > leaving:
            file.write(b"\0" * min(65_536, max(4096, free_bytes(folder) - leaving)))
            file.flush()
    return ballast


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.timeout(240)
def test_a_full_disk_is_said_and_nothing_is_half_saved(cramped: Site, disk: Path) -> None:
    site = cramped
    keys = [str(uuid.uuid4()) for _ in range(400)]

    def register(number: int) -> Answer:
        return site.once("POST", "/api/v1/encounters", site.visit(number), key=keys[number])

    assert register(0).status == 201
    assert site.count("registration_encounter") == 1  # also opens the way by which it is read
    ballast = fill(disk, leaving=LEFT_BYTES)
    answers: dict[int, Answer] = {}
    for start in range(1, 400, 8):
        for number, answer in enumerate(at_once(8, lambda n, s=start: register(s + n)), start):
            answers[number] = answer
        if sum(answer.status == 507 for answer in answers.values()) >= 24:
            break

    statuses = {answer.status for answer in answers.values()}
    assert statuses == {201, 507}, site.tail()
    for answer in answers.values():
        if answer.status == 507:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "storage_full"
            assert SENTENCE in answer.json()["detail"]

    # Nothing half-saved: what was acknowledged is there and whole, of the rest there is nothing.
    saved = [number for number, answer in answers.items() if answer.status == 201]
    stored = {as_id(row[0]) for row in site.rows("SELECT patient_id FROM registration_encounter")}
    assert stored == {site.patients[number] for number in [0, *saved]}
    assert site.count("core_idempotencykey") == 1 + len(saved)
    check_soundness(site)

    # What is there can be read.
    assert site.once("GET", "/health").status == 200
    queue = site.once("GET", "/api/v1/queues/umum", token=site.physician)
    assert queue.status == 200
    assert queue.body.count(b'"ticket') >= 1

    # With room again everything goes on, without a restart, and the refused come in by their keys.
    ballast.unlink()
    for number in answers:
        again = site.insist("POST", "/api/v1/encounters", site.visit(number), key=keys[number])
        assert again.status == 201, site.tail()
        assert again.is_replayed is (number in saved)
    assert site.count("registration_encounter") == 1 + len(answers)
    check_soundness(site)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.timeout(240)
def test_a_server_that_is_killed_on_a_full_disk_starts_again(cramped: Site, disk: Path) -> None:
    site = cramped
    ballast = fill(disk, leaving=100_000)
    answers = [
        site.once("POST", "/api/v1/encounters", site.visit(n), key=str(uuid.uuid4()))
        for n in range(30)
    ]
    assert answers[-1].status == 507
    saved = sum(answer.status == 201 for answer in answers)
    site.kill()
    ballast.unlink()
    site.start()
    assert site.count("registration_encounter") == saved
    after = site.once("POST", "/api/v1/encounters", site.visit(50), key=str(uuid.uuid4()))
    assert after.status == 201
    check_soundness(site)
