"""`/perencanaan/bagaimana-jika`: levers, the three answers, scenarios kept, compared, put away."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from simpul.foundation.journal.models import JournalEntry
from simpul.planning.allocation.models import Scenario
from simpul.planning.allocation.scenarios import save_scenario
from simpul.planning.allocation.whatif_asking import as_query
from simpul.planning.studies.models import StudyVersion
from simpul.planning.studies.services import NewStudy, NewVersion, create_study
from simpul.service.distribution.services import register_visit
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.services import register_patient
from simpul.service.registration.services import VisitWish
from tests.planning.allocation.conftest import NORM

pytestmark = pytest.mark.django_db
PAGE = "/perencanaan/bagaimana-jika"
LIST = f"{PAGE}/skenario"
COUNTER = {"datang": "54", "menit": "5,86", "buka": "14:00", "tutup": "17:00", "loket": "2"}

INPUT = {
    "variant": "kepmenkes81",
    "rounding": "ordinary",
    "categories": [
        {
            "name": "Loket",
            "staff": 2,
            "working_time": {
                "working_days": 300, "annual_leave": 12, "training": 0, "public_holidays": 18,
                "absence": 0, "hours_per_day": 7,
            },
            "activities": [
                {"name": "Pasien lama", "unit_time": {"value": 5, "unit": "min"},
                 "volume": 30000, "per": "year"},
            ],
        },
        {
            "name": "Rekam medis",
            "staff": 1,
            "working_time": {"hours_per_year": 1200, "source": "Permenkes 33/2015"},
            "activities": [
                {"name": "Filing", "unit_time": {"value": 3, "unit": "min"},
                 "volume": 39000, "per": "year"},
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture
def version(house, head) -> StudyVersion:
    """A study of this house with two categories."""
    study = create_study(NewStudy("Loket", 2026), by=head, first=NewVersion(INPUT))
    return StudyVersion.objects.get(study_id=study.id)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def said(page: str, uji: str) -> str:
    """The text of the element with this hook."""
    found = re.search(rf'data-uji="{uji}"[^>]*>(.*?)</', page)
    assert found, f"{uji} is not on the page"
    return found[1].strip()


def test_the_first_visit_says_what_to_choose(browse, alone, head) -> None:
    page = text_of(browse(head).get(PAGE))
    assert "Pilih studi WISN untuk mencoba kebutuhan tenaga." in page
    assert "Isi pasien sehari" in page
    assert 'data-uji="jika-kurang"' in page


def test_the_first_visit_begins_with_the_newest_study(browse, alone, head, version) -> None:
    client = browse(head)
    create_study(NewStudy("Loket lama", 2024), by=head, first=NewVersion(INPUT))
    page = text_of(client.get(PAGE))
    assert f'<option value="{version.id}" selected>' in page
    assert said(page, "jika-butuh").startswith("2,95")
    without = text_of(client.get(PAGE, {"studi": ""}))
    assert "Pilih studi WISN untuk mencoba kebutuhan tenaga." in without


def test_a_scenario_kept_without_a_study_opens_without_one(browse, alone, head, version) -> None:
    client = browse(head)
    keep(client, "Tanpa studi", studi="", volume="5")
    row = Scenario.objects.get()
    assert row.study_version is None
    opened = text_of(client.get(PAGE, {"skenario": row.id}))
    assert "Pilih studi WISN untuk mencoba kebutuhan tenaga." in opened


def test_volume_moves_the_need(browse, alone, head, version) -> None:
    client = browse(head)
    # 30,000 × 5 / (270 × 7 × 60) = 1.32 and 39,000 × 3 / 72,000 = 1.63 (1.625)
    page = text_of(client.get(PAGE, {"studi": version.id, "volume": "20"}))
    assert said(page, "jika-butuh").startswith("2,95 → 3,54 orang")
    assert "Kepmenkes 81/2004" in page
    assert "+0,26" in page


def test_leave_says_where_it_has_no_effect(browse, alone, head, version) -> None:
    page = text_of(browse(head).get(PAGE, {"studi": version.id, "cuti": "12"}))
    assert "kategori Rekam medis: Waktu kerja kategori ini ditetapkan aturan" in page
    assert said(page, "jika-butuh").startswith("2,95 → 3,01")


def test_a_task_shifted_and_a_unit_closed(browse, alone, head, version) -> None:
    client = browse(head)
    shift = {"alih_kegiatan_1": "0.0", "alih_ke_1": "1", "alih_bagian_1": "50"}
    page = text_of(client.get(PAGE, {"studi": version.id, **shift}))
    assert "−0,66" in page
    closed = text_of(client.get(PAGE, {"studi": version.id, "tutup_1": "1", "ke_1": "0"}))
    assert "ditutup" in closed
    everything = text_of(client.get(PAGE, {"studi": version.id, "tutup_0": "1", "tutup_1": "1"}))
    assert "Semua unit ditutup" in everything
    assert 'data-uji="jika-kurang"' in everything


def test_new_people_and_another_norm_move_the_gap(browse, alone, head) -> None:
    client = browse(head)
    now = said(text_of(client.get(PAGE, {"norma": NORM})), "jika-kurang")
    # Standard 19 (rural, without inpatient care), one nurse there: 18 short.
    assert now == "Kurang 18 → 18 orang"
    more = text_of(client.get(PAGE, {"norma": NORM, "tambah_perawat": "2", "tambah_bidan": "1"}))
    assert said(more, "jika-kurang") == "Kurang 18 → 15 orang"
    other = text_of(client.get(PAGE, {"norma": NORM, "norma_lain": "skm"}))
    assert "standar berbeda" in other


def test_the_wait_at_the_counter(browse, alone, head) -> None:
    page = text_of(browse(head).get(PAGE, {**COUNTER, "pola": "rata", "loket_tambah": "1"}))
    before, after = re.search(r"rata-rata ([\d,]+) → ([\d,]+) menit", page).groups()
    assert 7 < float(before.replace(",", ".")) < 12
    assert 0.8 < float(after.replace(",", ".")) < 2.2
    overloaded = text_of(browse(head).get(PAGE, {**COUNTER, "loket": "1"}))
    assert "Pekerjaan melebihi waktu petugas" in overloaded


def test_the_journal_fills_the_counter(browse, alone, head, registrar) -> None:
    for name, birth in (("Contoh Satu", "1990-07-01"), ("Misal Dua", "1971-02-03")):
        typed = PatientInput(
            name=name, birth_date=birth, sex="female", village="Sabrang", mother_name="Ibu"
        )
        patient = register_patient(by=registrar, typed=typed, confirm_new="orang lain").patient
        wish = VisitWish(patient_id=patient.id, unit="umum", complaint="batuk", payer="umum")
        register_visit(replace(wish, override_reason="uji"), by=registrar)
    page = text_of(browse(head).get(PAGE, {"pola": "jurnal", "menit": "5"}))
    assert "Dari jurnal: 1 hari pelayanan, rata-rata 2 pasien sehari." in page
    assert 'name="datang" type="text" value="2"' in page


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"volume": "banyak"}, "Tulis angka -50 sampai 100."),
        ({"volume": "900"}, "Tulis angka -50 sampai 100."),
        ({"tambah_bidan": "1,5"}, "Tulis bilangan bulat -20 sampai 20."),
        ({**COUNTER, "buka": "pagi"}, "Tulis jam seperti 07:30."),
        ({**COUNTER, "tutup": "14:05"}, "Tutup paling cepat 30 menit sesudah buka."),
        ({**COUNTER, "menit": "1e400"}, "Tulis angka 0,1 sampai 120."),
        ({**COUNTER, "datang": "NaN"}, "Tulis angka 0 sampai 1000."),
    ],
)
def test_what_cannot_be_used_is_explained_and_kept(browse, alone, head, typed, why) -> None:
    response = browse(head).get(PAGE, typed)
    page = text_of(response)
    assert response.status_code == 200
    assert why in page
    assert all(f'value="{value}"' in page for name, value in typed.items() if name != "pola")


@pytest.mark.parametrize(
    "query",
    [
        "studi=x",
        "skenario=x",
        "puskesmas=y",
        "alih_kegiatan_1=9.9&alih_ke_1=77",
        "ke_0=%00&orang_0=²",
    ],
)
def test_odd_addresses_are_no_trouble(browse, alone, head, query: str) -> None:
    assert browse(head).get(f"{PAGE}?{query}").status_code == 200


def test_a_study_of_nobody_is_not_found(browse, alone, head) -> None:
    missing = "019a0000-0000-7000-8000-000000000000"
    assert browse(head).get(PAGE, {"studi": missing}).status_code == 404
    assert browse(head).get(PAGE, {"skenario": missing}).status_code == 404


def test_htmx_gets_the_answers_alone(browse, alone, head) -> None:
    part = browse(head).get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'data-uji="bagaimana-jika-isian"' not in part


# Scenarios.


def keep(client, name: str, **levers: str):
    query = as_query({key: [value] for key, value in levers.items()}).urlencode()
    return client.post(
        f"{PAGE}/simpan", {"nama": name, "isian": query, "op": f"op-{name}-12345678"}
    )


def test_a_scenario_is_kept_opened_renamed_and_put_away(browse, alone, head, version) -> None:
    client = browse(head)
    before = JournalEntry.objects.count()
    assert (
        keep(client, "Naik 20 %", studi=str(version.id), volume="20", norma=NORM).status_code == 302
    )
    row = Scenario.objects.get()
    assert row.levers == {"studi": [str(version.id)], "volume": ["20"], "norma": [NORM]}
    assert row.outcome["need"]["fte"] == [2.95, 3.54]
    assert row.outcome["gap"]["shortage"] == [18, 18]
    assert row.owner == head.facility_id
    assert JournalEntry.objects.filter(act="scenario-saved").count() == 1
    assert JournalEntry.objects.count() > before

    listed = text_of(client.get(LIST))
    assert "Naik 20 %" in listed
    assert "kebutuhan 2,95 → 3,54 orang" in listed
    opened = text_of(client.get(PAGE, {"skenario": row.id}))
    assert "Membuka skenario “Naik 20 %”" in opened
    assert said(opened, "jika-butuh").startswith("2,95 → 3,54")

    client.post(f"{LIST}/{row.id}/nama", {"nama": "Ramai", "seen": "1", "op": "op-ganti-1234"})
    assert "Ramai" in text_of(client.get(LIST))
    client.post(f"{LIST}/{row.id}/arsip", {"op": "op-arsip-1234"})
    assert 'data-uji="skenario-kosong"' in text_of(client.get(LIST))
    assert "Ramai" in text_of(client.get(f"{LIST}?arsip=1"))
    client.post(f"{LIST}/{row.id}/arsip", {"kembali": "1", "op": "op-kembali-1234"})
    assert "Ramai" in text_of(client.get(LIST))
    acts = list(
        JournalEntry.objects.filter(act__startswith="scenario")
        .order_by("id")
        .values_list("act", flat=True)
    )
    assert acts == [
        "scenario-saved", "scenario-renamed", "scenario-archived", "scenario-reopened",
    ]  # fmt: skip


def test_a_rename_over_somebody_elses_is_refused(browse, alone, head, version) -> None:
    client = browse(head)
    keep(client, "Satu", volume="5")
    row = Scenario.objects.get()
    client.post(f"{LIST}/{row.id}/nama", {"nama": "Dua", "seen": "1", "op": "op-dua-12345"})
    late = client.post(f"{LIST}/{row.id}/nama", {"nama": "Tiga", "seen": "1", "op": "op-tiga-1234"})
    assert late.status_code == 412
    row.refresh_from_db()
    assert row.name == "Dua"


def test_a_scenario_without_a_name_is_refused_and_nothing_typed_is_lost(
    browse, alone, head, version
) -> None:
    response = keep(browse(head), "   ", studi=str(version.id), volume="20")
    page = text_of(response)
    assert response.status_code == 422
    assert "Beri nama 1–120 huruf" in page
    assert said(page, "jika-butuh").startswith("2,95 → 3,54")
    assert not Scenario.objects.exists()


def test_scenarios_side_by_side(browse, alone, head, version) -> None:
    client = browse(head)
    keep(client, "Satu", studi=str(version.id), volume="20", **COUNTER)
    keep(client, "Dua", studi=str(version.id), volume="-10")
    ids = [str(row.id) for row in Scenario.objects.order_by("made_at")]
    page = text_of(client.get(f"{PAGE}/bandingkan", {"s": ids}))
    assert "2,95 → 3,54" in page
    assert "2,95 → 2,65" in page
    assert "Rata-rata menunggu (menit)" in page
    assert "metode berbeda" not in page
    alone_page = text_of(client.get(f"{PAGE}/bandingkan", {"s": ids[:1]}))
    assert 'data-uji="banding-kosong"' in alone_page


def test_two_methods_are_never_compared_without_saying_so(browse, alone, head, version) -> None:
    other = create_study(
        NewStudy("Lain", 2026), by=head, first=NewVersion({**INPUT, "variant": "who_wisn"})
    )
    newest = StudyVersion.objects.get(study_id=other.id)
    client = browse(head)
    keep(client, "Satu", studi=str(version.id))
    keep(client, "Dua", studi=str(newest.id))
    ids = [str(row.id) for row in Scenario.objects.all()]
    page = text_of(client.get(f"{PAGE}/bandingkan", {"s": ids}))
    assert 'data-uji="banding-metode"' in page


def test_the_district_sees_all_and_the_head_her_own(
    browse, district, district_officer, head
) -> None:
    cakru = str(district.places["Cakru"].id)
    query = as_query({"puskesmas": [cakru], "norma": [NORM]})
    save_scenario("Cakru saja", query, by=district_officer)
    assert "Cakru saja" in text_of(browse(district_officer).get(LIST))
    assert "Cakru saja" not in text_of(browse(head).get(LIST))
    row = Scenario.objects.get()
    assert browse(head).get(PAGE, {"skenario": row.id}).status_code == 404
    refused = browse(head).post(f"{LIST}/{row.id}/arsip", {"op": "op-lain-12345"})
    assert refused.status_code == 404


@pytest.mark.parametrize("who", ["registrar", "nurse", "recorder", "technician", "outsider"])
def test_others_may_neither_see_nor_keep(browse, alone, who: str, request) -> None:
    client = browse(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == 403
    assert client.get(LIST).status_code == 403
    assert client.get(f"{PAGE}/bandingkan").status_code == 403
    assert keep(client, "Tidak").status_code == 403
    assert not Scenario.objects.exists()


def test_statements_do_not_grow_with_scenarios(
    browse, alone, head, version, django_assert_max_num_queries
) -> None:
    client = browse(head)
    for n in range(6):
        keep(client, f"Skenario {n}", studi=str(version.id), volume=str(n))
    with django_assert_max_num_queries(8):
        client.get(LIST)
    with django_assert_max_num_queries(16):
        client.get(PAGE, {"studi": version.id, **COUNTER})


def test_figures_stored_are_exact_enough(alone, head, version) -> None:
    row = save_scenario("Dua", as_query({"studi": [str(version.id)]}), by=head)
    assert Decimal(str(row.outcome["need"]["fte"][0])) == Decimal("2.95")
