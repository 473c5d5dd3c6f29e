"""The poli's pages: choosing a unit, queue and tasks, the answer about allergies."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from simpul.foundation.journal.selectors import last_entry_id
from simpul.foundation.staff.actor import Actor
from simpul.service.completeness.models import CompletenessCheck
from simpul.service.completeness.services import close_encounter, return_record
from simpul.service.patients.models import AllergyIntolerance
from simpul.service.patients.services import note_allergy
from tests.care.visits import open_visit, soap, vitals, whole_record
from tests.conftest import make_actor, new_key

Browse = Callable[[Actor], Client]


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_who_has_one_unit_goes_straight_there(browse: Browse, dentist: Actor):
    answer = browse(dentist).get(reverse("poli"))

    assert (answer.status_code, answer.headers["Location"]) == (302, "/poli/gigi")


def test_who_has_several_units_chooses_among_them(browse: Browse, midwife: Actor):
    page = text_of(browse(midwife).get(reverse("poli")))

    for unit in ("kia", "imunisasi", "persalinan"):
        assert f'data-uji="poli-pilih-{unit}"' in page
    assert 'data-uji="poli-pilih-umum"' not in page


def test_the_choice_says_how_many_wait(browse: Browse, registrar: Actor, physician: Actor):
    open_visit(registrar)

    assert "1 menunggu" in text_of(browse(physician).get(reverse("poli")))


def test_the_page_listens_from_before_it_was_made(
    browse: Browse, registrar: Actor, physician: Actor
):
    open_visit(registrar)
    before = last_entry_id()

    page = text_of(browse(physician).get(reverse("poli-unit", args=["umum"])))

    assert 'data-live="queue:umum"' in page
    assert f'data-live-after="{before}"' in page
    assert f'hx-get="{reverse("antrean", args=["umum"])}"' in page


@pytest.mark.parametrize("role", ["pendaftaran", "perekam_medis", "kepala", "petugas_it"])
def test_the_poli_is_for_those_who_serve(browse: Browse, registrar: Actor, role: str):
    client = browse(make_actor(role))

    assert client.get(reverse("poli")).status_code == 403
    assert client.get(reverse("poli-unit", args=["umum"])).status_code == 403


def test_another_units_nurse_is_told_where_to_go(browse: Browse, registrar: Actor):
    nurse = make_actor("perawat", units=("gigi",))

    answer = browse(nurse).get(reverse("poli-unit", args=["umum"]))

    assert answer.status_code == 403
    assert "Buka unit Anda" in text_of(answer)


def test_an_unknown_unit_is_not_found(browse: Browse, physician: Actor):
    assert browse(physician).get(reverse("poli-unit", args=["tidak-ada"])).status_code == 404


def test_a_pharmacist_has_a_queue_and_no_records_to_complete(browse: Browse, pharmacist: Actor):
    client = browse(pharmacist)

    assert 'id="tugas"' not in text_of(client.get(reverse("poli-unit", args=["farmasi"])))
    assert client.get(reverse("kembalian", args=["farmasi"])).status_code == 403


def test_records_to_complete_stand_above_the_queue(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor
):
    first = open_visit(registrar, name="Budi Contoh")
    close_encounter(first.id, by=physician, inputs=[vitals(), soap(s="batuk", p="obat")])
    second = open_visit(registrar, name="Rina Contoh")
    close_encounter(second.id, by=physician, inputs=whole_record())
    return_record(second.id, by=recorder, paper_items=["paraf"])

    page = text_of(browse(physician).get(reverse("poli-unit", args=["umum"])))

    assert "2 rekam belum lengkap" in page
    assert page.index("2 rekam belum lengkap") < page.index('id="antrean"')
    assert "(alergi, diagnosa utama, O)" in page
    assert "(alergi, paraf)" in page
    assert "dikembalikan rekam medis" in page
    assert f'hx-get="{reverse("rekam", args=[first.id])}"' in page
    other = text_of(browse(make_actor("dokter")).get(reverse("kembalian", args=["umum"])))
    assert "rekam belum lengkap" not in other


def test_a_page_full_of_tasks_costs_no_more(
    browse: Browse,
    registrar: Actor,
    physician: Actor,
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    client, address = browse(physician), reverse("poli-unit", args=["umum"])
    client.get(address)
    for _ in range(6):
        close_encounter(open_visit(registrar).id, by=physician, inputs=[soap()])

    with django_assert_max_num_queries(8):
        client.get(address)


# --- Allergies ---


def test_one_key_answers_that_there_is_none(browse: Browse, registrar: Actor, nurse: Actor):
    patient = open_visit(registrar).patient
    client, address = browse(nurse), reverse("alergi", args=[patient.id])

    asked = text_of(client.get(address))
    assert 'data-digit="1"' in asked
    answer = client.post(address, {"jawaban": "tidak-ada", "op": new_key()})

    assert "Tidak ada alergi" in text_of(answer)
    assert AllergyIntolerance.objects.get().is_none


def test_an_allergy_is_noted_with_reaction_and_year(browse: Browse, registrar: Actor, nurse: Actor):
    patient = open_visit(registrar).patient

    answer = browse(nurse).post(
        reverse("alergi", args=[patient.id]),
        {"substance": "Penisilin", "reaction": "gatal", "tahun": "2021"},
    )

    assert "Penisilin (gatal, 2021)" in text_of(answer)


@pytest.mark.parametrize(
    "typed",
    [
        {"substance": ""},
        {"substance": "x" * 81},
        {"substance": "Penisilin", "tahun": "21"},
        {"substance": "Penisilin", "tahun": "2999"},
        {"substance": "Penisilin", "tahun": "kemarin"},
    ],
)
def test_a_refused_answer_keeps_what_was_typed(
    browse: Browse, registrar: Actor, nurse: Actor, typed: dict[str, str]
):
    patient = open_visit(registrar).patient

    answer = browse(nurse).post(
        reverse("alergi", args=[patient.id]), {"reaction": "gatal sekali"} | typed
    )

    assert answer.status_code == 422
    assert 'value="gatal sekali"' in text_of(answer)
    assert not AllergyIntolerance.objects.exists()


def test_none_is_not_noted_over_a_known_allergy(browse: Browse, registrar: Actor, nurse: Actor):
    patient = open_visit(registrar).patient
    note_allergy(patient.id, by=nurse, substance="Penisilin")
    client, address = browse(nurse), reverse("alergi", args=[patient.id])

    assert "tidak-ada" not in text_of(client.get(address))
    assert client.post(address, {"jawaban": "tidak-ada"}).status_code == 409
    assert AllergyIntolerance.objects.filter(is_current=True).get().substance == "Penisilin"


def test_the_answer_completes_a_record_that_waited_for_it(
    browse: Browse, registrar: Actor, physician: Actor
):
    visit = open_visit(registrar)
    close_encounter(visit.id, by=physician, inputs=whole_record())

    browse(physician).post(reverse("alergi", args=[visit.patient.id]), {"jawaban": "tidak-ada"})

    assert CompletenessCheck.objects.get().status == "complete"


def test_an_answer_sent_twice_is_noted_once(browse: Browse, registrar: Actor, nurse: Actor):
    address = reverse("alergi", args=[open_visit(registrar).patient.id])
    client, sent = browse(nurse), {"substance": "Udang", "op": new_key()}

    first, second = client.post(address, sent), client.post(address, sent)

    assert first.content == second.content
    assert AllergyIntolerance.objects.count() == 1


def test_allergies_are_asked_by_those_who_treat(
    browse: Browse, registrar: Actor, recorder: Actor, outsider: Actor
):
    address = reverse("alergi", args=[open_visit(registrar).patient.id])

    for actor in (registrar, recorder):
        assert browse(actor).post(address, {"jawaban": "tidak-ada"}).status_code == 403
    assert browse(outsider).post(address, {"jawaban": "tidak-ada"}).status_code == 404
    assert not AllergyIntolerance.objects.exists()
