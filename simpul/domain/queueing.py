"""The queue before a counter or a poli: how long people wait, and how busy the staff are.

Two ways to the same answer. Where arrivals and service are memoryless and go on for ever there are
formulas (M/M/c: Erlang 1917; Erlang C as in Gross, Shortle, Thompson, Harris, Fundamentals of
Queueing Theory, 4th ed., section 2.3). A morning at a Puskesmas is neither: arrivals come by the
hour, staff by the shift, and the door closes. For that there is a simulation: one loop over a heap
of events, repeated with numbered seeds, so the same question always has the same answer and two
variants are compared with the same patients.

All times are minutes from the opening.
"""

import heapq
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import NormalDist, fmean

from simpul.domain.findings import Meaningless

MOST_SERVERS = 500
#: Durations that vary less than this are drawn as always the same; below it the gamma
#: distribution has no shape a computer can hold.
LEAST_VARIATION = 1e-3
#: Minutes; a service shorter than this is no service.
LEAST_SERVICE = 1e-6
#: Events of one question; beyond it the answer would keep people waiting.
MOST_ARRIVALS = 500_000


@dataclass(frozen=True)
class Arrivals:
    """People expected between two times, spread evenly by chance (a Poisson stream)."""

    start: float
    end: float
    expected: float


@dataclass(frozen=True)
class Shift:
    """So many servers at work between two times."""

    start: float
    end: float
    servers: int


@dataclass(frozen=True)
class Service:
    """How long one service takes.

    `variation` is the coefficient of variation (standard deviation / mean): 0 always the same, 1
    memoryless, otherwise a gamma distribution. `measured` durations, where there are some, are
    drawn as they are and the two others are not used.
    """

    mean: float
    variation: float = 1.0
    measured: tuple[float, ...] = ()

    @property
    def expected(self) -> float:
        """The mean that is simulated."""
        return fmean(self.measured) if self.measured else self.mean

    def sampler(self, draw: Random) -> Callable[[], float]:
        """Return a function that gives one duration after another."""
        if self.measured:
            return lambda: draw.choice(self.measured)
        if self.variation < LEAST_VARIATION:
            return lambda: self.mean
        if self.variation == 1:
            return lambda: draw.expovariate(1 / self.mean)
        shape = 1 / self.variation**2
        return lambda: draw.gammavariate(shape, self.mean / shape)


@dataclass(frozen=True)
class Desk:
    """A counter or poli on one day: who comes, who serves, how long a service takes.

    Those who came before the end are served, also after it (`serve_all`); otherwise they go home.
    `warm_up` leaves the first minutes out of the figures (for comparing with the long run).
    """

    arrivals: tuple[Arrivals, ...]
    shifts: tuple[Shift, ...]
    service: Service
    serve_all: bool = True
    warm_up: float = 0.0

    def __post_init__(self) -> None:
        _check(self)

    @property
    def expected_arrivals(self) -> float:
        """People expected on the day."""
        return sum(block.expected for block in self.arrivals)

    @property
    def staffed_minutes(self) -> float:
        """Minutes of all servers together."""
        return sum((shift.end - shift.start) * shift.servers for shift in self.shifts)

    @property
    def load(self) -> float:
        """Work that comes / work that can be done (ρ): above 1 the queue only grows."""
        return self.expected_arrivals * self.service.expected / self.staffed_minutes


@dataclass(frozen=True)
class Waiting:
    """The answer: means over the days simulated, `wait_margin` being half the 95 % interval.

    `utilisation` is the share of the staffed minutes spent serving, `overtime` the minutes the
    last server leaves after the end, `left` the people sent home unserved.
    """

    mean_wait: float
    wait_margin: float
    median_wait: float
    p90_wait: float
    longest_queue: float
    utilisation: float
    load: float
    overtime: float
    served: float
    left: float
    by_block: tuple[float | None, ...]
    days: int


@dataclass(frozen=True)
class LongRun:
    """M/M/c in the long run; times in the unit of the mean service."""

    load: float
    wait_probability: float
    mean_wait: float
    mean_queue: float


def erlang_c(offered: float, servers: int) -> float:
    """The probability that an arrival waits, for an offered load in servers (λ/μ < c).

    By the recurrence of Erlang B, which neither overflows nor loses digits.
    """
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = offered * blocked / (n + offered * blocked)
    return blocked / (1 - offered / servers * (1 - blocked))


