"""*Diterima Dinas* and the Keadaan chip: only what the hub has acknowledged, step by step."""

import pytest

from simpul.exchange.district.telling import received_upto, sending
from simpul.exchange.sync import link, outgoing
from simpul.exchange.sync.link import HubFacts
from simpul.foundation.core import outside
from simpul.service.distribution.queueing import acknowledge_shown
from simpul.service.distribution.selectors import get_board_row
from simpul.service.distribution.services import redirect_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(house):
    """The house knows a hub, and keeps nothing of an earlier test in mind."""
    link.keep_hub(HubFacts("https://dinas.contoh", "Dinas Contoh", "", "", ""))
    outside._kept = None
    yield house
    outside._kept = None


def acknowledge(push, ack=None):
    assert push is not None
    return outgoing.take_reply(push, 200, {"ack": push.upto if ack is None else ack, "parked": []})


def at_district(visit, by):
    row = get_board_row(visit.encounter.id, by=by)
    assert row is not None
    return row.at_district


def drain():
    while (push := outgoing.next_push()) is not None:
        acknowledge(push)


def test_a_house_without_a_hub_says_nothing_of_one(new_visit, registrar, browse):
    visit = new_visit()

    page = browse(registrar).get("/kunjungan").content.decode()

    assert received_upto() is None
    assert sending() is None
    assert at_district(visit, registrar) is None
    assert "Diterima Dinas" not in page


def test_sent_is_not_received(enrolled, new_visit, registrar, browse):
    visit = new_visit()

    push = outgoing.next_push()
    assert at_district(visit, registrar) is False
    page = browse(registrar).get("/kunjungan").content.decode()
    assert "Tersimpan di server" in page
    assert 'data-step="district"' in page

    acknowledge(push)
    drain()
    assert at_district(visit, registrar) is True


def test_part_of_what_was_sent_is_not_all_of_it(enrolled, new_visit, registrar):
    first = new_visit()
    drain()
    second = new_visit()
    push = outgoing.next_push()

    acknowledge(push, ack=push.upto - 1)

    assert at_district(first, registrar) is True
    assert at_district(second, registrar) is False


def test_what_is_done_later_has_to_be_received_too(enrolled, new_visit, registrar):
    visit = new_visit()
    drain()
    assert at_district(visit, registrar) is True

    redirect_visit(visit.encounter.id, unit="lansia", reason="salah poli", by=registrar)

    assert at_district(visit, registrar) is False
    drain()
    assert at_district(visit, registrar) is True


def test_a_hub_that_lost_it_takes_the_word_back(enrolled, new_visit, registrar):
    visit = new_visit()
    drain()
    after = new_visit()
    push = outgoing.next_push()

    outgoing.take_reply(push, 409, {"why": "gap", "ack": 0, "cursors": {}})

    assert at_district(visit, registrar) is False
    assert at_district(after, registrar) is False


def test_one_visit_costs_one_statement_more(
    enrolled, new_visit, registrar, browse, django_assert_max_num_queries
):
    client = browse(registrar)
    for _time in range(3):
        new_visit()
    drain()
    client.get("/kunjungan")

    with django_assert_max_num_queries(12):
        page = client.get("/kunjungan").content.decode()

    assert page.count('data-step="district"') == 3


def test_the_board_looks_again_only_while_something_is_under_way(
    enrolled, new_visit, registrar, nurse, browse
):
    visit = new_visit()
    acknowledge_shown("umum", [visit.distribution.id], by=nurse)
    assert outgoing.next_push() is not None
    client = browse(registrar)

    assert "kunjungan-periksa-lagi" in client.get("/kunjungan").content.decode()
    drain()
    assert "kunjungan-periksa-lagi" not in client.get("/kunjungan").content.decode()


def test_the_chip_counts_what_waits(enrolled, new_visit, registrar, browse):
    drain()
    new_visit()
    client = browse(registrar)

    waiting = client.get("/luring/keadaan").json()["waiting"]
    drain()

    assert waiting > 0
    assert client.get("/luring/keadaan").json()["waiting"] == 0


@pytest.mark.parametrize(
    ("why", "internet"),
    [("route", False), ("name", False), ("certificate", True), ("http-503", True)],
)
def test_a_broken_way_out_is_told_from_a_district_that_does_not_answer(
    enrolled, registrar, browse, why, internet
):
    link.note_trouble(is_stopped=False, why=why, next_at=link.now())

    assert browse(registrar).get("/luring/keadaan").json()["internet"] is internet


def test_the_page_names_both_networks(enrolled, new_visit, registrar, browse):
    new_visit()
    link.note_trouble(is_stopped=False, why="route", next_at=link.now())

    page = browse(registrar).get("/keadaan").content.decode()

    assert "Server Puskesmas" in page
    assert "Putus" in page
    assert "menunggu dikirim" in page
    assert "Belum ada yang diterima Dinas" in page


def test_the_page_of_a_house_without_a_hub(registrar, browse):
    page = browse(registrar).get("/keadaan").content.decode()

    assert "belum dihubungkan ke Dinas" in page


def test_a_stopped_line_says_who_acts(enrolled, registrar, browse):
    link.note_trouble(is_stopped=True, why="revoked", next_at=link.now())

    page = browse(registrar).get("/keadaan").content.decode()

    assert "keadaan-berhenti" in page
    assert "kode baru" in page
