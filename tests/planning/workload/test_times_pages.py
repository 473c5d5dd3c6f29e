"""The page of times: side by side, a time accepted with its reason, and who set what on what."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from simpul.foundation.core.errors import NotAllowed, Refused, Stale
from simpul.foundation.core.ids import uuid7
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.planning.workload import selectors
from simpul.planning.workload.models import UnitTime
from simpul.planning.workload.services import (
    TimeWish,
    add_templates,
    save_observations,
    set_time,
)
from tests.conftest import new_key
from tests.planning.workload.morning import EIGHT, at

Browse = Callable[[Actor], Client]
MARCH = "dari=2026-03-01&sampai=2026-03-31"
MARCH_DAYS = selectors.Period(date(2026, 3, 1), date(2026, 3, 31))
SERVICE = ["umum", "layanan", "dokter"]


def text_of(answer: HttpResponseBase) -> str:
    body = re.sub(r"<(script|style|template)\b.*?</\1>", "", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
def services(physician: Actor, registrar: Actor) -> None:
    """Twelve services of 100 to 111 seconds, and twelve registrations three minutes apart."""
    for n in range(12):
        when = EIGHT + timedelta(minutes=3 * n)
        for name, later in (("started", 0), ("finished", 100 + n)):
            with act(by=physician, at=when + timedelta(seconds=later)) as this:
                this.record(name, unit="umum", subject=f"distribution:{n}")
        with act(by=registrar, at=when) as this:
            this.record("distributed", unit="umum", encounter=uuid7(), subject=f"distribution:{n}")


def wish(**fields: Any) -> TimeWish:
    values: dict[str, Any] = {
        "purpose": "norm",
        "unit": "umum",
        "activity": "layanan",
        "category": "dokter",
        "seconds": Decimal(106),
        "source": "journal",
        "reason": "rata-rata Maret",
    }
    return TimeWish(**values | fields)


def accept(client: Client, **fields: str) -> Any:
    values = {
        "op": new_key(),
        "purpose": "norm",
        "source": "journal",
        "minutes": "1",
        "seconds": "46",
        "reason": "rata-rata Maret",
        "seen_revision": "0",
    }
    address = reverse("waktu-rinci", args=SERVICE)
    return client.post(f"{address}?{MARCH}", values | fields)


@pytest.mark.usefixtures("services")
def test_volume_measured_observed_target_and_norm_stand_side_by_side(browse: Browse, head: Actor):
    set_time(wish(purpose="target", seconds=Decimal(600), source="typed", reason="SOP"), by=head)

    words = text_of(browse(head).get(f"{reverse('waktu')}?{MARCH}"))

    assert "Pelayanan pasien, mulai sampai selesai Dokter 12 1 mnt 46 dtk" in words
    assert "10 mnt" in words
    assert "Usul 1 mnt 46 dtk" in words
    assert "Pendaftaran pasien lama Pendaftaran 12 3 mnt" in words
    assert "11 dari 12 tindakan terukur" in words


def test_a_house_without_entries_says_what_to_do(browse: Browse, head: Actor):
    words = text_of(browse(head).get(f"{reverse('waktu')}?dari=2020-01-01&sampai=2020-02-01"))

    assert "Tidak ada tindakan di jurnal" in words


def test_dates_that_cannot_be_are_answered_with_a_sentence(browse: Browse, head: Actor):
    client = browse(head)

    assert client.get(f"{reverse('waktu')}?dari=bukan&sampai=tanggal").status_code == 200
    refused = client.get(f"{reverse('waktu')}?dari=2026-03-01&sampai=2026-02-01")
    assert refused.status_code == 422
    assert "berakhir sebelum mulai" in text_of(refused)


@pytest.mark.usefixtures("services")
def test_a_time_is_accepted_with_reason_and_evidence(browse: Browse, head: Actor):
    answer = accept(browse(head))

    assert answer.status_code == 302
    row = UnitTime.objects.get()
    assert (row.seconds, row.revision, row.is_current) == (Decimal(106), 1, True)
    assert row.set_by == head.practitioner_id
    assert row.evidence["n"] == 12
    assert (row.evidence["mean"], row.evidence["figure"]) == ("105.50", "mean")
    assert row.evidence["from"] == "2026-03-01"
    entry = JournalEntry.objects.get(act="unit-time-set")
    assert entry.detail["seconds"] == "106"
    assert "rata-rata" not in str(entry.detail), "the journal holds ids and codes"


@pytest.mark.usefixtures("services")
def test_an_accepted_time_is_what_a_study_proposes(head: Actor):
    set_time(wish(seconds=Decimal(120)), by=head)

    with at(60 * 24):
        year = selectors.yearly_workload(by=head, year=2026)
    line = next(a for c in year.categories for a in c.activities if a.code == "layanan")
    assert (line.unit_seconds, line.source) == (Decimal(120), "accepted")
    assert "revisi 1" in line.provenance


@pytest.mark.usefixtures("services")
def test_the_history_tells_who_set_what_on_what_evidence(browse: Browse, head: Actor):
    client = browse(head)
    accept(client)
    accept(client, minutes="2", seconds="0", source="typed", reason="SOP baru", seen_revision="1")

    words = text_of(client.get(f"{reverse('waktu-rinci', args=SERVICE)}?{MARCH}"))

    first, second = UnitTime.objects.order_by("revision")
    assert (first.is_current, second.is_current, second.revision) == (False, True, 2)
    assert words.index("SOP baru") < words.index("rata-rata Maret"), "newest first"
    assert "Kepala Contoh" in words
    assert "n 12, 01-03-2026–31-03-2026: median 1 mnt 46 dtk" in words


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": "  "}, "Tulis alasannya."),
        ({"minutes": "abc"}, "bukan angka waktu"),
        ({"minutes": "0", "seconds": "0"}, "lebih dari 0"),
        ({"minutes": "9999"}, "paling lama 12 jam"),
        ({"minutes": "1e400"}, "bukan angka waktu"),
        ({"minutes": "NaN"}, "bukan angka waktu"),
        ({"source": "ramalan"}, "Pilih asal waktunya."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    browse: Browse, head: Actor, fields: dict[str, str], said: str
):
    answer = accept(browse(head), **{"reason": "alasan ketikan", **fields})

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not UnitTime.objects.exists()
    if "reason" not in fields:
        assert 'value="alasan ketikan"' in answer.content.decode()


@pytest.mark.usefixtures("services")
def test_a_time_another_person_has_just_set_is_not_overwritten_unseen(head: Actor):
    set_time(wish(), by=head)

    with pytest.raises(Stale):
        set_time(wish(seconds=Decimal(60)), by=head)
    assert UnitTime.objects.get().seconds == 106
    set_time(wish(seconds=Decimal(60), seen_revision=1), by=head)
    assert UnitTime.objects.get(is_current=True).seconds == 60


def test_two_who_set_the_first_time_at_once_get_one_time_and_one_refusal(
    head: Actor, monkeypatch: pytest.MonkeyPatch
):
    set_time(wish(), by=head)
    manager = UnitTime.objects
    # The other one's row is not visible yet when this one looks.
    monkeypatch.setattr(manager, "select_for_update", lambda: manager.none())

    with pytest.raises(Stale), transaction.atomic():
        set_time(wish(seconds=Decimal(60)), by=head)
    assert manager.get().seconds == 106


def test_norm_and_target_and_categories_do_not_replace_each_other(head: Actor):
    set_time(wish(), by=head)
    set_time(wish(purpose="target", source="typed"), by=head)
    set_time(wish(category="perawat"), by=head)

    assert UnitTime.objects.filter(is_current=True).count() == 3


@pytest.mark.parametrize("who", ["registrar", "physician", "recorder", "technician"])
def test_who_does_not_plan_sets_nothing(request: pytest.FixtureRequest, who: str):
    with pytest.raises(NotAllowed):
        set_time(wish(), by=request.getfixturevalue(who))
    assert not UnitTime.objects.exists()


def test_a_head_of_another_facility_sets_nothing_here(outsider: Actor):
    with pytest.raises(NotAllowed):
        set_time(wish(), by=outsider)


def test_activities_that_do_not_exist_get_no_time(head: Actor):
    for activity in ("terbang", str(uuid7())):
        with pytest.raises(Exception, match="tidak ada"):
            set_time(wish(activity=activity), by=head)
    with pytest.raises(Refused):
        set_time(wish(category="pilot"), by=head)


@pytest.mark.usefixtures("services")
def test_times_by_person_are_for_the_head_alone(
    browse: Browse, head: Actor, district_officer: Actor
):
    address = f"{reverse('waktu-rinci', args=SERVICE)}?{MARCH}"

    assert "Dokter Contoh" in text_of(browse(head).get(address))
    page = browse(district_officer).get(address)
    assert page.status_code == 200
    assert "Dokter Contoh" not in text_of(page)
    assert "Menurut orang" not in text_of(page)
    assert "Menurut jam" in text_of(page)


@pytest.mark.usefixtures("services")
def test_observed_and_journal_times_are_compared_in_a_sentence(browse: Browse, head: Actor):
    activity = next(row for row in add_templates(by=head) if row.journal_activity == "daftar-lama")
    items = [
        {
            "id": str(uuid7()),
            "activity": str(activity.id),
            "started_at": (EIGHT + timedelta(minutes=n)).isoformat(),
            "seconds": 120,
            "steps": [],
        }
        for n in range(3)
    ]
    with at(60 * 24):
        assert len(save_observations(items, by=head).stored) == 3

    load = next(
        load
        for load in selectors.list_loads(by=head, period=MARCH_DAYS)
        if load.code == "daftar-lama"
    )
    assert load.proposal.source == "journal", "three are too few to be preferred"
    assert load.sop_seconds == 300
    words = text_of(browse(head).get(f"{reverse('waktu-banding')}?{MARCH}"))

    assert "2 mnt n 3 3 mnt n 11 +1 mnt 50 %" in words
    assert "memuat juga menunggu pasien berikutnya" in words
    assert "Belum diamati" in words, "the one that nobody has observed"


@pytest.mark.usefixtures("services")
def test_enough_observations_are_preferred_to_a_gap(head: Actor):
    activity = next(row for row in add_templates(by=head) if row.journal_activity == "daftar-lama")
    items = [
        {
            "id": str(uuid7()),
            "activity": str(activity.id),
            "started_at": (EIGHT + timedelta(minutes=n)).isoformat(),
            "seconds": 120,
            "steps": [],
        }
        for n in range(5)
    ]
    with at(60 * 24):
        save_observations(items, by=head)

    loads = selectors.list_loads(by=head, period=MARCH_DAYS)
    known = next(load for load in loads if load.code == "daftar-lama")
    assert (known.proposal.source, known.proposal.seconds) == ("observation", 120)
    assert known.proposal.evidence["n"] == 5


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize("name", ["waktu", "waktu-rinci", "waktu-banding"])
def test_pages_take_few_statements(
    browse: Browse, head: Actor, django_assert_max_num_queries: Any, name: str
):
    add_templates(by=head)
    client = browse(head)
    address = f"{reverse(name, args=SERVICE if name == 'waktu-rinci' else [])}?{MARCH}"
    client.get(address)  # keeps the month

    with django_assert_max_num_queries(14 if name == "waktu-rinci" else 12):
        assert client.get(address).status_code == 200
