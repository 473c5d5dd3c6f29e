"""Few requests at a time: the others wait in line instead of getting in each other's way.

One Python process runs one thread at a time, and hands over at every statement of the database.
Thirty requests at once therefore all take thirty times as long, and cost half as much again for
the handing over; in line, most are answered before the last one has begun. Who has waited for a
tenth of a second goes in anyway: a slow report or a long import must not hold the counter up.
"""

import threading
import time

from django.http import HttpRequest, HttpResponse

from simpul.web import answering
from simpul.web.middleware import GetResponse

#: One computes, one waits for the disk, two for the write gate; measured, two and 96 are slower.
AT_ONCE = 4
LONGEST_WAIT_SECONDS = 0.1


class InTurn:
    """Middleware: wait for a turn, answer, let the next one in.

    A stream of events has its turn only while it begins; it is read after it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.turns = threading.Semaphore(AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        has_turn = self.turns.acquire(timeout=LONGEST_WAIT_SECONDS)
        try:
            return self.get_response(request)
        finally:
            if has_turn:
                self.turns.release()
            answering.note(request.method, request.path, time.perf_counter() - began)
