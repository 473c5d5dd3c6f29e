"""The worker's loop, its lock, and how the server starts it again."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from simpul.cli.sole import is_held, only_one
from simpul.cli.working import AFTER_TROUBLE_SECONDS, LONGEST_AGAIN, Again, Duty, Round


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_duties_take_turns_as_they_are_due(caplog: pytest.LogCaptureFixture) -> None:
    clock, done = Clock(), []

    def often() -> float:
        done.append(("often", clock.now))
        return 10.0

    def fails() -> float:
        done.append(("fails", clock.now))
        raise RuntimeError("rusak")

    rounds = Round([Duty("often", often), Duty("fails", fails)], clock=clock)
    for _turn in range(7):
        duty = min(rounds.duties, key=lambda each: each.due)
        clock.now = max(clock.now, duty.due)
        rounds.do(duty)
    assert done == [
        ("often", 0), ("fails", 0), ("often", 10), ("often", 20), ("fails", 30), ("often", 30),
        ("often", 40),
    ] or done == [
        ("often", 0), ("fails", 0), ("often", 10), ("often", 20), ("often", 30), ("fails", 30),
        ("often", 40),
    ]  # fmt: skip
    assert AFTER_TROUBLE_SECONDS == 30
    assert "fails failed" in caplog.text


def test_the_loop_ends_when_told() -> None:
    rounds = Round([])

    def step() -> float:
        rounds.ended.set()
        return 100.0

    rounds.duties.append(Duty("last", step))
    began = time.monotonic()
    rounds.run()
    assert time.monotonic() - began < 5


def test_a_worker_that_dies_at_once_is_started_ever_later() -> None:
    again = Again()
    assert [again.after(0.5) for _death in range(8)] == [1, 2, 4, 8, 16, 32, 60, LONGEST_AGAIN]
    assert again.after(3600) == 1
    assert again.after(1) == 2


def test_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    lock = tmp_path / "worker.lock"
    assert is_held(lock) is False
    holder = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sys, time; from pathlib import Path; from simpul.cli.sole import only_one\n"
            "with only_one(Path(sys.argv[1])) as ours: print(ours, flush=True); time.sleep(60)",
            str(lock),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "True\n"
        assert is_held(lock) is True
        with only_one(lock) as is_ours:
            assert is_ours is False
    finally:
        holder.kill()
        holder.wait()
    with only_one(lock) as is_ours:
        assert is_ours is True
