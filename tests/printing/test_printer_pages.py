"""The printer pages, the choice of a computer, and the slip that follows a save."""

import re
import uuid
from dataclasses import replace

import pytest

from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.printing import spooler
from simpul.foundation.printing.models import Printer, PrintJob
from simpul.foundation.printing.selectors import COOKIE
from simpul.foundation.printing.transport import Sent
from simpul.service.distribution import papers
from simpul.service.distribution.models import Distribution
from simpul.service.filing.papers import label_sheet
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.numbers.services import PersonalInput, save_personal_scheme
from simpul.service.patients.services import register_patient
from tests.conftest import new_key
from tests.printing.paper import read_paper

HTMX = {"HX-Request": "true"}
TYPED = {
    "name": "Loket 1",
    "place": "Meja depan",
    "connection": "network",
    "target": "192.168.1.50",
    "port": "9100",
    "paper": "58",
    "kinds": ["slip", "hand-over"],
    "asks_state": "ya",
    "is_active": "ya",
}


@pytest.fixture
def patient(registrar):
    typed = PatientInput(
        name="Siti Aminah Contoh",
        birth_date="12031985",
        sex="female",
        village="Sabrang",
        mother_name="Maryam",
    )
    return register_patient(by=registrar, typed=typed).patient


def settle_all(sent: Sent) -> None:
    for one in spooler.take_due():
        spooler.settle(one, sent)


def text_of(response) -> str:
    return response.content.decode()


class TestSettings:
    def test_the_empty_page_says_what_happens_without_a_printer(self, browse, technician):
        page = text_of(browse(technician).get("/pengaturan/printer"))

        assert 'data-uji="printer-kosong"' in page
        assert "mencetak lewat peramban" in page

    def test_a_printer_is_added_changed_and_in_the_journal(self, browse, technician):
        client = browse(technician)
        answer = client.post("/pengaturan/printer", TYPED, follow=True)
        row = Printer.objects.get()
        assert "192.168.1.50:9100" in text_of(answer)
        assert row.kinds == ["slip", "hand-over"]

        changed = TYPED | {"name": "Loket A", "seen_version": "1"}
        client.post(f"/pengaturan/printer/{row.id}", changed)

        row.refresh_from_db()
        assert (row.name, row.version) == ("Loket A", 2)
        assert JournalEntry.objects.filter(act="printer-changed").count() == 2

    def test_a_stale_change_is_shown_again_with_what_was_typed(self, browse, technician):
        client = browse(technician)
        client.post("/pengaturan/printer", TYPED)
        row = Printer.objects.get()
        client.post(f"/pengaturan/printer/{row.id}", TYPED | {"place": "A", "seen_version": "1"})

        answer = client.post(
            f"/pengaturan/printer/{row.id}", TYPED | {"place": "Punya saya", "seen_version": "1"}
        )

        assert answer.status_code == 412
        assert "Punya saya" in text_of(answer)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"target": "8.8.8.8"}, "alamat IP printer di jaringan"),
            ({"target": "printer.example.org"}, "alamat IP printer di jaringan"),
            ({"connection": "file", "target": "../../etc"}, "Nama folder"),
            ({"connection": "device", "target": "/dev/sda"}, "belum diizinkan di server"),
            ({"connection": "pos"}, "Pilih sambungan"),
            ({"port": "70000"}, "Port adalah angka"),
            ({"paper": "210"}, "Pilih lebar kertas"),
            ({"kinds": []}, "paling sedikit satu"),
            ({"name": ""}, "Beri nama"),
        ],
    )
    def test_what_cannot_be_is_kept_and_explained(self, browse, technician, change, words):
        answer = browse(technician).post("/pengaturan/printer", TYPED | change)

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert "Meja depan" in text_of(answer)
        assert not Printer.objects.exists()

    def test_one_name_for_one_printer(self, browse, technician):
        client = browse(technician)
        client.post("/pengaturan/printer", TYPED)
        answer = client.post("/pengaturan/printer", TYPED)

        assert answer.status_code == 422
        assert "nama itu sudah dipakai" in text_of(answer)

    def test_a_test_page_tells_how_it_fared(self, browse, technician, new_printer):
        printer = new_printer()
        client = browse(technician)

        answer = client.post(f"/pengaturan/printer/{printer.id}/uji", follow=True)
        [taken] = spooler.take_due()
        spooler.settle(taken, Sent("no_paper"))

        assert 'data-keadaan="waiting"' in text_of(answer)
        assert "HALAMAN UJI" in read_paper(taken.payload).text
        assert "kehabisan kertas" in text_of(client.get("/pengaturan/printer"))

    def test_the_list_costs_the_same_for_each_printer(
        self, browse, technician, new_printer, django_assert_max_num_queries
    ):
        for name in ("Satu", "Dua", "Tiga"):
            new_printer(name)
        client = browse(technician)
        client.get("/pengaturan/printer")
        with django_assert_max_num_queries(9):
            client.get("/pengaturan/printer")


