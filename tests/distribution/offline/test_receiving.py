"""What was written without the server: once each, in order, under the right name, never lost."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import ServiceUnit
from simpul.foundation.facilities.selectors import forget_here
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account
from simpul.foundation.staff.selectors import forget_actors
from simpul.service.distribution.models import Distribution, Ticket
from simpul.service.distribution.offline import receiving
from simpul.service.distribution.offline.models import DeviceUse, OfflineItem, OfflineOutcome
from simpul.service.patients.merging.models import ReviewTask
from simpul.service.patients.models import Patient
from simpul.service.registration.models import Encounter

from .conftest import Computer

MakeComputer = Callable[..., Computer]
NewPatient = Callable[..., uuid.UUID]


def test_a_visit_is_saved_with_the_number_on_its_slip(
    computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    item = rina.visit(new_patient(), registration=10001)
    (result,) = rina.send(item)
    assert result["status"] == "saved", result
    assert (result["ticket"], result["code"], result["task"]) == ("A501", "", None)
    encounter = Encounter.objects.get()
    assert str(encounter.id) == item["id"] == result["encounter"]
    assert encounter.registration_number == "260203-10001"
    assert encounter.registered_by == rina.actor.practitioner_id
    assert Distribution.objects.get().unit == "umum"


def test_sent_again_it_is_the_same_and_nothing_new(
    computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    items = [rina.newcomer("WATI LESTARI"), rina.visit(new_patient())]
    first = rina.send(*items)
    entries = JournalEntry.objects.count()
    assert rina.send(*items) == first
    assert rina.send(items[1]) == first[1:]
    assert JournalEntry.objects.count() == entries
    assert Encounter.objects.count() == Ticket.objects.count() == 2
    assert OfflineItem.objects.count() == OfflineOutcome.objects.count() == 2


def test_the_same_id_with_another_body_is_refused_by_name(
    computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    item = rina.visit(new_patient())
    rina.send(item)
    other = json.loads(json.dumps(item))
    other["body"]["visit"]["complaint"] = "demam"
    (result,) = rina.send(other)
    assert (result["status"], result["code"], result["id"]) == (
        "refused",
        "item_reused",
        item["id"],
    )
    assert Encounter.objects.get().complaint == "kontrol"


def test_a_newcomer_keeps_the_record_number_and_later_visits_find_them(
    computer: MakeComputer,
) -> None:
    rina = computer()
    newcomer = rina.newcomer("WATI LESTARI")
    later = rina.visit(uuid.UUID(newcomer["body"]["patient_id"]), unit="gigi", prefix="C")
    results = rina.send(newcomer, later)
    assert [r["status"] for r in results] == ["saved", "saved"], results
    patient = Patient.objects.get()
    assert str(patient.id) == newcomer["body"]["patient_id"]
    assert int(patient.mrn) == newcomer["body"]["mrn"]
    assert results[0]["mrn"] == patient.mrn
    assert set(Encounter.objects.values_list("patient_id", flat=True)) == {patient.id}


def test_it_stands_under_the_typist_and_says_who_carried_it(
    computer: MakeComputer,
    browse: Callable[[Actor], Client],
    recorder: Actor,
    new_patient: NewPatient,
) -> None:
    rina = computer()
    item = rina.visit(new_patient())
    rina.client.post("/keluar")
    yuni = Computer(browse(recorder), recorder, id=rina.id)
    yuni.sign_on()
    (result,) = yuni.send(item)
    assert result["status"] == "saved", result
    acts = JournalEntry.objects.filter(encounter=result["encounter"])
    assert set(acts.values_list("practitioner", flat=True)) == {rina.actor.practitioner_id}
    told = acts.get(act="offline-received").detail
    assert told["carried_by"] == str(recorder.practitioner_id)
    assert told["typed_at"] == item["typed_at"]
    assert told["clock"] == "as-said"
    assert OfflineItem.objects.get().carried_by == recorder.account_id
    assert not verify_chain().faults


def test_a_name_that_was_not_signed_in_there_is_not_believed(
    computer: MakeComputer, recorder: Actor, new_patient: NewPatient
) -> None:
    rina = computer()
    item = {**rina.visit(new_patient()), "typed_by": str(recorder.account_id)}
    (result,) = rina.send(item)
    assert (result["status"], result["code"]) == ("refused", "typist_not_there")
    assert not Encounter.objects.exists()
    assert OfflineItem.objects.get().body == item["body"], "nothing typed is lost"


def test_what_is_typed_after_signing_out_is_not_believed(
    computer: MakeComputer, browse: Callable[[Actor], Client], new_patient: NewPatient
) -> None:
    rina = computer()
    rina.client.post("/keluar")
    rina.client = browse(rina.actor)
    with time_machine.travel(now() + timedelta(hours=3), tick=True):
        rina.client = browse(rina.actor)
        late = rina.visit(new_patient())
        DeviceUse.objects.update(began_at=now() - timedelta(hours=9))
        (result,) = rina.send(late)
    assert result["code"] == "typist_not_there"


@pytest.mark.parametrize("typist", [None, "x", str(uuid.UUID(int=5))])
def test_an_unknown_typist_is_kept_for_a_person(
    typist: object, computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    (result,) = rina.send({**rina.visit(new_patient()), "typed_by": typist})
    assert (result["status"], result["code"]) == ("refused", "typist_unknown")


def test_an_account_closed_meanwhile_is_kept_for_a_person(
    computer: MakeComputer,
    browse: Callable[[Actor], Client],
    recorder: Actor,
    new_patient: NewPatient,
) -> None:
    rina = computer()
    item = rina.visit(new_patient())
    yuni = Computer(browse(recorder), recorder, id=rina.id)
    yuni.sign_on()
    Account.objects.filter(id=rina.actor.account_id).update(is_active=False)
    forget_actors()
    assert yuni.send(item)[0]["code"] == "typist_unknown"


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=-1), timedelta(hours=-7)])
def test_a_wrong_clock_is_put_right_by_the_difference(
    ahead: timedelta, computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    typed = now() - timedelta(minutes=5)
    DeviceUse.objects.update(began_at=now() - timedelta(hours=1))
    said = (typed + ahead).isoformat()
    item = {**rina.visit(new_patient()), "typed_at": said}
    (result,) = rina.send(item, now=(now() + ahead).isoformat())
    assert result["status"] == "saved", result
    encounter = Encounter.objects.get()
    assert abs(encounter.period_start - typed) < timedelta(seconds=5)
    assert encounter.service_date.isoformat() == "2026-02-03"
    told = JournalEntry.objects.get(act="offline-received").detail
    assert (told["clock"], told["typed_at"]) == ("corrected", said), "as said, and as it was"
    assert OfflineItem.objects.get().typed_at == said


@pytest.mark.parametrize(
    "said",
    [
        "2031-01-01T00:00:00+00:00",
        "1970-01-01T00:00:05+00:00",
        "kemarin",
        "",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_a_clock_that_cannot_be_right_is_bounded_and_looked_at(
    said: str, computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    item = {**rina.visit(new_patient()), "typed_at": said}
    (result,) = rina.send(item, now=None)
    assert result["status"] == "saved", result
    encounter = Encounter.objects.get()
    assert abs(encounter.period_start - now()) < timedelta(minutes=1)
    assert JournalEntry.objects.get(act="offline-received").detail["clock"] == "doubtful"
    assert ReviewTask.objects.get().detail["doubts"] == ["clock-doubtful"]


def test_a_taken_nik_is_withheld_and_looked_at(
    computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    known = new_patient("SITI AMINAH", "12031985", nik="3509015203850003")
    newcomer = rina.newcomer("SITI AMINA", nik="3509015203850003")
    (result,) = rina.send(newcomer)
    assert result["status"] == "saved", result
    assert result["code"] == "nik_conflict"
    made = Patient.objects.exclude(id=known).get()
    assert (made.nik, made.no_nik_reason) == ("", "conflict")
    task = ReviewTask.objects.get(id=result["task"])
    assert {task.patient_id, task.other_id} == {made.id, known}
    assert task.kind == "nik-conflict", "its line has the screen that asks whose NIK it is"
    assert ReviewTask.objects.count() == 1


def test_somebody_very_alike_is_saved_and_looked_at(
    computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    known = new_patient("SITI AMINAH", "12031985")
    Patient.objects.filter(id=known).update(mother_name="MARYAM", village="Sabrang", change=uuid7())
    (result,) = rina.send(rina.newcomer("SITI AMINAH"))
    assert (result["status"], result["code"]) == ("saved", "likely_duplicate")
    assert ReviewTask.objects.get().other_id == known
    assert Patient.objects.count() == 2, "nobody is merged by a machine"


def test_two_computers_with_one_newcomer_make_a_line_to_look_at(computer: MakeComputer) -> None:
    one, two = computer(), computer(name="Loket 2")
    first = one.newcomer("SITI AMINAH", nik="3509015203850003")
    second = two.newcomer("SITI AMINAH", nik="3509015203850003")
    assert one.send(first)[0]["status"] == two.send(second)[0]["status"] == "saved"
    assert Patient.objects.filter(nik="3509015203850003").count() == 1
    assert ReviewTask.objects.count() == 1
    assert len({t.label for t in Ticket.objects.all()}) == 2


def test_who_already_waits_there_is_held(
    computer: MakeComputer, new_patient: NewPatient, new_visit: Callable[..., Any]
) -> None:
    rina = computer()
    known = new_patient()
    item = rina.visit(known)
    waiting = new_visit("umum", patient=known)
    (result,) = rina.send(item)
    assert (result["status"], result["code"]) == ("held", "already_waiting")
    assert waiting.ticket.label in result["why"]
    assert Encounter.objects.count() == 1
    assert ReviewTask.objects.get().patient_id == known
    assert rina.send(item) == [result]


def test_a_unit_closed_meanwhile_still_gets_its_patient(
    computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    item = rina.visit(new_patient(), unit="gigi", prefix="C")
    ServiceUnit.objects.filter(code="gigi").update(is_open=False, change=uuid7())
    forget_here()
    (result,) = rina.send(item)
    assert (result["status"], result["code"]) == ("saved", "unit_closed")
    assert ReviewTask.objects.get().detail["doubts"] == ["unit-closed"]


def test_a_visit_of_yesterday_belongs_to_yesterday(
    computer: MakeComputer, browse: Callable[[Actor], Client], new_patient: NewPatient
) -> None:
    rina = computer()
    item = rina.visit(new_patient())
    with time_machine.travel(now() + timedelta(hours=24), tick=True):
        rina.client = browse(rina.actor)
        rina.sign_on()
        (result,) = rina.send(item)
    assert (result["status"], result["code"], result["ticket"]) == ("saved", "other_day", "A501")
    assert Encounter.objects.get().service_date.isoformat() == "2026-02-03"


@pytest.mark.parametrize("number", [1, 500, 1001, 99999, -3, "x", None, 2**40])
def test_a_number_of_no_lane_of_ours_is_replaced(
    number: object, computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    item = rina.visit(new_patient(), number=number, registration=number)
    (result,) = rina.send(item)
    assert (result["status"], result["ticket"]) == ("saved", "A01")
    assert Encounter.objects.get().registration_number == "260203-0001"


def test_two_slips_with_one_number_get_two_numbers(
    computer: MakeComputer, new_patient: NewPatient
) -> None:
    """A disk copied onto a second computer gives out the same numbers there."""
    rina = computer()
    one = rina.visit(new_patient())
    rina.used.clear()
    other = rina.visit(new_patient())
    results = rina.send(one, other)
    assert [r["ticket"] for r in results] == ["A501", "A01"]
    assert results[1]["code"] == "number_changed"
    assert ReviewTask.objects.get().detail["doubts"] == ["number-changed"]


def test_a_record_number_of_no_block_is_replaced(computer: MakeComputer) -> None:
    rina = computer()
    item = rina.newcomer("WATI LESTARI")
    item["body"]["mrn"] = 4711
    (result,) = rina.send(item)
    assert result["status"] == "saved"
    assert result["code"] == "record_number_changed"
    assert int(Patient.objects.get().mrn) == rina.block["mrn"][1] + 1


def test_a_block_that_runs_low_is_followed_by_another(computer: MakeComputer) -> None:
    rina = computer()
    first, last = rina.block["mrn"]
    rina.used["mrn"] = last - 9
    rina.send(rina.newcomer("WATI LESTARI"))
    after = rina.packet()["block"]["mrn"]
    assert after[0] == last + 1, "what was left is never given to anybody"
    assert first < after[0]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"patient": None, "visit": {}},
        {"patient": "x", "visit": {"unit": "umum"}},
        {"patient": str(uuid.UUID(int=7)), "visit": {"unit": "umum"}},
        {"patient": str(uuid.UUID(int=7)), "visit": []},
        {"patient_id": str(uuid.UUID(int=7)), "patient": [], "visit": {"unit": "umum"}},
        {"patient_id": str(uuid.UUID(int=7)), "patient": {"name": ["a"], "sex": 3}, "visit": {}},
        {"visit": {"unit": {"a": 1}, "payer": 5, "priority": [], "complaint": 9}},
    ],
)
@pytest.mark.parametrize("kind", ["visit", "patient+visit", "soap-draft", "lain", ""])
def test_a_broken_item_is_kept_and_the_others_go_on(
    kind: str, body: dict[str, Any], computer: MakeComputer, new_patient: NewPatient
) -> None:
    rina = computer()
    broken = rina.item(kind, body)
    good = rina.visit(new_patient())
    results = rina.send(broken, good)
    assert [r["status"] for r in results] == ["refused", "saved"]
    assert results[0]["why"]
    assert OfflineItem.objects.get(id=broken["id"]).body == body


@pytest.mark.parametrize(
    "items",
    [
        None,
        {},
        [1],
        [{}],
        [{"id": "x", "body": {}}],
        [{"id": str(uuid.UUID(int=1))}],
        [{"id": str(uuid.UUID(int=1)), "body": {"a": "\x00"}}],
    ],
)
def test_an_unreadable_request_is_refused_whole(items: object, computer: MakeComputer) -> None:
    rina = computer()
    answer = rina.post("/luring/kirim", {"device": str(rina.id), "items": items})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"].startswith("items")
    assert not OfflineItem.objects.exists()


def test_killed_between_two_items_the_first_is_there_once(
    computer: MakeComputer, new_patient: NewPatient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rina = computer()
    items = [rina.visit(new_patient()) for _n in range(3)]
    real, done = receiving.settle, []

    class Killed(BaseException):
        """Nothing of ours catches this, as nothing catches a power cut."""

    def dies(carried: receiving.Carried) -> OfflineOutcome:
        if len(done) == 1:
            raise Killed
        done.append(carried)
        return real(carried)

    monkeypatch.setattr(receiving, "settle", dies)
    with pytest.raises(Killed):
        rina.send(*items)
    assert OfflineItem.objects.count() == Encounter.objects.count() == 1
    monkeypatch.setattr(receiving, "settle", real)
    results = rina.send(*items)
    assert [r["ticket"] for r in results] == ["A501", "A502", "A503"]
    assert Encounter.objects.count() == 3


def test_killed_inside_an_item_nothing_of_it_stays(
    computer: MakeComputer, new_patient: NewPatient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rina = computer()
    item = rina.newcomer("WATI LESTARI")

    def fails(*_a: object, **_k: object) -> None:
        raise SystemExit

    monkeypatch.setattr(receiving, "_tell", fails)
    with pytest.raises(SystemExit):
        rina.send(item)
    assert not OfflineItem.objects.exists()
    assert not Patient.objects.exists()
    assert not Encounter.objects.exists()
    monkeypatch.undo()
    assert rina.send(item)[0]["status"] == "saved"


def test_a_conflict_of_numbers_that_nobody_saw_coming_is_solved_once(
    computer: MakeComputer, new_patient: NewPatient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL a twin's number is seen only at the insert."""
    rina = computer()
    one = rina.visit(new_patient())
    rina.send(one)
    rina.used.clear()
    other = rina.visit(new_patient())
    real = receiving._ticket_number

    def blind(carried: receiving.Carried, body: Any) -> int | None:
        return body.number if carried.keeps_numbers else None

    monkeypatch.setattr(receiving, "_ticket_number", blind)
    (result,) = rina.send(other)
    assert (result["status"], result["ticket"]) == ("saved", "A01")
    assert real is not blind


