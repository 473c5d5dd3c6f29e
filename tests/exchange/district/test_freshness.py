"""Kesegaran: what the Dinas sees of each Puskesmas; not known is never nought."""

import csv
import io
from datetime import timedelta

import pytest
from python_calamine import load_workbook

from simpul.exchange.district.contacts import keep_contact
from simpul.exchange.district.freshness import list_freshness
from simpul.exchange.hub.models import HubLog, HubNode
from simpul.foundation.core.clock import now
from simpul.foundation.core.ids import uuid7

pytestmark = pytest.mark.django_db


def level_of(rows, name):
    return next(row.level for row in rows if row.name == name)


def test_each_puskesmas_gets_its_level(puskesmas, officer):
    puskesmas("Segar")
    puskesmas("Kuning", ago=timedelta(hours=25))
    puskesmas("Merah", ago=timedelta(hours=73))
    puskesmas("Belum", enrolled=False)
    puskesmas("Bisu", seen_at=None)
    puskesmas("Kembar", state=HubNode.State.SUSPECT)
    puskesmas("Dicabut", state=HubNode.State.REVOKED)

    rows = list_freshness(by=officer)

    assert {row.name: row.level for row in rows} == {
        "Segar": "fresh",
        "Kuning": "amber",
        "Merah": "red",
        "Belum": "absent",
        "Bisu": "never",
        "Kembar": "suspect",
        "Dicabut": "revoked",
    }


def test_a_house_that_speaks_but_keeps_much_back_is_not_fresh(puskesmas, officer):
    """Seen a moment ago, with everything since four days still waiting there."""
    puskesmas("Macet", waiting=900, waiting_since=(now() - timedelta(days=4)).isoformat())
    place = puskesmas("Mengejar", waiting=900)
    _line(place.id, at=now() - timedelta(hours=30))

    rows = list_freshness(by=officer)

    assert level_of(rows, "Macet") == "never"
    assert level_of(rows, "Mengejar") == "amber"


def test_an_old_word_that_nothing_waits_does_not_make_a_backlog_fresh(puskesmas, officer):
    """It said so three days ago; since then the line was dead, and now the backlog comes in."""
    said = now() - timedelta(days=3, hours=1)
    place = puskesmas("Pulih", info={"waiting": 0, "at": said.isoformat()})
    _line(place.id, at=said - timedelta(hours=1))

    row = list_freshness(by=officer)[0]

    assert row.level == "red"
    assert row.until == said


def test_a_clock_that_runs_ahead_does_not_make_data_of_tomorrow(puskesmas, officer):
    place = puskesmas("Jam Maju", waiting=0, at=(now() + timedelta(days=9)).isoformat())

    row = list_freshness(by=officer)[0]

    assert row.until == HubNode.objects.get(node=place.id).seen_at


@pytest.mark.parametrize("odd", ["banyak", -1, True, None, {"n": 1}])
def test_whatever_a_worker_says_of_itself_is_only_its_word(puskesmas, officer, odd):
    puskesmas(
        "Aneh",
        info={"waiting": odd, "at": odd, "backup_proven_at": odd, "disk_free": odd, "version": 7},
    )

    row = list_freshness(by=officer)[0]

    assert (row.waiting, row.proven_at, row.disk_free_percent) == (None, None, None)


def test_the_page_shows_the_telephone_where_it_is_red(puskesmas, officer, browse_hub):
    place = puskesmas("Merah", ago=timedelta(days=4))
    keep_contact(place.id, person="Rizal Contoh", phone="0812-3456-7890", by=officer)

    page = browse_hub(officer).get("/dinas").content.decode()

    assert "0812-3456-7890" in page
    assert "lebih dari 72 jam" in page


def test_nobody_yet_says_what_to_do(officer, browse_hub):
    page = browse_hub(officer).get("/dinas").content.decode()

    assert "dinas-kosong" in page
    assert "Hubungkan" in page


def test_fifty_rows_cost_no_more_statements_than_three(
    puskesmas, officer, browse_hub, django_assert_max_num_queries
):
    for number in range(50):
        puskesmas(f"Puskesmas Contoh {number:02d}")
    client = browse_hub(officer)
    client.get("/dinas")

    with django_assert_max_num_queries(12):
        page = client.get("/dinas").content.decode()

    assert page.count('data-uji="dinas-baris"') == 50
    assert len(page.encode()) < 200_000


def test_it_is_narrowed_sorted_and_carried_away_the_same(puskesmas, officer, browse_hub):
    puskesmas("B Segar")
    puskesmas("A Merah", ago=timedelta(days=4), waiting=12)
    puskesmas("C Belum", enrolled=False)
    client = browse_hub(officer)

    page = client.get("/dinas?tampil=perlu").content.decode()
    listed = client.get("/dinas/unduh?berkas=csv&urut=keadaan").content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(client.get("/dinas/unduh?urut=data").content))

    assert "A Merah" in page
    assert "B Segar" not in page
    rows = list(csv.reader(io.StringIO(listed), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["A Merah", "C Belum", "B Segar"]
    sheet = book.get_sheet_by_index(0).to_python()
    # What is not known is an empty cell.
    belum = next(row for row in sheet if row[0] == "C Belum")
    assert belum[4] == ""
    segar = next(row for row in sheet if row[0] == "B Segar")
    assert segar[4] == 0


def test_a_telephone_that_is_none_is_refused_and_kept(puskesmas, officer, browse_hub):
    place = puskesmas("Kencong")

    answer = browse_hub(officer).post(
        f"/dinas/puskesmas/{place.id}", {"person": "Rizal", "phone": "tanya Bu Endang"}
    )

    assert answer.status_code == 422
    assert "tanya Bu Endang" in answer.content.decode()


def _line(node, *, at):
    """The last act that came of a house."""
    HubLog.objects.create(
        node=node, epoch=uuid7(), seq=1, number=HubLog.objects.count() + 1, kind="j", cid=uuid7(),
        act_id=uuid7(), operation="c", schema_version=1, row_version=1, at=at, body="{}",
        body_hash="", hash="", state="applied", received_at=now(),
    )  # fmt: skip