class TestChoice:
    def test_a_computer_remembers_its_printer(self, browse, registrar, new_printer):
        printer = new_printer()
        client = browse(registrar)

        client.post("/printer", {"printer": str(printer.id), "kembali": "/loket"})
        assert client.cookies[COOKIE].value == str(printer.id)
        assert client.cookies[COOKIE]["httponly"]
        assert "checked" in text_of(client.get("/printer")).split(str(printer.id))[1][:40]
        client.post("/printer", {"printer": ""})
        assert client.cookies[COOKIE].value == ""

    @pytest.mark.parametrize("back", ["//jahat.example", "https://jahat.example", "javascript:x"])
    def test_it_leads_back_into_the_house_only(self, browse, registrar, back):
        answer = browse(registrar).post("/printer", {"printer": "", "kembali": back})

        assert answer["Location"] == "/printer"

    def test_a_printer_of_nobody_is_the_browser(self, browse, registrar):
        client = browse(registrar)
        answer = client.post("/printer", {"printer": str(uuid.uuid4())}, follow=True)

        assert "lewat peramban" in text_of(answer)


class TestCounter:
    def save(self, client, patient, key=None, htmx=True):
        return client.post(
            "/daftar",
            {"patient_id": str(patient.id), "complaint": "batuk", "payer": "umum", "unit": "umum"}
            | {"override_reason": "uji", "reason_choice": "uji", "reason_text": "uji"},
            headers=({"Idempotency-Key": key} if key else {}) | (HTMX if htmx else {}),
        )

    def at(self, client, printer):
        client.cookies[COOKIE] = str(printer.id)
        return client

    def test_the_slip_follows_the_save_and_says_what_the_page_says(
        self, browse, registrar, patient, new_printer
    ):
        client = self.at(browse(registrar), new_printer())

        answer = self.save(client, patient)

        job = PrintJob.objects.get()
        visit = Distribution.objects.get()
        assert job.label in text_of(answer)
        assert f"cetakan-{job.id}" in text_of(answer)
        # Its news replaces itself, not the number around it, whose own target is inherited.
        [news] = re.findall(rf'<div id="cetakan-{job.id}"[^>]*>', text_of(answer))
        assert 'hx-target="this"' in news
        read = read_paper(spooler.take_due()[0].payload)
        page = text_of(client.get(f"/kunjungan/{visit.encounter_id}/slip"))
        assert read.qr == [f"AQ:{visit.encounter_id.hex.upper()}"]
        assert job.label in read.text
        assert "SITI A.C." in read.text
        assert "SITI A.C." in page
        assert "AMINAH" not in read.text.upper()
        assert "batuk" not in read.text

    def test_a_dead_printer_delays_nothing_and_the_number_stays(
        self, browse, registrar, patient, new_printer
    ):
        second = new_printer("Loket 2")
        client = self.at(browse(registrar), new_printer("Loket"))
        self.save(client, patient)
        job = PrintJob.objects.get()

        settle_all(Sent("no_answer"))
        page = text_of(client.get(f"/cetakan/{job.id}", headers=HTMX))

        assert "Printer Loket tidak menjawab." in page
        assert f"Nomor {job.label} tetap berlaku: sebutkan ke pasien." in page
        assert "Cetak di Loket 2" in page
        moved = client.post(f"/cetakan/{job.id}/lagi", {"printer": str(second.id)}, headers=HTMX)
        assert "Dikirim ke Loket 2" in text_of(moved)
        assert [one.printer for one in spooler.take_due()] == [second.id]

    def test_sent_twice_with_one_key_prints_once(self, browse, registrar, patient, new_printer):
        client, key = self.at(browse(registrar), new_printer()), new_key()

        first, again = (self.save(client, patient, key) for _time in range(2))

        assert first.content == again.content
        assert PrintJob.objects.count() == 1
        assert Distribution.objects.count() == 1

    def test_a_slip_that_cannot_be_made_takes_no_visit_back(
        self, browse, registrar, patient, new_printer, monkeypatch
    ):
        def broken(*_args, **_more):
            raise ValueError("kertas")

        monkeypatch.setattr(papers, "print_document", broken)
        answer = self.save(self.at(browse(registrar), new_printer()), patient)

        assert answer.status_code == 200
        assert Distribution.objects.count() == 1
        assert 'data-uji="loket-slip-printer"' in text_of(answer)

    def test_without_scripts_the_page_after_shows_it_too(
        self, browse, registrar, patient, new_printer
    ):
        client = self.at(browse(registrar), new_printer())
        answer = self.save(client, patient, htmx=False)

        job = PrintJob.objects.get()
        assert f"cetakan={job.id}" in answer["Location"]
        assert f"cetakan-{job.id}" in text_of(client.get(answer["Location"]))

    def test_without_a_printer_the_browser_prints_as_ever(self, browse, registrar, patient):
        page = text_of(self.save(browse(registrar), patient))

        assert re.search(r'href="/kunjungan/[^"]+/slip"[^>]*data-key="F9"', page)
        assert not PrintJob.objects.exists()

    def test_a_printer_for_other_papers_is_not_used(self, browse, registrar, patient, new_printer):
        client = self.at(browse(registrar), new_printer("Label", kinds=("file-label",)))
        self.save(client, patient)

        assert not PrintJob.objects.exists()

    def test_once_more_only_because_a_person_asks(self, browse, registrar, patient, new_printer):
        client = self.at(browse(registrar), new_printer())
        self.save(client, patient)
        visit = Distribution.objects.get()
        settle_all(Sent())

        answer = client.post(f"/kunjungan/{visit.encounter_id}/slip/cetak", headers=HTMX)

        assert answer.status_code == 200
        assert PrintJob.objects.count() == 2

    def test_another_house_gets_no_paper(self, browse, outsider, registrar, patient, new_printer):
        client = self.at(browse(registrar), new_printer())
        self.save(client, patient)
        job = PrintJob.objects.get()
        stranger = self.at(browse(outsider), Printer.objects.get())

        assert stranger.get(f"/cetakan/{job.id}").status_code == 404
        assert stranger.post(f"/cetakan/{job.id}/lagi").status_code == 404
        assert stranger.get(f"/kunjungan/{job.subject}/slip.pdf").status_code == 404


