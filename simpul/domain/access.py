"""How well each village reaches staff: two-step floating catchments, plain and enhanced.

2SFCA (Luo and Wang 2003): first each facility's staff are divided over everybody within reach,
R_j = S_j / Σ P_k; then each village adds up the ratios within its reach, A_i = Σ R_j. Neither
borders nor catchments on paper matter. E2SFCA (Luo and Qi 2009): the same with a weight for each
ring of distance, so that near counts for more, in both steps.

Distance is the great circle times a road factor, never the road itself; whoever shows a result
says so (`Reach.says`). The factor and the weights are assumptions of the user, not facts.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from simpul.domain.findings import Finding, Meaningless
from simpul.domain.geography import straight_line_km

#: Roads are longer than lines; 1.3 is a usual assumption for planning, not measured here.
ROAD_FACTOR = Decimal("1.3")


@dataclass(frozen=True)
class Ring:
    """Up to and including so many kilometres (by road factor) a facility counts so much."""

    up_to_km: Decimal
    weight: Decimal


@dataclass(frozen=True)
class Reach:
    """How far people go, and how distance is counted."""

    rings: tuple[Ring, ...]
    road_factor: Decimal = ROAD_FACTOR

    def weight(self, km: Decimal) -> Decimal:
        """Return the weight at a distance; 0 beyond the last ring."""
        return next((ring.weight for ring in self.rings if km <= ring.up_to_km), Decimal(0))

    @property
    def is_enhanced(self) -> bool:
        """Is it the enhanced method, with more than one ring?"""
        return len(self.rings) > 1

    @property
    def says(self) -> str:
        """The method and kind of distance, in words to stand beside a result."""
        factor = str(self.road_factor.normalize()).replace(".", ",")
        rings = "; ".join(
            f"≤ {_plain(ring.up_to_km)} km bobot {_plain(ring.weight)}" for ring in self.rings
        )
        name = "E2SFCA" if self.is_enhanced else "2SFCA"
        return f"{name}, jarak garis lurus × faktor jalan {factor}; {rings}"


def plain_reach(km: Decimal, road_factor: Decimal = ROAD_FACTOR) -> Reach:
    """Everything within so many kilometres counts in full: 2SFCA."""
    return _checked(Reach((Ring(km, Decimal(1)),), road_factor))


def ringed_reach(
    rings: Sequence[tuple[Decimal, Decimal]], road_factor: Decimal = ROAD_FACTOR
) -> Reach:
    """Rings of (kilometres, weight), nearest first: E2SFCA."""
    return _checked(Reach(tuple(Ring(km, weight) for km, weight in rings), road_factor))


@dataclass(frozen=True)
class Village:
    """Where people live."""

    code: str
    lat: float
    lon: float
    population: int


@dataclass(frozen=True)
class Supply:
    """Where staff are, and how many (or their capacity left after outreach)."""

    code: str
    lat: float
    lon: float
    staff: Decimal


@dataclass(frozen=True)
class VillageAccess:
    """Staff per person within reach, the nearest facility and how far it is (by road factor)."""

    code: str
    access: Decimal
    nearest: str
    nearest_km: Decimal | None
    facilities_in_reach: int

    def per(self, people: int) -> Decimal:
        """Staff per so many people."""
        return self.access * people


@dataclass(frozen=True)
class Access:
    """Access of every village, and the staff of facilities that nobody reaches."""

    villages: tuple[VillageAccess, ...]
    reach: Reach
    findings: tuple[Finding, ...]


def measure_access(villages: Sequence[Village], supplies: Sequence[Supply], reach: Reach) -> Access:
    """Return the access of each village; distances come from the points."""
    factor = float(reach.road_factor)
    distances = [
        [
            Decimal(repr(round(straight_line_km(one.lat, one.lon, to.lat, to.lon) * factor, 6)))
            for to in supplies
        ]
        for one in villages
    ]
    return access_by_distance(villages, supplies, distances, reach)


def access_by_distance(
    villages: Sequence[Village],
    supplies: Sequence[Supply],
    distances: Sequence[Sequence[Decimal]],
    reach: Reach,
) -> Access:
    """Return the access of each village from distances[village][supply] in kilometres."""
    _check(villages, supplies)
    weights = [[reach.weight(km) for km in row] for row in distances]
    ratios: list[Decimal] = []
    findings: list[Finding] = []
    for at, supply in enumerate(supplies):
        demand = sum(
            (row[at] * village.population for row, village in zip(weights, villages, strict=True)),
            Decimal(0),
        )
        if not demand and supply.staff:
            findings.append(
                Finding(
                    "nobody_in_reach",
                    "warning",
                    supply.code,
                    "Tidak ada penduduk dalam jangkauan; tenaganya tidak terhitung.",
                )
            )
        ratios.append(supply.staff / demand if demand else Decimal(0))
    found = [
        _village(village, supplies, row, km, ratios)
        for village, row, km in zip(villages, weights, distances, strict=True)
    ]
    return Access(tuple(found), reach, tuple(findings))


def _village(
    village: Village,
    supplies: Sequence[Supply],
    weights: Sequence[Decimal],
    km: Sequence[Decimal],
    ratios: Sequence[Decimal],
) -> VillageAccess:
    staffed = [at for at, supply in enumerate(supplies) if supply.staff]
    nearest = min(staffed, key=lambda at: km[at], default=None)
    return VillageAccess(
        code=village.code,
        access=sum(
            (weight * ratio for weight, ratio in zip(weights, ratios, strict=True)), Decimal(0)
        ),
        nearest="" if nearest is None else supplies[nearest].code,
        nearest_km=None if nearest is None else km[nearest],
        facilities_in_reach=sum(1 for at in staffed if weights[at]),
    )


def _checked(reach: Reach) -> Reach:
    if reach.road_factor < 1:
        raise Meaningless(
            "road_factor_below_one", "faktor jalan", "Jalan tidak lebih pendek dari garis lurus."
        )
    edges = [ring.up_to_km for ring in reach.rings]
    if not edges or edges[0] <= 0 or any(b <= a for a, b in itertools.pairwise(edges)):
        raise Meaningless("rings_not_rising", "jangkauan", "Jarak tiap lingkar harus naik dari 0.")
    if any(ring.weight < 0 or ring.weight > 1 for ring in reach.rings):
        raise Meaningless("weight_out_of_range", "jangkauan", "Bobot lingkar antara 0 dan 1.")
    return reach


def _check(villages: Sequence[Village], supplies: Sequence[Supply]) -> None:
    for village in villages:
        if village.population < 0:
            raise Meaningless("negative", village.code, "Jumlah penduduk tidak boleh di bawah 0.")
    for supply in supplies:
        if supply.staff < 0:
            raise Meaningless("negative", supply.code, "Jumlah tenaga tidak boleh di bawah 0.")


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")
