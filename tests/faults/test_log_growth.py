"""SQLite's write-ahead log beside sixteen writers: it stays small, and no commit is lost."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from tests.faults.site import Site, run_python
from tests.faults.soundness import as_id, check_files_are_intact

THREADS = 8
ACTS_EACH = 100
MOST_BYTES = 20_000_000


@pytest.mark.parametrize("idle_site", ["sqlite"], indirect=True)
@pytest.mark.timeout(240)
def test_the_log_stays_small_and_every_commit_stays(site: Site) -> None:
    """The server does nothing here but its chores; two processes write as fast as they can."""
    log, sizes, is_over = Path(f"{site.database}-wal"), [0], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.02):
            sizes.append(log.stat().st_size if log.exists() else 0)

    watcher = threading.Thread(target=watch)
    watcher.start()

    def process(_number: int) -> list[str]:
        words = ("-m", "tests.faults.write_hard", str(THREADS), str(ACTS_EACH))
        return list(json.loads(run_python(*words, env=site.env)))

    try:
        with ThreadPoolExecutor(2) as pool:
            promised = {as_id(one) for some in pool.map(process, (0, 1)) for one in some}
        # Nobody writes any more: the next look leaves a log below the size that is looked for.
        until = time.monotonic() + 10
        while log.stat().st_size > 4_000_000 and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        is_over.set()
        watcher.join()

    assert len(promised) == 2 * THREADS * ACTS_EACH
    assert max(sizes) < MOST_BYTES
    assert any(later < earlier for earlier, later in pairwise(sizes)), (
        "the log was emptied while they wrote"
    )
    assert log.stat().st_size <= 4_000_000
    kept = {
        as_id(row[0])
        for row in site.rows("SELECT act_id FROM journal_journalentry WHERE detail LIKE '%xxx%'")
    }
    assert kept == promised
    assert site.count("staff_practitioner", "name LIKE 'Baris %'") == 4 * len(promised)
    assert site.chain_faults() == []
    check_files_are_intact(site)
