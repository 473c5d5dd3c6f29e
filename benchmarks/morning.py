"""`python -m benchmarks.morning`: one morning with both networks failing, counted to the last.

300 people an hour from 07.30 to 11.00 at three computers. From 08.00 to 10.00 neither the internet
nor the LAN between the computers and the server works: the computers register with their own
numbers and keep what was typed. At 10.00 all three send at once, some of it twice because the
first answer was lost, while people keep coming. Then the database is read: nobody lost, nobody
twice, everybody in the unit that was suggested, every number on paper still true.

The clock runs faster than life (`--speed`); everything else is real: `simpul serve`, sessions,
durable commits. What a browser does here is done by a program with the browser's own calls; the
browser itself is tried in tests/journeys.
"""

import argparse
import http.client
import http.cookies
import json
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from benchmarks import data, machine
from benchmarks.processes import ROOT, served

RESULTS = Path(__file__).resolve().parent / "results" / "morning.json"
SEED = 20261123
OPENS, CUT, BACK, CLOSES = 7.5, 8.0, 10.0, 11.0
AN_HOUR = 300
#: Accounts of the demo that may register; the first has two computers.
DESKS = ("pendaftaran", "pendaftaran", "rm")
#: Of the known people this share comes; the rest is new.
KNOWN = 0.85
#: This share of what is sent is sent twice, as after an answer that was lost.
TWICE = 0.1
COMPLAINTS = (
    "batuk pilek 3 hari", "panas", "mencret", "sakit gigi", "kontrol darah tinggi", "pusing",
    "gatal", "waja loro", "nyeri lutut", "batuk 3 minggu", "kontrol", "mual muntah", "suntik kb",
)  # fmt: skip
FIRST = ("SITI", "BUDI", "AHMAD", "SRI", "MOCH", "DEWI", "JOKO", "NUR", "AGUS", "RATNA")
LAST = ("WAHYUNI", "SANTOSO", "FAUZI", "HIDAYAT", "LESTARI", "KUSUMA", "PRASETYO", "MAULIDA")


@dataclass
class Person:
    """Somebody who comes: when, known or new, with what; and what became of it."""

    at: float
    complaint: str
    known: uuid.UUID | None
    new: dict[str, Any] | None
    desk: int
    unit: str = ""
    item: uuid.UUID | None = None
    encounter: str = ""
    patient: str = ""
    paper: str = ""
    answer: str = ""
    seconds: float = 0.0
    offline: bool = False


