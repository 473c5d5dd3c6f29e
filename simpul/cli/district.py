"""A made-up district on one computer: a hub, three facilities, their traffic, no left-overs.

Each site is the real program with its own data folder, as a process of its own, so that one can be
killed and looked at. A site that ends is started again after a while; Ctrl+C ends all of them.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import httpx

from simpul.cli import serving
from simpul.cli.output import say
from simpul.cli.postgres import Cluster, end_with_us, start
from simpul.cli.preparing import STAMP
from simpul.demo.neighbours import DINAS, TITLES
from simpul.foundation.core.errors import Conflict

HUB_URL = "SIMPUL_HUB_DATABASE_URL"
HOST = "127.0.0.1"
#: One machine carries five servers here; and who watches wants to see something move.
IMPATIENT = {
    "SIMPUL_SYNC_PACE": "20",
    "SIMPUL_SYNC_YIELDS": "0",
    "SIMPUL_BALLAST_MB": "0",  # a gigabyte for a trial is too much
}
#: Long enough to see on every screen that a site is gone.
AGAIN_SECONDS = 20.0
ANSWERS_WITHIN = 240.0
PASSWORD_LINE = "Kata sandi semuanya: contoh-simpul"  # noqa: S105 - told to everybody


@dataclass
class Site:
    """One installation: its folder, its environment, its running server."""

    name: str
    folder: Path
    port: int
    log_in: str
    env: dict[str, str]
    server: "subprocess.Popen[bytes] | None" = None
    ended_at: float = 0.0

    @property
    def url(self) -> str:
        """Where it is opened."""
        return f"http://{HOST}:{self.port}"

    def ask(self, *words: str) -> dict[str, Any]:
        """Run a process of this site to its end and read the JSON it gives."""
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", *words],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Conflict(
                f"{self.name} belum siap (lihat pesan di atas). Data yang ada tidak diubah.",
                "site_failed",
            )
        told = json.loads(done.stdout.splitlines()[-1])
        return told if isinstance(told, dict) else {}

    def share_pages(self, other: "Site") -> None:
        """Take the files of the pages from a site that has made them; that takes the longest."""
        source, stamp = other.folder / "static", other.folder / STAMP
        if stamp.exists() and not (self.folder / STAMP).exists():
            shutil.copytree(source, self.folder / "static", dirs_exist_ok=True)
            shutil.copy2(stamp, self.folder / STAMP)

    def begin(self) -> None:
        """Start the server; what it says goes to a file in its folder."""
        with (self.folder / "server.log").open("ab") as lines:
            self.server = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "simpul", "serve", "--host", HOST, "--port", str(self.port)],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl+C is for us; we end them in order
                preexec_fn=end_with_us(signal.SIGTERM),
            )

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + ANSWERS_WITHIN
        while time.monotonic() < until:
            if self.server is None or self.server.poll() is not None:
                break
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/health", timeout=2, trust_env=False).status_code == 200:
                    return
            time.sleep(0.1)
        raise Conflict(
            f"{self.name} tidak menyala; lihat {self.folder / 'server.log'}. Data yang ada tidak "
            "diubah.",
            "site_failed",
        )

    def tell(self) -> None:
        """Print its address and process id."""
        number = self.server.pid if self.server else 0
        print(f"  {self.name:<26} {self.url}  proses {number:<8} {self.log_in}", flush=True)

    def end(self) -> None:
        """End the server in good order."""
        if self.server is None or self.server.poll() is not None:
            return
        self.server.terminate()
        try:
            self.server.wait(15)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()


@dataclass
class District:
    """Everything that runs, and how it is ended."""

    folder: Path
    port: int
    has_traffic: bool = True
    is_over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Prepare, serve until told to stop, end all."""
        for port in range(self.port, self.port + 4):
            serving.require_free(HOST, port)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._until_told(), self._database() as url:
            hub, houses = self._sites(url)
            try:
                self._serve(hub, houses)
            finally:
                self.is_over.set()
                for site in (*houses, hub):
                    site.end()
        say("Semua dihentikan. Data tersimpan.")
        return 0

    @contextmanager
    def _until_told(self) -> Iterator[None]:
        """End in order on Ctrl+C and on SIGTERM, also in the middle of preparing."""

        def told(_number: int, _frame: FrameType | None) -> None:
            if self.is_over.is_set():
                return  # ending already
            self.is_over.set()
            raise KeyboardInterrupt

        before = {sign: signal.signal(sign, told) for sign in (signal.SIGINT, signal.SIGTERM)}
        try:
            with suppress(KeyboardInterrupt):
                yield
        finally:
            for sign, handler in before.items():
                signal.signal(sign, handler)

    @contextmanager
    def _database(self) -> Iterator[str]:
        """Give the hub's database: the one that was named, or a server of its own."""
        given = os.environ.get(HUB_URL, "").strip()
        if given:
            yield given
            return
        cluster: Cluster = start(self.folder / "postgres")
        print(f"  {'PostgreSQL Dinas':<26} {cluster.url}  proses {cluster.process.pid}", flush=True)
        try:
            yield cluster.url
        finally:
            cluster.end()

    def _sites(self, url: str) -> tuple[Site, list[Site]]:
        hub = self._site(
            "dinas", DINAS, 0, "dinas, it-dinas", SIMPUL_ROLE="hub", SIMPUL_DATABASE_URL=url
        )
        houses = [
            self._site(f"puskesmas-{number}", title, number, "pendaftaran, dokter, kepala, it")
            for number, title in enumerate(TITLES, start=1)
        ]
        return hub, houses

    def _site(self, name: str, title: str, number: int, log_in: str, **more: str) -> Site:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SIMPUL_") and k != "PORT"}
        env = {**kept, "SIMPUL_DATA": str(folder), "SIMPUL_DEMO": "1", **IMPATIENT, **more}
        return Site(title, folder, self.port + number, log_in, env)

    def _serve(self, hub: Site, houses: list[Site]) -> None:
        say("Menyiapkan Dinas dan tiga Puskesmas contoh; yang pertama kali butuh satu-dua menit …")
        with ThreadPoolExecutor(2) as pool:
            at_hub = pool.submit(hub.ask, "simpul.cli.district_site", "hub")
            made = list(
                pool.map(
                    lambda pair: pair[1].ask("simpul.cli.district_site", str(pair[0])),
                    enumerate(houses, start=1),
                )
            )
            codes = at_hub.result()["codes"]
        hub.begin()
        hub.wait()
        for house, facts in zip(houses, made, strict=True):
            if not facts["enrolled"]:
                code = (
                    codes.get(house.name)
                    or hub.ask("simpul", "hub", "enrol-code", house.name, "--json")["code"]
                )
                house.ask("simpul", "sync", "enrol", code, "--hub", hub.url, "--json")
            house.share_pages(hub)
            house.begin()
        for house in houses:
            house.wait()
        print("\nSemua berjalan (data karangan):\n", flush=True)
        for site in (hub, *houses):
            site.tell()
        print(
            f"\n{PASSWORD_LINE}\nCoba: hentikan Dinas (kill PROSES) lalu lihat Puskesmas; ia "
            f"dinyalakan lagi sesudah {AGAIN_SECONDS:.0f} detik.\nHentikan semua dengan Ctrl+C.",
            flush=True,
        )
        if self.has_traffic:
            for house, facts in zip(houses, made, strict=True):
                traffic = Traffic(house.url, facts, self.is_over)
                threading.Thread(target=traffic.run, daemon=True).start()
        self._look_after([hub, *houses])

    def _look_after(self, sites: list[Site]) -> None:
        """Start again what ended, after a while, until told to stop."""
        while not self.is_over.wait(0.5):
            for site in sites:
                if site.server is None or site.server.poll() is None:
                    continue
                if not site.ended_at:
                    site.ended_at = time.monotonic()
                    say(f"{site.name} berhenti; dinyalakan lagi dalam {AGAIN_SECONDS:.0f} detik.")
                elif time.monotonic() - site.ended_at >= AGAIN_SECONDS:
                    site.ended_at = 0.0
                    site.begin()
                    site.tell()