class TestPdfPages:
    def test_slips_tracer_and_label_come_as_pdf(self, browse, registrar, recorder, patient):
        TestCounter().save(browse(registrar), patient)
        visit = Distribution.objects.get()
        client = browse(recorder)
        for address in (
            f"/kunjungan/{visit.encounter_id}/slip.pdf",
            f"/kunjungan/{visit.encounter_id}/slip-antar.pdf?kertas=80",
            f"/rm/tracer/{patient.id}.pdf?kertas=a5",
            f"/rm/label/{patient.id}.pdf",
        ):
            answer = client.get(address)
            assert answer["Content-Type"] == "application/pdf", address
            assert answer.content.startswith(b"%PDF-")
            assert patient.mrn not in answer["Content-Disposition"]

    def test_a_sheet_of_labels_is_in_shelf_order_and_names_what_it_does_not_know(
        self, browse, recorder, registrar, patient
    ):
        client = browse(recorder)
        good = client.post("/rm/label", {"numbers": "1-1\n000001"})
        bad = client.post("/rm/label", {"numbers": "1\n77"})
        none = client.post("/rm/label", {"numbers": " "})

        assert good["Content-Type"] == "application/pdf"
        assert (bad.status_code, none.status_code) == (422, 422)
        assert "Nomor ini belum ada: 77" in text_of(bad)

    def test_labels_go_by_their_last_digits(self, recorder, registrar):
        for n in range(12):
            typed = PatientInput(
                name=f"Orang {'abcdefghijkl'[n]}ia",
                birth_date=f"{n + 1:02d}031985",
                sex="male",
                village="Sabrang",
                mother_name=f"Ibu {n}",
            )
            register_patient(by=registrar, typed=typed, confirm_new="uji")

        sheet = label_sheet("1-12", by=recorder)

        assert [one.codes[0].payload for one in sheet] == [f"BK:{n:06d}" for n in range(1, 13)]

    def test_sections_go_by_the_last_digits(self, recorder, registrar, head, patient):
        """000101 stands beside 000001, before 000002."""
        save_personal_scheme(PersonalInput("", "6", "101"), by=head)
        typed = PatientInput(
            birth_date="02031985", sex="male", village="Sabrang", mother_name="Ibu B"
        )
        for name in ("Budi Dua", "Cici Tiga"):
            register_patient(by=registrar, typed=replace(typed, name=name), confirm_new="uji")

        sheet = label_sheet("102\n101\n1", by=recorder)

        found = [one.codes[0].payload for one in sheet]
        assert found == ["BK:000001", "BK:000101", "BK:000102"]
