"""From rows and a norm (or needs) to the whole answer; reads no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from simpul.domain.allocation import (
    Allocation,
    Hire,
    Move,
    Problem,
    Site,
    SiteOutcome,
    allocate,
    count_ways,
    sites_of,
    summary,
)
from simpul.domain.findings import Finding, Meaningless
from simpul.domain.gap import Count, Refused
from simpul.domain.norms import NormSet
from simpul.domain.professions import profession_name
from simpul.planning.allocation.reading import AllocationRows
from simpul.planning.gap.answers import findings_json, norm_json


@dataclass(frozen=True)
class Wish:
    """What is asked besides the rows: weights, hires, the farthest km, whom to count."""

    weights: Mapping[str, Decimal] = field(default_factory=dict)
    hires: int | None = None
    farthest_km: float | None = None
    count: Count = "all"


def calculate(
    rows: AllocationRows, norm: NormSet | None, wish: Wish, *, most_ways: int | None = None
) -> dict[str, Any]:
    """Return moves, hires, what stays empty, before and after, and what was refused.

    With no norm the needs of the table itself are taken. `most_ways` refuses what would take long.
    """
    refused: list[Refused] = []
    if norm is None:
        if not rows.need and rows.rows.facilities:
            raise Meaningless(
                "need_missing",
                "norm",
                "Sebut standarnya, atau beri kolom kebutuhan tiap profesi (“dokter kebutuhan”).",
            )
        sites = rows.sites_by_need()
    else:
        sites, refused = sites_of(
            rows.rows.facilities, norm, count=wish.count, locked=rows.locked, circles=rows.circles
        )
    problem = problem_of(sites, wish, most_ways=most_ways)
    found = allocate(problem)
    return {
        "norm": None if norm is None else norm_json(norm),
        "count": wish.count,
        **allocation_json(found),
        "refused": [*_refused_rows(rows), *(_refused_json(each) for each in refused)],
        "findings": findings_json([*rows.findings, *doubts_of(problem, norm)]),
        "columns": dict(rows.rows.columns),
    }


def problem_of(sites: list[Site], wish: Wish, *, most_ways: int | None = None) -> Problem:
    """Return the problem; Meaningless when it is larger than is wanted here."""
    problem = Problem(tuple(sites), dict(wish.weights), wish.hires, wish.farthest_km)
    if most_ways is not None and (ways := count_ways(problem)) > most_ways:
        raise Meaningless(
            "too_many_ways",
            "facilities",
            f"Terlalu banyak kemungkinan pemindahan sekaligus ({ways:,}; paling banyak "
            f"{most_ways:,}). Bagi menurut lingkup, atau pakai perintah simpul allocation.",
        )
    return problem


def doubts_of(problem: Problem, norm: NormSet | None) -> list[Finding]:
    """Return what a reader must know: points that are missing, a norm not verified."""
    found = []
    lost = [site.name for site in problem.sites if site.lat is None or site.lon is None]
    if lost and len(lost) < len(problem.sites):
        found.append(
            Finding(
                "place_unknown",
                "warning",
                ", ".join(lost[:5]) + (" …" if len(lost) > 5 else ""),
                f"{len(lost)} fasilitas belum punya titik; jaraknya dianggap yang terjauh.",
            )
        )
    elif lost:
        found.append(
            Finding(
                "distance_not_counted",
                "info",
                "lat, lon",
                "Tidak ada titik fasilitas, jadi jarak tidak ikut dipertimbangkan.",
            )
        )
    if norm is not None and not norm.verified:
        found.append(Finding("norm_unverified", "info", norm.code, norm.note))
    return found


def allocation_json(found: Allocation) -> dict[str, Any]:
    """Return an allocation as plain data."""
    return {
        "summary": summary(found),
        "totals": {
            "shortage_before": found.short_before,
            "filled_by_moving": found.filled,
            "needs_hiring": found.short_after,
            "moves": found.moved,
            "distance_km": round(found.km, 1),
            "hired": found.hired,
            "unfilled": sum(place.count for place in found.unfilled),
        },
        "moves": [_move_json(move) for move in found.moves],
        "hires": [_hire_json(hire) for hire in found.hires],
        "unfilled": [_hire_json(place) for place in found.unfilled],
        "professions": [
            {
                "professions": list(line.professions),
                "name": _names(line.professions),
                "shortage": line.short,
                "surplus": line.spare,
                "locked_surplus": line.held,
                "filled": line.filled,
                "unfilled": line.unfilled,
                "why": line.why,
            }
            for line in found.professions
        ],
        "facilities": [_site_json(site) for site in found.sites],
    }


def _names(professions: tuple[str, ...]) -> str:
    return " / ".join(profession_name(code) for code in professions)


def _move_json(move: Move) -> dict[str, Any]:
    return {
        "from_facility": move.source,
        "to_facility": move.target,
        "circle": move.circle,
        "profession": move.profession,
        "name": profession_name(move.profession),
        "count": move.count,
        "distance_km": None if move.km is None else round(move.km, 1),
        "reason": move.reason,
    }


def _hire_json(hire: Hire) -> dict[str, Any]:
    return {
        "facility": hire.facility,
        "circle": hire.circle,
        "professions": list(hire.professions),
        "name": _names(hire.professions),
        "count": hire.count,
    }


def _site_json(site: SiteOutcome) -> dict[str, Any]:
    return {
        "facility": site.facility,
        "circle": site.circle,
        "shortage_before": site.short_before,
        "shortage_after": site.short_after,
        "staff": [
            {
                "profession": line.profession,
                "before": line.before,
                "after": line.after,
                "locked": line.locked,
            }
            for line in site.staff
        ],
        "posts": [
            {
                "professions": list(post.professions),
                "need": post.need,
                "shortage_before": post.short_before,
                "shortage_after": post.short_after,
            }
            for post in site.posts
        ],
    }


def _refused_rows(rows: AllocationRows) -> list[dict[str, Any]]:
    return [
        {
            "line": row.line,
            "where": row.where,
            "facility": row.facility,
            "code": row.reasons[0][0],
            "message": row.message,
        }
        for row in rows.rows.refused
    ]


def _refused_json(each: Refused) -> dict[str, Any]:
    number = each.where.rpartition(" ")[2]
    return {
        "line": int(number) if number.isdigit() else None,
        "where": each.where,
        "facility": each.name,
        "code": each.code,
        "message": each.message,
    }
