"""SQLite's gate: one writer at a time, in the order of asking, and never left closed."""

import gc
import os
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from simpul.foundation.core.counters import take
from simpul.foundation.core.sqlite.base import WriteGate
from simpul.web.upkeep import checkpoint_when_due

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _sqlite_only() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("gerbang penulis hanya ada di SQLite")


def database() -> str:
    return str(connection.settings_dict["NAME"])


def log_bytes() -> int:
    log = Path(f"{database()}-wal")
    return log.stat().st_size if log.exists() else 0


def is_open() -> bool:
    """Could another writer come in now?"""
    import fcntl

    fd = os.open(f"{database()}.gate", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(fd)


def test_it_is_closed_in_a_transaction_and_open_afterwards() -> None:
    assert is_open()
    with transaction.atomic():
        assert not is_open()
        with transaction.atomic():
            take("a")
        assert not is_open(), "a savepoint that ends is not the end"
    assert is_open()


def test_a_failed_transaction_opens_it_again() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take(str(1 // 0))
    assert is_open()


def test_reading_does_not_close_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_counter")
        assert is_open()


def test_a_connection_that_is_closed_in_the_middle_opens_it_again() -> None:
    def write_and_vanish() -> None:
        with transaction.atomic():
            take("a")
            connection.close()

    thread = threading.Thread(target=write_and_vanish)
    thread.start()
    thread.join()
    assert is_open()


def test_a_begin_that_fails_opens_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object) -> None:
        raise RuntimeError("no begin")

    monkeypatch.setattr(
        "django.db.backends.sqlite3.base.DatabaseWrapper._start_transaction_under_autocommit", fail
    )
    with pytest.raises(RuntimeError, match="no begin"), transaction.atomic():
        pass
    assert is_open()


def test_those_who_wait_come_in_one_after_the_other() -> None:
    inside, most = 0, 0
    lock = threading.Lock()

    def write() -> None:
        nonlocal inside, most
        for _ in range(10):
            with transaction.atomic():
                with lock:
                    inside += 1
                    most = max(most, inside)
                take("a")
                time.sleep(0.001)
                with lock:
                    inside -= 1
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert take("a") == 81


def test_a_thread_that_ends_without_closing_leaves_no_file_open() -> None:
    """The server lets idle threads go and makes new ones all day long."""

    def write() -> None:
        with transaction.atomic():
            take("a")

    def open_files() -> int:
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir()))

    if not Path("/proc/self/fd").exists():
        pytest.skip("sistem ini tidak menunjukkan berkas yang terbuka")

    def twenty() -> None:
        for _ in range(20):
            thread = threading.Thread(target=write)
            thread.start()
            thread.join()

    # SQLite keeps the files of closed connections for the next ones while another holds a lock.
    twenty()
    before = open_files()
    twenty()
    assert open_files() <= before + 3


def test_taking_it_twice_and_giving_it_back_twice_is_once(tmp_path: Path) -> None:
    mine, other = WriteGate(str(tmp_path / "x")), WriteGate(str(tmp_path / "x"))
    mine.acquire()
    mine.acquire()
    mine.release()
    mine.release()
    other.acquire()
    other.close()
    mine.close()


class TestCheckpoint:
    def test_it_empties_a_log_that_has_grown_and_leaves_a_small_one(self) -> None:
        while log_bytes() < 300_000:
            take("a")
        assert not checkpoint_when_due(at_bytes=10_000_000)
        assert log_bytes() >= 300_000
        assert checkpoint_when_due(at_bytes=300_000)
        assert log_bytes() == 0
        assert take("a") > 1

    def test_it_waits_for_a_writer_and_no_writer_comes_in_beside_it(self) -> None:
        take("a")
        began, ended = threading.Event(), threading.Event()

        def write_slowly() -> None:
            with transaction.atomic():
                take("a")
                began.set()
                time.sleep(0.3)
                ended.set()
            connection.close()

        writer = threading.Thread(target=write_slowly)
        writer.start()
        assert began.wait(5)
        assert checkpoint_when_due(at_bytes=0)
        assert ended.is_set()
        writer.join()

    def test_a_reader_in_the_way_neither_stops_it_for_long_nor_harms(self) -> None:
        """The log stays until the reader has gone; writers go on meanwhile."""
        reading, done = threading.Event(), threading.Event()

        def read_slowly() -> None:
            with connection.cursor() as cursor:
                # Open a snapshot, as a long report does.
                cursor.execute("BEGIN DEFERRED")
                cursor.execute("SELECT count(*) FROM core_counter")
                cursor.fetchone()
                reading.set()
                done.wait(10)
                cursor.execute("ROLLBACK")
            connection.close()

        take("a")
        reader = threading.Thread(target=read_slowly)
        reader.start()
        assert reading.wait(5)
        take("a")
        begin = time.monotonic()
        checkpoint_when_due(at_bytes=0)
        assert time.monotonic() - begin < 5
        assert is_open()
        assert take("a") == 3
        done.set()
        reader.join()
        checkpoint_when_due(at_bytes=0)
        assert log_bytes() == 0
        assert take("a") == 4
