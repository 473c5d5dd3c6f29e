"""However batches are cut, repeated and mixed between computers: the same rows are stored."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.domain.lanes import MOST_LANES, REGISTRATIONS, TICKETS
from simpul.foundation.journal.models import JournalEntry
from simpul.service.distribution.models import Ticket
from simpul.service.distribution.offline.models import OfflineItem, OfflineOutcome
from simpul.service.patients.models import Patient
from simpul.service.registration.models import Encounter

from .conftest import Computer

PER_COMPUTER = 4


class _Undo(Exception):
    """Ends an example; its rows go."""


def stored() -> dict[str, Any]:
    """Everything that an item can become, without ids and times that the server makes itself."""
    return {
        "people": sorted(Patient.objects.values_list("id", "mrn", "name", "nik")),
        "visits": sorted(
            Encounter.objects.values_list(
                "id", "patient", "registration_number", "unit", "service_date", "registered_by"
            )
        ),
        "tickets": sorted(Ticket.objects.values_list("encounter", "prefix", "number")),
        "items": sorted(OfflineItem.objects.values_list("id", "fingerprint")),
        "outcomes": sorted(OfflineOutcome.objects.values_list("item", "status", "code", "ticket")),
        "acts": sorted(
            JournalEntry.objects.filter(subject__startswith="offline:")
            .order_by("id")
            .values_list("act", "subject", "practitioner")
        ),
    }


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    batches=st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(1, PER_COMPUTER)), max_size=6
    )
)
def test_any_mixture_of_batches_stores_the_same(
    batches: list[tuple[int, int, int]],
    computer: Callable[..., Computer],
    new_patient: Callable[..., uuid.UUID],
) -> None:
    kept: list[dict[str, Any]] = []
    try:
        with transaction.atomic():
            two = [computer(), computer(name="Loket 2")]
            work = [_work(one, new_patient) for one in two]
            for mixed in (False, True):
                try:
                    with transaction.atomic():
                        for carrier, owner, length in batches if mixed else ():
                            # The device an item was typed at sends it, from the start, in pieces.
                            two[owner].send(*work[owner][:length])
                            if carrier != owner:
                                two[owner].send(*work[owner][: length - 1])
                        for one, items in zip(two, work, strict=True):
                            one.send(*items)
                        kept.append(stored())
                        raise _Undo
                except _Undo:
                    pass
            raise _Undo
    except _Undo:
        pass
    assert kept[0] == kept[1]
    assert len(kept[0]["items"]) == 2 * PER_COMPUTER
    assert len({(p, n) for _e, p, n in kept[0]["tickets"]}) == len(kept[0]["tickets"])


def _work(one: Computer, new_patient: Callable[..., uuid.UUID]) -> list[dict[str, Any]]:
    """A morning in small: a newcomer, her second visit, somebody known, something broken."""
    newcomer = one.newcomer(f"WATI {one.block['code']} LESTARI", birth_date="01021990")
    book = one.block["registration"][0]
    newcomer["body"]["visit"]["registration"] = book
    herself = uuid.UUID(newcomer["body"]["patient_id"])
    return [
        newcomer,
        one.visit(herself, unit="gigi", prefix="C", registration=book + 1),
        one.visit(new_patient(), registration=book + 2),
        one.item("visit", {"patient": "x"}),
    ]


@given(
    a=st.integers(1, MOST_LANES),
    b=st.integers(1, MOST_LANES),
    count=st.integers(1, 2_000_000),
    lanes=st.sampled_from([TICKETS, REGISTRATIONS]),
)
def test_no_number_is_of_two_lanes_nor_of_a_lane_and_the_server(
    a: int, b: int, count: int, lanes: Any
) -> None:
    (first, last), (other, other_last) = lanes.of(a), lanes.of(b)
    assert a == b or last < other or other_last < first
    ordinary = lanes.ordinary(count)
    assert lanes.owner(ordinary) is None
    assert not first <= ordinary <= last
    assert lanes.owner(first) == lanes.owner(last) == a
    assert lanes.ordinary(count + 1) > ordinary


@pytest.mark.parametrize("lane", [0, 100, -1])
def test_there_is_no_lane_outside(lane: int) -> None:
    with pytest.raises(ValueError, match="lane"):
        TICKETS.of(lane)
