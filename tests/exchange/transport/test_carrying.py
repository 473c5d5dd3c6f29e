"""A shipment on a USB stick and its answer: the same requests, without a line."""

from pathlib import Path

import pytest

from simpul.exchange.hub.carrying import take_shipment
from simpul.exchange.hub.enrolment import revoke
from simpul.exchange.hub.models import HubLog
from simpul.exchange.sync import outgoing
from simpul.exchange.sync.carrying import take_answer, waiting_pushes, write_shipment
from simpul.exchange.sync.sealing import SUFFIX
from simpul.exchange.sync.selectors import received_at, standing
from simpul.foundation.core.errors import Conflict, NotHere, Refused
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.models import JournalEntry
from tests.exchange.sites import Site, facility_site, hub_site
from tests.exchange.transport.bridge import enrolled, sender


def write(site: Site, times: int) -> None:
    """Let somebody do something there, several times."""
    with site:
        for number in range(times):
            with act(by=None, facility=site.node) as this:
                this.record("tested", detail={"number": number})


def ship(site: Site, folder: Path) -> bytes:
    """Write a shipment and return what is in the file."""
    with site:
        path, _count = write_shipment(folder)
    assert path is not None
    return path.read_bytes()


def test_there_and_back_and_both_twice(
    joined: Site, hub: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simpul.exchange.sync.carrying.BATCH", 20)
    write(joined, 50)
    with joined:
        waiting = standing().waiting
        pushes = list(waiting_pushes())
        assert len(pushes) > 3
        assert sum(push.count for push in pushes) == waiting
        path, count = write_shipment(tmp_path)
        assert path is not None
        assert path.suffix == SUFFIX
        assert [one.name for one in tmp_path.iterdir()] == [path.name]
        assert count == waiting == standing().waiting  # writing it changes nothing
        acts = list(JournalEntry.objects.filter(act="tested").values_list("act_id", flat=True))
        assert received_at(acts) == {}
    for _time in range(2):
        with hub:
            taken = take_shipment(path.read_bytes())
            assert (taken.is_whole, taken.ack, taken.node) == (True, count, str(joined.node))
            assert HubLog.objects.count() == count
    for _time in range(2):
        with joined:
            assert take_answer(taken.answer) == count
            assert standing().waiting == 0
            assert received_at(acts).keys() == set(acts)
    with joined:
        assert write_shipment(tmp_path) == (None, 0)


def test_the_line_comes_back_before_the_answer(joined: Site, hub: Site, tmp_path: Path) -> None:
    sealed = ship(joined, tmp_path)
    with hub:
        answer = take_shipment(sealed).answer
    write(joined, 2)
    with joined:
        sender(joined, hub, tmp_path).drain(most_steps=20)
        assert standing().waiting == 0
        take_answer(answer)  # says less than is known already
        assert standing().waiting == 0
    with hub:
        count = HubLog.objects.count()
        assert take_shipment(sealed).is_whole
        assert HubLog.objects.count() == count


def test_a_gap_says_from_where_to_begin(joined: Site, hub: Site, tmp_path: Path) -> None:
    with joined:
        push = outgoing.next_push()
        assert push is not None
        outgoing.take_reply(push, 200, {"ack": push.upto})  # a hub that lost this again
    write(joined, 1)
    sealed = ship(joined, tmp_path)
    with hub:
        taken = take_shipment(sealed)
        assert (taken.is_whole, taken.why, taken.ack) == (False, "gap", 0)
    with joined:
        assert take_answer(taken.answer) == 0
    with hub:
        assert take_shipment(ship(joined, tmp_path)).is_whole


def test_only_ours_is_believed(joined: Site, hub: Site, tmp_path: Path) -> None:
    mawar = facility_site("Puskesmas Mawar")
    enrolled(mawar, hub)
    other = hub_site("Dinas Lain")
    sealed = ship(joined, tmp_path)
    with other, pytest.raises(Refused) as refusal:
        take_shipment(sealed)
    assert refusal.value.code == "sealed_unreadable"
    with hub:
        answer = take_shipment(sealed).answer
    with mawar, pytest.raises(Refused) as refusal:
        take_answer(answer)  # another's
    assert refusal.value.code == "answer_refused"
    with joined:
        for bad in (answer + b" ", b"", b"\n", answer.replace(b'"status": 200', b'"status": 409')):
            with pytest.raises(Refused):
                take_answer(bad)
        assert standing().waiting > 0
    for site in (mawar, other):
        site.close()


def test_a_revoked_server_is_refused_on_paper_too(joined: Site, hub: Site, tmp_path: Path) -> None:
    sealed = ship(joined, tmp_path)
    with hub:
        revoke("Puskesmas Melati")
        taken = take_shipment(sealed)
        assert (taken.is_whole, taken.why) == (False, "revoked")
        assert not HubLog.objects.exists()
    with joined, pytest.raises(Conflict) as refusal:
        take_answer(taken.answer)
    assert refusal.value.code == "shipment_refused"


def test_without_a_hub_there_is_nobody_to_seal_to(melati: Site, tmp_path: Path) -> None:
    with melati, pytest.raises(NotHere) as refusal:
        write_shipment(tmp_path)
    assert refusal.value.code == "not_enrolled"
