"""The pages of the gap: the study from the register, two counts, narrowing, files, one facility."""

import csv
import io
import re
import uuid
from typing import Any

import pytest
import python_calamine
from django.test import Client
from django.urls import reverse

from simpul.domain.norms_shipped import DSP_2004
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import Facility, FacilityProfile
from simpul.foundation.journal.acts import act
from simpul.planning.gap.selectors import day_of_year, district_gap, register_facilities
from tests.domain.jember import STUDY
from tests.planning.gap.district import put_study

pytestmark = pytest.mark.django_db
DSP = {"standar": "dsp-2004", "tahun": "2013"}


def text(answer: Any) -> str:
    """What a page says, tags left out."""
    assert answer.status_code == 200, answer.content[:500]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def names(answer: Any) -> list[str]:
    """The facilities of the table in their order."""
    rows = re.findall(r'data-uji="kesenjangan-baris">(.*?)</tr>', answer.content.decode(), re.S)
    return [
        re.findall(r">(Puskesmas [^<]+)</a>", row)[0].removeprefix("Puskesmas ") for row in rows
    ]


@pytest.fixture
def study(district_officer) -> dict[str, Facility]:  # type: ignore[no-untyped-def]
    return put_study(by=district_officer)


@pytest.fixture
def page(browse, district_officer) -> Client:  # type: ignore[no-untyped-def]
    client: Client = browse(district_officer)
    return client


def test_the_study_from_the_register(study, page) -> None:  # type: ignore[no-untyped-def]
    answer = page.get(reverse("kesenjangan"), DSP)
    said = text(answer)

    assert "▼ 79" in said
    assert "▲ 162" in said
    assert "70,1 %" in said
    assert set(names(answer)) >= set(STUDY)
    assert names(answer)[0] == "Cakru"
    assert names(answer)[-1] == "Tanpa Data"
    assert "tanpa data tenaga (bukan nol)" in said


def test_two_counts_and_two_measures_by_name(study, page, district_officer) -> None:  # type: ignore[no-untyped-def]
    found = district_gap(DSP_2004, on=day_of_year(2013), by=district_officer)
    civil = found.civil.sums
    said = text(page.get(reverse("kesenjangan"), {**DSP, "hitung": "asn"}))

    assert civil.shortage > 79
    assert f"▼ {civil.shortage}" in said
    assert "semua tenaga: 79" in said
    assert "Kekosongan" in said
    assert "Pemenuhan" in said


def test_narrowing_and_sorting(study, page) -> None:  # type: ignore[no-untyped-def]
    by_name = names(page.get(reverse("kesenjangan"), {**DSP, "urut": "nama"}))
    assert by_name == [*sorted(STUDY, key=str.casefold), "Tanpa Data"]
    over = names(page.get(reverse("kesenjangan"), {**DSP, "urut": "lebih"}))
    assert over[0] == "Ambulu"
    dentists = names(
        page.get(reverse("kesenjangan"), {**DSP, "profesi": "dokter_gigi", "kurang": "1"})
    )
    assert sorted(dentists) == ["Cakru", "Curahnongko", "Jombang", "Paleran", "Sabrang"]
    none = page.get(reverse("kesenjangan"), {**DSP, "profesi": "bidan", "kurang": "1"})
    assert "Tidak ada fasilitas yang cocok" in text(none)


def test_a_norm_out_of_force_is_told(study, page) -> None:  # type: ignore[no-untyped-def]
    assert "di luar masa berlakunya" in text(
        page.get(reverse("kesenjangan"), {"standar": "dsp-2004"})
    )
    assert "di luar masa berlakunya" not in text(page.get(reverse("kesenjangan"), DSP))


def test_before_they_started_there_is_no_data(study, page) -> None:  # type: ignore[no-untyped-def]
    said = text(page.get(reverse("kesenjangan"), {**DSP, "tahun": "2012"}))
    assert "Register tenaga masih kosong" in said


@pytest.mark.parametrize("asked", [{"standar": "dsp-1999"}, {"tahun": "1900"}, {"tahun": "dua"}])
def test_what_cannot_be_chosen_is_refused(asked, page) -> None:  # type: ignore[no-untyped-def]
    assert page.get(reverse("kesenjangan"), asked).status_code == 422


def test_odd_filters_narrow_nothing(study, page) -> None:  # type: ignore[no-untyped-def]
    odd = {**DSP, "profesi": "<b>", "urut": "acak", "halaman": "-4", "hitung": "x", "kurang": "y"}
    assert len(names(page.get(reverse("kesenjangan"), odd))) == 13


