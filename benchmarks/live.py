"""Commit → shown: how long after the answer to a registration the poli's screen knows of it.

One stream listens to `queue:umum` as the poli's screen does; visits are registered one by one and
taken back. `event` is the time from the answer of the POST (the commit was a moment before) to
the event; it is 0 where the event was there first. `shown` adds what a screen does next: it
fetches the queue's rows and has them in hand, with the new one among them. `from_key` begins when
the counter sends the registration.
"""

import json
import random
import socket
import sys
import threading
import time
from typing import Any

from benchmarks.calls import Caller
from benchmarks.figures import spread

PATIENCE_SECONDS = 10.0


class Screen(threading.Thread):
    """The stream of an open poli screen; notes when each encounter's event arrives."""

    def __init__(self, port: int, headers: list[str]) -> None:
        super().__init__(daemon=True)
        self.arrived: dict[str, float] = {}
        self.news = threading.Condition()
        self.ready = threading.Event()
        self.stream = socket.create_connection(("127.0.0.1", port), timeout=60)
        lines = ["GET /live?topics=queue:umum HTTP/1.1", "Host: bench", *headers, "", ""]
        self.stream.sendall("\r\n".join(lines).encode())

    def run(self) -> None:
        """Read events until the connection is closed."""
        for line in self.stream.makefile("rb"):
            moment = time.perf_counter()
            if b": ready" in line:
                self.ready.set()
            if line.startswith(b"data: {") and b'"distributed"' in line:
                encounter = json.loads(line[6:])["encounter"]
                with self.news:
                    self.arrived[encounter] = moment
                    self.news.notify_all()

    def wait_for(self, encounter: str) -> float | None:
        """Return when the event of an encounter arrived; None when it did not come."""
        with self.news:
            self.news.wait_for(lambda: encounter in self.arrived, PATIENCE_SECONDS)
            return self.arrived.get(encounter)


def measure(job: dict[str, Any]) -> dict[str, Any]:
    """Register, wait for the event, fetch the rows, take it back; again and again."""
    draw = random.Random(1)
    counter = Caller(job["port"], job["headers"]["counter"])
    poli = Caller(job["port"], job["headers"]["queue-screen"])
    screen = Screen(job["port"], job["headers"]["queue-screen"])
    screen.start()
    if not screen.ready.wait(20):
        raise SystemExit("the live stream did not begin")
    event, shown, from_key, lost = [], [], [], 0
    for _label, method, target, body in job["wishes"]:
        began = time.perf_counter()
        status, content = counter.call(method, target, body)
        answered = time.perf_counter()
        if status != 201:
            raise SystemExit(f"registration answered {status}: {content[:300]!r}")
        encounter = json.loads(content)["id"]
        arrived = screen.wait_for(encounter)
        if arrived is None:
            lost += 1
            continue
        status, rows = poli.call("GET", "/antrean/umum")
        in_hand = time.perf_counter()
        event.append(max(0.0, arrived - answered) * 1000)
        if status == 200 and encounter.encode() in rows:
            shown.append(max(0.0, in_hand - answered) * 1000)
            from_key.append((in_hand - began) * 1000)
        counter.call("POST", f"/api/v1/encounters/{encounter}/cancel", {"reason": "tolok ukur"})
        time.sleep(draw.uniform(0.02, 0.12))  # no step with the watcher's own rhythm
    return {
        "event": spread(event),
        "shown": spread(shown),
        "from_key": spread(from_key),
        "lost": lost,
    }


if __name__ == "__main__":
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
