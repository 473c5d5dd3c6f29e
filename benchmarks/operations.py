"""The five operations, and what people do beside them, as requests for the load generator.

A request is [label, method, address, body]. Which people are asked for is drawn from a fixed
seed; a typing slip is one letter left out, doubled, changed or swapped with its neighbour.
"""

import random
from collections.abc import Iterator
from datetime import date
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote

Request = tuple[str, str, str, Any]

#: label → what it is called in tables.
OPERATIONS = {
    "register": "register + queue",
    "find-key": "find by key",
    "find-name": "find by name",
    "queue": "queue page",
    "history": "history",
    "queue-screen": "queue on the poli's screen",
}
FIVE = ("register", "find-key", "find-name", "queue", "history")
LETTERS = "abcdefghijklmnoprstuwy"
UNITS = ("umum", "gigi", "lansia", "gizi", "tb", "ugd")
COMPLAINTS = ("batuk pilek", "demam tiga hari", "kontrol tekanan darah", "gatal di lengan")


def headers(accounts: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """Return the header lines by label: programs carry a token, pages a session."""
    registrar, physician = accounts["pendaftaran"], accounts["dokter"]
    bearer = {role: f"Authorization: Bearer {who['token']}" for role, who in accounts.items()}
    zipped = "Accept-Encoding: gzip"
    page = {role: [f"Cookie: {who['session']}", zipped] for role, who in accounts.items()}
    return {
        **{label: [bearer["pendaftaran"], zipped] for label in OPERATIONS},
        "history": [bearer["dokter"], zipped],
        "queue-screen": [f"Cookie: {physician['session']}", zipped, "HX-Request: true"],
        "counter": [f"Authorization: Bearer {registrar['token']}"],
        **{f"page {role}": lines for role, lines in page.items()},
    }


class Visits:
    """Visits still to be registered, no patient twice in one unit."""

    def __init__(self, free: list[str]) -> None:
        self.free = free
        self.next = 0

    def take(self, many: int) -> list[Request]:
        """Return the next visits; fewer when everybody has been everywhere."""
        end = min(self.next + many, len(self.free) * len(UNITS))
        taken = [self._visit(n) for n in range(self.next, end)]
        self.next = end
        return taken

    def give_back(self, many: int) -> None:
        """Take back the last visits, which were not sent."""
        self.next -= many

    def __iter__(self) -> Iterator[Request]:
        while found := self.take(1):
            yield found[0]

    def _visit(self, n: int) -> Request:
        turn, place = divmod(n, len(self.free))
        unit, complaint = UNITS[(place + turn) % len(UNITS)], COMPLAINTS[n % len(COMPLAINTS)]
        return wish(self.free[place], unit, complaint)


def wish(patient: str, unit: str, complaint: str = "batuk pilek") -> Request:
    """Return one visit to register, as a counter that has decided."""
    body = {
        "patient_id": patient, "unit": unit, "complaint": complaint, "payer": "umum",
        "override_reason": "permintaan pasien",
    }  # fmt: skip
    return ("register", "POST", "/api/v1/encounters", body)


def find_by_key(people: list[dict[str, str]]) -> list[Request]:
    """NIK, BPJS and record number in turn."""
    kinds = cycle(("nik", "bpjs_number", "mrn"))
    keys = [person[kind] or person["mrn"] for person, kind in zip(people, kinds, strict=False)]
    return [found_by("find-key", key) for key in keys]


def find_by_name(people: list[dict[str, str]], seed: int) -> list[Request]:
    """Whole names, names with a typing slip, and names with the birth date in turn."""
    return [found_by("find-name", text) for text, _id in named(people, seed)]


def named(people: list[dict[str, str]], seed: int) -> list[tuple[str, str]]:
    """Return what is typed to find each of these people by name, and who is meant."""
    draw = random.Random(seed)
    found = []
    for n, person in enumerate(people):
        typed = person["name"].lower()
        if n % 3 == 1:
            typed = slip(typed, draw)
        elif n % 3 == 2:
            born = date.fromisoformat(person["birth_date"])
            typed = f"{typed} {born:%d%m%Y}"
        found.append((typed, person["id"]))
    return found


def slip(text: str, draw: random.Random) -> str:
    """Return a text with one typing slip, not in its first letter."""
    place = draw.randrange(1, max(2, len(text) - 1))
    before, letter, after = text[:place], text[place : place + 1], text[place + 1 :]
    return draw.choice(
        (
            before + after,
            before + letter * 2 + after,
            before + draw.choice(LETTERS) + after,
            before + after[:1] + letter + after[1:],
        )
    )


def found_by(label: str, text: str) -> Request:
    """Return a search as the counter's list of eight asks it."""
    return (label, "GET", f"/api/v1/patients?limit=8&q={quote(text)}", None)


def requests_of(label: str, sample: dict[str, Any], seed: int) -> list[Request]:
    """Return the requests of one reading operation."""
    if label == "find-key":
        return find_by_key(sample["people"])
    if label == "find-name":
        return find_by_name(sample["people"], seed)
    if label == "queue":
        return [(label, "GET", "/api/v1/queues/umum", None)]
    if label == "queue-screen":
        return [(label, "GET", "/antrean/umum", None)]
    return [
        (label, "GET", f"/api/v1/patients/{patient}/history", None)
        for patient in sample["with_history"]
    ]


#: What 32 people do in a busy hour: of ten acts, how many are this one.
DAY = {"find-key": 2, "find-name": 2, "register": 2, "queue": 1, "queue-screen": 2, "history": 1}


def busy_hour(
    sample: dict[str, Any], visits: Visits, seed: int, *, pages: list[Request], acts: int
) -> list[Request]:
    """Return a mix of acts as at a full Puskesmas, a page opened after every second of them."""
    draw = random.Random(seed)
    reading = {
        label: cycle(requests_of(label, sample, seed)) for label in DAY if label != "register"
    }
    sources: dict[str, Iterator[Request]] = {**reading, "register": iter(visits)}
    opened = cycle(pages) if pages else None
    mixed: list[Request] = []
    for label in draw.choices(list(DAY), weights=list(DAY.values()), k=acts):
        mixed += islice(sources[label], 1)
        if opened and len(mixed) % 3 == 2:
            mixed.append(next(opened))
    return mixed