def test_a_draft_reaches_the_server_for_its_writer_alone(
    computer: MakeComputer,
    browse: Callable[[Actor], Client],
    physician: Actor,
    nurse: Actor,
    new_visit: Callable[..., Any],
) -> None:
    visit = new_visit("umum")
    poli = computer(physician, name="Poli Umum")
    soap = {"s": "batuk 3 hari", "o": "", "a": "", "p": ""}
    body = {"encounter": str(visit.encounter.id), "unit": "umum", "soap": soap}
    (result,) = poli.send(poli.item("soap-draft", body))
    assert (result["status"], result["encounter"]) == ("saved", str(visit.encounter.id))
    address = f"/luring/draf/{visit.encounter.id}"
    (draft,) = poli.client.get(address).json()["drafts"]
    assert draft["soap"] == soap
    assert browse(nurse).get(address).json() == {"drafts": []}


def test_a_registrar_cannot_leave_a_draft(
    computer: MakeComputer, new_visit: Callable[..., Any]
) -> None:
    rina = computer()
    visit = new_visit("umum")
    body = {"encounter": str(visit.encounter.id), "unit": "umum", "soap": {"s": "x"}}
    (result,) = rina.send(rina.item("soap-draft", body))
    assert (result["status"], result["code"]) == ("refused", "not_allowed")


