"""A bundle comes in: who it is about, what is shown, what is kept, and nothing twice."""

import copy
import json
import uuid
from typing import Any

import pytest
from django.core import serializers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.exchange.fhir.models import ExternalRecord
from simpul.exchange.fhir.reading import read_bundle
from simpul.exchange.fhir.selectors import count_kept, list_strangers, list_told
from simpul.exchange.fhir.taking_in import Report, decide_person, take_in
from simpul.foundation.core.errors import Conflict, NotAllowed, Refused
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.merging.decisions import merge_records
from simpul.service.patients.models import AllergyIntolerance, Patient
from simpul.service.patients.selectors import find_patients
from simpul.service.patients.services import note_no_allergies, register_patient
from tests.exchange.fhir.bundles import (
    ALLERGY,
    CONDITION,
    ENCOUNTER,
    NIK,
    OTHER,
    PATIENT,
    PRESSURE,
    WHOLE,
    bundle,
)

pytestmark = pytest.mark.django_db


def take(data: bytes, by: Actor, *, dry_run: bool = False, source: str = "RS Contoh") -> Report:
    return take_in(read_bundle(data), source=source, by=by, dry_run=dry_run)


def verdicts(report: Report) -> list[tuple[str, str]]:
    return [(one.kind, one.verdict) for one in report.outcomes]


def stored() -> list[dict[str, Any]]:
    rows = [*Patient.objects.order_by("id"), *ExternalRecord.objects.order_by("id"),
            *AllergyIntolerance.objects.order_by("id")]  # fmt: skip
    found: list[dict[str, Any]] = serializers.serialize("python", rows)
    return found


def known(by: Actor, name: str = "SITI CONTOH", **values: str) -> uuid.UUID:
    typed = PatientInput(
        name=name, birth_date="12031985", sex="female", village="Ambulu",
        mother_name="MARYAM", **values,
    )  # fmt: skip
    return register_patient(by=by, typed=typed, confirm_new="uji").patient.id


def test_a_whole_bundle(recorder: Actor, physician: Actor):
    report = take(WHOLE, recorder)

    assert verdicts(report) == [
        ("Patient", "baru"),
        ("Encounter", "terhubung"),
        ("Condition", "terhubung"),
        ("Observation", "terhubung"),
        ("AllergyIntolerance", "terhubung"),
        ("ImagingStudy", "disimpan"),
    ]
    patient = Patient.objects.get()
    assert (patient.name, patient.nik, patient.phone) == ("SITI CONTOH", NIK, "+6281234567890")
    assert [hit.patient.id for hit in find_patients("RSX-77", by=recorder)] == [patient.id]
    told = {one.kind: one for one in list_told(patient.id, by=physician)}
    assert told["Condition"].code == "I10"
    assert told["Observation"].text == "Sistolik 168 mmHg, Diastolik 94 mmHg"
    assert told["Encounter"].text == "RS Contoh · finished"
    allergy = AllergyIntolerance.objects.get()
    assert (allergy.substance, allergy.reaction, allergy.noted_year) == ("Penisilin", "gatal", 2021)
    kept = ExternalRecord.objects.get(resource_type="ImagingStudy")
    assert kept.raw == OTHER


def test_a_trial_stores_nothing(recorder: Actor):
    report = take(WHOLE, recorder, dry_run=True)
    assert verdicts(report)[0] == ("Patient", "baru")
    assert stored() == []


def test_the_same_again_adds_nothing(recorder: Actor):
    take(WHOLE, recorder)
    before = stored()
    again = take(WHOLE, recorder)
    assert {one.verdict for one in again.outcomes} == {"sudah ada"}
    assert stored() == before


def test_what_changed_is_renewed(recorder: Actor):
    take(WHOLE, recorder)
    changed = copy.deepcopy(CONDITION)
    changed["code"]["coding"][0].update(code="I11", display="Hypertensive heart disease")  # type: ignore[index]
    report = take(bundle(PATIENT, changed), recorder)
    assert verdicts(report) == [("Patient", "sudah ada"), ("Condition", "diperbarui")]
    assert ExternalRecord.objects.get(resource_type="Condition").code == "I11"
    assert ExternalRecord.objects.filter(resource_type="Condition").count() == 1


def test_known_by_nik(recorder: Actor):
    patient = known(recorder, nik=NIK)
    report = take(WHOLE, recorder)
    assert verdicts(report)[0] == ("Patient", "dikenali")
    assert Patient.objects.count() == 1
    assert ExternalRecord.objects.get(resource_type="Condition").patient_id == patient