@dataclass
class Desk:
    """One computer at the counter, signed in."""

    number: int
    port: int
    user: str
    cookies: dict[str, str] = field(default_factory=dict)
    device: uuid.UUID = field(default_factory=uuid.uuid4)
    account: str = ""
    token: str = ""
    block: dict[str, Any] = field(default_factory=dict)
    #: unit → letter of its tickets
    letters: dict[str, str] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    retries: int = 0

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Send one request as the browser of this desk does, and read the answer."""
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        if body is not None and "Content-Type" not in sent:
            sent["Content-Type"] = "application/json"
            body = json.dumps(body)
        if method == "POST":
            sent["X-CSRFToken"] = self.token
            sent["Referer"] = f"http://127.0.0.1:{self.port}/"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            text = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie") or ():
                for name, morsel in http.cookies.SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
        finally:
            connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text

    def sign_in(self) -> None:
        """Log in, get this computer's key and its first copy."""
        _status, page = self.ask("GET", "/masuk")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', str(page))
        form = {
            "username": self.user,
            "password": "contoh-simpul",
            "csrfmiddlewaretoken": token[1] if token else "",
        }
        status, _page = self.ask(
            "POST", "/masuk", urlencode(form),
            **{"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        if status not in (200, 302):
            raise SystemExit(f"log-in answered {status}")
        _status, page = self.ask("GET", "/kunjungan")
        seen = re.search(r'name="csrf" content="([^"]+)"', str(page))
        self.token = seen[1] if seen else ""
        named = {"device_id": str(self.device), "device_name": f"Loket {self.number}"}
        status, key = self.ask("POST", "/luring/kunci", named)
        if status != 200:
            raise SystemExit(f"/luring/kunci answered {status}: {key}")
        self.account = key["account"]
        self.refresh()

    def refresh(self) -> int:
        """Fetch the copy; returns how many people are in it."""
        since, people = "", 0
        while True:
            status, page = self.ask("GET", f"/luring/paket?sejak={since}&device={self.device}")
            if status != 200:
                raise SystemExit(f"/luring/paket answered {status}: {page}")
            people += len(page["patients"])
            self.block = page.get("block") or self.block
            self.letters |= {unit["code"]: unit["prefix"] for unit in page.get("units") or ()}
            if not page.get("next"):
                return people
            since = page["next"]

    def take(self, prefix: str) -> int:
        """Give out the next number of this computer's own lane."""
        first, last = self.block["units"][prefix]
        number = max(self.used.get(prefix, 0) + 1, first)
        if number > last:
            raise SystemExit(f"the lane of {prefix} is used up")
        self.used[prefix] = number
        return int(number)


def main() -> int:
    """Live the morning, count, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.morning", description=__doc__)
    parser.add_argument("--speed", type=float, default=90.0, help="times faster than life")
    parser.add_argument("--size", choices=("small", "medium", "large"), default="medium")
    options = parser.parse_args()
    with data.sqlite(options.size) as stock, tempfile.TemporaryDirectory() as logs:
        log = Path(logs) / "serve.log"
        with served(stock.env, log) as server:
            found = live(server.port, stock, options.speed)
        found["journal"] = verify(stock)
    found = {"machine": machine.facts(data.cache_folder()), "size": options.size, **found}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)
    wrong = [name for name in ("lost", "double", "misplaced", "renumbered") if found[name]]
    print("0 lost, 0 double, 0 misplaced" if not wrong else f"WRONG: {', '.join(wrong)}")
    return 1 if wrong or found["journal"] != "ok" else 0


def live(port: int, stock: data.Stock, speed: float) -> dict[str, Any]:
    """Send everybody through the counters and count what is stored afterwards."""
    draw = random.Random(SEED)
    database = stock.folder / "simpul.sqlite3"
    known = _known_people(database)
    draw.shuffle(known)
    desks = [Desk(n + 1, port, user) for n, user in enumerate(DESKS)]
    for desk in desks:
        desk.sign_in()
    people = _arrivals(draw, known)
    prefixes = _suggest(desks[0], people)
    before = _count(database)
    began = time.monotonic()
    threads = [
        threading.Thread(target=_work, args=(desk, people, prefixes, began, speed, draw.random()))
        for desk in desks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _judge(database, people, before, desks) | {
        "speed": speed,
        "minutes": round((time.monotonic() - began) / 60, 1),
    }


def _arrivals(draw: random.Random, known: list[uuid.UUID]) -> list[Person]:
    people = []
    many = round((CLOSES - OPENS) * AN_HOUR)
    for n, at in enumerate(sorted(draw.uniform(OPENS, CLOSES) for _n in range(many))):
        person = Person(
            at=at, complaint=draw.choice(COMPLAINTS), known=None, new=None, desk=n % len(DESKS)
        )
        if known and draw.random() < KNOWN:
            person.known = known.pop()
        else:
            person.new = _somebody_new(draw, n)
        people.append(person)
    return people


def _somebody_new(draw: random.Random, n: int) -> dict[str, Any]:
    """Somebody nobody knows; the serial in the mother's name keeps two of them apart."""
    day, month, year = draw.randint(1, 28), draw.randint(1, 12), draw.randint(1950, 2020)
    return {
        "name": f"{draw.choice(FIRST)} {draw.choice(LAST)} {_letters(n)}",
        "birth_date": f"{year}-{month:02d}-{day:02d}",
        "sex": draw.choice(("male", "female")),
        "village": f"Desa {_letters(n)}",
        "mother_name": f"IBU {_letters(n * 7 + 3)}",
        "no_nik_reason": "not-brought",
    }


def _letters(n: int) -> str:
    """A number as a word that is no other number's neighbour: 27 → QBAB…"""
    made = random.Random(n)
    return "".join(made.choice("BCDFGHJKLMNPRSTVWYZ") + made.choice("AEIOU") for _n in range(4))


def _known_people(database: Path) -> list[uuid.UUID]:
    """People of the demo who live and do not wait in a queue this morning."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT p.id FROM patients_patient p WHERE p.deceased_on IS NULL AND NOT EXISTS "
            "(SELECT 1 FROM distribution_distribution d WHERE d.patient_id = p.id AND d.stage IN "
            "('saved', 'shown', 'opened', 'in-service')) ORDER BY p.id LIMIT 5000"
        ).fetchall()
    return [uuid.UUID(row[0]) for row in rows]


def _suggest(desk: Desk, people: list[Person]) -> dict[str, str]:
    """Ask beforehand where each should go; returns the letter of every unit."""
    for person in people:
        asked: dict[str, Any] = {"complaint": person.complaint}
        if person.known is not None:
            asked["patient_id"] = str(person.known)
        elif person.new is not None:
            asked |= {"birth_date": person.new["birth_date"], "sex": person.new["sex"]}
        status, answer = desk.ask("POST", "/api/v1/placement/suggest", asked)
        if status != 200 or not answer.get("suggestion"):
            raise SystemExit(f"no suggestion ({status}): {answer}")
        person.unit = answer["suggestion"]["unit"]
    return desk.letters


def _work(
    desk: Desk,
    people: list[Person],
    prefixes: dict[str, str],
    began: float,
    speed: float,
    seed: float,
) -> None:
    """One clerk's morning."""
    draw = random.Random(seed)
    mine = [person for person in people if person.desk == desk.number - 1]
    sent_back = False
    for person in mine:
        due = began + (person.at - OPENS) * 3600 / speed
        if not sent_back and person.at >= BACK:
            _pause_until(began + (BACK - OPENS) * 3600 / speed)
            _send(desk, mine, draw)
            sent_back = True
        _pause_until(due)
        if CUT <= person.at < BACK:
            _write_down(desk, person, prefixes)
        else:
            _register(desk, person, draw)
    if not sent_back:
        _send(desk, mine, draw)


def _pause_until(due: float) -> None:
    time.sleep(max(0.0, due - time.monotonic()))


def _register(desk: Desk, person: Person, draw: random.Random) -> None:
    """Register with the server at hand; sometimes the answer is lost and it is sent again."""
    began = time.monotonic()
    if person.new is not None:
        key = str(uuid.uuid4())
        for _time in range(2 if draw.random() < TWICE else 1):
            status, answer = desk.ask(
                "POST", "/api/v1/patients", {**person.new, "confirm_new": "orang lain"},
                **{"Idempotency-Key": key},
            )  # fmt: skip
        if status != 201:
            person.answer = f"{status} {answer}"
            return
        person.patient = answer["id"]
    else:
        person.patient = str(person.known)
    visit = {"patient_id": person.patient, "complaint": person.complaint, "payer": "umum"}
    key = str(uuid.uuid4())
    for _time in range(2 if draw.random() < TWICE else 1):
        status, answer = desk.ask("POST", "/api/v1/encounters", visit, **{"Idempotency-Key": key})
    person.seconds = time.monotonic() - began
    person.answer = str(status) if status == 201 else f"{status} {answer}"
    if status == 201:
        person.encounter, person.paper = answer["id"], answer["ticket"]["number"]


def _write_down(desk: Desk, person: Person, prefixes: dict[str, str]) -> None:
    """Register without a server: a number of this computer's lane, the rest kept for later."""
    prefix = prefixes[person.unit]
    number = desk.take(prefix)
    person.item, person.offline = uuid.uuid4(), True
    person.paper = f"{prefix}{number:02d}"
    visit = {
        "unit": person.unit,
        "complaint": person.complaint,
        "payer": "umum",
        "priority": "",
        "pregnant": None,
        "override_reason": "",
        "suggestion": {"unit": person.unit, "rule": "", "reason": ""},
        "ticket": person.paper,
        "number": number,
        "prefix": prefix,
        "registration": None,
    }
    body: dict[str, Any] = {"visit": visit}
    kind = "visit"
    if person.new is not None:
        kind = "patient+visit"
        person.patient = str(uuid.uuid4())
        body |= {
            "patient_id": person.patient,
            "patient": person.new,
            "mrn": None,
            "confirm_new": "orang lain",
        }
    else:
        person.patient = str(person.known)
        body["patient"] = person.patient
    desk.outbox.append(
        {
            "id": str(person.item),
            "kind": kind,
            "typed_by": desk.account,
            "typed_at": datetime.now(UTC).isoformat(),
            "seq": len(desk.outbox) + 1,
            "body": body,
        }
    )


def _send(desk: Desk, mine: list[Person], draw: random.Random) -> None:
    """The network is back: send everything, in order; some answers are lost on the way."""
    by_item = {str(person.item): person for person in mine if person.item}
    began = time.monotonic()
    for start in range(0, len(desk.outbox), 50):
        batch = desk.outbox[start : start + 50]
        for _time in range(2 if draw.random() < TWICE * 3 else 1):
            status, answer = desk.ask(
                "POST", "/luring/kirim",
                {"device": str(desk.device), "items": batch,
                 "now": datetime.now(UTC).isoformat()},
            )  # fmt: skip
            desk.retries += _time
            if status != 200:
                raise SystemExit(f"/luring/kirim answered {status}: {answer}")
        for result in answer["results"]:
            person = by_item[result["id"]]
            person.answer = f"{result['status']} {result.get('code') or ''}".strip()
            person.encounter = result.get("encounter") or ""
            person.seconds = time.monotonic() - began


def _count(database: Path) -> dict[str, int]:
    with sqlite3.connect(database) as connection:
        return {
            name: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for name, table in (
                ("visits", "registration_encounter"),
                ("patients", "patients_patient"),
                ("tickets", "distribution_ticket"),
            )
        }


def _judge(
    database: Path, people: list[Person], before: dict[str, int], desks: list[Desk]
) -> dict[str, Any]:
    """Read the database and hold it against what the clerks did."""
    after = _count(database)
    with sqlite3.connect(database) as connection:
        stored = {
            uuid.UUID(row[0]): (row[1], f"{row[2]}{row[3]:02d}", row[4])
            for row in connection.execute(
                "SELECT e.id, d.unit, k.prefix, k.number, e.patient_id "
                "FROM registration_encounter e "
                "JOIN distribution_distribution d ON d.encounter_id = e.id "
                "JOIN distribution_ticket k ON k.encounter_id = e.id"
            )
        }
    lost, misplaced, renumbered = [], [], []
    for person in people:
        row = stored.get(uuid.UUID(person.encounter)) if person.encounter else None
        if row is None:
            lost.append(person.answer or "no answer")
            continue
        if row[0] != person.unit:
            misplaced.append(f"{person.unit} → {row[0]}")
        if row[1] != person.paper:
            renumbered.append(f"{person.paper} → {row[1]}")
    new = sum(person.new is not None for person in people)
    online = sorted(person.seconds for person in people if not person.offline)
    while_sending = sorted(
        person.seconds for person in people if not person.offline and person.at >= BACK
    )
    return {
        "people": len(people),
        "new_people": new,
        "written_without_server": sum(person.offline for person in people),
        "sent_again": sum(desk.retries for desk in desks),
        "lost": lost,
        "double": (after["visits"] - before["visits"] - (len(people) - len(lost)))
        + max(0, after["patients"] - before["patients"] - new),
        "misplaced": misplaced,
        "renumbered": renumbered,
        "answers": _tally(people),
        "online_ms": _times(online),
        "online_after_ten_ms": _times(while_sending),
        "sending_seconds": round(max((p.seconds for p in people if p.offline), default=0.0), 2),
    }


def _tally(people: list[Person]) -> dict[str, int]:
    found: dict[str, int] = {}
    for person in people:
        found[person.answer[:60]] = found.get(person.answer[:60], 0) + 1
    return found


def _times(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {
        "median": round(median(seconds) * 1000, 1),
        "p95": round(seconds[int(len(seconds) * 0.95)] * 1000, 1),
        "worst": round(seconds[-1] * 1000, 1),
    }


def verify(stock: data.Stock) -> str:
    """Check the chain of the journal of that morning."""
    done = subprocess.run(
        [sys.executable, "-m", "simpul", "journal", "verify"],
        cwd=ROOT, env=stock.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "ok" if done.returncode == 0 else (done.stdout + done.stderr)[-400:]


if __name__ == "__main__":
    raise SystemExit(main())
