"""All measurements on one database, in order: reading first, because registering changes it."""

import json
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks import operations, pages
from benchmarks.calls import Caller
from benchmarks.data import Stock
from benchmarks.figures import spread
from benchmarks.operations import OPERATIONS, Request, Visits
from benchmarks.processes import Server, ask, begin, resident_megabytes, served

CLIENTS = (1, 8, 32)
SEED = 20261122
#: How many wait in the queue that is measured.
WAITING = 60


@dataclass(frozen=True)
class Plan:
    """How long and what."""

    seconds: float
    warm: float
    probes: int
    people_seconds: float
    wanted: frozenset[str]
    chromium: str | None = None

    def has(self, part: str) -> bool:
        """Is this part to be measured?"""
        return not self.wanted or part in self.wanted


@dataclass
class Run:
    """One database's measurements, and what they share."""

    stock: Stock
    plan: Plan
    sample: dict[str, Any]
    visits: Visits
    headers: dict[str, list[str]]
    name: str
    #: Visits that are taken back at once, so the same people come again each time.
    probes: list[Request]
    server: Server | None = None
    visit: str = ""
    results: dict[str, Any] = field(default_factory=dict)

    @property
    def port(self) -> int:
        """Where the server listens."""
        if self.server is None:
            raise RuntimeError("the server is not running")
        return self.server.port

    def say(self, text: str) -> None:
        """Tell the person who waits where we are."""
        print(f"· {self.name}: {text}", file=sys.stderr, flush=True)

    def load(self, requests: list[Request], clients: int, **job: Any) -> dict[str, Any]:
        """Run the load generator."""
        found: dict[str, Any] = ask(
            "load", self._load_job(requests, clients, **job), self.stock.env
        )
        return found

    def _load_job(self, requests: list[Request], clients: int, **job: Any) -> dict[str, Any]:
        watch = {"server": self.server.pid if self.server else None}
        watch["database"] = self.stock.database_pid
        return {
            "port": self.port,
            "clients": clients,
            "seconds": self.plan.seconds,
            "warm": self.plan.warm,
            "requests": requests,
            "headers": self.headers,
            "watch": watch,
            **job,
        }

    def call(self, label: str, method: str, target: str, body: Any = None) -> Any:
        """Send one call that must succeed."""
        status, content = Caller(self.port, self.headers[label]).call(method, target, body)
        if status >= 300:
            raise SystemExit(f"{method} {target} answered {status}: {content[:400]!r}")
        return json.loads(content)

    def fill_queue(self) -> None:
        """Let as many wait at Poli Umum as on a full morning."""
        caller = Caller(self.port, self.headers["counter"])
        waiting = self.sample["waiting_umum"]
        for request in self.visits:
            if waiting >= WAITING and self.visit:
                break
            if request[3]["unit"] == "umum":
                status, content = caller.call(*request[1:])
                if status != 201:
                    raise SystemExit(f"registration answered {status}: {content[:400]!r}")
                self.visit = json.loads(content)["id"]
                waiting += 1
        self.results["waiting_umum"] = waiting

    def measure_statements(self) -> None:
        """Statements by operation and page; register last, so that its texts are complete."""
        self.say("statements")
        requests = [
            one
            for label in OPERATIONS
            for one in (
                self.visits.take(12)
                if label == "register"
                else operations.requests_of(label, self.sample, SEED)[:24]
            )
        ]
        for one in pages.requests(self.visit):
            requests += [one] * 3
        job = {"requests": requests, "headers": self.headers, "run": uuid.uuid4().hex[:8]}
        self.results["statements"] = ask("statements", job | {"texts": True}, self.stock.env)

    def measure_finding(self) -> None:
        """Do the searches find whom they mean, among the first eight?"""
        caller = Caller(self.port, self.headers["find-name"])
        people = self.sample["people"][:150]
        found = {"whole": 0, "slip": 0, "birth date": 0}
        for n, (typed, meant) in enumerate(operations.named(people, SEED)):
            request = operations.found_by("find-name", typed)
            _status, content = caller.call(*request[1:])
            kind = ("whole", "slip", "birth date")[n % 3]
            found[kind] += any(item["id"] == meant for item in json.loads(content)["items"])
        each = max(1, len(people) // 3)
        self.results["found_of_100"] = {k: round(100 * v / each) for k, v in found.items()}

    def measure_operations(self) -> None:
        """The operations at 1, 8 and 32 clients without a pause."""
        self.results["operations"] = {}
        order = [*(label for label in OPERATIONS if label != "register"), "register"]
        for label in order:
            levels: dict[str, Any] = {}
            for clients in CLIENTS:
                if label == "register":
                    # More than can be sent in that time; the rest is for the next.
                    many = self.visits.take(int(2500 * (self.plan.seconds + self.plan.warm)))
                    found = self.load(many, clients, once=True)
                    self.visits.give_back(len(many) - found["used"])
                else:
                    asked = operations.requests_of(label, self.sample, SEED)
                    found = self.load(asked, clients)
                levels[str(clients)] = flat(found, label)
            self.results["operations"][label] = levels
            one = levels["1"]
            self.say(f"{OPERATIONS[label]}: {one['median']} ms, {one['cpu_ms']['server']} ms CPU")

    def people(self, clients: int, pause: float, seconds: float) -> dict[str, Any]:
        """Return a load job of people who do everything, with pauses between."""
        acts = int(clients / max(pause, 0.02) * (seconds + self.plan.warm)) + clients
        opened = pages.requests(self.visit, seldom=False)
        mixed = operations.busy_hour(self.sample, self.visits, SEED, pages=opened, acts=acts)
        return self._load_job(mixed, clients, once=True, pause=pause, seconds=seconds)

    def measure_people(self) -> None:
        """32 people who act once a second each."""
        self.say("32 people")
        job = self.people(32, 1.0, self.plan.people_seconds)
        self.results["people"] = ask("load", job, self.stock.env)

    def measure_live(self) -> None:
        """Commit → shown, alone and beside others."""
        self.results["live"] = {}
        each = 0.5  # a probe takes less, but a busy server may take longer
        for name, clients, pause in (
            ("idle", 0, 0.0), ("32 people", 32, 1.0), ("8 clients, no pause", 8, 0.0),
        ):  # fmt: skip
            self.say(f"commit to shown, {name}")
            job = {"port": self.port, "headers": self.headers, "wishes": self.probes}
            beside: Callable[[], Any] = lambda: None  # noqa: E731
            if clients:
                seconds = self.plan.probes * each
                beside = self._beside(self.people(clients, pause, seconds))
            self.results["live"][name] = ask("live", job, self.stock.env)
            beside()

    def measure_browser(self) -> None:
        """Commit → painted in a real browser, where there is one."""
        chromium = self.plan.chromium
        if not chromium:
            return
        self.say("commit to painted")
        session = self.sample["accounts"]["dokter"]["session"]
        job = {"port": self.port, "headers": self.headers, "wishes": self.probes}
        job |= {"session": session, "chromium": chromium}
        self.results["browser"] = ask("browser", job, self.stock.env)

    def _beside(self, job: dict[str, Any]) -> Callable[[], Any]:
        """Start a load that runs while something else is measured; call the result to end it."""
        process = begin("load", self.stock.env)
        if process.stdin:
            json.dump(job, process.stdin)
            process.stdin.close()

        def end() -> Any:
            process.terminate()
            process.wait()

        return end

    def measure_pages(self) -> None:
        """Bytes of the pages."""
        self.say("pages")
        self.results["pages"] = pages.weigh(self.port, self.headers, self.visit)

    def measure_floor(self) -> None:
        """The same rows by the plain driver, into the same file, with the server gone."""
        self.say("floor")
        job = {
            "seconds": self.plan.seconds,
            "url": self.stock.url,
            "path": str(self.stock.folder / "simpul.sqlite3"),
            "database": self.stock.database_pid,
        }
        self.results["floor"] = ask("floor", job, self.stock.env)


def flat(found: dict[str, Any], label: str) -> dict[str, Any]:
    """Return one operation's load result with its latencies beside its rate and CPU."""
    one = found.pop("labels").get(label, {})
    return {**spread([]), **found, **one}


def measure(name: str, stock: Stock, plan: Plan) -> dict[str, Any]:
    """Measure everything the plan wants on one database."""
    job = {"seed": SEED, "sample": 3000, "run": uuid.uuid4().hex[:8]}
    sample = ask("inside", job, stock.env)
    headers = operations.headers(sample["accounts"])
    headers |= pages.headers(headers)
    free, probes = sample["free"][: -plan.probes], sample["free"][-plan.probes :]
    run = Run(
        stock, plan, sample, Visits(free), headers, name,
        [operations.wish(patient, "umum") for patient in probes],
    )  # fmt: skip
    run.results |= {"stored": sample["stored"], "version": stock.version}
    with served(stock.env, stock.folder / "server.log") as server:
        run.server = server
        run.results |= {"started_seconds": server.started_seconds}
        run.results["memory_mb_idle"] = resident_megabytes(server.pid)
        run.fill_queue()
        for part, work in (
            ("finding", run.measure_finding),
            ("statements", run.measure_statements),
            ("pages", run.measure_pages),
            ("people", run.measure_people),
            ("live", run.measure_live),
            ("browser", run.measure_browser),
            ("operations", run.measure_operations),
        ):
            if plan.has(part):
                work()
        run.results["memory_mb"] = resident_megabytes(server.pid)
        run.results["database_mb"] = resident_megabytes(stock.database_pid)
    if plan.has("floor"):
        run.measure_floor()
    return run.results