@dataclass
class Traffic:
    """Made-up people who come to one house and are served, some a minute."""

    url: str
    facts: dict[str, Any]
    is_over: threading.Event
    chance: random.Random = field(default_factory=random.Random)

    def run(self) -> None:
        """Let people come until told to stop; whatever goes wrong is tried again later."""
        with httpx.Client(base_url=self.url, timeout=10, trust_env=False) as line:
            while not self.is_over.wait(self.chance.uniform(3, 9)):
                with suppress(httpx.HTTPError, ValueError, KeyError, TypeError):
                    self._come(line)
                    if self.chance.random() < 0.8:
                        self._serve(line)

    def _come(self, line: httpx.Client) -> None:
        visit = {
            "patient_id": self.chance.choice(self.facts["patients"]),
            "unit": "umum",
            "complaint": self.chance.choice(("batuk", "demam", "pusing", "sakit perut", "kontrol")),
            "payer": "umum",
            "override_reason": "Permintaan pasien",
        }
        line.post("/api/v1/encounters", json=visit, headers=self._as("pendaftaran"))

    def _serve(self, line: httpx.Client) -> None:
        me = self._as("dokter")
        called = line.post("/api/v1/queues/umum/call-next", headers=me)
        if called.status_code == 200:
            ticket = called.json()["ticket"]["id"]
            line.post(f"/api/v1/tickets/{ticket}/start", headers=me)
            line.post(f"/api/v1/tickets/{ticket}/finish", headers=me)

    def _as(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.facts[role]}"}