def test_a_facility_without_category_is_listed_with_the_reason(
    study, page, district_officer
) -> None:  # type: ignore[no-untyped-def]
    with act(by=district_officer) as this:
        place = Facility(id=uuid7(), name="Puskesmas Jauh", is_here=False)
        this.create(place)
        this.create(FacilityProfile(id=uuid7(), facility=place, category="terpencil"))
        this.record("facility-added", subject="facility")
    said = text(page.get(reverse("kesenjangan"), DSP))
    assert "Belum dapat dihitung" in said
    assert "tidak mempunyai tabel untuk kategori Terpencil" in said

    one = text(page.get(reverse("kesenjangan-fasilitas", args=[place.id]), DSP))
    assert "tidak mempunyai tabel untuk kategori Terpencil" in one


def test_one_facility_shows_both_counts_beside_each_other(study, page) -> None:  # type: ignore[no-untyped-def]
    answer = page.get(reverse("kesenjangan-fasilitas", args=[study["Tembokrejo"].id]), DSP)
    said = text(answer)

    assert "▼ 8" in said
    assert "pada 7 profesi" in said
    assert "60,0 %" in said
    assert re.search(r"Bidan 4 11 ▲ lebih 7 1 ▼ kurang 3", said)
    assert "<svg" in answer.content.decode()


def test_unknown_multipliers_are_said_on_the_page(page, district_officer) -> None:  # type: ignore[no-untyped-def]
    made = put_study(by=district_officer, pustu=None)
    said = text(page.get(reverse("kesenjangan-fasilitas", args=[made["Cakru"].id]), DSP))
    assert "Jumlah Pustu belum diisi" in said


def test_csv_has_a_line_for_each_facility_and_profession(study, page) -> None:  # type: ignore[no-untyped-def]
    answer = page.get(reverse("kesenjangan-unduh"), {**DSP, "berkas": "csv"})
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))

    assert "kesenjangan-dsp-2004-2013-12-31.csv" in answer["Content-Disposition"]
    assert sum(int(line["Kurang"] or 0) for line in lines) == 79
    assert sum(int(line["Lebih"] or 0) for line in lines) == 162
    unknown = [line for line in lines if not line["Ada"]]
    assert {line["Fasilitas"] for line in unknown} == {"Puskesmas Tanpa Data"}
    assert {line["Kurang"] for line in unknown} == {""}


def test_xlsx_says_what_was_calculated_and_how(study, page) -> None:  # type: ignore[no-untyped-def]
    answer = page.get(reverse("kesenjangan-unduh"), DSP)
    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    report = book.get_sheet_by_name("Laporan").to_python()
    short = book.get_sheet_by_name("Kekurangan").to_python()

    assert any("Kepmenkes 81" in str(cell) for row in report for cell in row)
    total = next(row for row in short if row[0] == "Jumlah")
    assert total[-3] == 79
    assert total[-2] == 162


def test_a_name_that_looks_like_a_formula_stays_a_name(page, district_officer) -> None:  # type: ignore[no-untyped-def]
    with act(by=district_officer) as this:
        place = Facility(id=uuid7(), name="=1+1", is_here=False)
        this.create(place)
        this.create(FacilityProfile(id=uuid7(), facility=place, category="pedesaan"))
        this.record("facility-added", subject="facility")
    answer = page.get(reverse("kesenjangan-unduh"), {**DSP, "berkas": "csv"})
    assert "'=1+1" in answer.content.decode()


def test_the_head_sees_her_own_facility_only(study, browse, head) -> None:  # type: ignore[no-untyped-def]
    answer = browse(head).get(reverse("kesenjangan"), DSP)
    assert "Tembokrejo" not in answer.content.decode()
    other = reverse("kesenjangan-fasilitas", args=[study["Tembokrejo"].id])
    assert browse(head).get(other, DSP).status_code == 404
    assert len(register_facilities(by=head)) == 1


def test_others_may_not(browse, nurse) -> None:  # type: ignore[no-untyped-def]
    client = browse(nurse)
    assert client.get(reverse("kesenjangan")).status_code == 403
    assert client.get(reverse("kesenjangan-unduh")).status_code == 403
    assert client.get(reverse("kesenjangan-fasilitas", args=[uuid.uuid4()])).status_code == 403


def test_a_facility_that_is_not_there(page) -> None:  # type: ignore[no-untyped-def]
    assert page.get(reverse("kesenjangan-fasilitas", args=[uuid.uuid4()])).status_code == 404


def test_the_page_asks_little(study, page, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    page.get(reverse("kesenjangan"), DSP)
    with django_assert_max_num_queries(11):
        page.get(reverse("kesenjangan"), DSP)