def test_one_nik_with_another_name_waits_for_a_person(recorder: Actor):
    patient = known(recorder, name="DEWI PRATIWI", nik=NIK)
    report = take(WHOLE, recorder)
    assert verdicts(report)[0] == ("Patient", "menunggu")
    assert {one.verdict for one in report.outcomes} == {"menunggu"}
    assert not AllergyIntolerance.objects.exists()

    (stranger,) = list_strangers(by=recorder)
    assert (stranger.name, stranger.records) == ("SITI CONTOH", 5)
    assert decide_person(stranger.id, patient=patient, by=recorder) == 6
    assert AllergyIntolerance.objects.get().patient_id == patient
    with pytest.raises(Conflict):
        decide_person(stranger.id, patient=patient, by=recorder)
    assert {one.verdict for one in take(WHOLE, recorder).outcomes} == {"sudah ada"}


def test_a_look_alike_is_never_joined_by_the_machine(recorder: Actor):
    known(recorder)
    alike = {**PATIENT, "identifier": []}
    report = take(bundle(alike, ENCOUNTER), recorder)
    assert verdicts(report) == [("Patient", "menunggu"), ("Encounter", "menunggu")]
    assert "Mungkin orang yang sama" in report.outcomes[0].why
    assert Patient.objects.count() == 1


def test_what_was_told_of_a_merged_record_is_told_of_its_person(recorder: Actor, physician: Actor):
    take(WHOLE, recorder)
    told = Patient.objects.get().id
    survivor = known(recorder, name="SITI LAINNYA")
    merge_records(survivor, told, by=recorder)
    assert {one.kind for one in list_told(survivor, by=physician)} >= {"Condition", "Observation"}
    # The allergy is known over all records: another place that tells it too adds nothing.
    take(bundle(PATIENT, {**ALLERGY, "id": "a2"}), recorder, source="RS Lain")
    assert AllergyIntolerance.objects.count() == 1


def test_a_hundred_records_are_looked_up_together(
    recorder: Actor, django_assert_max_num_queries: Any
):
    take(bundle(PATIENT), recorder)
    many = [{**CONDITION, "id": f"c{n}", "subject": {"reference": "Patient/p1"}} for n in range(60)]
    data = bundle(*many)
    take(data, recorder)
    with django_assert_max_num_queries(12):
        assert {one.verdict for one in take(data, recorder).outcomes} == {"sudah ada"}


def test_who_waits_costs_as_much_for_many(recorder: Actor, django_assert_max_num_queries: Any):
    known(recorder, name="DEWI PRATIWI", nik=NIK)
    many = [{**CONDITION, "id": f"c{n}", "subject": {"reference": "Patient/p1"}} for n in range(60)]
    take(bundle(PATIENT, *many), recorder)
    with django_assert_max_num_queries(3):
        (stranger,) = list_strangers(by=recorder)
        counts = count_kept(by=recorder)
    assert (stranger.records, counts) == (60, {"Condition": 60, "Patient": 1})


def test_a_later_bundle_finds_the_person_of_an_earlier_one(recorder: Actor):
    take(bundle(PATIENT), recorder)
    report = take(bundle(PRESSURE), recorder)
    assert verdicts(report) == [("Observation", "terhubung")]
    other_source = take(bundle(PRESSURE), recorder, source="RS Lain")
    assert verdicts(other_source) == [("Observation", "menunggu")]


def test_one_wrong_resource_does_not_stop_the_others(recorder: Actor):
    wrong = {**PRESSURE, "id": "o2", "status": "selesai"}
    report = take(bundle(PATIENT, wrong, CONDITION), recorder)
    assert verdicts(report) == [
        ("Patient", "baru"), ("Observation", "disimpan"), ("Condition", "terhubung"),
    ]  # fmt: skip
    assert "entry[1].status" in report.outcomes[1].why
    assert ExternalRecord.objects.get(external_id="o2").raw == wrong


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"gender": "wanita"}, "gender"),
        ({"birthDate": "12-03-1985"}, "birthDate"),
        ({"name": "SITI"}, "name"),
        ({"tidakAda": 1}, "entry[0]"),
    ],
)
def test_a_patient_that_is_not_r4_is_kept_and_named(
    recorder: Actor, change: dict[str, Any], where: str
):
    report = take(bundle({**PATIENT, **change}, ENCOUNTER), recorder)
    assert verdicts(report) == [("Patient", "ditolak"), ("Encounter", "menunggu")]
    assert where in report.outcomes[0].why
    assert not Patient.objects.exists()
    assert ExternalRecord.objects.get(resource_type="Patient").state == "waiting"


