"""Sums over categories or over facilities, with the ratio of sums."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from simpul.domain.findings import Meaningless
from simpul.domain.wisn.pressure import pressure_of
from simpul.domain.wisn.results import CategoryResult, StudyResult, Totals
from simpul.domain.wisn.wording import figure, short


def total_of(categories: Iterable[CategoryResult]) -> Totals:
    """Return the sums of categories of one variant."""
    rows = tuple(categories)
    staff = sum((row.staff for row in rows), Fraction(0))
    required = sum((row.required_fte for row in rows), Fraction(0))
    posts = sum(row.required_staff for row in rows)
    shortage = sum((row.shortage for row in rows), Fraction(0))
    surplus = sum((row.surplus for row in rows), Fraction(0))
    ratio = staff / required if required else None
    sentence = (
        f"perlu {figure(required, 2)} → {posts} orang; ada {short(staff)}; "
        f"kurang {short(shortage)}, lebih {short(surplus)}"
    )
    return Totals(
        staff=staff,
        required_fte=required,
        required_staff=posts,
        shortage=shortage,
        surplus=surplus,
        difference=staff - posts,
        ratio=ratio,
        pressure=pressure_of(ratio),
        sentence=sentence,
    )


def aggregate(results: Sequence[StudyResult]) -> Totals:
    """Return the sums of several facilities' studies; refused when their variants differ."""
    variants = {result.variant for result in results}
    if len(variants) > 1:
        names = " dan ".join(sorted({result.method.label for result in results}))
        raise Meaningless(
            "variants_differ",
            "",
            f"Kajian dihitung dengan cara yang berbeda ({names}); hasilnya tidak dapat "
            "dijumlahkan.",
        )
    return total_of(row for result in results for row in result.categories)
