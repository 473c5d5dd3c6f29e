"""The newest copy of this server goes to the hub too, piece by piece, when nobody is waiting.

The hub cannot read it: it is closed with the facility's own recovery key. What was sent stays
there when the line breaks, and the next piece goes on from it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from simpul.exchange.sync import client as wire
from simpul.exchange.sync.client import Answer, Broken
from simpul.exchange.sync.epochs import node
from simpul.exchange.sync.link import read_hub
from simpul.exchange.sync.sending import Sender
from simpul.exchange.sync.shipping import wait_seconds
from simpul.foundation.backups.catalogue import Copy, newest_copy, note_place

PLACE = "hub"
PIECE = 512 * 1024
IDLE_SECONDS, PAUSE_SECONDS, BUSY_SECONDS = 600.0, 0.5, 60.0
FULL_SECONDS = 3600.0


@dataclass
class CopySender:
    """Sends the newest copy; shares the sender's line and its manners towards the counter."""

    sender: Sender
    draw: Callable[[float, float], float] = random.uniform
    failures: int = 0
    #: Name and hub's size of what is under way; None: to be asked.
    have: dict[str, int] = field(default_factory=dict)

    def step(self) -> float:
        """Send a piece; return after how many seconds to send the next."""
        hub, speaker, copy = read_hub(), node(), newest_copy()
        if hub is None or speaker is None or copy is None or PLACE in copy.places:
            return IDLE_SECONDS
        if self.sender.is_in_the_way():
            return BUSY_SECONDS
        try:
            answer = self._speak(self.sender.line(hub, speaker), copy)
        except Broken:
            return self._again()
        told = answer.body
        if answer.status == 507:
            return FULL_SECONDS
        if answer.status not in (200, 409) or not isinstance(told.get("have"), int):
            return self._again(answer.retry_after)
        self.failures = 0
        self.have = {copy.name: int(told["have"])}
        if told.get("whole") is True:
            note_place(copy, PLACE)
            return IDLE_SECONDS
        return PAUSE_SECONDS

    def _speak(self, client: wire.Client, copy: Copy) -> Answer:
        known = self.have.get(copy.name)
        if known is None:
            return client.get(f"{wire.COPY}?{urlencode({'name': copy.name})}")
        with copy.path.open("rb") as file:
            file.seek(known)
            piece = file.read(PIECE)
        question = {
            "name": copy.name,
            "offset": known,
            "total": copy.path.stat().st_size,
            "sha256": copy.sha256,
        }
        return client.put(f"{wire.COPY}?{urlencode(question)}", piece)

    def _again(self, asked: float = 0.0) -> float:
        self.failures += 1
        self.have = {}
        return wait_seconds(self.failures, self.draw, asked)
