"""The gap of every facility on a day, with its place: what the map and its list show."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.domain.gap import Count, FacilityGap, Gap, GapStudy, gap_study
from simpul.domain.norms import NormSet
from simpul.foundation.facilities.selectors import FacilityPlace
from simpul.foundation.register.selectors import StaffCounts, count_staff, list_facilities
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.gap.selectors import facility_staff

Measure = Literal["kurang", "lebih", "terisi"]
MEASURES: dict[Measure, object] = {
    "kurang": gettext_lazy("kurang (orang)"),
    "lebih": gettext_lazy("lebih (orang)"),
    "terisi": gettext_lazy("terisi (%)"),
}
_HALF, _FOUR_FIFTHS = Fraction(1, 2), Fraction(4, 5)


@dataclass(frozen=True)
class Wish:
    """What the map is to show."""

    norm: NormSet
    on: date
    profession: str = ""
    count: Count = "all"
    measure: Measure = "kurang"


@dataclass(frozen=True)
class Spot:
    """One facility: its gap in the profession asked for (or in all), its sign and its step.

    `step` runs from -2 (far short) over 0 to 2 (far over), None without data. `why` says what is
    missing where there is no data.
    """

    place: FacilityPlace
    whole: FacilityGap | None
    have: int | None
    standard: int | None
    shortage: int | None
    surplus: int | None
    why: str = ""
    step: int | None = None

    @property
    def filled(self) -> Fraction | None:
        """Filled share of the standard; None where nothing is asked or known."""
        if not self.standard or self.shortage is None:
            return None
        return Fraction(self.standard - self.shortage, self.standard)

    @property
    def sign(self) -> str:
        """▼ short, ■ as it should be, ▲ over, ▨ no data; shortage goes before surplus."""
        if self.shortage is None or self.surplus is None:
            return "▨"
        if self.shortage:
            return "▼"
        return "▲" if self.surplus else "■"

    @property
    def words(self) -> str:
        """The gap in words, shortage and surplus each for itself."""
        return phrases().words(self)


@dataclass(frozen=True)
class Phrases:
    """The words for gaps in the reader's language, looked up once for thousands of facilities."""

    missing: str
    both: str
    short: str
    over: str
    even: str
    figures: str

    def words(self, spot: Spot) -> str:
        """Shortage and surplus, each for itself."""
        short, over = spot.shortage, spot.surplus
        if short is None or over is None:
            return self.missing
        if short and over:
            return self.both % {"short": short, "over": over}
        if short:
            return self.short % {"short": short}
        return self.over % {"over": over} if over else self.even

    def more(self, spot: Spot) -> str:
        """Have, standard and filled; or why there is no figure."""
        if spot.shortage is None:
            return spot.why
        standard = spot.standard or 0
        filled = "–"
        if standard:
            # Tenths of a percent, half up, as the table of gaps rounds them.
            tenths = (2000 * (standard - spot.shortage) + standard) // (2 * standard)
            filled = f"{tenths // 10},{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"
        return self.figures % {"have": spot.have, "standard": standard, "filled": filled}


def phrases() -> Phrases:
    """Return the words in the language of now."""
    return Phrases(
        missing=_("tanpa data"),
        both=_("kurang %(short)d, lebih %(over)d"),
        short=_("kurang %(short)d"),
        over=_("lebih %(over)d"),
        even=_("sesuai"),
        figures=_("ada %(have)s · standar %(standard)s · terisi %(filled)s"),
    )


@dataclass(frozen=True)
class District:
    """All spots by name, the study behind them, and where "far" begins on the map."""

    wish: Wish
    study: GapStudy
    spots: tuple[Spot, ...]
    far: int

    def spot(self, facility: uuid.UUID) -> Spot | None:
        """Return one facility's spot."""
        return next((spot for spot in self.spots if spot.place.id == facility), None)


def get_district(wish: Wish, *, by: Actor) -> District:
    """Hold every facility this person may see against the norm."""
    require(by, "view", "planning")
    require_home(by)
    places = list_facilities(by=by)
    counts = count_staff(by=by, on=wish.on, places=places)
    study = gap_study(
        [facility_staff(place, counts.get(place.id)) for place in places],
        wish.norm,
        count=wish.count,
    )
    return make_district(wish, study, places, counts)


