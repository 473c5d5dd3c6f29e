"""Serve one site as `simpul serve` does, without making anything ready first."""

import sys

from granian import Granian
from granian.constants import Interfaces


def main(port: int) -> None:
    """One worker process with 32 threads."""
    Granian(
        "tests.faults.stand_in_app:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=32,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
