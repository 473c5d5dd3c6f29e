"""Two processes take a thousand tickets of one unit at once: a thousand different numbers."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from simpul.domain.lanes import TICKETS as TICKET_LANES
from tests.faults.site import Site, run_python
from tests.faults.soundness import check_soundness

TICKETS = 1000


@pytest.mark.timeout(240)
def test_a_thousand_tickets_are_one_to_a_thousand(idle_site: Site) -> None:
    site = idle_site
    made = str(site.folder / "made.json")

    def process(half: int) -> list[int]:
        first, last = half * TICKETS // 2, (half + 1) * TICKETS // 2
        words = ("-m", "tests.faults.take_tickets", made, str(first), str(last), "8")
        return list(json.loads(run_python(*words, env=site.env)))

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(process, (0, 1))
    # The server's own numbers in a row; they jump over those of counters without a server.
    assert sorted(one + other) == [TICKET_LANES.ordinary(n) for n in range(1, TICKETS + 1)]
    assert len(set(one + other)) == TICKETS
    # They really worked side by side: neither took its half in one piece.
    assert max(one) > min(other)
    assert max(other) > min(one)
    check_soundness(site)
