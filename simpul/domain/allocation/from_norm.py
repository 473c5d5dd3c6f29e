"""Sites out of the rows of a gap study: the posts are what the norm asks of each facility.

A profession whose number is not stated has no gap and takes no part, as in `simpul.domain.gap`.
Either/or posts stay open to all their professions here, so that a move may fill them with any.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from simpul.domain.allocation.problem import Post, Site, posts_of
from simpul.domain.findings import Meaningless
from simpul.domain.gap import Count, FacilityStaff, Refused
from simpul.domain.norms import NormSet, establishment


def site_of(
    facility: FacilityStaff,
    norm: NormSet,
    *,
    count: Count = "all",
    locked: Mapping[str, int] | None = None,
    circle: str = "",
) -> Site:
    """Return a facility with its posts by the norm; Meaningless where the norm has no table."""
    table = establishment(norm, facility.category, bool(facility.inpatient))
    times = {
        "facility": 1,
        "pustu": 1 if facility.pustu is None else facility.pustu,
        "village": 1 if facility.villages is None else facility.villages,
    }
    people = facility.have if count == "all" else facility.have_asn or {}
    have = {code: number for code, number in people.items() if number is not None}
    need: dict[str, int] = dict(table.fixed)
    for per, wanted in (("pustu", table.per_pustu), ("village", table.per_village)):
        for code, each in wanted.items():
            need[code] = need.get(code, 0) + each * times[per]
    either = []
    for seat in table.seats:
        stated = tuple(code for code in seat.professions if code in have)
        if stated:
            either.append(Post(stated, seat.count * times[seat.per]))
    return Site(
        name=facility.name,
        have=have,
        posts=posts_of({code: n for code, n in need.items() if code in have}, either),
        locked={code: min(n, have.get(code, 0)) for code, n in (locked or {}).items()},
        circle=circle,
        lat=facility.latitude,
        lon=facility.longitude,
    )


def sites_of(
    facilities: Iterable[FacilityStaff],
    norm: NormSet,
    *,
    count: Count = "all",
    locked: Mapping[str, Mapping[str, int]] | None = None,
    circles: Mapping[str, str] | None = None,
) -> tuple[list[Site], list[Refused]]:
    """Return the sites, and by name those the norm has no table for.

    `locked` and `circles` are by the facility's `where`, by its name where that is not given.
    """
    sites: list[Site] = []
    refused: list[Refused] = []
    for each in facilities:
        key = each.where or each.name
        held, circle = (locked or {}).get(key, {}), (circles or {}).get(key, "")
        try:
            sites.append(site_of(each, norm, count=count, locked=held, circle=circle))
        except Meaningless as why:
            refused.append(Refused(each.where, each.name, why.code, why.message))
    return tell_apart(sites), refused


def tell_apart(sites: Iterable[Site]) -> list[Site]:
    """Number sites of one name in one circle: two rows of a name stay two places."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for site in sites:
        seen[site.circle, site.name] += 1
        times = seen[site.circle, site.name]
        found.append(site if times == 1 else replace(site, name=f"{site.name} ({times})"))
    return found