def long_run(arrivals_per_minute: float, mean_service: float, servers: int) -> LongRun:
    """M/M/c: Wq = C(c, λ/μ) / (cμ − λ), Lq = λ Wq. Refused where the queue grows for ever."""
    _positive(arrivals_per_minute, "kedatangan")
    _positive(mean_service, "waktu layanan")
    if not 1 <= servers <= MOST_SERVERS:
        raise Meaningless("servers_out_of_range", "petugas", f"Petugas harus 1–{MOST_SERVERS}.")
    offered = arrivals_per_minute * mean_service
    if offered >= servers:
        raise Meaningless(
            "queue_grows",
            "petugas",
            f"Beban {offered / servers:.2f} per petugas: antrean bertambah terus, jadi tidak ada "
            "rata-rata jangka panjang. Tambah petugas atau pakai simulasi satu hari.",
        )
    waits = erlang_c(offered, servers)
    wait = waits * mean_service / (servers - offered)
    return LongRun(offered / servers, waits, wait, arrivals_per_minute * wait)


@dataclass
class _Day:
    """What one simulated day leaves behind."""

    waits: list[tuple[float, float]]  # (arrived at, waited)
    busy: float = 0.0
    ended: float = 0.0
    longest: int = 0
    left: int = 0


def simulate(desk: Desk, *, days: int = 200, seed: int = 1) -> Waiting:
    """Simulate so many days; the same seed gives the same days."""
    if not 1 <= days <= 10_000 or desk.expected_arrivals * days > MOST_ARRIVALS:
        raise Meaningless(
            "simulation_too_large",
            "jumlah hari",
            f"Terlalu banyak untuk sekali hitung (paling banyak {MOST_ARRIVALS:,} kedatangan). "
            "Kurangi jumlah harinya.",
        )
    runs = [_one_day(desk, Random(f"{seed}:{day}")) for day in range(days)]  # noqa: S311
    return _sum_up(desk, runs)


def _one_day(desk: Desk, draw: Random) -> _Day:
    """Walk through the events of one day in the order of time."""
    # Everybody's service is drawn at arrival: one more server then meets the same patients.
    service = desk.service.sampler(draw)
    people = [(at, service()) for at in _arrival_times(desk.arrivals, draw)]
    closing = max(shift.end for shift in desk.shifts)
    events: list[tuple[float, int, int]] = []  # (time, kind, person); endings before arrivals
    ending, change, arrival = 0, 1, 2
    for shift in desk.shifts:
        events += [(shift.start, change, -1), (shift.end, change, -1)]
    events += [(at, arrival, n) for n, (at, _) in enumerate(people)]
    heapq.heapify(events)
    waiting: deque[int] = deque()
    day = _Day([])
    serving = 0
    while events:
        now, kind, person = heapq.heappop(events)
        if kind == ending:
            serving -= 1
            day.ended = now
        elif kind == arrival:
            waiting.append(person)
        capacity = servers_at(desk.shifts, now)
        if now >= closing and desk.serve_all:
            capacity = _last_servers(desk.shifts)
        while waiting and serving < capacity:
            came, lasts = people[waiting[0]]
            waiting.popleft()
            serving += 1
            heapq.heappush(events, (now + lasts, ending, -1))
            # Only time inside the shifts counts as used; the rest is overtime.
            day.busy += max(0.0, min(now + lasts, closing) - now)
            if came >= desk.warm_up:
                day.waits.append((came, now - came))
        day.longest = max(day.longest, len(waiting))
    day.left = len(waiting)
    return day


def servers_at(shifts: Sequence[Shift], now: float) -> int:
    """Servers at work at a moment; a shift includes its start and not its end."""
    return sum(shift.servers for shift in shifts if shift.start <= now < shift.end)


def _last_servers(shifts: Sequence[Shift]) -> int:
    closing = max(shift.end for shift in shifts)
    return sum(shift.servers for shift in shifts if shift.end == closing)


def _arrival_times(blocks: Sequence[Arrivals], draw: Random) -> list[float]:
    times: list[float] = []
    for block in blocks:
        # A rate, not a gap: the gap between people who hardly ever come has no finite number.
        rate = block.expected / (block.end - block.start)
        if rate <= 0:
            continue
        at = block.start + draw.expovariate(rate)
        while at < block.end:
            times.append(at)
            at += draw.expovariate(rate)
    return sorted(times)


