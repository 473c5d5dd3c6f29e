"""The distribution as data for programs: the command line and the API give the same.

Counts are whole, percentages and means are rounded once, here, by the rounding the result names;
`fraction` holds what was rounded. No Django: the command line uses it without a database.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from simpul.domain.distribution import Aspect, Distribution, Row, Tenure, describe_staff, place_key
from simpul.domain.distribution_rows import ReadPeople
from simpul.domain.equity import Equity, Place, measure_equity
from simpul.domain.findings import Finding, Meaningless
from simpul.domain.spread import Exact, Spread, ordinary

ROUNDING = {"name": "ordinary", "percent_places": 2, "mean_places": 2, "halves": "away from zero"}
BASES = ("population", "need")


@dataclass(frozen=True)
class FacilityBase:
    """A facility that exists, with or without staff, and what its staff are measured against."""

    name: str
    population: Decimal | None = None
    need: Decimal | None = None
    group: str = ""


def distribution_json(
    read: ReadPeople,
    *,
    as_of: date,
    facilities: Sequence[FacilityBase] = (),
    facility_count: int | None = None,
) -> dict[str, Any]:
    """Return the whole result."""
    told = describe_staff(
        read.people,
        facilities=[one.name for one in facilities],
        facility_count=facility_count,
    )
    equity, doubts = _equity(told, facilities)
    return {
        "people": told.people,
        "as_of": as_of.isoformat(),
        "rounding": ROUNDING,
        **{aspect.name: _aspect(aspect) for aspect in told.aspects},
        "asn": _row(told.asn),
        "years_of_service": _tenure(told.tenure),
        "per_facility": {
            "facilities": len(told.facilities) + told.unnamed_facilities,
            "without_name": told.unnamed_facilities,
            **_spread(told.per_facility),
        },
        "facilities": [
            {
                "facility": place.name,
                "n": place.n,
                "asn": place.asn,
                "trained": place.trained,
                "years_of_service": _spread(place.tenure),
            }
            for place in told.facilities
        ],
        "equity": equity,
        "findings": [asdict(one) for one in (*told.findings, *read.findings, *doubts)],
        "refused": [asdict(one) for one in read.refused],
    }


def equity_json(found: Equity) -> dict[str, Any]:
    """Return Gini, Lorenz curve and Theil; six decimals, more than any reader needs."""
    return {
        "places": found.places,
        "gini": _number(found.gini, 6),
        "lorenz": [
            {"base": _number(one.base_share, 6), "staff": _number(one.amount_share, 6)}
            for one in found.lorenz
        ],
        "theil": {
            "total": _number(found.theil.total, 6),
            "between": _number(found.theil.between, 6),
            "within": _number(found.theil.within, 6),
            "groups": [
                {
                    "group": one.name,
                    "theil": _number(one.theil, 6),
                    "between": _number(one.between, 6),
                    "within": _number(one.within, 6),
                }
                for one in found.theil.groups
            ],
        },
    }


def _equity(
    told: Distribution, facilities: Sequence[FacilityBase]
) -> tuple[dict[str, Any], list[Finding]]:
    given = {place_key(one.name): one for one in facilities}
    results: dict[str, Any] = dict.fromkeys(BASES)
    findings = []
    for against in BASES:
        bases = {key: getattr(one, against) for key, one in given.items()}
        if all(base is None for base in bases.values()):
            continue
        places = []
        for place in told.facilities:
            key = place_key(place.name)
            base = bases.get(key)
            if base is None:
                findings.append(_without_base(place.name, against))
            else:
                places.append(Place(place.name, place.n, base, given[key].group))
        try:
            results[against] = equity_json(measure_equity(places))
        except Meaningless as refusal:
            findings.append(Finding(refusal.code, "error", refusal.where, refusal.message))
    return results, findings


def _without_base(name: str, against: str) -> Finding:
    what = "penduduk" if against == "population" else "kebutuhan"
    return Finding(
        "base_missing",
        "warning",
        f"fasilitas {name}",
        f"Jumlah {what} tidak ada, jadi tidak ikut dalam Gini, Lorenz, dan Theil.",
    )


def _aspect(aspect: Aspect) -> dict[str, Any]:
    return {
        "n": aspect.known,
        "N": aspect.missing.of,
        "rows": [_row(row) for row in aspect.rows],
        "missing": _row(aspect.missing),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "value": None if row.is_missing else row.value,
        "n": row.n,
        "N": row.of,
        "percent": _number(row.percent),
        "fraction": f"{row.n}/{row.of}",
        "facility_min": row.facility_min,
        "facility_max": row.facility_max,
    }


def _tenure(tenure: Tenure) -> dict[str, Any]:
    known = tenure.missing.of - tenure.missing.n
    return {
        **_spread(tenure.spread),
        "n": known,
        "N": tenure.missing.of,
        "missing": _row(tenure.missing),
        "bands": [
            {
                "years": band.label,
                "at_least": band.low,
                "below": band.high,
                "n": band.n,
                "asn": band.asn,
                "not_asn": band.other,
                "status_unknown": band.unknown,
            }
            for band in tenure.bands
        ],
    }


def _spread(spread: Spread | None) -> dict[str, Any]:
    names = ("mean", "sd", "median", "q1", "q3", "min", "max")
    if spread is None:
        return {"n": 0, **dict.fromkeys(names)}
    values = (
        spread.mean, spread.sd, spread.median, spread.q1, spread.q3, spread.minimum, spread.maximum,
    )  # fmt: skip
    return {
        "n": spread.n,
        **{
            name: None if value is None else _number(value)
            for name, value in zip(names, values, strict=True)
        },
    }


def _number(value: Exact, places: int = 2) -> float:
    return float(ordinary(value, places))
