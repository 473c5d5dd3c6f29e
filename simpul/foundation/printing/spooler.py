"""The thread that prints: takes what is due, hands it to the printer, notes how it went.

A job is taken with a lease in one short transaction; the printer is spoken to in none. What never
began is tried again by itself; what may have begun (the line broke, the server died in between)
is not: whether paper came out only a person can see, so only a person sends it twice.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from simpul.foundation.core.clock import now
from simpul.foundation.printing.document import Document
from simpul.foundation.printing.escpos import to_escpos
from simpul.foundation.printing.models import JobState, PrintJob
from simpul.foundation.printing.transport import MOST_SECONDS, Sent, Target, send, target_of

logger = logging.getLogger("simpul.printing")

#: After the first try; then it is a person's turn.
WAITS = (2, 4, 8, 15, 30)
#: A slip nobody could print for so long is not wanted any more, for instance after a night.
STALE = timedelta(minutes=5)
LEASE = timedelta(seconds=MOST_SECONDS * 2)
#: How long the paper is kept for a person who prints once more.
KEEP = timedelta(hours=1)
FORGET = timedelta(days=7)
LOOK_SECONDS = 2.0
#: Nothing waits: `wake` tells of what this process saves, so this is for another process's jobs.
IDLE_SECONDS = 15.0
PRUNE_SECONDS = 600
#: So many printers may hang at the same time without holding up the others.
AT_ONCE = 6

_wake = threading.Event()
Sender = Callable[[bytes, Target], Sent]


def wake() -> None:
    """Look at once: something was just committed."""
    _wake.set()


def start_spooler() -> None:
    """Start printing in a thread of its own."""
    threading.Thread(target=_run, name="printing", daemon=True).start()


@dataclass
class Taken:
    """A job under lease, with all that is needed to send it."""

    id: uuid.UUID
    printer: uuid.UUID
    payload: bytes
    target: Target
    tries: int


@dataclass
class Spooler:
    """What is under way; one printer is given one job at a time."""

    pool: ThreadPoolExecutor
    sender: Sender = send
    under_way: dict[uuid.UUID, tuple[Taken, Future[Sent]]] = field(default_factory=dict)

    def step(self) -> int:
        """Settle what is finished, begin what is due; return how many are under way."""
        for printer, (taken, future) in list(self.under_way.items()):
            if future.done():
                del self.under_way[printer]
                settle(taken, _result(future))
        for taken in take_due(busy=set(self.under_way)):
            future = self.pool.submit(self.sender, taken.payload, taken.target)
            self.under_way[taken.printer] = (taken, future)
        return len(self.under_way)


def _result(future: "Future[Sent]") -> Sent:
    try:
        return future.result()
    except Exception:
        logger.exception("a printer's thread ended")
        return Sent("broke_off", began=True)


def _run() -> None:
    spooler = Spooler(ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="printer"))
    pruned = time.monotonic()
    while True:
        try:
            is_busy = spooler.step()
            _wake.wait(0.05 if is_busy else LOOK_SECONDS if is_waited_for() else IDLE_SECONDS)
            _wake.clear()
            if time.monotonic() - pruned > PRUNE_SECONDS:
                pruned = time.monotonic()
                forget_old()
        except Exception:
            logger.exception("printing failed; trying again")
            connection.close()
            time.sleep(LOOK_SECONDS)


def is_waited_for() -> bool:
    """Is there a job that is to be tried again, or that another process began?"""
    return PrintJob.objects.filter(state__in=(JobState.WAITING, JobState.SENDING)).exists()


def folder() -> Path:
    """Where printers that are files keep what was printed."""
    return Path(settings.DATA) / "cetak"


def take_due(*, busy: set[uuid.UUID] | None = None, at: datetime | None = None) -> list[Taken]:
    """Take at most one job for each printer that is free."""
    at = at or now()
    taken: dict[uuid.UUID, Taken] = {}
    held = set(busy or ())
    open_jobs = (
        PrintJob.objects.filter(state__in=(JobState.WAITING, JobState.SENDING), next_at__lte=at)
        # What waits behind a silent printer is not looked at: it would hide the others.
        .exclude(state=JobState.WAITING, printer__in=held)
        .select_related("printer")
        .order_by("made_at")[:50]
    )
    for job in open_jobs:
        if job.state == JobState.SENDING:
            # `next_at` of a job under way is the end of its lease: its server is gone.
            _settle(job.id, JobState.SENDING, state=JobState.UNSURE, trouble="broke_off", at=at)
        elif at - job.made_at > STALE or not job.printer.is_active:
            _settle(
                job.id,
                JobState.WAITING,
                state=JobState.FAILED,
                trouble=job.trouble or "late",
                at=at,
            )
        elif job.printer_id not in held and _lease(job, at):
            held.add(job.printer_id)
            name = f"{job.made_at:%Y%m%d-%H%M%S}-{job.kind}-{job.id.hex[-8:]}"
            taken[job.printer_id] = Taken(
                id=job.id,
                printer=job.printer_id,
                payload=to_escpos(Document.from_text(job.content), paper=job.printer.paper),
                target=target_of(job.printer, folder=folder(), name=name),
                tries=job.tries + 1,
            )
    return list(taken.values())


def _lease(job: PrintJob, at: datetime) -> bool:
    """Take the job unless another process did in the same moment."""
    with transaction.atomic():
        return bool(
            PrintJob.objects.filter(id=job.id, state=JobState.WAITING).update(
                state=JobState.SENDING,
                tries=job.tries + 1,
                leased_until=at + LEASE,
                next_at=at + LEASE,
            )
        )


def settle(taken: Taken, sent: Sent, *, at: datetime | None = None) -> None:
    """Note how a transmission went: done, to be tried again, or a person's turn."""
    at = at or now()
    if not sent.trouble:
        _settle(taken.id, JobState.SENDING, state=JobState.DONE, trouble="", at=at)
    elif sent.began:
        _settle(taken.id, JobState.SENDING, state=JobState.UNSURE, trouble=sent.trouble, at=at)
    elif taken.tries > len(WAITS):
        _settle(taken.id, JobState.SENDING, state=JobState.FAILED, trouble=sent.trouble, at=at)
    else:
        with transaction.atomic():
            PrintJob.objects.filter(id=taken.id, state=JobState.SENDING).update(
                state=JobState.WAITING,
                trouble=sent.trouble,
                leased_until=None,
                next_at=at + timedelta(seconds=WAITS[taken.tries - 1]),
            )
    if sent.trouble:
        logger.warning("printer %s: %s", taken.printer, sent.trouble)


def _settle(job: uuid.UUID, was: JobState, *, state: JobState, trouble: str, at: datetime) -> None:
    with transaction.atomic():
        PrintJob.objects.filter(id=job, state=was).update(
            state=state, trouble=trouble, leased_until=None, settled_at=at
        )


def forget_old(*, at: datetime | None = None) -> int:
    """Empty the papers nobody can want any more and drop the oldest lines; return how many."""
    at = at or now()
    with transaction.atomic():
        PrintJob.objects.filter(made_at__lt=at - KEEP, settled_at__isnull=False).exclude(
            content=""
        ).update(content="")
        return PrintJob.objects.filter(made_at__lt=at - FORGET).delete()[0]
