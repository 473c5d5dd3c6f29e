"""Which copies may go: a pure function, looked at from all sides."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.foundation.backups.catalogue import Copy
from simpul.foundation.backups.keeping import to_remove
from simpul.foundation.backups.options import Options
from simpul.foundation.backups.space import growth, judge

ZONE = "Asia/Jayapura"
DAY_ONE = datetime(2026, 1, 1, 12, tzinfo=UTC)


def made(
    at: datetime, *, seq: int = 0, checked: bool = True, proven: bool = False, size: int = 1
) -> Copy:
    name = f"{at:%Y%m%d-%H%M%S}-{seq}.simpul"
    return Copy(
        path=Path(name),
        name=name,
        at=at,
        bytes=size,
        sha256="",
        facility="",
        facility_id=None,
        node=None,
        version="",
        engine="sqlite",
        database_bytes=size,
        journal_seq=seq,
        journal_hash="",
        change_id=0,
        timezone=ZONE,
        recipient="",
        checked_at=at if checked else None,
        proven_at=at if proven else None,
    )


@st.composite
def shelves(draw: Callable[..., list[tuple[int, bool, bool]]]) -> list[Copy]:
    facts = draw(
        st.lists(
            st.tuples(st.integers(0, 800 * 24), st.booleans(), st.booleans()),
            max_size=40,
            unique_by=lambda fact: fact[0],
        )
    )
    return [
        made(DAY_ONE + timedelta(hours=hours), seq=number, checked=checked, proven=proven)
        for number, (hours, checked, proven) in enumerate(sorted(facts))
    ]


@settings(max_examples=40, deadline=None)
@given(shelves(), st.integers(1, 9), st.integers(0, 6), st.integers(0, 14))
def test_what_is_never_given_up(shelf: list[Copy], daily: int, weekly: int, monthly: int) -> None:
    options = Options(daily=daily, weekly=weekly, monthly=monthly)
    gone = to_remove(shelf, options, ZONE)
    kept = [copy for copy in shelf if copy not in gone]
    checked = [copy for copy in shelf if copy.checked_at]
    proven = [copy for copy in shelf if copy.proven_at]

    if checked:
        assert max(checked, key=lambda copy: copy.at) in kept
    else:
        assert kept == shelf
    if proven:
        assert max(proven, key=lambda copy: copy.at) in kept
    # The last days are there, newest of each.
    zone = ZoneInfo(ZONE)
    days = sorted({copy.at.astimezone(zone).date() for copy in checked}, reverse=True)[:daily]
    for day in days:
        same = [copy for copy in checked if copy.at.astimezone(zone).date() == day]
        assert max(same, key=lambda copy: copy.at) in kept
    # And not much more than was asked for.
    assert len(kept) <= daily + weekly + monthly + 3 + sum(not copy.checked_at for copy in shelf)
    # What is kept stays kept when it is looked at again.
    assert to_remove(kept, options, ZONE) == []


def test_a_year_of_evenings_leaves_seven_four_and_twelve() -> None:
    shelf = [made(DAY_ONE + timedelta(days=day), seq=day) for day in range(400)]
    gone = to_remove(shelf, Options(), "Asia/Jakarta")
    kept = [copy.at for copy in shelf if copy not in gone]
    assert kept[-7:] == [copy.at for copy in shelf[-7:]]
    # The newest day is also the newest of its week and month, and so on.
    assert 7 + 2 + 10 <= len(kept) <= 7 + 4 + 12
    assert kept[0] == datetime(2026, 3, 31, 12, tzinfo=UTC)


def test_a_copy_from_a_wrong_clock_does_not_drive_out_the_others() -> None:
    shelf = [made(DAY_ONE + timedelta(days=day), seq=day) for day in range(5)]
    future = made(DAY_ONE + timedelta(days=4000), seq=2)
    assert to_remove([*shelf, future], Options(daily=1, weekly=0, monthly=0), ZONE) == shelf[:4]


def test_growth_foretells_the_day_a_disk_is_full() -> None:
    gigabyte = 10**9
    shelf = [
        made(DAY_ONE + timedelta(days=day), size=day * gigabyte // 10) for day in range(10, -1, -1)
    ]
    a_day = growth(shelf, DAY_ONE + timedelta(days=10))
    assert a_day == gigabyte // 5
    assert growth(shelf[:3], DAY_ONE + timedelta(days=10)) == 0
    assert judge(100 * gigabyte, 50 * gigabyte, a_day) == ("ok", 250)
    assert judge(100 * gigabyte, 19 * gigabyte, 0) == ("note", None)
    assert judge(100 * gigabyte, 50 * gigabyte, 2 * gigabyte) == ("note", 25)
    assert judge(100 * gigabyte, 4 * gigabyte, 0)[0] == "bad"
    assert judge(10 * gigabyte, 1 * gigabyte, 0)[0] == "bad"
