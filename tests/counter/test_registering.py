"""From the check to the number: what saves, what asks, and what never happens twice."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from simpul.foundation.core.clock import now
from simpul.foundation.facilities.models import ServiceUnit
from simpul.foundation.facilities.selectors import forget_here
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.models import Distribution
from simpul.service.patients.cards import PatientCard
from simpul.service.registration.models import Encounter, Priority
from tests.conftest import make_actor, new_key
from tests.counter.people import (
    HTMX,
    ODD_VALUES,
    addresses,
    button,
    change_row,
    declare_dead,
    make_patient,
    make_visit,
    part,
    text_of,
)

Browse = Callable[[Actor], Client]


@pytest.fixture
def counter(browse: Browse, registrar: Actor) -> Client:
    return browse(registrar)


@pytest.fixture
def wati(registrar: Actor) -> PatientCard:
    return make_patient(registrar, name="Wati Contoh")


@pytest.fixture
def budi(registrar: Actor) -> PatientCard:
    return make_patient(registrar, name="Budi Santoso", sex="male", birth_date="04071957")


def check(client: Client, patient: PatientCard, **post: str) -> Any:
    sent = {"patient_id": str(patient.id), "step": "periksa", **post}
    return client.post("/loket/saran", sent, headers=HTMX)


def save(client: Client, patient: PatientCard, **post: str) -> Any:
    sent = {"patient_id": str(patient.id), "step": "simpan", **post}
    return client.post("/daftar", sent, headers=HTMX)


def has_default_answer(text: str) -> bool:
    """Whether Enter alone would act: a button that takes the focus."""
    return bool(re.search(r"<button[^>]*\bautofocus", text))


def test_the_calm_line_arms_the_button_and_the_button_saves(counter: Client, wati: PatientCard):
    ready = check(counter, wati, complaint="batuk")

    assert "Tujuan sesuai saran" in text_of(ready)
    assert "data-arm" in text_of(ready)
    assert has_default_answer(text_of(ready))
    saved = save(counter, wati, complaint="batuk", **button(ready, "simpan"))
    assert saved.status_code == 200
    assert "A01" in part(saved, "loket-nomor")
    assert Encounter.objects.get().complaint == "batuk"


def test_after_a_save_the_search_is_empty_and_has_the_focus(counter: Client, wati: PatientCard):
    saved = text_of(save(counter, wati, complaint="batuk"))

    box = re.search(r'<input[^>]*id="id_q"[^>]*>', saved, re.S)[0]
    assert 'value=""' in box
    assert "autofocus" in box
    assert 'id="hasil"' in saved
    assert "data-option" not in saved
    assert "WATI CONTOH" in part(
        save(counter, wati, unit="gigi", reason_choice="pendamping"), "loket-terakhir-baris"
    )


def test_slip_and_undo_stand_beside_the_number(counter: Client, wati: PatientCard):
    saved = save(counter, wati, complaint="batuk")

    encounter = Encounter.objects.get()
    assert f"/kunjungan/{encounter.id}/slip" in text_of(saved)
    undo = part(saved, "loket-tersimpan")
    assert f"/kunjungan/{encounter.id}/urungkan" in undo
    assert "data-countdown" in undo


def test_a_visit_taken_back_no_longer_says_registered(
    counter: Client, wati: PatientCard, browse: Browse, outsider: Actor
):
    save(counter, wati, complaint="batuk")
    address = f"/loket/tersimpan/{Encounter.objects.get().id}"
    assert "terdaftar." in text_of(counter.get(address, headers=HTMX))

    counter.post(f"/kunjungan/{Encounter.objects.get().id}/urungkan", headers=HTMX)

    after = text_of(counter.get(address, headers=HTMX))
    assert "A01 untuk WATI CONTOH dibatalkan." in after
    assert "terdaftar." not in after
    assert "/slip" not in after
    assert browse(outsider).get(address, headers=HTMX).status_code == 404


def test_the_draft_of_this_patient_is_dropped(counter: Client, wati: PatientCard):
    draft = re.search(
        r'data-draft="([^"]+)"', text_of(counter.get(f"/loket/pasien/{wati.id}", headers=HTMX))
    )[1]

    assert f'data-draft-clear="{draft}"' in text_of(save(counter, wati, complaint="batuk"))


def test_an_empty_complaint_is_asked_once(counter: Client, wati: PatientCard):
    first = check(counter, wati)

    assert "Keluhan masih kosong" in text_of(first)
    assert not has_default_answer(text_of(first))
    second = check(counter, wati, no_complaint="ya")
    assert has_default_answer(text_of(second))


def test_another_unit_than_suggested_has_no_default_answer(counter: Client, wati: PatientCard):
    asked = text_of(check(counter, wati, complaint="batuk", unit="gigi"))

    assert not has_default_answer(asked)
    assert 'data-uji="verifikasi-pilih-1"' in asked
    assert 'data-uji="verifikasi-pilih-2"' in asked
    assert "Kirim ke Klaster 3 · Poli Umum" in asked
    assert "Tetap Poli Gigi, alasan:" in asked
    assert "data-arm" in asked


def test_the_server_refuses_what_the_page_would_have_asked(counter: Client, budi: PatientCard):
    refused = save(counter, budi, complaint="kontrol darah tinggi", unit="kia")

    assert refused.status_code == 422
    assert refused["HX-Retarget"] == "#verifikasi"
    assert "Pasien laki-laki ke KIA" in text_of(refused)
    assert Encounter.objects.count() == 0


def test_a_reason_lets_it_pass_and_is_kept(counter: Client, budi: PatientCard):
    post = {"complaint": "mengantar istri", "unit": "kia", "reason_choice": "pendamping"}

    ready = check(counter, budi, **post)
    assert "alasan tercatat" in text_of(ready)
    assert save(counter, budi, **post).status_code == 200
    encounter = Encounter.objects.get()
    assert (encounter.unit, encounter.suggested_unit) == ("kia", "lansia")
    assert encounter.override_reason == "Pendamping"


@pytest.mark.parametrize(
    ("choice", "text", "kept"),
    [
        ("arahan-dokter", "", "Arahan dokter"),
        ("lain", "minta bidan", "minta bidan"),
        ("", "minta bidan", "minta bidan"),
        ("lain", "  ", None),
        ("bukan-pilihan", "", None),
    ],
)
def test_which_reasons_count(
    counter: Client, budi: PatientCard, choice: str, text: str, kept: str | None
):
    answer = save(counter, budi, unit="kia", reason_choice=choice, reason_text=text)

    if kept is None:
        assert answer.status_code == 422
        assert Encounter.objects.count() == 0
    else:
        assert Encounter.objects.get().override_reason == kept


def test_a_reason_missing_after_the_question_is_pointed_at(counter: Client, budi: PatientCard):
    asked = save(counter, budi, unit="kia", reason_unit="kia")

    assert "Pilih atau tulis alasannya" in text_of(asked)


def test_a_reason_for_one_unit_is_none_for_another(counter: Client, budi: PatientCard):
    answer = save(counter, budi, unit="gigi", reason_choice="pendamping", reason_unit="kia")

    assert answer.status_code == 422
    assert Encounter.objects.count() == 0


def test_sending_to_the_suggested_unit_needs_no_reason(counter: Client, budi: PatientCard):
    saved = save(counter, budi, unit="kia", send_to="lansia")

    assert saved.status_code == 200
    encounter = Encounter.objects.get()
    assert (encounter.unit, encounter.override_reason) == ("lansia", "")


def test_the_button_saves_the_unit_it_named_or_asks(counter: Client, wati: PatientCard):
    """The complaint changed under the button: the newer suggestion is never taken unseen."""
    asked = save(counter, wati, complaint="sakit gigi", shown_unit="umum")

    assert asked.status_code == 422
    assert "Saran" in text_of(asked)
    assert "Poli Gigi" in text_of(asked)
    assert Encounter.objects.count() == 0


def test_no_unit_is_ever_chosen_by_a_check(counter: Client, wati: PatientCard):
    ready = text_of(check(counter, wati, complaint="sakit gigi", shown_unit="umum"))

    assert "Daftarkan WATI CONTOH ke Poli Gigi" in ready


def test_the_same_key_registers_once(counter: Client, wati: PatientCard):
    post = {"patient_id": str(wati.id), "complaint": "batuk", "step": "simpan"}
    key = {"Idempotency-Key": new_key(), **HTMX}

    first = counter.post("/daftar", post, headers=key)
    second = counter.post("/daftar", post, headers=key)

    assert Encounter.objects.count() == 1
    assert second["Idempotent-Replayed"] == "true"
    assert second.content == first.content


def test_a_second_place_in_one_queue_is_refused_with_a_way_there(
    counter: Client, registrar: Actor, wati: PatientCard
):
    visit = make_visit(registrar, wati, complaint="batuk")

    again = save(counter, wati, complaint="batuk")

    assert again.status_code == 409
    assert again["HX-Retarget"] == "#verifikasi"
    assert visit.ticket.label in text_of(again)
    assert f"/kunjungan#kunjungan-{visit.encounter.id}" in text_of(again)
    assert Encounter.objects.count() == 1


def test_two_counters_cannot_register_one_patient_twice(
    browse: Browse, counter: Client, wati: PatientCard
):
    other = browse(make_actor("pendaftaran", name="Loket Dua"))

    answers = [save(client, wati, complaint="batuk").status_code for client in (counter, other)]

    assert answers == [200, 409]
    assert Distribution.objects.count() == 1


def test_the_dead_need_a_reason(counter: Client, registrar: Actor, wati: PatientCard):
    declare_dead(registrar, wati)

    asked = save(counter, wati, complaint="batuk")
    assert asked.status_code == 422
    assert "Tercatat meninggal 2 Jan 2020" in text_of(asked)
    assert not has_default_answer(text_of(asked))
    assert Encounter.objects.count() == 0

    ready = check(counter, wati, complaint="batuk", reason_choice="catatan-keliru")
    assert has_default_answer(text_of(ready))
    save(counter, wati, complaint="batuk", reason_choice="catatan-keliru")
    assert Encounter.objects.get().override_reason == "Catatan meninggal keliru"


def test_a_closed_unit_offers_the_open_ones(counter: Client, head: Actor, wati: PatientCard):
    change_row(head, ServiceUnit.objects.get(code="gigi"), is_open=False)
    forget_here()

    asked = save(counter, wati, complaint="batuk", unit="gigi", reason_choice="pendamping")

    assert asked.status_code == 422
    text = text_of(asked)
    assert "Poli Gigi tutup" in text
    assert 'data-digit="1"' in text
    assert 'value="gigi"' not in part(asked, "verifikasi").split("message-actions")[1]
    assert Encounter.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("", Priority.ROUTINE),
        ("2-priority", Priority.PRIORITY),
        ("1-emergency", Priority.EMERGENCY),
    ],
)
def test_priority_as_chosen(counter: Client, wati: PatientCard, sent: str, stored: str):
    unit = {"unit": "ugd"} if sent == "1-emergency" else {}

    assert save(counter, wati, complaint="batuk", priority=sent, **unit).status_code == 200
    assert Encounter.objects.get().priority == stored


@pytest.mark.parametrize(
    "field",
    [
        "complaint",
        "payer",
        "priority",
        "unit",
        "pregnant",
        "patient_id",
        "reason_text",
        "send_to",
        "shown_unit",
    ],
)
def test_odd_values_are_answered_and_store_nothing_odd(
    counter: Client, wati: PatientCard, field: str
):
    for value in ODD_VALUES:
        for address in ("/daftar", "/loket/saran"):
            post = {"patient_id": str(wati.id), "complaint": "batuk", field: value}
            answer = counter.post(address, post, headers=HTMX)
            assert answer.status_code in (200, 404, 409, 422), (field, value, address)
            assert "<script>alert" not in text_of(answer)
    for encounter in Encounter.objects.all():
        assert encounter.payer in ("umum", "bpjs", "gratis", "lain")
        assert "\x00" not in encounter.complaint + encounter.override_reason
        assert len(encounter.complaint) <= 300


def test_everything_typed_comes_back_with_the_question(counter: Client, budi: PatientCard):
    post = {
        "patient_id": str(budi.id),
        "complaint": "batuk <b>lama</b>",
        "payer": "bpjs",
        "unit": "kia",
        "step": "simpan",
    }

    page = counter.post("/daftar", post)

    assert page.status_code == 422
    text = text_of(page)
    assert 'value="batuk &lt;b&gt;lama&lt;/b&gt;"' in text
    assert re.search(r'value="bpjs" checked', text)
    assert re.search(r'<option value="kia" selected', text)


def test_the_whole_way_without_scripts(counter: Client, wati: PatientCard):
    page = counter.post("/loket", {"q": "wati"})
    link = re.search(r'href="(/loket/pasien/[^"]+)"', text_of(page))[1]
    opened = counter.get(link)
    assert 'action="/daftar"' in text_of(opened)
    assert f'formaction="{link}"' in text_of(opened)

    checked = counter.post(link, {"complaint": "sakit gigi", "step": "periksa"})
    assert "Tujuan sesuai saran" in text_of(checked)
    fields = button(checked, "simpan") | {"complaint": "sakit gigi", "payer": "umum"}
    saved = counter.post("/daftar", fields)

    assert saved.status_code == 302
    number = counter.get(saved["Location"])
    assert "C01" in part(number, "loket-nomor")


def test_no_patient_in_any_address(counter: Client, registrar: Actor):
    patient = make_patient(registrar, name="Siti Rahasia", nik="3509125203850001")
    answers = [
        counter.get(f"/loket/pasien/{patient.id}"),
        save(counter, patient, complaint="batuk"),
        counter.get("/loket/terakhir"),
        counter.post("/daftar", {"patient_id": str(patient.id), "complaint": "gigi"}),
    ]

    for answer in answers:
        for address in addresses(answer):
            assert not re.search(r"rahasia|3509125203850001|batuk", address, re.IGNORECASE)


def test_the_journal_says_who_registered_and_names_nobody(
    counter: Client, registrar: Actor, wati: PatientCard
):
    save(counter, wati, complaint="batuk")

    entry = JournalEntry.objects.get(act="distributed")
    assert entry.practitioner == registrar.practitioner_id
    assert "WATI" not in str(entry.detail)


def test_who_may_not_register(
    browse: Browse, wati: PatientCard, nurse: Actor, outsider: Actor, physician: Actor
):
    assert save(browse(nurse), wati, complaint="batuk").status_code == 403
    assert save(browse(physician), wati, complaint="batuk").status_code == 403
    assert save(browse(outsider), wati, complaint="batuk").status_code == 404
    assert Client().post("/daftar", {"patient_id": str(wati.id)}, headers=HTMX).status_code == 401
    assert Encounter.objects.count() == 0


def test_the_strip_shows_five_and_how_far_they_came(counter: Client, registrar: Actor):
    for n in range(6):
        patient = make_patient(registrar, name=f"Wati {'ABCDEF'[n]}", birth_date=f"0101{1970 + n}")
        make_visit(registrar, patient, complaint="batuk")
    change_row(registrar, Distribution.objects.get(ticket__number=6), stage="shown")

    strip = text_of(counter.get("/loket/terakhir", headers=HTMX))

    assert strip.count('data-uji="loket-terakhir-baris"') == 5
    assert "A06" in strip
    assert "A01" not in strip
    assert "tampil di poli" in strip
    assert strip.count('data-uji="loket-urungkan"') == 5


def test_the_strip_warns_of_what_no_screen_has_shown(counter: Client, registrar: Actor):
    visit = make_visit(registrar, make_patient(registrar), complaint="batuk")
    change_row(registrar, visit.distribution, saved_at=now() - timedelta(seconds=45))

    strip = text_of(counter.get("/loket/terakhir", headers=HTMX))

    assert "is-late" in strip
    assert "belum tampil di poli" in strip
    assert 'href="/kunjungan"' in strip


def test_saving_stays_within_its_queries(
    counter: Client, wati: PatientCard, registrar: Actor, django_assert_max_num_queries
):
    save(counter, make_patient(registrar, name="Lain Dulu"), complaint="batuk")

    with django_assert_max_num_queries(40):
        save(counter, wati, complaint="batuk")
