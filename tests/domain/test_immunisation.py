"""Which age of the schedule has come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.immunisation import SCHEDULE, UNTIL_DAYS, due_immunisation


@pytest.mark.parametrize(
    ("age", "last", "due"),
    [
        (0, None, "baru lahir"),
        (31, None, "1 bulan"),
        (31, 30, ""),
        (62, 31, "2 bulan"),
        (272, 122, "9 bulan"),
        (300, 275, ""),
        (360, None, "9 bulan"),
        (600, 548, ""),
        (600, 400, "18 bulan"),
        (UNTIL_DAYS, None, ""),
        (-1, None, ""),
    ],
)
def test_what_is_due(age, last, due):
    assert due_immunisation(age, last) == due


@given(st.integers(0, UNTIL_DAYS - 1))
def test_a_visit_today_leaves_nothing_due(age):
    assert due_immunisation(age, age) == ""
    assert due_immunisation(age) in {name for _days, name in SCHEDULE}
