"""Keys, copies and numbers: what a computer is given, and when that ends."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from simpul.domain.lanes import TICKETS
from simpul.foundation.core.clock import now
from simpul.foundation.core.ids import uuid7
from simpul.foundation.journal.models import Change, JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.offline import packet
from simpul.service.distribution.offline.models import Device, DeviceUse, NumberBlock
from simpul.service.distribution.services import register_visit
from simpul.service.patients.merging.decisions import merge_records
from simpul.service.patients.models import Patient
from simpul.service.patients.numbers.services import issue_card, revoke_card
from simpul.service.patients.services import note_allergy, note_no_allergies
from simpul.service.registration.services import VisitWish

from .conftest import Computer

MakeComputer = Callable[..., Computer]


def test_a_reload_gets_the_same_key_and_another_person_another(
    computer: MakeComputer, browse: Callable[[Actor], Client], recorder: Actor
) -> None:
    rina = computer()
    first = rina.sign_on()
    assert rina.sign_on()["key"] == first["key"]
    yuni = Computer(browse(recorder), recorder, id=rina.id)
    other = yuni.sign_on()
    assert other["key"] != first["key"]
    assert other["box"] == first["box"], "what waits there can be carried by the next person"
    assert len(first["key"]) == 44
    assert other["code"] == first["code"] == "L1"


def test_the_key_ends_with_the_log_in(
    computer: MakeComputer, browse: Callable[[Actor], Client], registrar: Actor
) -> None:
    rina = computer()
    key = rina.sign_on()["key"]
    rina.client.post("/keluar")
    assert rina.post("/luring/kunci", {"device_id": str(rina.id)}).status_code == 401
    use = DeviceUse.objects.get(device=rina.id)
    assert use.ended_at is not None
    rina.client = browse(registrar)
    assert rina.sign_on()["key"] != key


def test_the_key_is_written_nowhere(computer: MakeComputer) -> None:
    rina = computer()
    key = rina.sign_on()["key"]
    stored = json.dumps(
        [list(Device.objects.values()), list(DeviceUse.objects.values())], default=str
    )
    assert key not in stored
    assert key not in str(dict(rina.client.session))


def test_a_program_with_a_token_gets_no_key(program: Any, registrar: Actor) -> None:
    answer = program(registrar).client.post(
        "/luring/kunci",
        json.dumps({"device_id": str(uuid7())}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {program(registrar).token}"},
    )
    assert answer.status_code == 401
    assert not Device.objects.exists()


@pytest.mark.parametrize("role", ["technician", "head", "district_officer", "outsider"])
def test_who_works_at_no_counter_and_in_no_unit_gets_nothing(
    role: str, request: pytest.FixtureRequest, browse: Callable[[Actor], Client]
) -> None:
    actor = request.getfixturevalue(role)
    there = Computer(browse(actor), actor)
    answer = there.post("/luring/kunci", {"device_id": str(there.id)})
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert there.client.get("/luring/paket", {"device": str(there.id)}).status_code == 403
    assert there.post("/luring/kirim", {"device": str(there.id), "items": []}).status_code == 403


def test_nobody_gets_a_document_that_says_so(client: Client, house: object) -> None:
    for answer in (
        client.get("/luring/paket"),
        client.get("/luring/keadaan"),
        client.post("/luring/kirim", "{}", content_type="application/json"),
        client.post("/luring/kunci", "{}", content_type="application/json"),
    ):
        assert answer.status_code == 401
        assert answer.json()["code"] == "not_signed_in"


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"device_id": "x"}', b'{"device_id": 1}'])
def test_an_unreadable_sign_on_is_refused(
    body: bytes, browse: Callable[[Actor], Client], registrar: Actor
) -> None:
    answer = browse(registrar).post("/luring/kunci", body, content_type="application/json")
    assert answer.status_code == 422


def test_the_copy_holds_the_least_that_finds_somebody(
    computer: MakeComputer, new_patient: Callable[..., uuid.UUID], registrar: Actor
) -> None:
    known = new_patient(
        "SITI AMINAH",
        "12031985",
        nik="3509015203850003",
        bpjs_number="0001234567890",
        phone="081234567890",
        address="Jalan Melati 5",
    )
    register_visit(
        VisitWish(patient_id=known, unit="umum", payer="bpjs", override_reason="uji"), by=registrar
    )
    page = computer().packet()
    text = json.dumps(page)
    for secret in ("3509015203850003", "0001234567890", "6281234567890", "081234567890", "Melati"):
        assert secret not in text
    (shown,) = page["patients"]
    assert shown["name"] == "SITI AMINAH"
    assert (shown["last_unit"], shown["payer"]) == ("umum", "bpjs")
    assert shown["nik_hash"] == packet.hashed("3509015203850003", bytes.fromhex(page["salt"]))
    assert shown["phone_hash"] == packet.hashed("+6281234567890", bytes.fromhex(page["salt"]))
    assert page["full"] is True
    assert page["next"] is None
    assert {unit["code"] for unit in page["units"]} >= {"umum", "gigi"}
    assert page["rules"]["rules"]


def test_a_card_opens_its_person_until_it_is_revoked(
    computer: MakeComputer, new_patient: Callable[..., uuid.UUID], registrar: Actor
) -> None:
    known = new_patient("SITI AMINAH", "12031985")
    rina = computer()
    cursor = rina.packet()["cursor"]
    given = issue_card(known, by=registrar)
    page = rina.packet(cursor)
    assert given.code not in json.dumps(page)
    hashed = packet.hashed(given.code, bytes.fromhex(page["salt"]))
    assert [(p["id"], p["card_hashes"]) for p in page["patients"]] == [(str(known), [hashed])]
    revoke_card(given.id, by=registrar, reason="lost")
    again = rina.packet(page["cursor"])
    assert [(p["id"], p["card_hashes"]) for p in again["patients"]] == [(str(known), [])]


def test_a_card_of_a_merged_record_opens_the_one_that_stands(
    computer: MakeComputer,
    new_patient: Callable[..., uuid.UUID],
    registrar: Actor,
    recorder: Actor,
) -> None:
    stays, goes = new_patient("SITI AMINAH", "12031985"), new_patient("SITI AMINA", "12031985")
    given = issue_card(goes, by=registrar)
    rina = computer()
    cursor = rina.packet()["cursor"]
    merge_records(stays, goes, by=recorder)
    page = rina.packet(cursor)
    assert page["removed"] == [str(goes)]
    hashed = packet.hashed(given.code, bytes.fromhex(page["salt"]))
    assert {p["id"]: p["card_hashes"] for p in page["patients"]} == {str(stays): [hashed]}
    (whole,) = rina.packet()["patients"]
    assert whole["card_hashes"] == [hashed]


def test_two_computers_know_a_number_by_different_hashes(
    computer: MakeComputer, new_patient: Callable[..., uuid.UUID]
) -> None:
    new_patient("SITI AMINAH", "12031985", nik="3509015203850003")
    one, other = computer().packet(), computer(name="Loket 2").packet()
    assert one["patients"][0]["nik_hash"] != other["patients"][0]["nik_hash"]


def test_the_whole_house_comes_in_pages_and_then_only_changes(
    computer: MakeComputer,
    new_patient: Callable[..., uuid.UUID],
    registrar: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packet, "PAGE", 3)
    made = {new_patient() for _n in range(7)}
    rina = computer()
    page = rina.packet()
    seen = [p["id"] for p in page["patients"]]
    pages = 1
    while page["next"]:
        page = rina.packet(page["next"])
        assert page["full"] is True
        seen += [p["id"] for p in page["patients"]]
        pages += 1
    assert pages == 3
    assert sorted(seen) == sorted(str(m) for m in made)
    cursor = page["cursor"]
    quiet = rina.packet(cursor)
    assert (quiet["full"], quiet["patients"], quiet["removed"]) == (False, [], [])
    late = new_patient("TERLAMBAT DATANG")
    changed = rina.packet(quiet["cursor"])
    assert [p["id"] for p in changed["patients"]] == [str(late)]
    assert changed["full"] is False
    known = next(iter(made))
    register_visit(VisitWish(patient_id=known, unit="gigi", override_reason="uji"), by=registrar)
    again = rina.packet(changed["cursor"])
    assert [(p["id"], p["last_unit"]) for p in again["patients"]] == [(str(known), "gigi")]


@pytest.mark.parametrize(
    "cursor", ["999999.deadbeef", "x", "1.00000000", "f.1.x.y", "-4", "1" * 90]
)
def test_a_cursor_of_another_life_begins_anew(
    cursor: str, computer: MakeComputer, new_patient: Callable[..., uuid.UUID]
) -> None:
    """A database put back from a backup, or nonsense: the whole copy, never a hole."""
    new_patient()
    page = computer().packet(cursor)
    assert page["full"] is True
    assert len(page["patients"]) == 1


def test_far_behind_begins_anew(
    computer: MakeComputer, new_patient: Callable[..., uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    rina = computer()
    cursor = rina.packet()["cursor"]
    new_patient()
    monkeypatch.setattr(packet, "MOST_CHANGES", 0)
    assert rina.packet(cursor)["full"] is True


def test_changes_cost_few_statements_however_many_there_are(
    computer: MakeComputer, new_patient: Callable[..., uuid.UUID]
) -> None:
    rina = computer()
    cursor = rina.packet()["cursor"]
    rina.packet(cursor)
    with CaptureQueriesContext(
        connection,
    ) as quiet:
        rina.packet(cursor)
    for _n in range(12):
        new_patient()
    with CaptureQueriesContext(connection) as busy:
        page = rina.packet(cursor)
    assert len(page["patients"]) == 12
    assert len(busy) <= len(quiet) + 2, "the people who changed, and their cards"
    assert len(busy) <= 13, [q["sql"][:90] for q in busy]
    assert not any(q["sql"].startswith(("INSERT", "UPDATE")) for q in busy)


def test_reading_the_copy_is_in_the_journal_once_a_copy(computer: MakeComputer) -> None:
    rina = computer()
    cursor = rina.packet()["cursor"]
    before = JournalEntry.objects.filter(act="device-copied").count()
    rina.packet(cursor)
    assert JournalEntry.objects.filter(act="device-copied").count() == before == 2
    assert JournalEntry.objects.filter(act="device-opened").count() == 1


def test_each_computer_has_its_own_numbers(computer: MakeComputer) -> None:
    one, two = computer(), computer(name="Loket 2")
    assert (one.block["code"], two.block["code"]) == ("L1", "L2")
    assert one.block["units"]["A"] == [501, 1000]
    assert two.block["units"]["A"] == [1001, 1500]
    assert one.block["mrn"] != two.block["mrn"]
    assert one.block["registration"] == [10001, 11000]
    assert two.block["mrn"][0] > one.block["mrn"][1]


def test_the_lane_is_the_same_tomorrow(
    computer: MakeComputer, browse: Callable[[Actor], Client]
) -> None:
    rina = computer()
    mrn = rina.block["mrn"]
    with time_machine.travel(now() + timedelta(hours=20), tick=True):
        rina.client = browse(rina.actor)
        rina.sign_on()
        page = rina.packet()
        assert page["block"]["units"]["A"] == [501, 1000]
        assert page["block"]["mrn"] == mrn
        assert page["block"]["day"] == "2026-02-04"


def test_a_poli_computer_gets_its_queue_and_no_numbers(
    browse: Callable[[Actor], Client], dentist: Actor, new_visit: Callable[..., Any]
) -> None:
    visit = new_visit("gigi")
    poli = Computer(browse(dentist), dentist)
    assert poli.sign_on("Poli Gigi")["code"] == "P1"
    page = poli.packet()
    assert page["block"] is None
    assert page["rules"] is None
    assert page["queue"]["unit"] == "gigi"
    assert [row["encounter"] for row in page["queue"]["rows"]] == [str(visit.encounter.id)]


def test_a_poli_takes_the_allergies_of_who_waits_there_and_a_counter_of_nobody(
    browse: Callable[[Actor], Client],
    computer: MakeComputer,
    dentist: Actor,
    new_patient: Callable[..., uuid.UUID],
    registrar: Actor,
) -> None:
    people = [new_patient(name) for name in ("SITI", "BUDI", "WATI", "AGUS")]
    note_allergy(people[0], by=dentist, substance="Penisilin", reaction="gatal", noted_year=2021)
    note_no_allergies(people[1], by=dentist)
    note_allergy(people[3], by=dentist, substance="Kodein")
    for person in people[:3]:
        wish = VisitWish(patient_id=person, unit="gigi", override_reason="uji")
        register_visit(wish, by=registrar)
    poli = Computer(browse(dentist), dentist)
    poli.sign_on()
    page = poli.packet()
    told = {row["name"]: row["allergy"] for row in page["queue"]["rows"]}
    assert told["SITI"] == {"code": "recorded", "text": "⚠ ALERGI: Penisilin (gatal, 2021)"}
    assert told["BUDI"]["code"] == "none_known"
    assert told["WATI"]["code"] == "not_asked"
    assert "Kodein" not in json.dumps(page), "AGUS does not wait here"
    assert "Penisilin" not in json.dumps(computer().packet())


def test_a_dentist_does_not_get_the_queue_of_another_unit(
    browse: Callable[[Actor], Client], dentist: Actor, new_visit: Callable[..., Any]
) -> None:
    new_visit("umum")
    poli = Computer(browse(dentist), dentist)
    poli.sign_on()
    assert poli.packet(unit="umum")["queue"] is None


def test_the_state_of_the_outside_is_not_known_by_default(computer: MakeComputer) -> None:
    answer = computer().client.get("/luring/keadaan").json()
    assert answer["internet"] is None
    assert answer["since"] is None
    assert answer["wipe"] is False


def test_a_wipe_is_asked_told_confirmed_and_then_the_computer_is_new(
    computer: MakeComputer, browse: Callable[[Actor], Client], technician: Actor
) -> None:
    rina = computer()
    before = rina.sign_on()
    browse(technician).post("/luring/lupakan", {"device": str(rina.id)})
    assert rina.client.get("/luring/keadaan", {"device": str(rina.id)}).json()["wipe"] is True
    for answer in (
        rina.client.get("/luring/paket", {"device": str(rina.id)}),
        rina.post("/luring/kunci", {"device_id": str(rina.id)}),
    ):
        assert answer.status_code == 410
        assert "key" not in answer.json()
    assert rina.post("/luring/lupakan/selesai", {"device": str(rina.id)}).json() == {"ok": True}
    after = rina.sign_on()
    assert after["key"] != before["key"]
    assert after["box"] != before["box"]
    assert after["salt"] != before["salt"]
    acts = list(
        JournalEntry.objects.filter(act__startswith="device-wipe").order_by("id").values_list("act")
    )
    assert acts == [("device-wipe-asked",), ("device-wiped",)]
    closed = NumberBlock.objects.get(device=rina.id, closed_at__isnull=False)
    new = NumberBlock.objects.get(device=rina.id, closed_at__isnull=True)
    assert new.first > closed.last, "record numbers of the old block are never given again"


def test_what_waits_is_still_taken_before_a_wipe(
    computer: MakeComputer,
    browse: Callable[[Actor], Client],
    technician: Actor,
    new_patient: Callable[..., uuid.UUID],
) -> None:
    rina = computer()
    item = rina.visit(new_patient())
    browse(technician).post("/luring/lupakan", {"device": str(rina.id)})
    answer = rina.post(
        "/luring/kirim",
        {"device": str(rina.id), "items": [item], "now": now().isoformat()},
    ).json()
    assert answer["results"][0]["status"] == "saved", answer
    assert answer["wipe"] is True


def test_only_it_and_head_may_have_a_copy_wiped(
    computer: MakeComputer, browse: Callable[[Actor], Client], head: Actor, nurse: Actor
) -> None:
    rina = computer()
    assert rina.client.post("/luring/lupakan", {"device": str(rina.id)}).status_code == 403
    assert browse(nurse).get("/pengaturan/komputer").status_code == 403
    assert not Device.objects.get().must_wipe
    browse(head).post("/luring/lupakan", {"device": str(rina.id)})
    assert Device.objects.get().must_wipe
    browse(head).post("/luring/lupakan", {"device": str(rina.id), "batal": "1"})
    assert not Device.objects.get().must_wipe


def test_the_page_of_computers_says_who_what_waits_and_which_numbers(
    computer: MakeComputer,
    browse: Callable[[Actor], Client],
    technician: Actor,
    django_assert_max_num_queries: Any,
) -> None:
    rina = computer(name="Loket Depan")
    computer(name="Loket Belakang")
    rina.client.get("/luring/keadaan", {"device": str(rina.id), "menunggu": "3"})
    it = browse(technician)
    it.get("/pengaturan/komputer")
    with django_assert_max_num_queries(12):
        page = it.get("/pengaturan/komputer").content.decode()
    for words in ("Loket Depan", "Loket Belakang", "L1", "L2", "501–1000", rina.actor.name):
        assert words in page, words
    assert "Hapus salinan di komputer ini" in page


def test_the_lane_of_a_wiped_computer_comes_back_the_day_after(
    computer: MakeComputer, browse: Callable[[Actor], Client], technician: Actor
) -> None:
    rina = computer()
    browse(technician).post("/luring/lupakan", {"device": str(rina.id)})
    rina.post("/luring/lupakan/selesai", {"device": str(rina.id)})
    assert computer(name="Baru").block["code"] == "L2", "today its slips are still in pockets"
    with time_machine.travel(now() + timedelta(days=2), tick=True):
        assert computer(name="Besok").block["code"] == "L1"


def test_ordinary_tickets_jump_over_all_lanes(new_visit: Callable[..., Any]) -> None:
    from simpul.foundation.core.counters import take_block
    from simpul.foundation.facilities.selectors import get_here

    here = get_here()
    new_visit("umum")
    take_block(f"ticket:{here.id}:{here.today():%Y%m%d}:A", size=499)
    after = new_visit("umum").ticket.number
    assert TICKETS.owner(after) is None
    assert after > TICKETS.of(99)[1]


def test_nothing_of_this_reaches_the_change_feed(computer: MakeComputer) -> None:
    before = Change.objects.count()
    computer()
    assert Change.objects.count() == before
    assert not Patient.objects.exists()


@pytest.mark.parametrize("path", ["/luring/kunci", "/luring/kirim", "/luring/lupakan/selesai"])
def test_a_form_is_told_to_send_json(path: str, computer: MakeComputer) -> None:
    answer = computer().client.post(path, {"device": "x", "items": "[]"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "body_unreadable"
