"""The two official measures of the ministry, by name, which must not be mixed; and map bands.

- *kekosongan*: a profession is empty at a Puskesmas if nobody of it works there, ASN or not
  (vacancy page of the ministry's workforce dashboard);
- *pemenuhan*: ASN only, against the standard; complete if no post is short.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from simpul.domain.gap import FacilityStaff, GapStudy, gap_study
from simpul.domain.norms import NormSet
from simpul.domain.professions import NINE_KINDS


@dataclass(frozen=True, slots=True)
class Vacancy:
    """*Kekosongan*: professions nobody fills, over the facilities that state all nine kinds."""

    facilities: int
    complete: int
    not_stated: int
    empty: Mapping[str, int]
    empty_dental: int

    @property
    def share_complete(self) -> Fraction | None:
        """Return complete facilities out of those that state all nine kinds."""
        return Fraction(self.complete, self.facilities) if self.facilities else None

    @property
    def total(self) -> int:
        """Return the vacancies of the nine kinds (the ministry's total adds `empty_dental`)."""
        return sum(self.empty.values())


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """*Pemenuhan*: facilities without any shortage of ASN against the standard."""

    facilities: int
    complete: int
    not_stated: int
    shortage: int
    study: GapStudy

    @property
    def share_complete(self) -> Fraction | None:
        """Return complete facilities out of those whose completeness is known."""
        return Fraction(self.complete, self.facilities) if self.facilities else None


def vacancy(facilities: Iterable[FacilityStaff]) -> Vacancy:
    """Return *kekosongan* by all staff: a kind is empty where its count is exactly zero.

    A facility with a kind not stated is not judged complete; its known zeros count all the same.
    """
    judged = complete = not_stated = empty_dental = 0
    empty = dict.fromkeys(NINE_KINDS, 0)
    for each in facilities:
        counts = [each.have.get(code) for code in NINE_KINDS]
        for code, count in zip(NINE_KINDS, counts, strict=True):
            empty[code] += count == 0
        if each.have.get("dokter_gigi") == 0 and each.have.get("terapis_gigi") == 0:
            empty_dental += 1
        if any(count == 0 for count in counts):
            judged += 1
        elif any(count is None for count in counts):
            not_stated += 1
        else:
            judged += 1
            complete += 1
    return Vacancy(judged, complete, not_stated, empty, empty_dental)


def fulfilment(facilities: Iterable[FacilityStaff], norm: NormSet) -> Fulfilment | None:
    """Return *pemenuhan* by ASN only, or None where no facility states its ASN."""
    given = [each for each in facilities if each.have_asn is not None]
    return fulfilment_of(gap_study(given, norm, count="asn")) if given else None


def fulfilment_of(study: GapStudy) -> Fulfilment:
    """Return *pemenuhan* from a study by ASN only."""
    if study.count != "asn":
        raise ValueError("pemenuhan counts ASN only")
    states = [each.complete for each in study.facilities]
    return Fulfilment(
        sum(state is not None for state in states),
        sum(state is True for state in states),
        sum(state is None for state in states),
        study.sums.shortage,
        study,
    )


#: Bands of the ministry's map as they are printed ("100 / 81–99 / 51–80 / 0–50"), made half-open.
BANDS: dict[str, str] = {
    "full": "100 %",
    "high": "di atas 80 % sampai di bawah 100 %",
    "middle": "di atas 50 % sampai 80 %",
    "low": "50 % atau kurang",
}


def filled_band(filled: Fraction | None) -> str | None:
    """Return the map band of a filled share, or None where there is none."""
    if filled is None:
        return None
    if filled >= 1:
        return "full"
    if filled > Fraction(8, 10):
        return "high"
    return "middle" if filled > Fraction(1, 2) else "low"
