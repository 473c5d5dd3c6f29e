"""Results in the fixed output format: every figure a JSON number with nine decimals at most.

Inside, figures are exact fractions; nine decimals are beyond any use of a need in people and
still the same on every machine. Free of Django.
"""

from fractions import Fraction
from typing import Any

from simpul.domain.cpi import WAYS, CpiResult
from simpul.domain.findings import Finding
from simpul.domain.sensitivity import Range, Sensitivity
from simpul.domain.wisn import (
    ROUNDING_RULES,
    AllowanceLine,
    CategoryResult,
    Comparison,
    StudyResult,
    Totals,
)

DECIMALS = 9


def number(value: Fraction | int) -> int | float:
    """Return a figure as a JSON number: a whole one without a point."""
    if isinstance(value, int) or value.denominator == 1:
        return int(value)
    return float(round(value, DECIMALS))


def maybe_number(value: Fraction | int | None) -> int | float | None:
    """Return a figure as a JSON number, or null."""
    return None if value is None else number(value)


def finding_json(finding: Finding) -> dict[str, str]:
    """Return one finding."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "where": finding.where,
        "message": finding.message,
        "corrected": finding.corrected,
    }


def study_json(result: StudyResult, sensitivity: Sensitivity | None = None) -> dict[str, Any]:
    """Return a whole study; `findings` are those of the study as a whole."""
    rule = ROUNDING_RULES[result.rounding]
    return {
        "name": result.name,
        "year": result.year,
        "variant": result.variant,
        "method": {
            "label": result.method.label,
            "source": result.method.source,
            "formula": result.method.formula,
        },
        "rounding": result.rounding,
        "rounding_label": rule.label,
        "rounding_is_verified": rule.is_verified,
        "rounding_note": rule.note,
        "categories": [category_json(row) for row in result.categories],
        "totals": totals_json(result.totals),
        "findings": [finding_json(finding) for finding in result.findings],
        "sensitivity": sensitivity_json(sensitivity) if sensitivity else None,
    }


def category_json(row: CategoryResult) -> dict[str, Any]:
    """Return one category."""
    time = row.available
    return {
        "name": row.name,
        "staff": number(row.staff),
        "available_working_time": {
            "days": number(time.days),
            "hours": number(time.hours),
            "minutes": number(time.minutes),
            "source": time.source,
            "sentence": time.sentence,
        },
        "activities": [
            {
                "name": activity.name,
                "unit_time_minutes": number(activity.minutes),
                "volume_per_year": number(activity.volume_per_year),
                "standard_workload": number(activity.standard_workload),
                "required_fte": number(activity.required_fte),
                "sentences": [activity.standard_sentence, activity.need_sentence],
            }
            for activity in row.activities
        ],
        "allowance": _allowance(row),
        "individual_allowance": number(row.individual_allowance),
        "individual_allowances": [_line(line) for line in row.individual],
        "workload_fte": number(row.workload_fte),
        "required_fte": number(row.required_fte),
        "rounded_staff": row.rounded_staff,
        "minimum_cover": row.minimum_cover,
        "required_staff": row.required_staff,
        "difference": number(row.difference),
        "difference_fte": number(row.difference_fte),
        "shortage": number(row.shortage),
        "surplus": number(row.surplus),
        "ratio": maybe_number(row.ratio),
        "pressure": row.pressure.code,
        "pressure_label": row.pressure.label,
        "sentences": list(row.sentences),
        "summary": row.summary,
        "findings": [finding_json(finding) for finding in row.findings],
    }


def _allowance(row: CategoryResult) -> dict[str, Any]:
    allowance = row.allowance
    told: dict[str, Any] = {}
    if allowance.factor is not None:
        told["factor"] = number(allowance.factor)
    if allowance.standard is not None:
        told["standard"] = number(allowance.standard)
    told["share"] = number(allowance.share)
    told["lines"] = [_line(line) for line in allowance.lines]
    told["sentence"] = allowance.sentence
    return told


def _line(line: AllowanceLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "hours_per_year": number(line.hours_per_year),
        "share": number(line.share),
        "sentence": line.sentence,
    }


def totals_json(totals: Totals) -> dict[str, Any]:
    """Return the sums; the ratio is the ratio of sums."""
    return {
        "staff": number(totals.staff),
        "required_fte": number(totals.required_fte),
        "required_staff": totals.required_staff,
        "shortage": number(totals.shortage),
        "surplus": number(totals.surplus),
        "difference": number(totals.difference),
        "ratio": maybe_number(totals.ratio),
        "pressure": totals.pressure.code,
        "pressure_label": totals.pressure.label,
        "sentence": totals.sentence,
    }


def sensitivity_json(result: Sensitivity) -> dict[str, Any]:
    """Return the ranges and the inputs from the most to the least decisive."""
    return {
        "categories": [_range(row) for row in result.categories],
        "total": _range(result.total),
        "influences": [
            {
                "where": each.where,
                "category": each.category,
                "activity": each.activity,
                "input": each.kind,
                "low": number(Fraction(each.low)),
                "high": number(Fraction(each.high)),
                "low_fte": number(each.low_fte),
                "high_fte": number(each.high_fte),
                "swing": number(each.swing),
            }
            for each in result.influences
        ],
        "sentence": result.sentence,
    }


def _range(row: Range) -> dict[str, Any]:
    return {
        "name": row.name,
        "low_fte": number(row.low_fte),
        "base_fte": number(row.base_fte),
        "high_fte": number(row.high_fte),
        "low_staff": row.low_staff,
        "base_staff": row.base_staff,
        "high_staff": row.high_staff,
        "sentence": row.sentence,
    }


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return two results side by side; a difference in variant stands first in `findings`."""
    return {
        "is_alike": comparison.is_alike,
        "first": {"name": comparison.first.name, "variant": comparison.first.variant},
        "second": {"name": comparison.second.name, "variant": comparison.second.variant},
        "categories": [
            {
                "name": row.name,
                "first_fte": maybe_number(row.first.required_fte if row.first else None),
                "second_fte": maybe_number(row.second.required_fte if row.second else None),
                "change": maybe_number(row.change),
            }
            for row in comparison.rows
        ],
        "change": number(comparison.change),
        "findings": [finding_json(finding) for finding in comparison.findings],
    }


def cpi_json(result: CpiResult) -> dict[str, Any]:
    """Return one index by the chosen way and by all of them."""
    return {
        "name": result.name,
        "direction": result.direction,
        "percent": number(result.percent),
        "band": result.band.code,
        "band_label": result.band.label,
        "by_way": [
            {
                "direction": way,
                "label": WAYS[way].label,
                "percent": number(value),
                "source": WAYS[way].source,
                "is_verified": WAYS[way].is_verified,
            }
            for way, value in result.by_way.items()
        ],
        "sentence": result.sentence,
        "findings": [finding_json(finding) for finding in result.findings],
    }
