"""Access by village on the map: floating catchments over the register's staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from simpul.domain.access import (
    Access,
    Reach,
    Supply,
    Village,
    VillageAccess,
    measure_access,
    plain_reach,
    ringed_reach,
)
from simpul.planning.maps.gaps import Spot
from simpul.planning.maps.selectors import VillageView

#: Weights of the three rings: the slow decay of Luo and Qi (2009), from memory, not checked.
RINGS = (Decimal("1"), Decimal("0.68"), Decimal("0.22"))
PER = 10_000
#: Access against the district's mean: up to these shares the steps -2, -1, 0, 1; above the last, 2.
_EDGES = (Decimal("0.5"), Decimal("0.8"), Decimal("1.25"), Decimal(2))


@dataclass(frozen=True)
class VillageSpot:
    """One village: its access per 10,000 people, and its step; None: nobody in reach."""

    village: VillageView
    access: VillageAccess
    per: Decimal
    step: int | None
    nearest: str


@dataclass(frozen=True)
class AccessMap:
    """Access of all villages that have a point, with what was left out."""

    spots: tuple[VillageSpot, ...]
    mean: Decimal
    says: str
    without_point: tuple[str, ...]
    findings: tuple[str, ...]
    population: int
    beyond: int


def reach_of(km: Decimal, factor: Decimal, *, enhanced: bool) -> Reach:
    """Return the reach asked for; enhanced: three rings of equal width."""
    if not enhanced:
        return plain_reach(km, factor)
    return ringed_reach(
        [(km * ring / 3, weight) for ring, weight in enumerate(RINGS, start=1)], factor
    )


def access_map(
    villages: Sequence[VillageView], spots: Sequence[Spot], reach: Reach
) -> AccessMap | None:
    """Return access by village; None where no village has people and a point."""
    located = [one for one in villages if one.lat is not None and one.lon is not None]
    if not located:
        return None
    names = {str(spot.place.id): spot.place.name for spot in spots}
    found = measure_access(
        [Village(str(one.id), one.lat or 0, one.lon or 0, one.population) for one in located],
        [
            Supply(str(spot.place.id), spot.place.lat or 0, spot.place.lon or 0, Decimal(spot.have))
            for spot in spots
            if spot.place.has_point and spot.have is not None
        ],
        reach,
    )
    people = sum(one.population for one in located)
    mean = _mean(found, located, people)
    shown = tuple(
        VillageSpot(
            village,
            access,
            access.per(PER),
            _step(access, mean),
            names.get(access.nearest, ""),
        )
        for village, access in zip(located, found.villages, strict=True)
    )
    return AccessMap(
        spots=shown,
        mean=mean * PER,
        says=found.reach.says,
        without_point=tuple(one.name for one in villages if one.lat is None),
        findings=tuple(
            _("%(name)s: tidak ada penduduk dalam jangkauannya.") % {"name": names[one.where]}
            for one in found.findings
        ),
        population=people,
        beyond=sum(one.village.population for one in shown if one.step is None),
    )


def _mean(found: Access, villages: Sequence[VillageView], people: int) -> Decimal:
    if not people:
        return Decimal(0)
    weighted = sum(
        (
            access.access * village.population
            for access, village in zip(found.villages, villages, strict=True)
        ),
        Decimal(0),
    )
    return weighted / people


def _step(access: VillageAccess, mean: Decimal) -> int | None:
    if not access.access or not mean:
        return None
    share = access.access / mean
    return next((at - 2 for at, edge in enumerate(_EDGES) if share <= edge), 2)
