"""A patient's own journal: found by number, read by the right people, itself an entry."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simpul.foundation.administration.wording import ACTS
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.journal.services import record_reading
from simpul.foundation.staff.actor import Actor
from simpul.service.filing.services import scan_file
from tests.filing.visits import close, new_patient, visit

Browse = Callable[[Actor], Client]


def text_of(response: Any) -> str:
    """The answer as a person reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_a_record_number_leads_to_an_address_without_it(
    browse: Browse, registrar: Actor, head: Actor
):
    patient = new_patient(registrar)

    answer = browse(head).post(reverse("jurnal-cari"), {"label": f"RM:{patient.mrn}"})

    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("jurnal-pasien", args=[patient.id])
    assert patient.mrn not in answer.headers["Location"]


@pytest.mark.parametrize("label", ["999999", "", "\x00", "x" * 400])
def test_a_number_nobody_has_is_said(browse: Browse, head: Actor, label: str):
    answer = browse(head).post(reverse("jurnal-cari"), {"label": label})

    assert answer.status_code == 404
    assert "Nomor RM itu tidak ada di Puskesmas ini." in text_of(answer)
    assert 'name="label"' in answer.content.decode(), "the search box is still there"


def test_it_says_who_did_what_in_words(
    browse: Browse, registrar: Actor, physician: Actor, recorder: Actor, head: Actor
):
    patient = new_patient(registrar)
    close(visit(registrar, patient), physician)
    scan_file(patient.mrn, mode="sent", by=recorder)
    record_reading(by=physician, patient=patient.id, what="history")

    words = text_of(browse(head).get(reverse("jurnal-pasien", args=[patient.id])))

    for who, what in (
        (registrar, "mendaftarkan pasien baru"),
        (registrar, "mengirim rekam kunjungan ke unit Poli Umum"),
        (physician, "menulis di rekam"),
        (physician, "rekam dinyatakan lengkap"),
        (recorder, "mengirim berkas Poli Umum"),
        (physician, "membuka riwayat kunjungan"),
    ):
        assert f"{who.name} {what}" in words
    written = set(JournalEntry.objects.values_list("act", flat=True))
    assert written <= set(ACTS), "an act without words would show its code"


def test_reading_the_journal_is_in_the_journal(browse: Browse, registrar: Actor, head: Actor):
    patient = new_patient(registrar)
    client = browse(head)

    page = client.get(reverse("jurnal-pasien", args=[patient.id]))
    report = client.get(reverse("jurnal-laporan", args=[patient.id]))

    assert f"{head.name} membuka jurnal pasien ini" in text_of(page)
    assert f"{head.name} membuka laporan akses pasien ini" in text_of(report)
    read = JournalEntry.objects.filter(patient=patient.id, act="read").order_by("id")
    assert [(row.subject, row.practitioner) for row in read] == [
        ("journal", head.practitioner_id),
        ("access-report", head.practitioner_id),
    ]


def test_the_report_names_the_patient_and_who_made_it(
    browse: Browse, registrar: Actor, recorder: Actor
):
    patient = new_patient(registrar)

    words = text_of(browse(recorder).get(reverse("jurnal-laporan", args=[patient.id])))

    assert "Laporan akses rekam medis" in words
    assert f"SITI CONTOHWATI, {patient.birth_text}, RM {patient.mrn_text}" in words
    assert f"oleh {recorder.name}" in words


def test_older_entries_follow_page_by_page_each_once(
    browse: Browse, registrar: Actor, physician: Actor, head: Actor
):
    patient = new_patient(registrar)
    for _turn in range(130):
        record_reading(by=physician, patient=patient.id, what="record")
    client, address = browse(head), reverse("jurnal-pasien", args=[patient.id])
    seen: list[int] = []
    query = ""
    for _page in range(10):
        page = client.get(f"{address}{query}")
        seen += [line.id for line in page.context["journal"].lines]
        before = page.context["journal"].before
        if not before:
            break
        query = f"?sebelum={before}"

    of_physician = set(
        JournalEntry.objects.filter(
            patient=patient.id, practitioner=physician.practitioner_id
        ).values_list("id", flat=True)
    )
    assert len(of_physician) == 130
    assert of_physician <= set(seen)
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("cursor", ["abc", "-1", "9" * 40, "0", "1 OR 1=1"])
def test_a_cursor_that_means_nothing_is_the_first_page(
    browse: Browse, registrar: Actor, head: Actor, cursor: str
):
    patient = new_patient(registrar)

    page = browse(head).get(reverse("jurnal-pasien", args=[patient.id]), {"sebelum": cursor})

    assert page.status_code == 200
    assert "mendaftarkan pasien baru" in text_of(page)


@pytest.mark.parametrize("who", ["registrar", "physician", "technician", "pharmacist"])
def test_others_are_refused_and_leave_no_trace_of_reading(
    browse: Browse, registrar: Actor, request: pytest.FixtureRequest, who: str
):
    patient = new_patient(registrar)
    client = browse(request.getfixturevalue(who))

    assert client.post(reverse("jurnal-cari"), {"label": patient.mrn}).status_code == 403
    for name in ("jurnal-pasien", "jurnal-laporan"):
        assert client.get(reverse(name, args=[patient.id])).status_code == 403
    assert not JournalEntry.objects.filter(act="read").exists()


def test_the_outsider_does_not_find_the_patient(browse: Browse, registrar: Actor, outsider: Actor):
    patient = new_patient(registrar)
    client = browse(outsider)

    assert client.post(reverse("jurnal-cari"), {"label": patient.mrn}).status_code == 404
    for name in ("jurnal-pasien", "jurnal-laporan"):
        answer = client.get(reverse(name, args=[patient.id]))
        assert answer.status_code == 404
        assert "SITI" not in text_of(answer)


def test_a_long_journal_costs_few_queries(
    browse: Browse, registrar: Actor, head: Actor, django_assert_max_num_queries: Any
):
    patient = new_patient(registrar)
    for _turn in range(60):
        record_reading(by=registrar, patient=patient.id, what="record")
    client = browse(head)

    with django_assert_max_num_queries(14):
        client.get(reverse("jurnal-pasien", args=[patient.id]))
