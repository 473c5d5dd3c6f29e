"""Lanes of numbers: an offline counter gives out numbers that nobody else can give out.

Each computer of the counter has a lane, the same every day, so it can go on without a server for
days. Beside the lanes run the ordinary numbers of the server, which jump over all lanes when there
are more of them than fit below the first. Lanes never touch, whatever happens: nothing has to be
reserved each morning, and a restored database cannot give one number twice.
"""

from dataclasses import dataclass

#: More computers than any Puskesmas has counters; each lane costs nothing until it is used.
MOST_LANES = 99


@dataclass(frozen=True, slots=True)
class Lanes:
    """How one kind of number is cut: `width` ordinary ones, then a lane each `step` numbers."""

    step: int
    width: int

    def of(self, lane: int) -> tuple[int, int]:
        """First and last number of a lane (1 to 99)."""
        if not 1 <= lane <= MOST_LANES:
            raise ValueError(f"lane {lane} is not one of 1…{MOST_LANES}")
        first = self.step * lane + 1
        return first, first + self.width - 1

    def ordinary(self, count: int) -> int:
        """The number of the `count`-th that the server gives itself."""
        if count <= self.step:
            return count
        return self.step * MOST_LANES + count

    def owner(self, number: int) -> int | None:
        """The lane a number belongs to; None for the server's own."""
        lane, place = divmod(number - 1, self.step)
        return lane if 1 <= lane <= MOST_LANES and place < self.width else None


#: Queue tickets of a unit and day: A01…A500, then L1 has A501…A1000, L2 A1001…A1500, …
TICKETS = Lanes(step=500, width=500)
#: The registration book of a day: …-0001 to …-10000, then L1 has …-10001 to …-11000, …
REGISTRATIONS = Lanes(step=10_000, width=1_000)
