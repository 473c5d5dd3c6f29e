"""The load generator: a closed loop of keep-alive connections on one thread, light on the CPU.

A client sends its next request when its last one is answered, or after a pause like a person's.
Requests go round and round unless each may be sent only once. What is sent during the warm-up is
not counted. CPU of server and database is read at both ends of the counted time.
"""

import heapq
import json
import random
import re
import selectors
import socket
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any

from benchmarks.figures import spread
from benchmarks.processes import busy_seconds, cpu_seconds, resident_megabytes

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
#: How much longer than planned to wait for the first answer.
PATIENCE_SECONDS = 20.0
LAST_CHUNK = b"0\r\n\r\n"


@dataclass(eq=False)
class Client:
    """One connection and the request that is under way on it."""

    port: int
    label: str = ""
    sent_at: float = 0.0
    received: bytes = b""
    needed: int = 0
    wire: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.connect()

    def connect(self) -> None:
        """Open the connection."""
        self.wire = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, label: str, request: bytes) -> None:
        """Send a request; small enough for the socket's buffer."""
        self.label, self.received, self.needed = label, b"", 0
        self.sent_at = time.perf_counter()
        self.wire.sendall(request)

    def receive(self) -> int | None:
        """Take what has arrived; return the status when the answer is whole."""
        data = self.wire.recv(262_144)
        if not data:
            raise ConnectionError
        self.received += data
        if not self.needed:
            head = self.received.find(b"\r\n\r\n")
            if head < 0:
                return None
            length = LENGTH.search(self.received, 0, head + 2)
            self.needed = head + 4 + int(length[1]) if length else -1
        whole = (
            self.received.endswith(LAST_CHUNK)
            if self.needed < 0
            else len(self.received) >= self.needed
        )
        return int(self.received[9:12]) if whole else None


class Loop:
    """All clients of one run."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        requests = job["requests"]
        self.requests = iter(requests) if job.get("once") else cycle(requests)
        self.pause: float = job.get("pause", 0.0)
        self.random = random.Random(job.get("seed", 1))
        self.selector = selectors.DefaultSelector()
        self.waiting: list[tuple[float, int, Client]] = []
        self.taken: dict[str, list[float]] = {}
        self.statuses: dict[str, Counter[int]] = {}
        self.sizes: dict[str, int] = {}
        self.order = count()  # breaks ties between clients that act at one instant
        self.used = 0
        self.under_way = 0

    def run(self) -> dict[str, Any]:
        """Run warm-up and measurement; return latencies by label, rate, CPU."""
        clients = [Client(self.job["port"]) for _ in range(self.job["clients"])]
        for client in clients:
            self.selector.register(client.wire, selectors.EVENT_READ, client)
            self._rest(client)
        self._turn(time.perf_counter() + self.job["warm"], counting=False)
        before, own, began = self._cpu(), time.process_time(), time.perf_counter()
        all_before = busy_seconds()
        self._turn(began + self.job["seconds"], counting=True)
        seconds = time.perf_counter() - began
        after, own = self._cpu(), time.process_time() - own
        ours = own + sum(after[name] - before[name] for name in after)
        others = max(0.0, busy_seconds() - all_before - ours)
        for client in clients:
            client.wire.close()
        done = sum(len(taken) for taken in self.taken.values())
        per = 1000 / max(1, done)
        return {
            "clients": self.job["clients"],
            "seconds": round(seconds, 2),
            "done": done,
            "used": self.used,
            "per_second": round(done / seconds, 1),
            "labels": {
                label: {
                    **spread(taken),
                    "bytes": self.sizes[label],
                    "statuses": {str(k): v for k, v in self.statuses[label].items()},
                }
                for label, taken in sorted(self.taken.items())
            },
            "cpu_ms": {name: round((after[name] - before[name]) * per, 3) for name in after},
            # Cores that neither server, database nor we have used: somebody else's work.
            "others_cores": round(others / seconds, 2),
            "load_cpu_ms": round(own * per, 3),
            "server_mb": resident_megabytes(self.job["watch"].get("server")),
        }

    def _cpu(self) -> dict[str, float]:
        return {name: cpu_seconds(pid) for name, pid in self.job["watch"].items()}

    def _rest(self, client: Client) -> None:
        """Put a client down until its person acts again."""
        due = time.perf_counter()
        if self.pause:
            due += self.random.uniform(0.5, 1.5) * self.pause
        heapq.heappush(self.waiting, (due, next(self.order), client))

    def _turn(self, until: float, *, counting: bool) -> None:
        """Keep all clients busy until then; longer where not one counted answer has come yet."""
        began = time.perf_counter()
        latest = until + PATIENCE_SECONDS
        while (moment := time.perf_counter()) < (until if self.taken or not counting else latest):
            while self.waiting and self.waiting[0][0] <= moment:
                self._send(heapq.heappop(self.waiting)[2])
            if not self.under_way and not self.waiting:
                return  # each request was to be sent once, and was
            rest = max(0.02, until - moment)
            if self.waiting:
                rest = min(rest, max(0.0, self.waiting[0][0] - moment))
            for key, _events in self.selector.select(rest):
                self._receive(key.data, since=began, counting=counting)

    def _send(self, client: Client) -> None:
        request = next(self.requests, None)
        if request is None:
            return
        label, method, target, body = request
        client.send(label, self._text(label, method, target, body))
        self.used += 1
        self.under_way += 1

    def _text(self, label: str, method: str, target: str, body: Any) -> bytes:
        lines = [f"{method} {target} HTTP/1.1", "Host: bench", *self.job["headers"][label]]
        content = b""
        if body is not None:
            content = json.dumps(body).encode()
            lines += [
                f"Idempotency-Key: {uuid.uuid4()}",
                "Content-Type: application/json",
                f"Content-Length: {len(content)}",
            ]
        return "\r\n".join([*lines, "", ""]).encode() + content

    def _receive(self, client: Client, *, since: float, counting: bool) -> None:
        try:
            status = client.receive()
        except OSError:
            # The server ended the connection: that counts as a failed request.
            self.selector.unregister(client.wire)
            client.wire.close()
            client.connect()
            self.selector.register(client.wire, selectors.EVENT_READ, client)
            status = 0
        if status is None:
            return
        self.under_way -= 1
        if counting and client.sent_at >= since:
            taken = (time.perf_counter() - client.sent_at) * 1000
            self.taken.setdefault(client.label, []).append(taken)
            self.statuses.setdefault(client.label, Counter())[status] += 1
            self.sizes[client.label] = len(client.received)
        self._rest(client)


if __name__ == "__main__":
    json.dump(Loop(json.load(sys.stdin)).run(), sys.stdout)
