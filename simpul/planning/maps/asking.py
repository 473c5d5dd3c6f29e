"""What the address of the map page asks for, read kindly: what is not understood is the default."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal, cast

from django.http import QueryDict

from simpul.domain.access import ROAD_FACTOR, Reach
from simpul.domain.gap import COUNTS
from simpul.domain.professions import PROFESSIONS
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.planning.gap.selectors import choose_norm, day_of_year
from simpul.planning.maps.gaps import MEASURES, Wish
from simpul.planning.maps.reaching import reach_of
from simpul.planning.norms.selectors import default_norm, usable_norms

Shown = Literal["kurang", "lebih", "terisi", "akses"]
USUAL_REACH_KM = Decimal(10)
_FIRST_YEAR = 2000


@dataclass(frozen=True)
class Asked:
    """A wish for the gap, and how access is to be measured."""

    wish: Wish
    shown: Shown
    year: int
    km: Decimal
    factor: Decimal
    enhanced: bool
    coloured: bool

    @property
    def reach(self) -> Reach:
        """The reach asked for."""
        return reach_of(self.km, self.factor, enhanced=self.enhanced)


def read_asked(query: QueryDict, *, by: Actor) -> Asked:
    """Read the choices of the page."""
    today = get_here().today()
    year = _year(query.get("tahun", ""), today)
    on = day_of_year(year)
    norms = usable_norms(by=by)
    norm = choose_norm(norms, query.get("standar", "")[:60], default_norm(norms, on))
    profession = query.get("profesi", "")
    shown = query.get("ukuran", "")
    shown = shown if shown in (*MEASURES, "akses") else "kurang"
    count = query.get("hitung", "")
    return Asked(
        wish=Wish(
            norm=norm,
            on=on,
            profession=profession if profession in PROFESSIONS else "",
            count=count if count in COUNTS else "all",
            measure=shown if shown in MEASURES else "kurang",
        ),
        shown=cast(Shown, shown),
        year=year,
        km=_decimal(query.get("jangkauan", ""), USUAL_REACH_KM, Decimal("0.5"), Decimal(200)),
        factor=_decimal(query.get("faktor", ""), ROAD_FACTOR, Decimal(1), Decimal(3)),
        enhanced=query.get("cara", "") == "e2sfca",
        coloured=query.get("wilayah", "") == "warna",
    )


def years(today: date) -> list[int]:
    """Return the years that may be chosen, newest first."""
    return list(range(today.year, today.year - 15, -1))


def _year(text: str, today: date) -> int:
    usable = text.isascii() and text.isdigit() and len(text) == 4
    return int(text) if usable and _FIRST_YEAR <= int(text) <= today.year else today.year


def _decimal(text: str, usual: Decimal, low: Decimal, high: Decimal) -> Decimal:
    try:
        number = Decimal(text.strip().replace(",", ".")[:12])
    except InvalidOperation:
        return usual
    return number if number.is_finite() and low <= number <= high else usual
