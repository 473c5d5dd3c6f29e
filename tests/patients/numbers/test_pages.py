"""The page of the numberings and the page of a patient's numbers and card."""

import pytest

from simpul.foundation.printing.models import PrintJob
from simpul.foundation.printing.selectors import COOKIE
from simpul.service.patients.numbers.models import IssuedCard, NumberScheme
from simpul.service.patients.numbers.services import issue_card
from tests.patients.numbers.people import AREAS, make_patient, number_families
from tests.printing.conftest import new_printer  # noqa: F401 - a fixture

NUMBERS = "/pengaturan/nomor-rm"
FAMILY = {
    "part": "family",
    "is_on": "ya",
    "area_width": "2",
    "width": "5",
    "member_width": "2",
    "separator": "-",
    "first_member": "0",
    "by_order": "ya",
    "areas": AREAS,
}


def text_of(response) -> str:
    return response.content.decode()


class TestNumbering:
    def test_examples_come_before_saving_and_save_nothing(self, browse, head):
        client = browse(head)
        typed = {"part": "personal", "prefix": "amb", "width": "7", "start": "120"}

        part = text_of(client.post(f"{NUMBERS}/contoh", typed))
        page = text_of(client.post(NUMBERS, typed | {"step": "contoh"}))

        for text in (part, page):
            assert "AMB-00-00-01-20" in text
            assert "AMB0000120" in text
        assert 'value="amb"' in page.lower()
        assert not NumberScheme.objects.exists()

    def test_it_says_what_changes_and_what_never_does(self, browse, head):
        page = text_of(browse(head).get(NUMBERS))

        assert "Tidak pernah berubah" in page
        assert "00-00-01" in page

    def test_saved_it_shows_the_next_number_and_the_history(self, browse, head):
        client = browse(head)
        client.post(NUMBERS, {"part": "personal", "prefix": "AMB", "width": "6", "step": "simpan"})
        page = text_of(client.get(NUMBERS))

        assert "AMB-00-00-01" in page
        assert "Riwayat penomoran" in page

    def test_a_refusal_keeps_what_was_typed(self, browse, head):
        answer = browse(head).post(
            NUMBERS, {"part": "personal", "prefix": "A-B", "width": "99", "step": "simpan"}
        )

        assert answer.status_code == 422
        assert 'value="A-B"' in text_of(answer)
        assert "3 dan 12" in text_of(answer)

    def test_families_are_set_seen_and_refused(self, browse, head):
        client = browse(head)
        part = text_of(client.post(f"{NUMBERS}/contoh", FAMILY))
        bad = client.post(NUMBERS, FAMILY | {"areas": "Sabrang satu", "step": "simpan"})
        client.post(NUMBERS, FAMILY | {"step": "simpan"})
        page = text_of(client.get(NUMBERS))

        assert "01-00001-00" in part
        assert (bad.status_code, "Sabrang satu" in text_of(bad)) == (422, True)
        assert "Sabrang = 01" in page

    @pytest.mark.parametrize("odd", ["", "\x00", "x" * 3000, "<script>", "9" * 50, "-1"])
    @pytest.mark.parametrize("part", ["personal", "family", "lain"])
    def test_odd_values_are_refused_politely(self, browse, head, part, odd):
        sent = dict.fromkeys(FAMILY, odd) | {"prefix": odd, "start": odd, "part": part}
        for step in ("contoh", "simpan"):
            answer = browse(head).post(NUMBERS, sent | {"step": step})
            assert answer.status_code in (200, 302, 422)
        assert browse(head).post(f"{NUMBERS}/contoh", sent).status_code == 200

    def test_the_page_costs_few_statements(self, browse, head, django_assert_max_num_queries):
        client = browse(head)
        client.get(NUMBERS)
        with django_assert_max_num_queries(7):
            client.get(NUMBERS)


class TestCard:
    def test_a_patient_without_a_card_gets_one(self, browse, registrar):
        patient = make_patient(registrar, "Siti Aminah Contoh")
        client = browse(registrar)
        empty = text_of(client.get(f"/pasien/{patient.id}/kartu"))

        page = text_of(client.post(f"/pasien/{patient.id}/kartu/terbit", follow=True))

        assert 'data-uji="kartu-kosong"' in empty
        assert 'class="card-qr"' in page
        assert 'class="card-bars"' in page
        assert "RM 00-00-01" in page
        assert "SITI AMINAH CONTOH" in page
        assert "style=" not in page.split('data-uji="kartu"')[1].split("</section>")[0]

    def test_lost_and_replaced_in_one_act(self, browse, registrar):
        patient = make_patient(registrar)
        card = issue_card(patient.id, by=registrar)

        page = text_of(
            browse(registrar).post(
                f"/pasien/{patient.id}/kartu/terbit",
                {"instead_of": str(card.id), "reason": "lost"},
                follow=True,
            )
        )

        assert "hilang" in page
        assert IssuedCard.objects.filter(revoked_at__isnull=True).count() == 1

    def test_revoked_alone(self, browse, registrar):
        patient = make_patient(registrar)
        card = issue_card(patient.id, by=registrar)
        client = browse(registrar)
        odd = client.post(f"/pasien/{patient.id}/kartu/{card.id}/cabut", {"reason": "bosan"})
        page = text_of(
            client.post(
                f"/pasien/{patient.id}/kartu/{card.id}/cabut", {"reason": "lost"}, follow=True
            )
        )

        assert odd.status_code == 422
        assert 'data-uji="kartu-kosong"' in page

    def test_as_pdf_and_on_the_printer_of_the_computer(self, browse, registrar, new_printer):  # noqa: F811
        patient = make_patient(registrar)
        issue_card(patient.id, by=registrar)
        client = browse(registrar)
        assert client.get(f"/pasien/{patient.id}/kartu.pdf")["Content-Type"] == "application/pdf"
        assert client.post(f"/pasien/{patient.id}/kartu/cetak").status_code == 409
        client.cookies[COOKIE] = str(new_printer().id)

        answer = client.post(f"/pasien/{patient.id}/kartu/cetak")

        assert answer.status_code == 302
        assert PrintJob.objects.get().kind == "card"

    def test_a_family_moves_on_the_page_and_the_record_number_stays(self, browse, registrar, head):
        number_families(head)
        patient = make_patient(registrar)
        client = browse(registrar)
        beside = make_patient(registrar, "Tono Tetangga", village="Ambulu")

        refused = client.post(f"/pasien/{patient.id}/nomor-keluarga", {"beside": "999"})
        page = text_of(
            client.post(f"/pasien/{patient.id}/nomor-keluarga", {"beside": beside.mrn}, follow=True)
        )

        assert refused.status_code == 422
        assert 'value="999"' in text_of(refused), "what was typed is there to be mended"
        assert "02-00001-01" in page
        assert "01-00001-00" in page.split("kartu-keluarga-lama")[1][:80]
        assert "00-00-01" in page

    def test_readers_see_the_card_and_change_nothing(self, browse, nurse, registrar):
        patient = make_patient(registrar)
        issue_card(patient.id, by=registrar)
        page = text_of(browse(nurse).get(f"/pasien/{patient.id}/kartu"))

        assert 'data-uji="kartu"' in page
        assert 'data-uji="kartu-cabut"' not in page

    def test_the_page_costs_few_statements(self, browse, registrar, django_assert_max_num_queries):
        patient = make_patient(registrar)
        issue_card(patient.id, by=registrar)
        client = browse(registrar)
        client.get(f"/pasien/{patient.id}/kartu")
        with django_assert_max_num_queries(9):
            client.get(f"/pasien/{patient.id}/kartu")
