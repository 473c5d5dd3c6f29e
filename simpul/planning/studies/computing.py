"""From the stored input to the engine's result and back to what is stored.

The stored input is the fixed format of the planning calls; the result is stored whole, so that a
version shows for ever what it showed on the day it was saved.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.sensitivity import sensitivity
from simpul.domain.wisn import Study, StudyResult, calculate, figure
from simpul.foundation.core.errors import Problem, Refused
from simpul.planning.studies.input_reading import NotUnderstood, read_study
from simpul.planning.studies.result_json import study_json

#: Raised whenever the engine could give another result for the same input.
METHOD_VERSION = "1"
SPREAD = Fraction(1, 10)
MOST_INFLUENCES = 20


def compute(study_input: Mapping[str, Any]) -> StudyResult:
    """Compute a stored input; raises `Meaningless` naming the place that has no meaning."""
    return calculate(study_of(study_input))


def study_of(study_input: Mapping[str, Any]) -> Study:
    """Return the engine's study of a stored input."""
    try:
        return read_study(study_input)
    except NotUnderstood as refusal:
        raise Refused(
            _("Isian studi ini tidak terbaca; tidak ada yang disimpan. Perbaiki yang ditandai."),
            "study_unreadable",
            errors=tuple(Problem(each.where, each.code, each.message) for each in refusal.troubles),
        ) from refusal


def recompute(study_input: Mapping[str, Any], *, variant: str, rounding: str) -> StudyResult:
    """Compute a stored input by another variant and rounding, to set it beside a third."""
    return compute({**study_input, "variant": variant, "rounding": rounding})


def summary_of(result: StudyResult) -> dict[str, Any]:
    """Return what lists show of a result."""
    totals = result.totals
    return {
        "categories": [
            {
                "name": row.name,
                "required_fte": _text(row.required_fte),
                "required_staff": row.required_staff,
                "staff": _text(row.staff),
                "sentence": row.summary,
            }
            for row in result.categories
        ],
        "required_fte": _text(totals.required_fte),
        "required_staff": totals.required_staff,
        "staff": _text(totals.staff),
        "shortage": _text(totals.shortage),
        "surplus": _text(totals.surplus),
        "sentence": totals.sentence,
        "doubts": sum(finding.severity != "info" for finding in result.all_findings),
    }


def _text(value: Any) -> str:
    """Write an exact figure for storing, to six decimals."""
    return figure(value, 6).replace(".", "").replace(",", ".")


def stored_result(study_input: Mapping[str, Any], result: StudyResult) -> dict[str, Any]:
    """Return the whole result for storing, as the planning calls give it.

    Where nobody typed a range, every time and quantity is moved by `SPREAD` both ways; that is
    said in `sensitivity_spread`.
    """
    study = study_of(study_input)
    spread = None if _has_ranges(study) else SPREAD
    told = study_json(result, sensitivity(study, spread=spread))
    told["sensitivity"]["influences"] = told["sensitivity"]["influences"][:MOST_INFLUENCES]
    return {
        **told,
        "sensitivity_spread": None if spread is None else int(spread * 100),
    }


def is_same_result(stored: Mapping[str, Any], result: StudyResult) -> bool:
    """Does today's engine still give what was stored?"""
    today = json.loads(json.dumps(study_json(result)))
    return all(
        stored.get(name) == value for name, value in today.items() if name in ("totals", "variant")
    )


def _has_ranges(study: Study) -> bool:
    return any(
        bound is not None
        for category in study.categories
        for act in category.activities
        for bound in (act.unit_time.low, act.unit_time.high, act.volume_low, act.volume_high)
    )
