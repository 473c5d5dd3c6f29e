"""A bad network in one process: a TCP proxy that delays, drops, cuts and repeats.

For each connection one fault is drawn. `cut-after` lets the request reach the server and cuts
before a byte of the answer comes back: the server has committed, the client does not know.
`repeat` sends the whole request to the server a second time on a connection of its own, after the
first was answered, as a confused middlebox would.
"""

import asyncio
import contextlib
import random
import threading
from collections import Counter
from dataclasses import dataclass, field

FAULTS = ("none", "delay", "refuse", "cut-request", "cut-after", "cut-answer", "repeat")


@dataclass
class Proxy:
    """A bad network between a client and the server at `target`."""

    target: tuple[str, int]
    chance: random.Random
    weights: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FAULTS, 1))
    port: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    is_good: bool = False
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None

    def start(self) -> "Proxy":
        """Listen in a thread."""
        ready = threading.Event()

        def run() -> None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            server = self._loop.run_until_complete(
                asyncio.start_server(self._serve, "127.0.0.1", self.port)
            )
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            self._loop.run_forever()
            server.close()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0.05))
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def stop(self) -> None:
        """Stop listening."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = "none"
        if not self.is_good:
            fault = self.chance.choices(list(self.weights), list(self.weights.values()))[0]
        self.seen[fault] += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._pass(fault, reader, writer)
        with contextlib.suppress(OSError):
            writer.transport.abort() if fault.startswith("cut") else writer.close()

    async def _pass(
        self, fault: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if fault == "refuse":
            return
        if fault == "delay":
            await asyncio.sleep(self.chance.uniform(0.05, 0.4))
        request = await _read_message(reader)
        if fault == "cut-request":
            request = request[: self.chance.randrange(len(request))]
        answer = await self._ask(request, is_whole=fault != "cut-request")
        if fault == "repeat":
            await self._ask(request, is_whole=True)
        if fault in ("cut-after", "cut-request"):
            return
        if fault == "cut-answer":
            answer = answer[: self.chance.randrange(len(answer) or 1)]
        writer.write(answer)
        await writer.drain()

    async def _ask(self, request: bytes, *, is_whole: bool) -> bytes:
        reader, writer = await asyncio.open_connection(*self.target)
        try:
            writer.write(request)
            await writer.drain()
            return await _read_message(reader) if is_whole else b""
        finally:
            writer.transport.abort()


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    """Read one HTTP/1.1 message: its head, and as much body as the head announces."""
    head = await reader.readuntil(b"\r\n\r\n")
    fields = {}
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, _colon, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    if fields.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while True:
            size = await reader.readuntil(b"\r\n")
            chunk = await reader.readexactly(int(size, 16) + 2)
            body += size + chunk
            if int(size, 16) == 0:
                return head + body
    length = int(fields.get("content-length", "0") or 0)
    return head + (await reader.readexactly(length) if length else b"")
