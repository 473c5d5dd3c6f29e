"""Observations from a phone: stored once however often they are sent, and judged one by one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simpul.foundation.core.errors import NotAllowed, Refused, Stale
from simpul.foundation.core.ids import uuid7
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.planning.workload.models import Observation, ObservedActivity
from simpul.planning.workload.observations import summarise_observations
from simpul.planning.workload.services import (
    ActivityWish,
    add_templates,
    save_activity,
    save_observations,
)
from simpul.planning.workload.thesis_steps import TEMPLATES
from tests.conftest import new_key

Browse = Callable[[Actor], Client]


@pytest.fixture
def activity(recorder: Actor) -> ObservedActivity:
    wish = ActivityWish("Menata rak", "rekam-medis", "perekam_medis", ("Ambil", "Taruh"))
    return save_activity(wish, by=recorder)


def seen(of: ObservedActivity, /, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "activity": str(of.id),
        "started_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        "seconds": 30.5,
        "steps": [{"name": "Ambil", "seconds": 10.5}, {"name": "Taruh", "seconds": 20}],
    } | fields


def send(client: Client, *items: Any) -> Any:
    return client.post(
        reverse("pengamatan-kirim"),
        json.dumps({"observations": items}),
        content_type="application/json",
    )


def test_an_observation_is_stored_with_its_steps(
    browse: Browse, recorder: Actor, activity: ObservedActivity
):
    item = seen(activity)
    answer = send(browse(recorder), item).json()

    assert answer == {"stored": [item["id"]], "refused": [], "sent": 1}
    row = Observation.objects.get()
    assert (float(row.seconds), row.observer) == (30.5, recorder.practitioner_id)
    assert [step["seconds"] for step in row.steps] == [10.5, 20.0]
    assert JournalEntry.objects.filter(act="observation-saved").count() == 1


def test_sending_again_stores_nothing_and_answers_the_same(
    browse: Browse, recorder: Actor, activity: ObservedActivity
):
    client, first, second = browse(recorder), seen(activity), seen(activity)
    send(client, first)

    answer = send(client, first, second, second).json()

    assert sorted(answer["stored"]) == sorted([first["id"], second["id"]])
    assert Observation.objects.count() == 2
    assert JournalEntry.objects.filter(act="observation-saved").count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"seconds": 0},
        {"seconds": -4},
        {"seconds": 13 * 3600},
        {"seconds": "30"},
        {"seconds": True},
        {"started_at": "kemarin"},
        {"started_at": "2026-01-01T08:00:00"},
        {"started_at": "1999-01-01T08:00:00+00:00"},
        {"activity": "tidak ada"},
        {"activity": str(uuid7())},
        {"steps": "Ambil"},
        {"steps": [{"name": "", "seconds": 1}]},
        {"steps": [{"name": "Ambil", "seconds": -1}]},
        {"steps": [1]},
        {"id": "bukan-uuid"},
        {"id": None},
    ],
)
def test_a_bad_one_does_not_hold_back_the_others(
    browse: Browse, recorder: Actor, activity: ObservedActivity, fields: dict[str, Any]
):
    good, bad = seen(activity), seen(activity, **fields)

    answer = send(browse(recorder), bad, good).json()

    assert answer["stored"] == [good["id"]]
    assert len(answer["refused"]) == 1
    assert answer["refused"][0]["message"]
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"observations": 5}', b"[" * 5000, b'{"observations": [5, null]}']
)
def test_what_is_no_list_of_observations_is_refused_or_named(
    browse: Browse, recorder: Actor, body: bytes
):
    answer = browse(recorder).post(
        reverse("pengamatan-kirim"), body, content_type="application/json"
    )

    assert answer.status_code in (200, 422)
    assert not Observation.objects.exists()
    if answer.status_code == 200:
        assert len(answer.json()["refused"]) == 2


def test_an_id_of_another_facility_is_not_taken_over(
    recorder: Actor, outsider: Actor, activity: ObservedActivity
):
    item = seen(activity)
    save_observations([item], by=recorder)

    with pytest.raises(NotAllowed):
        save_observations([item], by=outsider)
    assert Observation.objects.get().owner == recorder.facility_id


@pytest.mark.parametrize("who", ["registrar", "nurse", "physician", "technician"])
def test_only_observers_observe(
    browse: Browse, request: pytest.FixtureRequest, activity: ObservedActivity, who: str
):
    client = browse(request.getfixturevalue(who))

    assert client.get(reverse("pengamatan")).status_code == 403
    assert send(client, seen(activity)).status_code == 403
    assert not Observation.objects.exists()


def test_the_page_carries_the_activities_and_needs_no_inline_script(
    browse: Browse, recorder: Actor, activity: ObservedActivity
):
    page = browse(recorder).get(reverse("pengamatan"))

    body = page.content.decode()
    assert f'data-activity="{activity.id}"' in body
    assert '<script id="kegiatan" type="application/json">' in body
    assert body.count("<script") - 1 == body.count("<script defer src=")
    assert "style=" not in body
    assert "onclick" not in body


def test_the_phone_asks_who_is_signed_in_before_it_sends(
    browse: Browse, recorder: Actor, activity: ObservedActivity, client: Client
):
    told = browse(recorder).get(reverse("pengamatan-keadaan")).json()

    assert told["person"] == str(recorder.practitioner_id)
    assert [one["steps"] for one in told["activities"]] == [["Ambil", "Taruh"]]
    assert client.get(reverse("pengamatan-keadaan")).status_code == 302


def test_the_worker_is_the_same_for_everybody_and_only_for_this_page(client: Client, house: object):
    answer = client.get(reverse("pengamatan-sw"))

    body = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert 'const PAGE = "/pengamatan"' in body
    assert answer["Cache-Control"] == "no-store"


def test_the_published_activities_are_taken_over_once(browse: Browse, recorder: Actor):
    client = browse(recorder)
    for _n in range(2):
        client.post(reverse("pengamatan-contoh"), {"op": new_key()})

    rows = list(ObservedActivity.objects.all())
    assert len(rows) == len(TEMPLATES) == 6
    new = rows[0]
    assert len(new.steps) == 7
    assert new.target_seconds == 600
    assert new.source == "Tabel 4.5.1"


@pytest.mark.parametrize(
    ("number", "seconds"),
    [(0, 440.69), (1, 327.52), (2, 465.21), (3, 314.38), (4, 226.80), (5, 226.80)],
)
def test_the_published_steps_add_up_to_the_published_sums(number: int, seconds: float):
    assert TEMPLATES[number].published_seconds == pytest.approx(seconds)


def test_steps_are_edited_and_old_observations_keep_theirs(
    browse: Browse, recorder: Actor, activity: ObservedActivity
):
    save_observations([seen(activity)], by=recorder)
    answer = browse(recorder).post(
        reverse("pengamatan-ubah", args=[activity.id]),
        {
            "op": new_key(),
            "name": "Menata rak",
            "unit": "rekam-medis",
            "category": "perekam_medis",
            "steps": "Ambil\nPeriksa\n\nTaruh ",
            "target": "3,5",
            "is_active": "on",
            "version": "1",
        },
    )

    assert answer.status_code == 302
    changed = ObservedActivity.objects.get()
    assert changed.steps == ["Ambil", "Periksa", "Taruh"]
    assert changed.target_seconds == 210
    figures = summarise_observations([changed])[changed.id]
    assert [(step.name, step.timing.n) for step in figures.steps] == [
        ("Ambil", 1),
        ("Periksa", 0),
        ("Taruh", 1),
    ]


def test_an_edit_over_a_newer_one_is_refused(recorder: Actor, activity: ObservedActivity):
    wish = ActivityWish("Menata rak", "rekam-medis", "perekam_medis", ("Satu",))
    save_activity(wish, by=recorder, activity=activity.id, seen_version=1)

    with pytest.raises(Stale):
        save_activity(wish, by=recorder, activity=activity.id, seen_version=1)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"steps": ()},
        {"steps": ("a", "a")},
        {"steps": ("x" * 81,)},
        {"category": "pilot"},
        {"unit": "bulan"},
        {"journal_activity": "terbang"},
        {"target_seconds": -1},
        {"name": "a\x00b"},
    ],
)
def test_an_activity_that_cannot_be_is_refused(recorder: Actor, fields: dict[str, Any]):
    values: dict[str, Any] = {
        "name": "Menata",
        "unit": "rekam-medis",
        "category": "perekam_medis",
        "steps": ("Ambil",),
    }

    with pytest.raises(Refused):
        save_activity(ActivityWish(**values | fields), by=recorder)
    assert not ObservedActivity.objects.exists()


def test_what_was_typed_stays_when_it_is_refused(browse: Browse, recorder: Actor):
    answer = browse(recorder).post(
        reverse("pengamatan-kegiatan"),
        {"op": new_key(), "name": "Menata rak ketiga", "steps": "", "category": "perekam_medis"},
    )

    assert answer.status_code == 422
    assert "Menata rak ketiga" in answer.content.decode()
    assert "Tulis 1–30 langkah" in answer.content.decode()


def test_the_list_takes_few_statements(
    browse: Browse, recorder: Actor, django_assert_max_num_queries: Any
):
    rows = add_templates(by=recorder)
    save_observations([seen(row, steps=[]) for row in rows], by=recorder)
    client = browse(recorder)

    with django_assert_max_num_queries(9):
        client.get(reverse("pengamatan-kegiatan"))
    with django_assert_max_num_queries(9):
        client.get(reverse("pengamatan"))
