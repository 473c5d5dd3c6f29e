"""The same item from two tabs in the same second, and two computers at once, on both databases."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.models import Ticket
from simpul.service.distribution.offline.items import Sent, read_items
from simpul.service.distribution.offline.models import Device, OfflineItem, OfflineOutcome
from simpul.service.distribution.offline.receiving import receive
from simpul.service.patients.models import Patient
from simpul.service.registration.models import Encounter

from .conftest import Computer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all of them from the same instant on; return their answers in order."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)
    troubles: list[BaseException] = []

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            answers[place] = act()
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not troubles, troubles
    return answers


@pytest.fixture
def in_a_file() -> None:
    """SQLite's threads need a database that more than one connection can see."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and ("memory" in name or name == ":memory:"):
        pytest.skip("one connection only")


def sent(*items: dict[str, Any]) -> list[Sent]:
    return read_items(list(items))


@pytest.mark.parametrize("_again", range(2))
def test_one_item_from_two_tabs_is_stored_once(
    _again: int, computer: Callable[..., Computer], registrar: Actor, in_a_file: None
) -> None:
    rina = computer()
    device = Device.objects.get(id=rina.id)
    items = sent(rina.newcomer("WATI LESTARI"), rina.newcomer("BUDI SANTOSO", "05061970"))
    shows = now().isoformat()
    found = at_once(
        *[lambda: [o.ticket for o in receive(device, items, by=registrar, clock_shows=shows)]] * 4
    )
    assert found == [["A501", "A502"]] * 4
    assert Encounter.objects.count() == Patient.objects.count() == Ticket.objects.count() == 2
    assert OfflineItem.objects.count() == OfflineOutcome.objects.count() == 2


def test_two_computers_send_at_once(
    computer: Callable[..., Computer], registrar: Actor, in_a_file: None
) -> None:
    both = [computer(), computer(name="Loket 2")]
    devices = [Device.objects.get(id=one.id) for one in both]
    batches = [
        sent(*(one.newcomer(f"ORANG {n} {one.block['code']}") for n in range(5))) for one in both
    ]
    shows = now().isoformat()
    at_once(
        *[
            lambda d=d, b=b: receive(d, b, by=registrar, clock_shows=shows)
            for d, b in zip(devices, batches, strict=True)
        ]
    )
    labels = sorted(t.label for t in Ticket.objects.all())
    assert labels == sorted([f"A{n}" for n in (*range(501, 506), *range(1001, 1006))])
    assert Patient.objects.values("mrn").distinct().count() == 10


def test_one_nik_from_two_computers_in_the_same_second(
    computer: Callable[..., Computer], registrar: Actor, in_a_file: None
) -> None:
    both = [computer(), computer(name="Loket 2")]
    devices = [Device.objects.get(id=one.id) for one in both]
    batches = [sent(one.newcomer("SITI AMINAH", nik="3509015203850003")) for one in both]
    shows = now().isoformat()
    found = at_once(
        *[
            lambda d=d, b=b: receive(d, b, by=registrar, clock_shows=shows)[0].status
            for d, b in zip(devices, batches, strict=True)
        ]
    )
    assert found == ["saved", "saved"]
    assert Patient.objects.count() == 2
    assert Patient.objects.filter(nik="3509015203850003").count() == 1


def test_two_new_computers_at_once_get_two_lanes(
    browse: Callable[[Actor], Any], registrar: Actor, in_a_file: None
) -> None:
    both = [Computer(browse(registrar), registrar) for _n in range(4)]
    at_once(*[lambda one=one: one.sign_on() for one in both])
    assert sorted(Device.objects.values_list("lane", flat=True)) == [1, 2, 3, 4]


def test_a_decision_and_its_twin(
    computer: Callable[..., Computer], registrar: Actor, in_a_file: None
) -> None:
    from simpul.service.distribution.offline.deciding import register_item

    rina = computer()
    item = rina.newcomer("WATI LESTARI")
    item["body"]["visit"]["unit"] = "tidak-ada"
    rina.send(item)

    def decide() -> str:
        try:
            return str(register_item(uuid.UUID(item["id"]), unit="umum", by=registrar).status)
        except Conflict as refused:
            return refused.code

    assert sorted(at_once(decide, decide)) == ["item_decided", "saved"]
    assert Encounter.objects.count() == 1
