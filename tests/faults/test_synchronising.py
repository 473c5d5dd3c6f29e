"""A real hub, a real facility and its worker; a bad network between them; kill -9 at random.

At the end nothing is lost, nothing is there twice, and both sides hold the same to the letter.
SIMPUL_CHAOS_ROUNDS=200 for the long one; with SIMPUL_TEST_POSTGRES_URL it runs on PostgreSQL.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simpul.cli.sole import is_held
from simpul.cli.working import LOCK
from tests.exchange.transport.proxy import Proxy
from tests.faults.site import ROOT, Site, Workshop, environment, free_port, run_python

ROUNDS = int(os.environ.get("SIMPUL_CHAOS_ROUNDS") or 2)
IS_LONG = ROUNDS > 20
VISITS = 4
DRAINS_WITHIN = 90.0
IMPATIENT = {"SIMPUL_SYNC_PACE": "1", "SIMPUL_SYNC_YIELDS": "0"}


@dataclass
class Hub(Site):
    """A hub; its server answers as one."""

    @property
    def env(self) -> dict[str, str]:
        """As a facility's, in another role."""
        return {**environment(self.folder, self.url), "SIMPUL_ROLE": "hub"}


@dataclass
class Worker:
    """The facility's worker, started and killed by hand."""

    site: Site
    process: "subprocess.Popen[bytes] | None" = field(default=None)
    kills: int = 0

    @property
    def env(self) -> dict[str, str]:
        """The site's, in a hurry."""
        return {**self.site.env, **IMPATIENT}

    def start(self) -> None:
        """Start it."""
        with self.site.log.open("ab") as lines:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "simpul", "worker"],
                env=self.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=lines,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """Kill it as a power cut does."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            self.kills += 1


@contextmanager
def sites(
    workshop: Workshop, folder: Path, proxy: Proxy, url: str | None
) -> Iterator[tuple[Site, Hub]]:
    """A facility and a hub, both serving, one enrolled with the other through the proxy."""
    site = workshop.site("sqlite", folder / "puskesmas")
    there = folder / "dinas"
    there.mkdir()
    hub = Hub(there, url, "", "", [], workshop.base / "dinas.log", free_port())
    code = run_python(
        "-m", "tests.exchange.transport.prepare_hub", "Puskesmas Gangguan", env=hub.env
    ).split()[-1]
    for name in ("static", "static.stamp"):  # made once is enough
        source = site.folder / name
        shutil.copytree(source, there / name) if source.is_dir() else shutil.copy2(source, there)
    try:
        site.start()
        hub.start()
        proxy.target = ("127.0.0.1", hub.port)
        proxy.start()
        address = f"http://127.0.0.1:{proxy.port}"
        run_python("-m", "simpul", "sync", "enrol", code, "--hub", address, env=site.env)
        yield site, hub
    finally:
        site.stop()
        hub.stop()
        proxy.stop()


@pytest.mark.timeout(600 + ROUNDS * 30)
def test_nothing_is_lost_and_nothing_is_there_twice(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.faults.site.START_SECONDS", 240)
    seed = int(os.environ.get("SIMPUL_CHAOS_SEED") or 20261123)
    chance = random.Random(seed)  # noqa: S311 - the same kills in every run
    proxy = Proxy(("127.0.0.1", 0), random.Random(seed + 1), is_good=True)  # noqa: S311
    url = workshop._create_database() if IS_LONG and workshop.postgres_url else None
    registered: list[str] = []
    with sites(workshop, tmp_path, proxy, url) as (site, hub):
        worker = Worker(site)
        try:
            proxy.is_good = False
            for number in range(ROUNDS):
                if worker.process is None:
                    worker.start()
                for visit in range(number * VISITS, (number + 1) * VISITS):
                    answer = site.insist("POST", "/api/v1/encounters", site.visit(visit))
                    assert answer.status == 201, answer.body
                    registered.append(answer.json()["id"])
                wait_for_talk(proxy)
                time.sleep(chance.uniform(0, 1))
                fate = chance.choice(("worker", "hub", "both", "worker"))
                if fate in ("worker", "both"):
                    worker.kill()
                if fate in ("hub", "both"):
                    hub.kill()
                    hub.start()
            proxy.is_good = True
            if worker.process is None:
                worker.start()
            wait_until_drained(site, worker)
        finally:
            worker.kill()
        site.stop()
        hub.stop()
        compare(site, hub, registered)
        check_supervision(site)
    assert worker.kills >= 1
    assert proxy.seen.total() > proxy.seen["none"]


def wait_for_talk(proxy: Proxy) -> None:
    """Wait until the worker has spoken a little: a silent one has nothing to lose."""
    enough, until = proxy.seen.total() + 3, time.monotonic() + 60
    while proxy.seen.total() < enough and time.monotonic() < until:
        time.sleep(0.02)


def compare(site: Site, hub: Hub, registered: list[str]) -> None:
    """Both sides hold the same to the letter, and the hub each line once, in order."""
    node = site.rows("SELECT id FROM facilities_facility WHERE is_here")[0][0]
    here, there = (
        json.loads(run_python("-m", "tests.exchange.transport.digest", node, env=one.env))
        for one in (site, hub)
    )
    assert here == there
    assert here["registration.encounter"][0] == len(set(registered)) == ROUNDS * VISITS
    lines = hub.rows("SELECT epoch, seq, cid, state FROM hub_hublog ORDER BY epoch, seq")
    by_epoch = Counter(epoch for epoch, _seq, _cid, _state in lines)
    assert len(by_epoch) == 1  # no kill of a worker or a hub is a fork
    assert [seq for _epoch, seq, _cid, _state in lines] == list(range(1, len(lines) + 1))
    assert len({cid for _epoch, _seq, cid, _state in lines}) == len(lines)
    assert {state for _epoch, _seq, _cid, state in lines} == {"applied"}
    assert site.chain_faults() == []
    assert hub.chain_faults() == []


def check_supervision(site: Site) -> None:
    """The server starts a worker by itself, again when it dies, and takes it along when it goes."""
    site.words = ()
    site.start()
    lock = site.folder / LOCK
    first = running_worker(lock)
    os.kill(first, signal.SIGKILL)
    second = running_worker(lock, other_than=first)
    assert second != first
    site.stop()
    until = time.monotonic() + 5
    while is_held(lock) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_held(lock)


def running_worker(lock: Path, *, other_than: int = 0) -> int:
    """Return the process id of the worker, once one runs."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if is_held(lock):
            number = int(lock.read_text() or 0)
            if number and number != other_than:
                return number
        time.sleep(0.1)
    raise AssertionError("no worker was started")


def wait_until_drained(site: Site, worker: Worker) -> None:
    """Wait until the hub has acknowledged everything."""
    until = time.monotonic() + DRAINS_WITHIN
    while time.monotonic() < until:
        rows = site.rows("SELECT seq - acked, change_mark FROM sync_epoch WHERE is_current")
        newest = site.rows("SELECT max(id) FROM journal_change")[0][0]
        if rows and rows[0][0] == 0 and rows[0][1] >= newest:
            return
        assert worker.process is not None
        assert worker.process.poll() is None, site.tail()
        time.sleep(0.1)
    raise AssertionError(f"it never drained:\n{site.tail()}")
