"""Register visits to one unit in several threads; run as a process of the site.

    python -m tests.faults.take_tickets MADE FIRST LAST THREADS

Prints the ticket numbers it was given as JSON.
"""

import json
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the setup above

from simpul.foundation.staff.selectors import get_actor_of_token  # noqa: E402
from simpul.service.distribution.services import register_visit  # noqa: E402
from simpul.service.registration.services import VisitWish  # noqa: E402


def main(file: str, first: int, last: int, threads: int) -> None:
    """Share the patients first..last among the threads."""
    made = json.loads(Path(file).read_text(encoding="utf-8"))
    by = get_actor_of_token(made["registrar"])
    assert by is not None

    def take(start: int) -> list[int]:
        try:
            return [
                register_visit(
                    VisitWish(patient_id=uuid.UUID(patient), unit="umum", complaint="batuk"), by=by
                ).ticket.number
                for patient in made["patients"][first + start : last : threads]
            ]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        numbers = [number for some in pool.map(take, range(threads)) for number in some]
    print(json.dumps(numbers))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], *(int(word) for word in sys.argv[2:5]))
