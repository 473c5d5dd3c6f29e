"""A poli's screen that is cut off gets what it missed, once, also across a kill of the server."""

import threading
import uuid

import pytest

from tests.faults.site import Events, Site


def register(site: Site, numbers: range) -> None:
    for number in numbers:
        answer = site.insist(
            "POST", "/api/v1/encounters", site.visit(number), key=str(uuid.uuid4())
        )
        assert answer.status == 201, answer.body


def entries(site: Site) -> list[int]:
    """Return the ids of everything that concerns the unit, in order."""
    found = site.rows("SELECT id FROM journal_journalentry WHERE unit = 'umum' ORDER BY id")
    return [int(row[0]) for row in found]


@pytest.mark.timeout(240)
def test_what_a_screen_missed_it_gets_exactly_once(site: Site) -> None:
    got: list[int] = []

    screen = Events(site, "queue:umum")
    register(site, range(5))
    got += screen.wait(5)
    screen.cut()
    assert got == entries(site)

    # Away: some, then the server is killed and starts again, then some more.
    register(site, range(5, 9))
    site.kill()
    site.start()
    register(site, range(9, 12))
    screen = Events(site, "queue:umum", last_id=got[-1])
    got += screen.wait(7)
    assert got == entries(site)

    # It goes on from there, and a kill while it looks on takes nothing away and repeats nothing.
    register(site, range(12, 14))
    got += screen.wait(9)[7:]
    assert got == entries(site)
    site.kill()
    screen.cut()
    site.start()
    screen = Events(site, "queue:umum", last_id=got[-1])
    register(site, range(14, 15))
    got += screen.wait(1)
    assert got == entries(site)
    assert screen.wait(2, seconds=1) == got[-1:], "nothing comes twice"
    screen.cut()


@pytest.mark.timeout(240)
def test_a_screen_that_is_cut_again_and_again_while_people_register(site: Site) -> None:
    """Every cut falls somewhere between the replay and what is told as it happens."""
    screen = Events(site, "queue:umum")
    got: list[int] = []
    work = threading.Thread(target=register, args=(site, range(60)))
    work.start()
    while len(got) < 60:
        screen.wait(4, seconds=5)
        screen.cut()
        got += screen.ids
        screen = Events(site, "queue:umum", last_id=got[-1])
    work.join()
    assert screen.wait(1, seconds=1) == []
    screen.cut()
    assert got == entries(site)
