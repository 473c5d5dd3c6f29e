"""From rows of facilities and a norm to the whole answer; reads no database."""

from collections.abc import Mapping
from typing import Any

from simpul.domain.gap import Count, gap_study
from simpul.domain.gap_measures import fulfilment, vacancy
from simpul.domain.norms import NormSet
from simpul.domain.norms_shipped import SHIPPED, find_shipped
from simpul.planning.gap.answers import study_json
from simpul.planning.intake.facilities import FacilityRows
from simpul.planning.intake.tables import Unusable


def shipped_norm(name: str) -> NormSet:
    """Return a shipped norm by its code; Unusable names those there are."""
    norm = find_shipped(name)
    if norm is None:
        raise Unusable(
            "norm_unknown",
            f"Standar “{name[:40]}” tidak dikenal. Yang ada: {', '.join(SHIPPED)}; "
            "standar lain diberikan lengkap dengan sumbernya.",
        )
    return norm


def calculate(rows: FacilityRows, norm: NormSet, *, count: Count = "all") -> Mapping[str, Any]:
    """Return the gap of every facility, the totals, both official measures, what was refused."""
    study = gap_study(rows.facilities, norm, count=count)
    return study_json(
        study,
        rows,
        empty=vacancy(rows.facilities),
        filled=fulfilment(rows.facilities, norm),
    )
