"""Admitting a Puskesmas, shutting its server out, and deciding about twins, from the pages."""

import re

import pytest

from simpul.exchange.hub.models import HubNode
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.models import Role
from tests.conftest import make_actor

pytestmark = pytest.mark.django_db


def test_a_code_is_shown_once_and_kept_by_nobody(officer, browse_hub):
    client = browse_hub(officer)

    made = client.post("/dinas/hubungkan", {"name": "Puskesmas Kencong"})

    page = made.content.decode()
    code = re.search(r'data-uji="kode"[^>]*>([^<]+)<', page).group(1)
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", code)
    assert made["Cache-Control"] == "no-store"
    assert code not in client.get("/dinas/hubungkan").content.decode()
    assert code not in client.get("/dinas").content.decode()


def test_a_name_too_short_is_refused_and_stays_typed(officer, browse_hub):
    answer = browse_hub(officer).post("/dinas/hubungkan", {"name": "X"})

    assert answer.status_code == 422
    assert 'value="X"' in answer.content.decode()


def test_a_server_in_place_of_another_gets_a_code_of_its_own_house(puskesmas, officer, browse_hub):
    place = puskesmas("Kencong")

    page = browse_hub(officer).post("/dinas/hubungkan", {"facility": str(place.id), "name": ""})

    assert page.status_code == 200
    assert "server pengganti" in page.content.decode()
    entry = JournalEntry.objects.filter(act="node-code-made").latest("id")
    assert entry.subject == f"node:{place.id}"


def test_one_act_shuts_a_stolen_server_out(puskesmas, officer, browse_hub):
    place = puskesmas("Kencong")
    client = browse_hub(officer)

    client.post(f"/dinas/puskesmas/{place.id}/cabut")

    assert HubNode.objects.get(node=place.id).state == HubNode.State.REVOKED
    assert "dicabut" in client.get("/dinas").content.decode()
    entry = JournalEntry.objects.filter(act="node-revoked").latest("id")
    assert entry.practitioner == officer.practitioner_id


def test_a_suspect_goes_on_when_a_person_has_looked(puskesmas, officer, browse_hub):
    place = puskesmas("Kencong", state=HubNode.State.SUSPECT)
    client = browse_hub(officer)
    assert "perlu-kembar" in client.get("/dinas/perlu-orang").content.decode()

    client.post(f"/dinas/puskesmas/{place.id}/lanjutkan")

    assert HubNode.objects.get(node=place.id).state == HubNode.State.ACTIVE
    assert "perlu-kosong" in client.get("/dinas/perlu-orang").content.decode()


def test_nobody_else_shuts_anybody_out(puskesmas, officer, browse_hub):
    place = puskesmas("Kencong")

    answer = browse_hub(make_actor(Role.IT)).post(f"/dinas/puskesmas/{place.id}/cabut")

    assert answer.status_code == 403
    assert HubNode.objects.get(node=place.id).state == HubNode.State.ACTIVE


def test_the_dinas_begins_its_day_here(officer, browse_hub):
    client = browse_hub(officer)

    assert client.get("/")["Location"] == "/dinas"
    assert "/loket" not in client.get("/dinas").content.decode()