def make_district(
    wish: Wish,
    study: GapStudy,
    places: Sequence[FacilityPlace],
    counts: Mapping[uuid.UUID, StaffCounts],
) -> District:
    """Join the study of a district with its places; reads no database."""
    done = {gap.facility.ref: gap for gap in study.facilities}
    why = {one.where: one.message for one in study.refused}
    known = [_known(place, done, counts.get(place.id), why, wish) for place in places]
    far = _far(known, wish.measure)
    spots = []
    for place, (whole, have, standard, shortage, surplus, reason) in zip(
        places, known, strict=True
    ):
        step = _step(standard, shortage, surplus, wish.measure, far)
        spots.append(Spot(place, whole, have, standard, shortage, surplus, reason, step))
    return District(wish, study, tuple(spots), far)


_Known = tuple[FacilityGap | None, int | None, int | None, int | None, int | None, str]


def _known(
    place: FacilityPlace,
    done: Mapping[str, FacilityGap],
    counts: StaffCounts | None,
    why: Mapping[str, str],
    wish: Wish,
) -> _Known:
    """The gap of one place: whole, have, standard, shortage, surplus; or why there is none."""
    ref = str(place.id)
    whole = done.get(ref)
    if counts is None or not counts.has_data:
        return whole, None, None, None, None, _("Belum ada tenaga di daftar.")
    if whole is None:
        return None, None, None, None, None, why.get(ref, "")
    if not wish.profession:
        sums = whole.sums
        return whole, sums.have, sums.standard, sums.shortage, sums.surplus, ""
    gap = _gap(whole.gaps, wish.profession)
    if gap is None or gap.standard is None:
        have = None if gap is None else gap.have
        return whole, have, None, None, None, _("Standar ini tidak menyebutnya.")
    return whole, gap.have, gap.standard, gap.shortage, gap.surplus, ""


def _gap(gaps: Sequence[Gap], profession: str) -> Gap | None:
    return next((gap for gap in gaps if gap.profession == profession), None)


def _far(known: Sequence[_Known], measure: Measure) -> int:
    """From how many people on a shortage (or surplus) is called far: half of the greatest."""
    greatest = 0
    for _whole, _have, _standard, shortage, surplus, _why in known:
        value = (surplus if measure == "lebih" else shortage or surplus) or 0
        greatest = max(greatest, value)
    return max(2, (greatest + 1) // 2)


def joined(spots: Sequence[Spot], measure: Measure, far: int) -> Spot:
    """Return several facilities as one, for an area: sums of those with data."""
    known = [spot for spot in spots if spot.shortage is not None]
    if not known:
        return replace(spots[0], have=None, standard=None, shortage=None, surplus=None, step=None)
    standard = sum(spot.standard or 0 for spot in known)
    shortage = sum(spot.shortage or 0 for spot in known)
    surplus = sum(spot.surplus or 0 for spot in known)
    return replace(
        known[0],
        have=sum(spot.have or 0 for spot in known),
        standard=standard,
        shortage=shortage,
        surplus=surplus,
        step=_step(standard, shortage, surplus, measure, far),
    )


def _step(
    standard: int | None, shortage: int | None, surplus: int | None, measure: Measure, far: int
) -> int | None:
    if shortage is None or surplus is None:
        return None
    if measure == "terisi":
        return _filled_step(Fraction(standard - shortage, standard) if standard else None)
    if measure == "kurang" and shortage:
        return -2 if shortage >= far else -1
    if surplus:
        return 2 if surplus >= far else 1
    return 0


def _filled_step(filled: Fraction | None) -> int | None:
    """The bands of the ministry's map; full is the one above the middle."""
    if filled is None:
        return None
    if filled >= 1:
        return 1
    if filled > _FOUR_FIFTHS:
        return 0
    return -1 if filled > _HALF else -2


def sign_of(spot: Spot, measure: Measure) -> str:
    """The sign a spot carries on the map, which goes with the number beside it."""
    if spot.shortage is None or spot.surplus is None:
        return "▨"
    if measure == "terisi":
        return "▨" if spot.filled is None else ("■" if spot.filled >= 1 else "▼")
    if measure == "lebih":
        return "▲" if spot.surplus else "■"
    return spot.sign


def number_of(spot: Spot, measure: Measure) -> str:
    """The number a spot carries on the map beside its sign."""
    if spot.shortage is None or spot.surplus is None:
        return ""
    if measure == "terisi":
        return "" if spot.filled is None else f"{int(spot.filled * 100)}"
    if measure == "lebih":
        return str(spot.surplus)
    return str(spot.shortage or spot.surplus)