def test_rights_are_the_typists_not_the_carriers(
    computer: MakeComputer, browse: Callable[[Actor], Client], nurse: Actor, new_patient: NewPatient
) -> None:
    """A nurse may not register: not even when the registrar carries what she typed."""
    rina = computer()
    siti = Computer(browse(nurse), nurse, id=rina.id)
    siti.sign_on()
    item = {**rina.visit(new_patient()), "typed_by": str(nurse.account_id)}
    assert rina.send(item)[0]["code"] == "not_allowed"
    (result,) = siti.send(rina.visit(new_patient()))
    assert result["status"] == "saved", "and she may carry what the registrar typed"


# --- what a person decides


def test_what_was_refused_waits_with_its_words_and_can_be_registered(
    computer: MakeComputer, recorder: Actor, browse: Callable[[Actor], Client]
) -> None:
    rina = computer()
    newcomer = rina.newcomer("WATI LESTARI")
    newcomer["body"]["visit"]["unit"] = "tidak-ada"
    (result,) = rina.send(newcomer)
    assert (result["status"], result["code"]) == ("refused", "unit_unknown")
    assert not Patient.objects.exists()
    yuni = browse(recorder)
    page = yuni.get("/luring/periksa").content.decode()
    assert "WATI LESTARI" in page
    assert rina.actor.name in page
    address = f"/luring/periksa/{newcomer['id']}/daftarkan"
    assert yuni.post(address).status_code == 404, "the unit is still unknown"
    assert yuni.post(address, {"unit": "umum"}).status_code == 302
    assert Patient.objects.get().name == "WATI LESTARI"
    visit = Encounter.objects.get()
    assert visit.registered_by == recorder.practitioner_id, "who decides, signs"
    assert "WATI LESTARI" not in yuni.get("/luring/periksa").content.decode()
    assert rina.send(newcomer)[0]["status"] == "saved", "the computer hears of it"


