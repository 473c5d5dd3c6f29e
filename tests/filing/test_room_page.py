"""The record room's page: scan box, lists, one record, one folder, the slip."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from simpul.foundation.staff.actor import Actor
from simpul.service.completeness.models import CompletenessCheck, Deficiency
from simpul.service.completeness.selectors import list_records
from simpul.service.filing.models import FileMovement
from simpul.service.filing.selectors import get_file
from simpul.service.filing.services import scan_file
from tests.conftest import new_key
from tests.filing.visits import close, new_patient, visit

Browse = Callable[[Actor], Client]
HX = {"HX-Request": "true"}


def text_of(response: Any) -> str:
    """The answer as a person reads it."""
    words = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", words)


def post(client: Client, name: str, *args: object, **fields: object) -> Any:
    """Post a form as htmx does, with its once-only key."""
    return client.post(reverse(name, args=args), {"op": new_key(), **fields}, headers=HX)


def test_one_scan_is_one_act_and_one_line(browse: Browse, registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    visit(registrar, patient)

    answer = post(browse(recorder), "rm-pindai", label=f"BK:{patient.mrn}", mode="sent")

    assert answer.status_code == 200
    assert "SITI CONTOHWATI dikirim ke Poli Umum" in text_of(answer)
    assert answer.headers["HX-Trigger"] == "rm-berubah"
    assert FileMovement.objects.count() == 1


def test_a_repeated_scan_says_so(browse: Browse, registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    visit(registrar, patient)
    scan_file(patient.mrn, mode="sent", by=recorder)

    answer = post(browse(recorder), "rm-pindai", label=patient.mrn, mode="sent")

    assert "sudah tercatat dikirim ke Poli Umum; tidak dicatat dua kali" in text_of(answer)
    assert FileMovement.objects.count() == 1


def test_one_scan_sent_twice_happens_once(browse: Browse, registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    visit(registrar, patient)
    client, key = browse(recorder), new_key()
    body = {"op": key, "label": patient.mrn, "mode": "sent"}

    first = client.post(reverse("rm-pindai"), body, headers=HX)
    second = client.post(reverse("rm-pindai"), body, headers=HX)

    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.content == first.content
    assert FileMovement.objects.count() == 1


def test_the_wrong_mode_opens_a_box_and_the_answer_is_done(
    browse: Browse, registrar: Actor, recorder: Actor
):
    patient = new_patient(registrar)
    visit(registrar, patient)
    scan_file(patient.mrn, mode="sent", by=recorder)
    client = browse(recorder)

    asked = post(client, "rm-pindai", label=patient.mrn, mode="stored")

    assert asked.status_code == 409
    assert asked.headers["HX-Retarget"] == "#rm-tanya"
    words = text_of(asked)
    assert "Berkas ini masih di Poli Umum menurut catatan" in words
    assert "SITI CONTOHWATI" in words
    assert "[1] Terima dan simpan sekarang" in words
    assert "[2] Batal" in words
    assert FileMovement.objects.count() == 1

    done = post(client, "rm-pindai", label=patient.mrn, mode="stored", confirm="1")

    assert done.status_code == 200
    assert "disimpan di rak" in text_of(done)
    assert get_file(patient.mrn, by=recorder).whereabouts == "shelf"


def test_a_folder_without_a_visit_is_asked_where_it_goes(
    browse: Browse, registrar: Actor, recorder: Actor
):
    patient = new_patient(registrar)

    asked = post(browse(recorder), "rm-pindai", label=patient.mrn, mode="sent")

    assert asked.status_code == 409
    assert "[1] Poli Umum" in text_of(asked)
    assert 'name="confirm"' not in asked.content.decode()


@pytest.mark.parametrize("label", ["BK:999999", "", "???", "BK:", "x" * 500, "\x00"])
def test_an_unknown_label_is_said_in_the_list(browse: Browse, recorder: Actor, label: str):
    answer = post(browse(recorder), "rm-pindai", label=label, mode="sent")

    assert answer.status_code == 404
    assert "Label tak terbaca. Ketik nomor RM." in text_of(answer)
    assert "<html" not in answer.content.decode()


def test_tracing_records_nothing(browse: Browse, registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    scan_file(patient.mrn, mode="sent", unit="gigi", by=recorder)

    by_mode = post(browse(recorder), "rm-pindai", label=patient.mrn, mode="trace")
    by_address = post(browse(recorder), "rm-lacak", label=patient.mrn)

    for answer in (by_mode, by_address):
        assert answer.headers["HX-Retarget"] == "#rm-kerja"
        assert "Di Poli Gigi sejak" in text_of(answer)
        assert "Dikirim ke Poli Gigi" in text_of(answer)
    assert FileMovement.objects.count() == 1


def test_the_scan_box_works_without_scripts(browse: Browse, registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    visit(registrar, patient)

    page = browse(recorder).post(
        reverse("rm-pindai"), {"op": new_key(), "label": patient.mrn, "mode": "sent"}
    )

    assert page.status_code == 200
    assert "<h1>Rekam medis</h1>" in page.content.decode()
    assert "SITI CONTOHWATI dikirim ke Poli Umum" in text_of(page)


def test_asked_for_folders_show_shelf_ticket_and_unit(
    browse: Browse, registrar: Actor, recorder: Actor
):
    patient = new_patient(registrar)
    made = visit(registrar, patient, "gigi")

    words = text_of(browse(recorder).get(reverse("rm")))

    shelf = get_file(patient.mrn, by=recorder).shelf
    assert (
        f"{shelf} SITI CONTOHWATI RM {patient.mrn_text} · {made.ticket.label} · Poli Gigi" in words
    )
    assert "Kirim SITI CONTOHWATI" in words


def test_the_send_button_of_a_row_sends_it_for_its_visit(
    browse: Browse, registrar: Actor, recorder: Actor
):
    patient = new_patient(registrar)
    made = visit(registrar, patient, "gigi")
    client = browse(recorder)
    form = re.search(
        r"<form[^>]*>(?:(?!</form>).)*kirim-.*?</form>",
        client.get(reverse("rm")).content.decode(),
        re.DOTALL,
    )
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))

    post(client, "rm-pindai", **fields)

    moved = FileMovement.objects.get()
    assert (moved.unit, moved.encounter) == ("gigi", made.encounter.id)


def test_folders_out_for_long_are_amber(browse: Browse, registrar: Actor, recorder: Actor):
    with time_machine.travel(datetime.now(UTC) - timedelta(days=3), tick=True):
        late = new_patient(registrar)
        scan_file(late.mrn, mode="sent", unit="umum", by=recorder)
    fresh = new_patient(registrar, "BUDI SANTOSO", sex="male")
    scan_file(fresh.mrn, mode="sent", unit="umum", by=recorder)

    page = browse(recorder).get(f"{reverse('rm')}?daftar=luar")

    rows = re.findall(r'<a class="row-item[^"]*"', page.content.decode())
    assert [("is-late" in row) for row in rows] == [True, False]
    assert "berkas di luar 2 · belum kembali lebih dari 1 hari 1" in text_of(page)


def test_everything_back_is_said_with_thanks(browse: Browse, recorder: Actor):
    page = browse(recorder).get(f"{reverse('rm')}?daftar=luar")

    assert "Semua berkas sudah kembali. Terima kasih." in text_of(page)


@pytest.mark.parametrize(("days", "mark"), [(0, ""), (2, "IMR"), (15, "DMR")])
def test_incomplete_records_carry_their_age_mark(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor, days: int, mark: str
):
    with time_machine.travel(datetime.now(UTC) - timedelta(days=days), tick=True):
        close(visit(registrar, new_patient(registrar)), physician, parts=("soap", "allergy"))

    page = browse(recorder).get(f"{reverse('rm')}?daftar=kelengkapan")

    rows = re.search(r'id="rm-baris".*?</section>', page.content.decode(), re.DOTALL)
    assert rows is not None
    assert [word for word in ("IMR ·", "DMR ·") if word in rows[0]] == (
        [f"{mark} ·"] if mark else []
    )
    assert "Tanda vital belum diukur." in rows[0]
    assert "Dikembalikan (1):" in text_of(page)
    assert f"Poli Umum 1 terlama {days} hari" in text_of(page)


def test_a_record_shows_what_is_there_and_what_is_missing(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor
):
    made = visit(registrar, new_patient(registrar))
    close(made, physician, parts=("soap", "allergy"))

    pane = browse(recorder).get(reverse("rm-rekam", args=[made.encounter.id]), headers=HX)

    words = text_of(pane)
    assert "✓ Anamnesis (S) ada" in words
    assert "✗ Tanda vital belum ada" in words
    assert "[2] Kembalikan ke Poli Umum: Tanda vital, Diagnosis utama" in words
    assert "Lengkap, simpan" not in words


def test_returning_with_paper_items_opens_them(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor
):
    made = visit(registrar, new_patient(registrar))
    close(made, physician)
    client = browse(recorder)

    answer = post(
        client,
        "rm-kembalikan",
        made.encounter.id,
        items=["Persetujuan tindakan bertanda tangan", "Diagnosa"],
        other="Halaman 3 hilang",
    )

    assert answer.status_code == 200
    assert "Dikembalikan ke Poli Umum" in text_of(answer)
    papers = Deficiency.objects.filter(is_paper=True, mended_at__isnull=True)
    assert {row.message for row in papers} == {
        "Persetujuan tindakan bertanda tangan",
        "Diagnosa",
        "Halaman 3 hilang",
    }
    assert all(row.returned_at for row in papers)
    assert CompletenessCheck.objects.get().status == "incomplete"


def test_a_complete_record_is_not_returned_without_a_reason(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor
):
    made = visit(registrar, new_patient(registrar))
    close(made, physician)

    answer = post(browse(recorder), "rm-kembalikan", made.encounter.id, other="")

    assert answer.status_code == 409
    assert "sudah lengkap" in text_of(answer)
    assert CompletenessCheck.objects.get().status == "complete"


def test_paper_that_is_there_now_makes_the_record_complete_again(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor
):
    made = visit(registrar, new_patient(registrar))
    close(made, physician)
    client = browse(recorder)
    post(client, "rm-kembalikan", made.encounter.id, items=["Diagnosa"])
    paper = Deficiency.objects.get(is_paper=True)

    answer = post(client, "rm-kertas-ada", paper.id)

    assert "[1] Lengkap, simpan" in text_of(answer)
    assert CompletenessCheck.objects.get().status == "complete"


def test_paper_ticked_twice_or_by_another_house_changes_nothing(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor, outsider: Actor
):
    made = visit(registrar, new_patient(registrar))
    close(made, physician)
    client = browse(recorder)
    post(client, "rm-kembalikan", made.encounter.id, items=["Diagnosa"])
    paper = Deficiency.objects.get(is_paper=True)

    assert post(browse(outsider), "rm-kertas-ada", paper.id).status_code in (404, 409)
    assert Deficiency.objects.get(is_paper=True).mended_at is None

    post(client, "rm-kertas-ada", paper.id)
    again = post(client, "rm-kertas-ada", paper.id)

    assert again.status_code == 409
    assert "Sudah dilengkapi." in text_of(again)


def test_ready_records_are_filed_row_by_row(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor
):
    for name in ("SITI CONTOHWATI", "BUDI SANTOSO"):
        close(visit(registrar, new_patient(registrar, name)), physician)
    client = browse(recorder)
    page = client.get(f"{reverse('rm')}?daftar=siap").content.decode()
    addresses = re.findall(r'<button type="button" class="row-item".*?hx-post="([^"]+)"', page)
    assert len(addresses) == 2

    for address in addresses:
        answer = client.post(address, {"op": new_key()}, headers=HX)
        assert answer.status_code == 200
        assert answer.headers["HX-Trigger"] == "rm-berubah"

    assert {row.status for row in CompletenessCheck.objects.all()} == {"filed"}
    assert "Tidak ada rekam yang menunggu disimpan." in text_of(
        client.get(f"{reverse('rm')}?daftar=siap")
    )


def test_an_incomplete_record_is_not_filed(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor
):
    made = visit(registrar, new_patient(registrar))
    close(made, physician, parts=("soap",))

    answer = post(browse(recorder), "rm-simpan", made.encounter.id)

    assert answer.status_code == 409
    assert CompletenessCheck.objects.get().status == "incomplete"


def test_later_leads_to_the_next_record(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor
):
    made = []
    for name in ("SITI CONTOHWATI", "BUDI SANTOSO"):
        made.append(visit(registrar, new_patient(registrar, name)))
        close(made[-1], physician, parts=("soap",))
    first, second = [line.encounter_id for line in list_records(by=recorder)]
    client = browse(recorder)

    for here, there in ((first, second), (second, first)):
        pane = client.get(reverse("rm-rekam", args=[here]), headers=HX).content.decode()
        later = re.search(r'data-digit="3"[^>]*href="([^"]+)"', pane)
        assert later is not None
        assert later[1] == reverse("rm-rekam", args=[there])


def test_live_refresh_brings_rows_and_counts_only(
    browse: Browse, registrar: Actor, recorder: Actor
):
    visit(registrar, new_patient(registrar))

    part = browse(recorder).get(f"{reverse('rm')}?bagian=baris&daftar=diminta", headers=HX)

    body = part.content.decode()
    assert "<html" not in body
    assert "SITI CONTOHWATI" in body
    assert re.search(r'id="rm-tab"[^>]*hx-swap-oob="true"', body)
    assert re.search(r'id="rm-ringkas"[^>]*hx-swap-oob="true"', body)


def test_the_shelf_is_changed_in_the_folder_pane(browse: Browse, registrar: Actor, recorder: Actor):
    patient = new_patient(registrar)
    client = browse(recorder)

    saved = post(client, "rm-rak", patient.id, shelf="B-12")
    refused = post(client, "rm-rak", patient.id, shelf="y" * 40)

    assert "Di rak B-12." in text_of(saved)
    assert refused.status_code == 422
    assert "y" * 40 in refused.content.decode(), "what was typed stays"
    assert get_file(patient.mrn, by=recorder).shelf == "B-12"


@pytest.mark.parametrize(
    ("size", "css", "code"),
    [("58", "cetak-58", False), ("a5", "cetak-a5", False), ("label", "cetak-58", True)],
)
def test_the_tracer_says_which_folder_is_where(
    browse: Browse, registrar: Actor, recorder: Actor, size: str, css: str, code: bool
):
    patient = new_patient(registrar)
    made = visit(registrar, patient, "gigi")

    page = browse(recorder).get(f"{reverse('tracer', args=[patient.id])}?ukuran={size}")

    body, words = page.content.decode(), text_of(page)
    assert f"RM {patient.mrn_text}" in words
    assert css in body
    assert ("<svg" in re.sub(r'<svg class="icon.*?</svg>', "", body, flags=re.DOTALL)) is code
    assert (f"Ke: Poli Gigi · {made.ticket.label}" in words) is not code
    assert "batuk" not in words, "no complaint on a slip anybody may see"


def test_a_registrar_moves_folders_and_sees_no_records(
    browse: Browse, registrar: Actor, physician: Actor
):
    made = visit(registrar, new_patient(registrar))
    close(made, physician, parts=("soap",))
    client = browse(registrar)

    page = client.get(f"{reverse('rm')}?daftar=kelengkapan")

    assert page.status_code == 200
    assert "rm-tab-kelengkapan" not in page.content.decode()
    assert "Dikembalikan (" not in text_of(page)
    assert client.get(reverse("rm-rekam", args=[made.encounter.id])).status_code == 403


def test_the_head_looks_and_does_nothing(browse: Browse, registrar: Actor, head: Actor):
    patient = new_patient(registrar)
    visit(registrar, patient)
    client = browse(head)

    body = client.get(reverse("rm")).content.decode()

    assert 'data-uji="rm-kirim"' not in body
    assert 'value="sent"' not in body
    refused = post(client, "rm-pindai", label=patient.mrn, mode="sent")
    assert refused.status_code == 403


@pytest.mark.parametrize("who", ["nurse", "physician", "pharmacist", "technician"])
def test_others_are_refused_with_who_may(browse: Browse, request: pytest.FixtureRequest, who: str):
    answer = browse(request.getfixturevalue(who)).get(reverse("rm"))

    assert answer.status_code == 403
    assert "Perekam medis" in text_of(answer)


def test_the_outsider_sees_nothing_of_this_house(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor, outsider: Actor
):
    patient = new_patient(registrar)
    made = visit(registrar, patient)
    close(made, physician, parts=("soap",))
    client = browse(outsider)

    for name, thing in (
        ("rm-berkas", patient.id),
        ("tracer", patient.id),
        ("rm-rekam", made.encounter.id),
    ):
        answer = client.get(reverse(name, args=[thing]))
        assert answer.status_code == 404, name
        assert "SITI" not in text_of(answer)
    for name in ("rm-simpan", "rm-kembalikan", "rm-periksa"):
        assert post(client, name, made.encounter.id, other="x").status_code == 404, name
    assert post(client, "rm-pindai", label=patient.mrn, mode="received").status_code == 404
    assert "SITI" not in text_of(client.get(f"{reverse('rm')}?daftar=kelengkapan"))
    assert CompletenessCheck.objects.get().status == "incomplete"
    assert not FileMovement.objects.exists()


def test_a_stranger_is_sent_to_sign_in(house: object, client: Client):
    answer = client.get(reverse("rm"))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/masuk")


@pytest.mark.parametrize("tab", ["diminta", "luar", "kelengkapan", "siap"])
def test_a_list_costs_the_same_however_long_it_is(
    browse: Browse,
    registrar: Actor,
    physician: Actor,
    recorder: Actor,
    django_assert_max_num_queries: Any,
    tab: str,
):
    names = ("SITI AMINAH", "BUDI SANTOSO", "WAHYU LESTARI", "MEGA PRATIWI", "JOKO HIDAYAT")
    for number, name in enumerate(names):
        patient = new_patient(registrar, name, birth_date=f"1{number}04197{number}")
        made = visit(registrar, patient)
        if tab == "luar":
            scan_file(patient.mrn, mode="sent", by=recorder)
        if tab == "siap":
            close(made, physician)
        if tab == "kelengkapan":
            close(made, physician, parts=("soap",))
    client = browse(recorder)

    with django_assert_max_num_queries(11):
        page = client.get(f"{reverse('rm')}?daftar={tab}")

    assert all(name in page.content.decode() for name in names)