def _sum_up(desk: Desk, runs: list[_Day]) -> Waiting:
    waits = sorted(wait for run in runs for _, wait in run.waits)
    closing = max(shift.end for shift in desk.shifts)
    mean = fmean(waits) if waits else 0.0
    by_block: list[float | None] = []
    for block in desk.arrivals:
        here = [w for run in runs for at, w in run.waits if block.start <= at < block.end]
        by_block.append(fmean(here) if here else None)
    return Waiting(
        mean_wait=mean,
        wait_margin=_margin(runs, mean),
        median_wait=_share(waits, 0.5),
        p90_wait=_share(waits, 0.9),
        longest_queue=fmean([run.longest for run in runs]),
        utilisation=fmean([run.busy for run in runs]) / desk.staffed_minutes,
        load=desk.load,
        overtime=fmean([max(0.0, run.ended - closing) for run in runs]),
        served=fmean([len(run.waits) for run in runs]),
        left=fmean([run.left for run in runs]),
        by_block=tuple(by_block),
        days=len(runs),
    )


def _margin(runs: list[_Day], mean: float) -> float:
    """Half the 95 % interval of the mean wait, by days: people of one day wait together.

    The mean is a ratio (minutes waited / people), so its spread is that of what each day's sum
    differs from the sum its number of people would give.
    """
    people = sum(len(run.waits) for run in runs)
    if len(runs) < 2 or not people:
        return 0.0
    off = [sum(wait for _, wait in run.waits) - mean * len(run.waits) for run in runs]
    error = math.sqrt(sum(x * x for x in off) * len(runs) / (len(runs) - 1)) / people
    return NormalDist().inv_cdf(0.975) * error


def _share(ordered: list[float], share: float) -> float:
    """The value below which this share lies; 0 of nothing."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _positive(value: float, where: str) -> None:
    if not (math.isfinite(value) and value > 0):
        raise Meaningless("not_positive", where, "Nilai ini harus lebih dari 0.")


def _check(desk: Desk) -> None:
    if not desk.shifts or not desk.arrivals:
        raise Meaningless("desk_empty", "loket", "Isi jam kedatangan dan jam petugas.")
    _check_hours(
        [(b.start, b.end) for b in desk.arrivals] + [(s.start, s.end) for s in desk.shifts]
    )
    _check_shifts(desk)
    for block in desk.arrivals:
        if not (math.isfinite(block.expected) and 0 <= block.expected <= MOST_ARRIVALS):
            raise Meaningless("arrivals_out_of_range", "kedatangan", "Kedatangan harus 0 ke atas.")
    _check_service(desk.service)


def _check_hours(hours: list[tuple[float, float]]) -> None:
    for start, end in hours:
        if not (math.isfinite(start) and math.isfinite(end) and 0 <= start < end):
            raise Meaningless("hours_reversed", "jam", "Jam mulai harus sebelum jam selesai.")


def _check_shifts(desk: Desk) -> None:
    for shift in desk.shifts:
        if not 0 <= shift.servers <= MOST_SERVERS:
            raise Meaningless("servers_out_of_range", "petugas", f"Petugas harus 0–{MOST_SERVERS}.")
    if not any(shift.servers for shift in desk.shifts):
        raise Meaningless("nobody_serves", "petugas", "Tidak ada petugas pada jam mana pun.")
    if not _last_servers(desk.shifts) and desk.serve_all:
        raise Meaningless("nobody_serves", "petugas", "Giliran terakhir tidak ada petugasnya.")


def _check_service(service: Service) -> None:
    for length in service.measured:
        if not (math.isfinite(length) and length >= 0):
            raise Meaningless("not_positive", "waktu layanan terukur", "Lama layanan minimal 0.")
    _positive(service.expected, "waktu layanan")
    if not service.measured and service.mean < LEAST_SERVICE:
        raise Meaningless("not_positive", "waktu layanan", "Nilai ini harus lebih dari 0.")
    if not (math.isfinite(service.variation) and 0 <= service.variation <= 10):
        raise Meaningless("variation_out_of_range", "keragaman", "Keragaman harus 0 sampai 10.")
