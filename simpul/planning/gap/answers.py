"""A gap study as plain data: the same fixed shape for the command line and for programs.

Shares are percentages with two decimals, rounded half up here and nowhere before.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from simpul.domain.findings import Finding
from simpul.domain.gap import FacilityGap, Gap, GapStudy, Sums
from simpul.domain.gap_measures import Fulfilment, Vacancy
from simpul.domain.norms import NormSet
from simpul.domain.professions import in_table_order, profession_name
from simpul.planning.intake.facilities import FacilityRows


def percent(share: Fraction | None) -> float | None:
    """Return a share as a percentage with two decimals."""
    return None if share is None else _percent(share.numerator, share.denominator)


def _percent(part: int, whole: int) -> float:
    return (part * 20000 + whole) // (2 * whole) / 100


def study_json(
    study: GapStudy,
    rows: FacilityRows | None = None,
    *,
    empty: Vacancy | None = None,
    filled: Fulfilment | None = None,
) -> dict[str, Any]:
    """Return a whole study; `rows` adds what the table's reading refused and doubted."""
    refused = [
        {"where": each.where, "facility": each.name, "code": each.code, "message": each.message}
        for each in study.refused
    ]
    findings = list(study.findings)
    if rows is not None:
        refused = [
            {
                "where": row.where,
                "facility": row.facility,
                "code": row.reasons[0][0],
                "message": row.message,
            }
            for row in rows.refused
        ] + refused
        findings = [*rows.findings, *findings]
    return {
        "norm": norm_json(study.norm),
        "count": study.count,
        "facilities": [facility_json(each) for each in study.facilities],
        "totals": totals_json(study),
        "measures": {
            "kekosongan": None if empty is None else _vacancy_json(empty),
            "pemenuhan": None if filled is None else _fulfilment_json(filled),
        },
        "refused": [{"line": _line(each["where"]), **each} for each in refused],
        "findings": findings_json(findings),
        "columns": {} if rows is None else dict(rows.columns),
    }


def _line(where: str) -> int | None:
    number = where.rpartition(" ")[2]
    return int(number) if number.isdigit() else None


def norm_json(norm: NormSet) -> dict[str, Any]:
    """Return which norm was used: what it is called, where it stands, when it holds."""
    return {
        "code": norm.code,
        "name": norm.name,
        "source": norm.source,
        "valid_from": norm.valid_from and norm.valid_from.isoformat(),
        "valid_until": norm.valid_until and norm.valid_until.isoformat(),
        "verified": norm.verified,
        "note": norm.note,
        "version": norm.version,
    }


def facility_json(each: FacilityGap) -> dict[str, Any]:
    """Return one facility: each profession, the sums, what had to be assumed."""
    facility = each.facility
    return {
        "facility": facility.name,
        "code": facility.ref,
        "where": facility.where,
        "category": facility.category,
        "inpatient": facility.inpatient,
        "professions": {gap.profession: _gap_json(gap) for gap in each.gaps},
        **_sums_json(each.sums),
        "short_professions": each.short_professions,
        "complete": each.complete,
        "not_stated": list(each.not_stated),
        "findings": findings_json(each.findings),
    }


def _gap_json(gap: Gap) -> dict[str, Any]:
    _code, have, standard, shortage, surplus = gap
    return {
        "have": have,
        "standard": standard,
        "shortage": shortage,
        "surplus": surplus,
        "filled_percent": (
            _percent(standard - shortage, standard) if standard and shortage is not None else None
        ),
    }


def _sums_json(sums: Sums) -> dict[str, Any]:
    have, standard, shortage, surplus = sums
    return {
        "have": have,
        "standard": standard,
        "shortage": shortage,
        "surplus": surplus,
        "net": surplus - shortage,
        "filled_percent": _percent(standard - shortage, standard) if standard else None,
    }


def totals_json(study: GapStudy) -> dict[str, Any]:
    """Return the totals over all facilities, whole and per profession."""
    states = [each.complete for each in study.facilities]
    return {
        "facilities": len(states),
        "complete": sum(state is True for state in states),
        "incomplete": sum(state is False for state in states),
        "unknown": sum(state is None for state in states),
        **_sums_json(study.sums),
        "professions": {
            code: {
                "name": profession_name(code),
                "facilities": study.known[code],
                **_sums_json(study.professions[code]),
            }
            for code in in_table_order(study.professions)
        },
    }


def findings_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return doubts as plain data."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity,
            "where": finding.where,
            "message": finding.message,
            "corrected": finding.corrected,
        }
        for finding in findings
    ]


def _vacancy_json(found: Vacancy) -> dict[str, Any]:
    return {
        "counts": "all",
        "facilities": found.facilities,
        "complete": found.complete,
        "complete_percent": percent(found.share_complete),
        "not_stated": found.not_stated,
        "vacancies": found.total,
        "empty": dict(found.empty),
        "empty_dental": found.empty_dental,
    }


def _fulfilment_json(found: Fulfilment) -> dict[str, Any]:
    return {
        "counts": "asn",
        "facilities": found.facilities,
        "complete": found.complete,
        "complete_percent": percent(found.share_complete),
        "not_stated": found.not_stated,
        "shortage": found.shortage,
    }
