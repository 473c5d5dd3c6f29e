"""A computer of the counter as its browser speaks to the server; every patient is invented."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from simpul.foundation.core.clock import now
from simpul.foundation.core.ids import uuid7
from simpul.foundation.staff.actor import Actor


@dataclass
class Computer:
    """One browser: its own id, a signed-in person, and the numbers it was given."""

    client: Client
    actor: Actor
    id: uuid.UUID = field(default_factory=uuid7)
    block: dict[str, Any] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)

    def post(self, path: str, content: object) -> Any:
        return self.client.post(path, json.dumps(content), content_type="application/json")

    def sign_on(self, name: str = "Loket 1") -> dict[str, Any]:
        answer = self.post("/luring/kunci", {"device_id": str(self.id), "device_name": name})
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def packet(self, cursor: str = "", **more: str) -> dict[str, Any]:
        told = {"sejak": cursor, "device": str(self.id), **more}
        answer = self.client.get("/luring/paket", told)
        assert answer.status_code == 200, answer.content
        page: dict[str, Any] = answer.json()
        self.block = page["block"] or {}
        return page

    def send(self, *items: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        body = {"device": str(self.id), "items": list(items), "now": now().isoformat(), **more}
        answer = self.post("/luring/kirim", body)
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    def take(self, prefix: str) -> int:
        """Give out the next number of this computer's lane, as the script does."""
        number = max(self.used.get(prefix, 0) + 1, self.block["units"][prefix][0])
        self.used[prefix] = number
        return number

    def visit_body(self, unit: str = "umum", prefix: str = "A", **more: Any) -> dict[str, Any]:
        number = self.take(prefix)
        return {
            "unit": unit,
            "complaint": "kontrol",
            "payer": "umum",
            "priority": "",
            "pregnant": None,
            "override_reason": "uji",
            "suggestion": None,
            "ticket": f"{prefix}{number}",
            "number": number,
            "prefix": prefix,
            "registration": None,
            **more,
        }

    def item(self, kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "id": str(uuid7()),
            "kind": kind,
            "typed_by": str(self.actor.account_id),
            "typed_at": now().isoformat(),
            "seq": len(self.used) + 1,
            "body": body,
            **more,
        }

    def visit(self, patient: uuid.UUID, **more: Any) -> dict[str, Any]:
        return self.item("visit", {"patient": str(patient), "visit": self.visit_body(**more)})

    def newcomer(self, name: str, birth_date: str = "12031985", **person: Any) -> dict[str, Any]:
        typed = {
            "name": name,
            "birth_date": birth_date,
            "sex": "female",
            "nik": "",
            "mother_name": "MARYAM",
            "village": "Sabrang",
            **person,
        }
        first, last = self.block["mrn"]
        number = max(self.used.get("mrn", 0) + 1, first)
        assert number <= last
        self.used["mrn"] = number
        body = {
            "patient_id": str(uuid7()),
            "patient": typed,
            "mrn": number,
            "confirm_new": "",
            "visit": self.visit_body(),
        }
        return self.item("patient+visit", body)


@pytest.fixture
def computer(browse: Callable[[Actor], Client], registrar: Actor) -> Callable[..., Computer]:
    """Return a computer at which a person (the registrar) is signed in and has her copy."""

    def make(actor: Actor | None = None, *, name: str = "Loket 1") -> Computer:
        who = actor or registrar
        made = Computer(browse(who), who)
        made.sign_on(name)
        made.packet()
        return made

    return make
