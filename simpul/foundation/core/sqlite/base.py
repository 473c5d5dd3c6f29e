"""SQLite for many threads and processes: a gate before each write transaction.

SQLite's own busy handler polls with growing sleeps, so under load the last one waits for seconds
while others overtake. A file lock is a queue. Every write transaction takes the gate before
BEGIN IMMEDIATE and gives it back after COMMIT or ROLLBACK; the checkpoint runs inside the same
gate, so no commit runs beside it (SQLite before 3.51.3 can corrupt a database there).
ADR 0005 has the figures.
"""

import os
import sys
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base, features

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class WriteGate:
    """One connection's place in the queue of writers of one database file."""

    def __init__(self, database: str) -> None:
        self.path = Path(f"{database}.gate")
        self.fd: int | None = None
        self.held = False

    def acquire(self) -> None:
        """Wait for the turn to write."""
        if self.held:
            return
        if self.fd is None:
            self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        _lock(self.fd)
        self.held = True

    def release(self) -> None:
        """Let the next writer in."""
        if not self.held or self.fd is None:
            return
        self.held = False
        _unlock(self.fd)

    def close(self) -> None:
        """Give the turn back and close the file."""
        self.release()
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None

    def __del__(self) -> None:
        # The server lets idle threads go without closing their connections; SQLite closes its
        # own files then, and so must we, or the server runs out of files after some days.
        self.close()


class DatabaseFeatures(features.DatabaseFeatures):
    """As Django's; tests keep a file so that threads and processes can share it."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection behind the gate."""

    features_class = DatabaseFeatures

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gate: WriteGate | None = None

    @property
    def gate(self) -> WriteGate | None:
        """The gate of this connection's file; none for a database in memory."""
        if self._gate is None and not self.is_in_memory_db():
            self._gate = WriteGate(str(self.settings_dict["NAME"]))
        return self._gate

    def _start_transaction_under_autocommit(self) -> None:
        gate = self.gate
        if gate is not None:
            gate.acquire()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            if gate is not None:
                gate.release()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._release_when_idle()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._release_when_idle()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self._gate is not None:
                self._gate.close()

    def _release_when_idle(self) -> None:
        # A commit that fails (disk full) leaves the transaction open until the rollback.
        if self._gate is not None and not getattr(self.connection, "in_transaction", False):
            self._gate.release()

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database while nobody writes."""
        gate = self.gate
        if gate is not None:
            gate.acquire()
        try:
            with self.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.fetchall()
        finally:
            if gate is not None:
                gate.release()
