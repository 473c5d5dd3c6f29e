"""What if: each lever against a hand calculation, and what may not be asked."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.domain.findings import Meaningless
from simpul.domain.gap import FacilityStaff
from simpul.domain.norms_shipped import DSP_2004, PERMENKES_75_2014
from simpul.domain.queueing import Arrivals, Desk, Service, Shift
from simpul.domain.whatif import (
    EVERYTHING,
    Closure,
    Levers,
    TaskShift,
    apply_levers,
    changed_desk,
    changed_gap,
    changed_need,
    changed_wait,
)
from simpul.domain.wisn import (
    Activity,
    Allowance,
    Category,
    Entitlement,
    LegalHours,
    Study,
    UnitTime,
    calculate,
)

D = Decimal
YEAR = Entitlement(D(300), annual_leave=D(12), public_holidays=D(18), hours_per_day=D(7))


def study() -> Study:
    counter = Category(
        "Loket",
        staff=D(2),
        working_time=YEAR,
        activities=(
            Activity("Pasien baru", UnitTime(D(7)), D(9000), last_year_volume=D(8800)),
            Activity("Pasien lama", UnitTime(D(5)), D(30000)),
        ),
    )
    records = Category(
        "Rekam medis",
        staff=D(1),
        working_time=YEAR,
        activities=(Activity("Filing", UnitTime(D(3)), D(39000)),),
        allowances=(Allowance("Rapat", D(10), "percent"),),
    )
    return Study((counter, records))


def fte(given: Study, name: str) -> Fraction:
    return next(c.required_fte for c in calculate(given).categories if c.name == name)


def test_nothing_moved_changes_nothing() -> None:
    found = changed_need(study(), Levers())
    assert found.findings == ()
    for row in found.categories:
        assert row.before is not None
        assert row.after is not None
        assert row.before.required_fte == row.after.required_fte
        assert row.need_change == 0


def test_a_tenth_more_volume_is_a_tenth_more_workload() -> None:
    more, _ = apply_levers(study(), Levers(volume={EVERYTHING: D(10)}))
    assert fte(more, "Loket") == fte(study(), "Loket") * Fraction(11, 10)
    # A supposed volume is not a jump against last year.
    assert not [f for f in calculate(more).all_findings if "volume" in f.code]


def test_a_category_with_its_own_volume_is_not_moved_by_the_common_one() -> None:
    more, _ = apply_levers(study(), Levers(volume={EVERYTHING: D(10), "Loket": D(0)}))
    assert fte(more, "Loket") == fte(study(), "Loket")
    assert fte(more, "Rekam medis") > fte(study(), "Rekam medis")


def test_more_leave_means_fewer_hours_and_a_greater_need() -> None:
    more, _ = apply_levers(study(), Levers(leave={"Loket": D(24)}))
    # 300 − 12 − 18 = 270 days before, 258 after.
    assert fte(more, "Loket") == fte(study(), "Loket") * Fraction(270, 258)


def test_leave_does_not_move_hours_set_by_law_and_that_is_said() -> None:
    base = study()
    legal = replace(base.categories[0], working_time=LegalHours(D(1200), "Permenkes 33/2015"))
    base = replace(base, categories=(legal, base.categories[1]))
    found = changed_need(base, Levers(leave={EVERYTHING: D(30)}))
    assert [f.code for f in found.findings] == ["leave_without_effect"]
    assert "Loket" in found.findings[0].where
    assert found.categories[0].need_change == 0
    assert found.categories[1].need_change > 0


def test_a_shifted_task_leaves_one_and_loads_the_other() -> None:
    shift = TaskShift("Pasien lama", "Loket", "Rekam medis", D(40))
    found = changed_need(study(), Levers(shifts=(shift,)))
    moved = Fraction(40, 100) * 30000 * 5 / (270 * 7 * 60)
    counter, records = found.categories
    assert counter.before is not None
    assert counter.after is not None
    assert counter.before.required_fte - counter.after.required_fte == moved
    assert records.before is not None
    assert records.after is not None
    # The other category multiplies by its own support (10 %: CAF = 10/9).
    assert records.after.required_fte - records.before.required_fte == moved * Fraction(10, 9)
    assert records.after.activities[-1].name == "Pasien lama (dari Loket)"


def test_whoever_takes_a_task_over_may_need_longer() -> None:
    slow = TaskShift("Pasien lama", "Loket", "Rekam medis", D(100), minutes=D(10))
    same = replace(slow, minutes=None)
    slower, _ = apply_levers(study(), Levers(shifts=(slow,)))
    faster, _ = apply_levers(study(), Levers(shifts=(same,)))
    assert fte(slower, "Rekam medis") > fte(faster, "Rekam medis")
    assert fte(slower, "Loket") == fte(faster, "Loket")


def test_a_closed_unit_hands_its_work_over_or_ends_it() -> None:
    handed = changed_need(study(), Levers(closures=(Closure("Rekam medis", "Loket"),)))
    counter, records = handed.categories
    assert records.after is None
    assert records.need_change < 0
    assert counter.need_change > 0
    ended = changed_need(study(), Levers(closures=(Closure("Rekam medis"),)))
    assert ended.categories[0].need_change == 0
    assert ended.after.totals.staff == 2


def test_new_staff_change_the_shortage_and_not_the_need() -> None:
    found = changed_need(study(), Levers(new_staff={"Loket": 1}))
    (counter, _) = found.categories
    assert counter.before is not None
    assert counter.after is not None
    assert counter.after.required_fte == counter.before.required_fte
    assert counter.after.staff == 3


def test_volume_comes_before_a_shift() -> None:
    """40 % of a doubled volume is twice 40 % of the volume."""
    shift = TaskShift("Pasien lama", "Loket", "Rekam medis", D(40))
    both, _ = apply_levers(study(), Levers(volume={EVERYTHING: D(100)}, shifts=(shift,)))
    alone, _ = apply_levers(study(), Levers(shifts=(shift,)))
    assert fte(both, "Loket") == fte(alone, "Loket") * 2


@pytest.mark.parametrize(
    ("levers", "code"),
    [
        (Levers(volume={"Gudang": D(1)}), "category_unknown"),
        (Levers(leave={"Gudang": D(1)}), "category_unknown"),
        (Levers(new_staff={"Gudang": 1}), "category_unknown"),
        (Levers(volume={EVERYTHING: D(-101)}), "volume_out_of_range"),
        (Levers(volume={"Loket": D("NaN")}), "volume_out_of_range"),
        (Levers(leave={EVERYTHING: D(400)}), "leave_out_of_range"),
        (Levers(new_staff={"Loket": -3}), "fewer_than_nobody"),
        (Levers(new_staff={"Loket": 10**6}), "staff_out_of_range"),
        (Levers(shifts=(TaskShift("X", "Loket", "Rekam medis", D(5)),)), "activity_unknown"),
        (Levers(shifts=(TaskShift("Pasien lama", "Loket", "Loket", D(5)),)), "shift_to_itself"),
        (
            Levers(shifts=(TaskShift("Pasien lama", "Loket", "Rekam medis", D(101)),)),
            "share_out_of_range",
        ),
        (
            Levers(shifts=(TaskShift("Pasien lama", "Loket", "Rekam medis", D(5)),) * 2),
            "shifted_twice",
        ),
        (
            Levers(shifts=(TaskShift("Pasien lama", "Loket", "Rekam medis", D(5), D(0)),)),
            "not_positive",
        ),
        (Levers(closures=(Closure("Loket"), Closure("Rekam medis"))), "everything_closed"),
        (Levers(closures=(Closure("Loket", "Loket"),)), "target_closed"),
        (Levers(closures=(Closure("Loket"), Closure("Loket"))), "closed_twice"),
    ],
)
def test_what_has_no_meaning_is_refused(levers: Levers, code: str) -> None:
    with pytest.raises(Meaningless) as refused:
        changed_need(study(), levers)
    assert refused.value.code == code


@settings(max_examples=60, deadline=None)
@given(
    st.decimals(-100, 300, places=1), st.decimals(-100, 300, places=1), st.decimals(0, 60, places=1)
)
def test_need_grows_with_volume_and_with_leave(one: D, other: D, days: D) -> None:
    less, more = sorted((one, other))
    small, _ = apply_levers(study(), Levers(volume={EVERYTHING: less}))
    large, _ = apply_levers(study(), Levers(volume={EVERYTHING: more}))
    assert calculate(small).totals.required_fte <= calculate(large).totals.required_fte
    rest, _ = apply_levers(study(), Levers(leave={EVERYTHING: days}))
    change = calculate(rest).totals.required_fte - calculate(study()).totals.required_fte
    assert (change > 0) == (days > 12)
    assert (change < 0) == (days < 12)


@settings(max_examples=40, deadline=None)
@given(st.decimals(0, 100, places=1))
def test_a_shift_between_equals_keeps_the_work(share: D) -> None:
    base = study()
    base = replace(base, categories=tuple(replace(c, allowances=()) for c in base.categories))
    shift = TaskShift("Pasien lama", "Loket", "Rekam medis", share)
    moved, _ = apply_levers(base, Levers(shifts=(shift,)))
    assert calculate(moved).totals.required_fte == calculate(base).totals.required_fte


# The gap and the wait.

TEMBOKREJO = FacilityStaff(
    "Tembokrejo",
    "pedesaan",
    {
        "dokter": 1, "kesmas": 0, "dokter_gigi": 2, "perawat": 6, "bidan": 11, "gizi": 0,
        "atlm": 0, "farmasi": 0, "kesling": 0,
    },
    pustu=1,
    villages=1,
)  # fmt: skip


def test_new_people_fill_the_gap_and_a_surplus_fills_nothing() -> None:
    found = changed_gap(TEMBOKREJO, DSP_2004, Levers(new_people={"kesling": 2, "bidan": 1}))
    assert found.before.sums.shortage == 8
    assert found.after.sums.shortage == 6
    assert found.after.sums.surplus == found.before.sums.surplus + 1
    assert found.same_norm


def test_another_norm_is_said_to_be_another() -> None:
    found = changed_gap(TEMBOKREJO, DSP_2004, Levers(), other_norm=PERMENKES_75_2014)
    assert not found.same_norm
    assert found.after.sums.standard != found.before.sums.standard


def test_nobody_can_be_taken_from_where_nobody_is() -> None:
    with pytest.raises(Meaningless) as refused:
        changed_gap(TEMBOKREJO, DSP_2004, Levers(new_people={"gizi": -1}))
    assert refused.value.code == "fewer_than_nobody"


DESK = Desk((Arrivals(0, 180, 54.3),), (Shift(0, 180, 2),), Service(5.86))


def test_more_volume_waits_longer_and_one_more_server_less() -> None:
    busy = changed_wait(DESK, Levers(volume={EVERYTHING: D(20)}), days=60)
    assert busy.after.mean_wait > busy.before.mean_wait
    assert busy.after.load == pytest.approx(busy.before.load * 1.2)
    helped = changed_wait(DESK, Levers(desk_servers=1), days=60)
    assert helped.after.mean_wait < helped.before.mean_wait
    # The same patients came on both sides.
    assert helped.after.served == helped.before.served


def test_a_counter_without_anybody_is_refused() -> None:
    with pytest.raises(Meaningless) as refused:
        changed_desk(DESK, Levers(desk_servers=-2))
    assert refused.value.code == "nobody_serves"
