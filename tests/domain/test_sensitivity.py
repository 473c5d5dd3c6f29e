"""Ranges typed by hand, and ranges that cannot be."""

from decimal import Decimal
from fractions import Fraction

import pytest

from simpul.domain.findings import Meaningless
from simpul.domain.sensitivity import sensitivity
from simpul.domain.wisn import Activity, Category, LegalHours, Study, UnitTime

TIME = LegalHours(Decimal(1000), "uji", days_per_year=Decimal(200))


def study(*activities: Activity, cover: int = 0) -> Study:
    return Study((Category("Loket", Decimal(1), TIME, activities, minimum_cover=Decimal(cover)),))


WIDE = Activity(
    "Lama", UnitTime(Decimal(6), "min", Decimal(5), Decimal(9)), Decimal(10_000),
    volume_low=Decimal(9_000), volume_high=Decimal(12_000),
)  # fmt: skip
NARROW = Activity("Baru", UnitTime(Decimal(6), "min", Decimal(5), Decimal(7)), Decimal(1_000))


def test_range_and_what_matters_most():
    told = sensitivity(study(NARROW, WIDE))

    assert told.total.low_fte == Fraction(5 * 1_000 + 5 * 9_000, 60_000)
    assert told.total.base_fte == Fraction(6 * 11_000, 60_000)
    assert told.total.high_fte == Fraction(7 * 1_000 + 9 * 12_000, 60_000)
    assert [(i.activity, i.kind) for i in told.influences] == [
        ("Lama", "unit_time"), ("Lama", "volume"), ("Baru", "unit_time"),
    ]  # fmt: skip
    assert told.influences[0].swing == Fraction(4 * 10_000, 60_000)
    assert "waktu per kegiatan Lama" in told.sentence
    assert told.total.sentence == "perlu 0,83 sampai 1,92 (1–2 orang), paling mungkin 1,10"


def test_nothing_given_nothing_moves():
    told = sensitivity(study(Activity("A", UnitTime(Decimal(6)), Decimal(10_000))))

    assert told.influences == ()
    assert told.total.low_fte == told.total.high_fte == 1
    assert "Isi batas" in told.sentence


def test_cover_holds_the_posts_up():
    total = sensitivity(study(WIDE, cover=4)).total
    assert (total.low_staff, total.base_staff, total.high_staff) == (4, 4, 4)


def test_a_rate_turns_low_and_high_round():
    """More acts an hour need fewer people."""
    rate = Activity(
        "A", UnitTime(Decimal(10), "per_hour", Decimal(8), Decimal(12)), Decimal(10_000)
    )
    told = sensitivity(study(rate))

    assert told.total.low_fte == Fraction(10_000, 12 * 1000)
    assert told.total.high_fte == Fraction(10_000, 8 * 1000)
    assert told.influences[0].swing > 0


@pytest.mark.parametrize(
    ("low", "high", "code"),
    [
        ("7", "9", "range_impossible"),
        ("5", "5.5", "range_impossible"),
        ("0", "9", "unit_time_zero"),
    ],
)
def test_impossible_ranges_are_named(low, high, code):
    bad = Activity("A", UnitTime(Decimal(6), "min", Decimal(low), Decimal(high)), Decimal(1))
    with pytest.raises(Meaningless) as refused:
        sensitivity(study(bad))
    assert refused.value.code == code
    assert refused.value.where == "kategori Loket › kegiatan A"


def test_a_spread_of_everything_is_refused():
    with pytest.raises(Meaningless):
        sensitivity(study(WIDE), spread=Fraction(1))
