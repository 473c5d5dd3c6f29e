"""Perlu orang: what waits is shown with its reason, tried again, or set aside and taken back."""

import pytest

from simpul.exchange.district import attention
from simpul.exchange.district.models import SetAside
from simpul.exchange.hub.models import HubFeed, HubLog, HubPark
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict
from simpul.foundation.core.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def parked(puskesmas):
    """An act of two lines that waits for a patient who has not come."""
    place = puskesmas("Kencong")
    epoch, act_id = uuid7(), uuid7()
    HubLog.objects.bulk_create(
        HubLog(
            node=place.id, epoch=epoch, seq=seq, number=seq, kind="c", cid=uuid7(), act_id=act_id,
            entity="registration.encounter", row=uuid7(), operation="c", schema_version=1,
            row_version=1, at=now(), body="{}", body_hash="", hash="", state="parked",
            why="missing", received_at=now(),
        )
        for seq in (1, 2)
    )  # fmt: skip
    return HubPark.objects.create(
        node=place.id, epoch=epoch, first=1, last=2, act_id=act_id,
        entity="registration.encounter", why="missing", waits_for="patients.patient:x", since=now(),
    )  # fmt: skip


def test_it_says_whose_what_and_why(parked, officer, browse_hub):
    page = browse_hub(officer).get("/dinas/perlu-orang").content.decode()

    assert "Kencong" in page
    assert "kunjungan" in page
    assert "belum datang" in page


def test_an_unknown_reason_still_says_what_to_do(parked, officer, browse_hub):
    HubPark.objects.update(why="sesuatu-yang-baru", entity="")

    page = browse_hub(officer).get("/dinas/perlu-orang").content.decode()

    assert "Belum dapat dimasukkan" in page


def test_set_aside_needs_a_reason_and_keeps_what_was_sent(parked, officer, browse_hub):
    client = browse_hub(officer)

    refused = client.post(f"/dinas/perlu-orang/{parked.pk}/sisihkan", {"reason": " "})
    client.post(f"/dinas/perlu-orang/{parked.pk}/sisihkan", {"reason": "kiriman uji coba"})

    assert refused.status_code == 422
    assert HubPark.objects.get(pk=parked.pk).settled_at is not None
    assert set(HubLog.objects.values_list("state", "body")) == {("rejected", "{}")}
    page = client.get("/dinas/perlu-orang").content.decode()
    assert "kiriman uji coba" in page
    # The house is told that it waits no more.
    assert HubFeed.objects.filter(kind="parked", scope=f"node:{parked.node}").count() == 1


def test_what_was_set_aside_waits_again(parked, officer, browse_hub):
    aside = attention.set_aside(parked.pk, reason="keliru", by=officer)

    browse_hub(officer).post(f"/dinas/perlu-orang/{aside.pk}/tunggu-lagi")

    assert HubPark.objects.get(pk=parked.pk).settled_at is None
    assert set(HubLog.objects.values_list("state", "why")) == {("parked", "missing")}
    assert SetAside.objects.get().undone_by == officer.practitioner_id
    with pytest.raises(Conflict):
        attention.take_back(aside.pk, by=officer)


def test_it_is_set_aside_once(parked, officer):
    attention.set_aside(parked.pk, reason="keliru", by=officer)

    with pytest.raises(Conflict):
        attention.set_aside(parked.pk, reason="keliru lagi", by=officer)


def test_trying_again_leaves_what_still_waits(parked, officer, browse_hub):
    HubLog.objects.update(entity="hari.esok")  # of a newer program: no table here

    answer = browse_hub(officer).post("/dinas/perlu-orang/coba-lagi", follow=True)

    assert "tetap tersimpan" in answer.content.decode()
    assert HubPark.objects.get(pk=parked.pk).settled_at is None
