"""A few requests at a time are answered; nobody waits for ever, and every turn is given back."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse

from simpul.web import turns
from simpul.web.turns import AT_ONCE, InTurn


class Doors:
    """A view that counts who is inside and lets them out when it is told to."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.inside = 0
        self.most = 0
        self.lock = threading.Lock()

    def __call__(self, _request: HttpRequest) -> HttpResponse:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.open.wait(10)
        with self.lock:
            self.inside -= 1
        return HttpResponse("ok")


@pytest.fixture
def doors() -> Iterator[Doors]:
    made = Doors()
    yield made
    made.open.set()


def ask(middleware: InTurn, many: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=middleware, args=(HttpRequest(),)) for _ in range(many)]
    for thread in threads:
        thread.start()
    return threads


def test_only_a_few_are_inside_at_a_time(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT_SECONDS", 10.0)
    threads = ask(InTurn(doors), AT_ONCE * 3)
    time.sleep(0.3)
    assert doors.inside == AT_ONCE
    doors.open.set()
    for thread in threads:
        thread.join(10)
    assert doors.most == AT_ONCE
    assert doors.inside == 0


def test_slow_answers_do_not_hold_the_others_up(doors: Doors) -> None:
    threads = ask(InTurn(doors), AT_ONCE + 2)
    until = time.monotonic() + 5
    while doors.inside < AT_ONCE + 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert doors.inside == AT_ONCE + 2
    doors.open.set()
    for thread in threads:
        thread.join(10)


def test_a_view_that_fails_gives_its_turn_back() -> None:
    def fail(_request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    middleware = InTurn(fail)
    for _ in range(AT_ONCE * 2):
        with pytest.raises(RuntimeError):
            middleware(HttpRequest())
    for _ in range(AT_ONCE):
        assert middleware.turns.acquire(blocking=False)
