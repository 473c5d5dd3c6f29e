"""The server's threads sleep while nothing is to be done, and rise at once when something is."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from simpul.cli import importer
from simpul.foundation.printing import spooler
from simpul.service.patients.importing import services, waking, work

LONG = 30.0
SOON = 5.0


def rises(work: Callable[[], object], ring: Callable[[], object]) -> float:
    """How long after the ring the thread has done its work and ended (by SystemExit)."""

    def run() -> None:
        with suppress(SystemExit):
            work()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    time.sleep(0.1)
    assert thread.is_alive(), "it sleeps"
    began = time.monotonic()
    ring()
    thread.join(SOON)
    assert not thread.is_alive()
    return time.monotonic() - began


def test_a_file_begun_here_is_worked_on_at_once(monkeypatch: pytest.MonkeyPatch):
    begun: list[str] = []

    def look() -> object:
        if begun:
            raise SystemExit
        return "a file"

    waking._rung.clear()  # another test may have rung it
    monkeypatch.setattr(importer, "FIRST_LOOK_SECONDS", LONG)
    monkeypatch.setattr(importer, "LOOK_SECONDS", LONG)
    monkeypatch.setattr(importer, "_run_beside", lambda: begun.append("run"))
    monkeypatch.setattr(services, "tidy", lambda: 0)
    monkeypatch.setattr(work, "next_run", look)

    # After the first file it looks again without being told: another may have come meanwhile.
    assert rises(importer.watch, waking.look_again) < SOON
    assert begun == ["run"]


def test_paper_comes_at_once_from_a_spooler_that_slept(monkeypatch: pytest.MonkeyPatch):
    class Idle:
        steps = 0

        def __init__(self, _pool: object) -> None:
            pass

        def step(self) -> int:
            Idle.steps += 1
            if Idle.steps > 1:
                raise SystemExit
            return 0

    spooler._wake.clear()
    monkeypatch.setattr(spooler, "Spooler", Idle)
    monkeypatch.setattr(spooler, "IDLE_SECONDS", LONG)
    monkeypatch.setattr(spooler, "is_waited_for", lambda: False)

    assert rises(spooler._run, spooler.wake) < SOON
    assert Idle.steps == 2


@pytest.mark.django_db
def test_a_file_that_is_let_begin_rings_the_bell(
    recorder, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.DATA = tmp_path
    waking._rung.clear()
    run = services.bring("a.csv", [b"Nama;Tgl Lahir\nSITI CONTOH;12-03-1985\n"], by=recorder)
    assert not waking._rung.is_set()
    with django_capture_on_commit_callbacks(execute=True):
        services.start_trial(run, by=recorder)
    assert waking._rung.is_set()
    waking._rung.clear()