def test_what_is_not_needed_is_put_away_with_a_reason(
    computer: MakeComputer,
    new_patient: NewPatient,
    new_visit: Callable[..., Any],
    browse: Callable[[Actor], Client],
    recorder: Actor,
) -> None:
    rina = computer()
    known = new_patient("WATI LESTARI")
    item = rina.visit(known)
    new_visit("umum", patient=known)
    rina.send(item)
    yuni = browse(recorder)
    address = f"/luring/periksa/{item['id']}"
    refused = yuni.post(f"{address}/daftarkan")
    assert refused.status_code == 409
    assert "sudah menunggu" in refused.content.decode()
    assert yuni.post(f"{address}/buang", {"reason": " "}).status_code == 422
    assert yuni.post(f"{address}/buang", {"reason": "sudah terdaftar"}).status_code == 302
    last = OfflineOutcome.objects.order_by("-id")[0]
    assert (last.status, last.reason) == ("discarded", "sudah terdaftar")
    assert last.decided_by == recorder.practitioner_id
    assert OfflineItem.objects.get().body == item["body"]
    assert yuni.post(f"{address}/buang", {"reason": "lagi"}).status_code == 409
    assert JournalEntry.objects.filter(act="offline-discarded").count() == 1


def test_who_registers_nobody_decides_nothing(
    computer: MakeComputer, browse: Callable[[Actor], Client], nurse: Actor, outsider: Actor
) -> None:
    rina = computer()
    item = rina.item("visit", {})
    rina.send(item)
    for actor, status in ((nurse, 403), (outsider, 404)):
        client = browse(actor)
        for act, body in (("daftarkan", {}), ("buang", {"reason": "x"})):
            answer = client.post(f"/luring/periksa/{item['id']}/{act}", body)
            assert answer.status_code == status
    assert "refused" in set(OfflineOutcome.objects.values_list("status", flat=True))
    assert OfflineOutcome.objects.count() == 1


def test_the_list_costs_the_same_for_many(
    computer: MakeComputer,
    browse: Callable[[Actor], Client],
    recorder: Actor,
    django_assert_max_num_queries: Any,
) -> None:
    rina = computer()
    rina.send(*(rina.item("visit", {"n": n}) for n in range(20)))
    yuni = browse(recorder)
    yuni.get("/luring/periksa")
    with django_assert_max_num_queries(11):
        page = yuni.get("/luring/periksa")
    assert page.content.decode().count('data-uji="luring-periksa-baris"') == 20


def test_a_decision_meets_another(computer: MakeComputer, registrar: Actor) -> None:
    from simpul.service.distribution.offline.deciding import discard_item

    rina = computer()
    item = rina.item("visit", {})
    rina.send(item)
    discard_item(uuid.UUID(item["id"]), reason="salah", by=registrar)
    with pytest.raises(Conflict):
        discard_item(uuid.UUID(item["id"]), reason="salah", by=registrar)
