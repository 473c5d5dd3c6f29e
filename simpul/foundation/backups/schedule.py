"""Every evening a copy, every month a trial restore, by whoever calls `work_due` now and then.

What is due follows from the copies that are there, so nothing has to be remembered: a server that
was off in the evening makes the copy when it is on again, but not in the rush of the morning. A
clock that was wrong does not stop it: a copy from the future does not count as today's.
"""

import errno
import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from simpul.foundation.backups.catalogue import (
    Copy,
    list_copies,
    list_in,
    note_place,
    read_facts,
)
from simpul.foundation.backups.durable import hash_of
from simpul.foundation.backups.keeping import to_remove
from simpul.foundation.backups.locks import one_at_a_time
from simpul.foundation.backups.making import copy_to, make_copy_alone, tidy
from simpul.foundation.backups.options import Options, is_there, read_options
from simpul.foundation.backups.places import FACTS, data_folder
from simpul.foundation.backups.proving import Proof, prove_alone
from simpul.foundation.backups.running import (
    last_failure,
    note,
    note_failure,
    note_success,
    read_state,
)
from simpul.foundation.backups.tables import Tell
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotHere, SimpulError
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act

logger = logging.getLogger("simpul.backups")

LONGEST, BUSY, SHORTEST = 600.0, 30.0, 10.0
#: After a failure: how many minutes until the next try.
WAITS = (10, 30, 60, 180)
PROOF_EVERY = timedelta(days=30)
#: A copy missed in the evening waits until the counter is quiet, unless it is long overdue.
RUSH = (time(7), time(11))
OVERDUE = timedelta(hours=48)
#: Further ahead than this a copy is from a time when the clock was wrong.
AHEAD = timedelta(minutes=10)
DEFAULT_ZONE = "Asia/Jakarta"


class ProofFailed(Conflict):
    """A trial restore found differences."""

    def __init__(self, message: str, code: str, *, proof: Proof) -> None:
        super().__init__(message, code)
        self.proof = proof


def timezone() -> str:
    """The facility's zone; before it is set up, the capital's."""
    try:
        return get_here().timezone
    except NotHere:
        return DEFAULT_ZONE


def last_due(at: datetime, options: Options, zone: str) -> datetime:
    """Return the latest evening that has come."""
    local = at.astimezone(ZoneInfo(zone))
    hour, minute = divmod(options.minutes, 60)
    evening = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if evening > local:
        evening -= timedelta(days=1)
    return evening.astimezone(UTC)


def next_due(at: datetime | None = None) -> datetime:
    """Return when the next copy is due by the schedule."""
    return last_due(at or now(), read_options(), timezone()) + timedelta(days=1)


def copy_is_due(copies: list[Copy], at: datetime, options: Options, zone: str) -> bool:
    """Is the copy of the last evening missing, and is this a time to make it?"""
    past = [copy for copy in copies if copy.checked_at is not None and copy.at <= at + AHEAD]
    if past and past[0].at >= last_due(at, options, zone):
        return False
    local = at.astimezone(ZoneInfo(zone)).time()
    is_rush = RUSH[0] <= local < RUSH[1]
    return not is_rush or not past or at - past[0].at > OVERDUE


def proof_is_due(copies: list[Copy], at: datetime) -> bool:
    """Was no copy proven within a month?"""
    newest = next((copy for copy in copies if copy.checked_at is not None), None)
    if newest is None:
        return False
    proven = [copy.proven_at for copy in copies if copy.proven_at is not None]
    last = [one for one in proven if one <= at + AHEAD]
    return not last or at - max(last) > PROOF_EVERY


def may_try(what: str, at: datetime, data: Path) -> bool:
    """Has enough time gone by since the last failure of this?"""
    failure = last_failure(what, data)
    if failure is None or failure.at > at + AHEAD:
        return True
    tries = int(read_state(data).get(f"{what}_tries", 1) or 1)
    return at - failure.at >= timedelta(minutes=WAITS[min(tries, len(WAITS)) - 1])


def work_due(at: datetime | None = None) -> float:
    """Do what is due now; return how many seconds until the next look.

    One process at a time; killed at any instant it leaves nothing that the next call does not
    mend. What goes wrong is written down for `status` and never raised.
    """
    moment = at or now()
    home = data_folder()
    try:
        if not _is_prepared():
            return LONGEST
        with one_at_a_time(home) as free:
            if not free:
                return BUSY
            _work(home, moment)
        seconds = (next_due(moment) - moment).total_seconds()
    except DatabaseError:
        connection.close()
        return BUSY
    return min(LONGEST, max(SHORTEST, seconds))


def _is_prepared() -> bool:
    """Is there a facility whose data could be copied?"""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return False
    try:
        get_here()
    except NotHere:
        return False
    return True


def _work(home: Path, at: datetime) -> None:
    options, zone = read_options(), timezone()
    second = Path(options.second) if options.second else None
    tidy(home, other=second if second is not None and is_there(second) else None)
    if copy_is_due(list_copies(home), at, options, zone) and may_try("backup", at, home):
        attempt("backup", lambda: _make(home), home)
    if second is not None and may_try("second", at, home):
        attempt("second", lambda: copy_to_second(home, second), home)
    prune(home, options, zone)
    if proof_is_due(list_copies(home), at) and may_try("proof", at, home):
        attempt("proof", lambda: _prove(home), home)


