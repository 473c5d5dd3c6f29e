"""Write acts as fast as they go in several threads; run as a process of the site.

    python -m tests.faults.write_hard THREADS ACTS

Prints the ids of the acts that were committed.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the setup above

from simpul.foundation.facilities.selectors import get_here  # noqa: E402
from simpul.foundation.journal.acts import act  # noqa: E402
from simpul.foundation.staff.models import Practitioner  # noqa: E402


def main(threads: int, acts: int) -> None:
    """Each act writes four rows, four changes and an entry, about as much as a visit does."""
    here = get_here()

    def write(_number: int) -> list[str]:
        kept = []
        try:
            for number in range(acts):
                with act(by=None, facility=here.id) as this:
                    this.create(*(Practitioner(name=f"Baris {number}") for _ in range(4)))
                    this.record("started", detail={"text": "x" * 300})
                kept.append(str(this.id))
        finally:
            connection.close()
        return kept

    with ThreadPoolExecutor(threads) as pool:
        kept = [one for some in pool.map(write, range(threads)) for one in some]
    print(json.dumps(kept))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
