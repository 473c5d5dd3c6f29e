"""What the page of moves asks: read from the address, so that an answer can be sent and printed."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from simpul.domain.allocation import LockRules
from simpul.domain.gap import Count
from simpul.domain.norms import NormSet
from simpul.domain.professions import PROFESSIONS
from simpul.foundation.register.models import Employment
from simpul.planning.allocation.calculation import Wish
from simpul.planning.allocation.staffing import BOUND
from simpul.planning.intake.cells import Unreadable, read_decimal

MOST_HIRES = 10_000


@dataclass
class Asked:
    """The typed values as they were typed, what they mean, and which of them cannot be read."""

    norm: NormSet
    count: Count
    bound: tuple[str, ...]
    typed: dict[str, str]
    weights: dict[str, Decimal] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    hires: int | None = None
    farthest_km: float | None = None
    least_years: Decimal | None = None
    most_years: Decimal | None = None

    @property
    def rules(self) -> LockRules:
        """Who is held."""
        return LockRules(frozenset(self.bound), self.least_years, self.most_years)

    @property
    def wish(self) -> Wish:
        """What is asked of the solver."""
        return Wish(self.weights, self.hires, self.farthest_km, self.count)


def read_asked(sent: QueryDict, norms: dict[str, NormSet], default: NormSet) -> Asked:
    """Read the form; what cannot be read keeps its text, is explained, and counts as empty."""
    norm = norms.get(sent.get("norma", ""), default)
    count: Count = "asn" if sent.get("hitung") == "asn" else "all"
    kinds = [value for value in sent.getlist("terikat") if value in Employment.values]
    # A form sent with nothing ticked names itself, so that it is not taken for a first visit.
    bound = tuple(kinds) if "diisi" in sent else BOUND
    asked = Asked(norm, count, bound, {})
    hires = _number(asked, sent, "jatah", MOST_HIRES)
    if hires is not None:
        asked.hires = int(hires)
    km = _number(asked, sent, "km", 5000)
    asked.farthest_km = None if km is None else float(km)
    asked.least_years = _number(asked, sent, "min_tahun", 60)
    asked.most_years = _number(asked, sent, "maks_tahun", 60)
    for code in norm.professions:
        weight = _number(asked, sent, f"bobot_{code}", 1000)
        if weight is not None and weight > 0:
            asked.weights[code] = weight.quantize(Decimal("0.001"))
    return asked


def _number(asked: Asked, sent: QueryDict, name: str, most: int) -> Decimal | None:
    text = sent.get(name, "").strip()[:20]
    asked.typed[name] = text
    try:
        number = read_decimal(text)
    except Unreadable:
        number = Decimal(-1)
    if number is None:
        return None
    whole = name == "jatah" and number != number.to_integral_value()
    if whole or not 0 <= number <= most:
        asked.errors[name] = _("Tulis angka 0 sampai %(most)s.") % {"most": f"{most:n}"}
        return None
    return number


def weight_fields(asked: Asked) -> list[dict[str, Any]]:
    """Return a field for the weight of each profession of the norm."""
    return [
        {
            "name": f"bobot_{code}",
            "label": PROFESSIONS[code].short if code in PROFESSIONS else code,
            "value": asked.typed.get(f"bobot_{code}", ""),
            "errors": asked.errors.get(f"bobot_{code}", ""),
        }
        for code in asked.norm.professions
    ]