def run_now(*, tell: Tell | None = None) -> Copy:
    """Make a copy on demand, put it into the second place too, and remove what is too old."""
    home = data_folder()
    with one_at_a_time(home) as free:
        if not free:
            raise Conflict(
                _("Pencadangan lain sedang berjalan. Tunggu sampai selesai."), "backup_running"
            )
        options = read_options()
        second = Path(options.second) if options.second else None
        tidy(home, other=second if second is not None and is_there(second) else None)
        copy: list[Copy] = []

        def make() -> None:
            copy.append(make_copy_alone(data=home, tell=tell))
            _record("backup-made", copy[0])

        trouble = attempt("backup", make, home)
        if trouble is not None:
            raise trouble
        if second is not None:
            attempt("second", lambda: copy_to_second(home, second), home)
        prune(home, options, timezone())
        return read_facts(copy[0].path) or copy[0]


def attempt(what: str, work: Callable[[], object], home: Path) -> Exception | None:
    """Do one thing; what stops it is written down for people and returned."""
    try:
        work()
    except SimpulError as trouble:
        note_failure(trouble.code, trouble.message, what=what, data=home)
        return trouble
    except (OSError, sqlite3.Error, DatabaseError) as trouble:
        code, sentence = _explain(trouble)
        logger.warning("%s did not succeed: %s", what, type(trouble).__name__)
        note_failure(code, sentence, what=what, data=home)
        return trouble
    except Exception as trouble:
        logger.exception("%s did not succeed", what)
        sentence = _("Berhenti karena hal yang tidak terduga (%(what)s). Data tetap aman.")
        note_failure(
            "unexpected", sentence % {"what": type(trouble).__name__}, what=what, data=home
        )
        return trouble
    if last_failure(what, home) is not None:
        note_success(what, home)
    return None


def _explain(trouble: Exception) -> tuple[str, str]:
    full = getattr(trouble, "errno", None) in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
    if full or "full" in str(trouble).lower():
        return "storage_full", _(
            "Cakram penuh. Cadangan yang lama tetap ada dan data aman; kosongkan ruang, lalu "
            "cadangkan lagi."
        )
    if isinstance(trouble, OSError):
        return "system", _("Sistem menolak: %(why)s. Data tetap aman.") % {
            "why": trouble.strerror or type(trouble).__name__
        }
    return "database", _("Basis data tidak dapat dibaca. Jalankan: simpul doctor")


def _make(home: Path) -> None:
    copy = make_copy_alone(data=home)
    _record("backup-made", copy)


def _prove(home: Path, tell: Tell | None = None) -> Proof | None:
    newest = next((copy for copy in list_copies(home) if copy.checked_at is not None), None)
    if newest is None:
        return None
    proof = prove_alone(newest, data=home, tell=tell)
    if proof.faults:
        raise ProofFailed(
            _("Uji pulih menemukan perbedaan: %(fault)s") % {"fault": proof.faults[0]},
            "proof_failed",
            proof=proof,
        )
    _record("backup-proven", newest)
    return proof


def prove_now(tell: Tell | None = None) -> Proof:
    """Prove the newest copy on demand; what was found is returned, good or bad."""
    home = data_folder()
    found: list[Proof] = []

    def work() -> None:
        proof = _prove(home, tell)
        if proof is None:
            raise Conflict(
                _("Belum ada cadangan yang dapat diuji. Buat dahulu: simpul backup"), "no_copy"
            )
        found.append(proof)

    with one_at_a_time(home) as free:
        if not free:
            raise Conflict(
                _("Pencadangan lain sedang berjalan. Tunggu sampai selesai."), "backup_running"
            )
        tidy(home)
        trouble = attempt("proof", work, home)
    if isinstance(trouble, ProofFailed):
        return trouble.proof
    if trouble is not None:
        raise trouble
    return found[0]


def _record(what: str, copy: Copy) -> None:
    """Note in the journal that the program made or proved a copy."""
    if copy.facility_id is None:
        return
    with act(by=None, facility=copy.facility_id) as this:
        this.record(what, detail={"copy_at": copy.at.isoformat(), "journal": copy.journal_seq})


def copy_to_second(home: Path, second: Path) -> None:
    """Put the newest checked copy into the second place, when it is not there yet."""
    newest = next((copy for copy in list_copies(home) if copy.checked_at is not None), None)
    if newest is None:
        return
    if not is_there(second):
        raise Conflict(
            _(
                "Tempat cadangan kedua (%(folder)s) tidak terpasang. Cadangan di server tetap "
                "dibuat; pasang cakramnya."
            )
            % {"folder": str(second)},
            "second_missing",
        )
    there = second / newest.name
    if there.exists() and there.stat().st_size == newest.bytes and "second" in newest.places:
        return
    copy_to(newest, second)
    note_place(newest, "second")


def prune(home: Path, options: Options, zone: str) -> int:
    """Remove copies that are too old, here and in the second place; returns how many.

    Only when the newest one is really there and still what was written.
    """
    copies = list_copies(home)
    removed = 0
    newest = next((copy for copy in copies if copy.checked_at is not None), None)
    old = to_remove(copies, options, zone)
    if newest is None or not old:
        old = []
    elif hash_of(newest.path) != newest.sha256:
        note_failure(
            "newest_altered",
            _("Cadangan terbaru berubah sejak dibuat; yang lama tidak dihapus. Cadangkan lagi."),
            what="backup",
            data=home,
        )
        return 0
    for copy in old:
        remove(copy)
        removed += 1
    second = Path(options.second) if options.second else None
    if second is not None and is_there(second) and newest is not None:
        ours = [copy for copy in list_in(second) if copy.node == newest.node]
        has_newest = any(copy.sha256 == newest.sha256 for copy in ours)
        for copy in to_remove(ours, options, zone) if has_newest else []:
            remove(copy)
            removed += 1
    if removed:
        note(home, last_prune=now().isoformat(timespec="seconds"))
    return removed


def remove(copy: Copy) -> None:
    """Remove a copy and its facts."""
    copy.path.unlink(missing_ok=True)
    copy.path.with_name(copy.name + FACTS).unlink(missing_ok=True)