def test_too_little_to_register_is_said(recorder: Actor):
    bare = {"resourceType": "Patient", "id": "p9", "name": [{"text": "TANPA DATA"}]}
    report = take(bundle(bare), recorder)
    assert verdicts(report) == [("Patient", "ditolak")]
    assert "birth_date" in report.outcomes[0].why


@pytest.mark.parametrize(
    "change",
    [
        {"verificationStatus": {"coding": [{"code": "refuted"}]}},
        {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}},
        {"clinicalStatus": {"coding": [{"code": "resolved"}]}},
    ],
)
def test_what_is_no_allergy_is_not_noted(recorder: Actor, change: dict[str, Any]):
    take(bundle(PATIENT, {**ALLERGY, **change}), recorder)
    assert not AllergyIntolerance.objects.exists()


def test_an_allergy_ends_the_answer_that_there_is_none(recorder: Actor, physician: Actor):
    patient = known(recorder, nik=NIK)
    note_no_allergies(patient, by=physician)
    take(WHOLE, recorder)
    rows = AllergyIntolerance.objects.filter(is_current=True)
    assert [(row.is_none, row.substance) for row in rows] == [(False, "Penisilin")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"resourceType": "Basic"}',
        b'{"resourceType": "Bundle", "entry": {}}',
        b'{"resourceType": "Bundle", "entry": [NaN]}',
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_bundle_is_refused(data: bytes):
    with pytest.raises(Refused) as refusal:
        read_bundle(data)
    assert refusal.value.code == "bundle_refused"
    assert "Belum ada yang disimpan" in refusal.value.message


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(["Patient", "Observation", "AllergyIntolerance", "Basic", ""]),
    content=st.dictionaries(
        st.sampled_from(["id", "name", "identifier", "subject", "patient", "code", "status",
                         "birthDate", "component", "valueQuantity", "category", "period"]),
        _JSON, max_size=6,
    ),
)  # fmt: skip
def test_any_content_gets_a_verdict(recorder: Actor, kind: str, content: dict[str, Any]):
    data = json.dumps(
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": kind, **content}}]}
    ).encode()
    report = take(data, recorder, dry_run=True)
    assert len(report.outcomes) == 1
    assert report.outcomes[0].verdict


def test_who_may(recorder: Actor, head: Actor, registrar: Actor, outsider: Actor):
    for actor in (registrar, head, outsider):
        with pytest.raises(NotAllowed):
            take(WHOLE, actor)
    assert stored() == []
    take(WHOLE, recorder)
    with pytest.raises(NotAllowed):
        list_told(Patient.objects.get().id, by=registrar)


class TestPages:
    def test_tried_then_taken_in(self, recorder: Actor, browse: Any, tmp_path: Any):
        page = browse(recorder)
        assert "Tidak ada yang menunggu." in page.get("/impor/fhir").content.decode()

        def send(step: str) -> str:
            file = tmp_path / "bundle.json"
            file.write_bytes(WHOLE)
            with file.open("rb") as sent:
                answer = page.post("/impor/fhir", {"source": "RS", "step": step, "file": sent})
            assert answer.status_code == 200
            return str(answer.content.decode())

        assert "belum ada yang disimpan" in send("coba")
        assert stored() == []
        send("simpan")
        assert ExternalRecord.objects.count() == 6

    def test_without_a_file_or_a_source(self, recorder: Actor, browse: Any, tmp_path: Any):
        page = browse(recorder)
        assert page.post("/impor/fhir", {"source": "RS"}).status_code == 422
        file = tmp_path / "bundle.json"
        file.write_bytes(WHOLE)
        with file.open("rb") as sent:
            assert page.post("/impor/fhir", {"source": " ", "file": sent}).status_code == 422
        assert stored() == []

    def test_a_person_says_who_it_is(self, recorder: Actor, physician: Actor, browse: Any):
        patient = known(recorder, name="DEWI PRATIWI", nik=NIK)
        take(WHOLE, recorder)
        (stranger,) = list_strangers(by=recorder)
        page = browse(recorder)
        address = f"/impor/fhir/{stranger.id}/putuskan"
        assert page.post(address, {"number": "tidak ada"}).status_code == 404
        done = page.post(address, {"number": NIK}, follow=True)
        assert "6 catatan dari luar terhubung" in done.content.decode()
        shown = browse(physician).get(f"/pasien/{patient}/riwayat-luar").content.decode()
        assert "Essential hypertension" in shown
        assert "Penisilin" in shown

    def test_nothing_from_elsewhere_shows_nothing(
        self, recorder: Actor, physician: Actor, browse: Any
    ):
        patient = known(recorder)
        answer = browse(physician).get(f"/pasien/{patient}/riwayat-luar")
        assert "dari luar" not in answer.content.decode().lower()
