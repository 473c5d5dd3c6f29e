"""The process beside the server that does what nobody waits for: sending, and backing up.

One loop, one thing at a time, at low priority. The server starts it when there is something to do,
starts it again when it dies, and it goes when the server goes. Killed at any instant it leaves
nothing half done: every step is one transaction here, and is told twice without harm there.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from simpul.cli.sole import only_one

logger = logging.getLogger("simpul.worker")

#: Set by the server for its worker, which ends when this pipe to the server is closed.
HELD = "SIMPUL_WORKER_HELD"
LOCK = "worker.lock"
NICE = 10
LOOK_SECONDS = 2.0
#: How often the server asks whether there is anything to do while nothing is.
WANTED_SECONDS = 15.0
FIRST_AGAIN, LONGEST_AGAIN = 1.0, 60.0
#: A worker that lived so long did not die of what killed the one before.
WELL_SECONDS = 120.0
AFTER_TROUBLE_SECONDS = 30.0
#: What `simpul worker` ends with when another one is at work already.
TAKEN = 3


@dataclass
class Duty:
    """Something to do again and again; a step says in how many seconds the next one is due."""

    name: str
    step: Callable[[], float]
    due: float = 0.0


@dataclass
class Round:
    """The loop over the duties, until told to end."""

    duties: list[Duty]
    ended: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], float] = time.monotonic

    def run(self) -> None:
        """Do what is due, and sleep until the next is."""
        while not self.ended.is_set():
            duty = min(self.duties, key=lambda each: each.due)
            if self.ended.wait(max(0.0, duty.due - self.clock())):
                return
            self.do(duty)

    def do(self, duty: Duty) -> None:
        """Do one step; a failure costs this duty a pause and the others nothing."""
        try:
            pause = duty.step()
        except Exception:
            logger.exception("%s failed; trying again", duty.name)
            _let_go_of_database()
            pause = AFTER_TROUBLE_SECONDS
        duty.due = self.clock() + max(0.05, pause)


def _let_go_of_database() -> None:
    from django.db import connection

    with suppress(Exception):
        connection.close()


def work(*, once: bool = False) -> int:
    """Be the worker: until told to end, or one step of each duty."""
    from django.conf import settings

    from simpul.cli.duties import list_duties
    from simpul.foundation.backups.locks import occupy

    data = Path(settings.DATA)
    with only_one(data / LOCK) as is_ours:
        if not is_ours:
            return TAKEN
        (data / LOCK).write_text(str(os.getpid()), encoding="ascii")  # for people, and tests
        occupation = occupy(data, "simpul worker")
        try:
            with suppress(OSError, AttributeError):
                os.nice(NICE)
            _work(Round(list_duties()), once=once)
        finally:
            occupation.release()
    return 0


def _work(rounds: Round, *, once: bool) -> None:
    if once:
        for duty in rounds.duties:
            rounds.do(duty)
        return
    if os.environ.get(HELD):
        rounds.duties.append(Duty("need", lambda: _end_when_idle(rounds), due=rounds.clock() + 30))
    with _until_told(rounds.ended):
        rounds.run()


def _end_when_idle(rounds: Round) -> float:
    """Go when there is nothing to do for long; the server starts another when there is."""
    from simpul.cli.duties import is_wanted

    if not is_wanted():
        rounds.ended.set()
    return 60.0


@contextmanager
def _until_told(ended: threading.Event) -> Iterator[None]:
    """End in good order when told to, and at once when the server is gone."""
    if os.environ.get(HELD):
        # Ctrl+C is the server's; this process notices that the server is gone.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_end_with_server, daemon=True).start()
    before = signal.signal(signal.SIGTERM, lambda *_: ended.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end_with_server() -> None:
    with suppress(OSError, ValueError):
        while sys.stdin.buffer.read(1):
            pass
    os._exit(0)


# -- the server's side ------------------------------------------------------------------------


@dataclass
class Again:
    """How long to wait before a worker that died is started again."""

    wait: float = 0.0

    def after(self, lived: float) -> float:
        """Return the seconds to wait after a worker that lived so long."""
        grown = self.wait * 2 if self.wait else FIRST_AGAIN
        self.wait = FIRST_AGAIN if lived >= WELL_SECONDS else min(LONGEST_AGAIN, grown)
        return self.wait


def watch(is_wanted: Callable[[], bool]) -> None:
    """Keep a worker while one is wanted; runs in a thread of the server for ever."""
    from django.conf import settings
    from django.db import connection

    from simpul.web.answering import publish

    data, again = Path(settings.DATA), Again()
    while True:
        try:
            if not is_wanted():
                connection.close()
                time.sleep(WANTED_SECONDS)
                continue
            connection.close()
            began = time.monotonic()
            child = _start()
            while child.poll() is None:
                publish(data)
                time.sleep(LOOK_SECONDS)
            wait = again.after(time.monotonic() - began)
            if child.returncode not in (0, TAKEN):
                logger.warning(
                    "the worker ended with status %s; again in %.0f s", child.returncode, wait
                )
            time.sleep(WANTED_SECONDS if child.returncode == TAKEN else wait)
        except Exception:
            logger.exception("looking after the worker failed; trying again")
            connection.close()
            time.sleep(LONGEST_AGAIN)


def _start() -> "subprocess.Popen[bytes]":
    """Start the worker, tied to this process by a pipe that ends with it."""
    return subprocess.Popen(
        [sys.executable, "-m", "simpul", "worker"],
        env={**os.environ, HELD: "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
