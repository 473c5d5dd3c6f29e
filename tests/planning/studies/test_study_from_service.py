"""The one button: a study of this year from what the service did, with what was assumed."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from simpul.domain.timing import measure
from simpul.foundation.register.inputs import StaffInput
from simpul.foundation.register.services import add_member
from simpul.planning.studies import service_data
from simpul.planning.studies.models import Study, StudyVersion
from simpul.planning.workload.activities import GAP
from simpul.planning.workload.selectors import ActivityLoad, CategoryLoad, Period, YearlyWorkload

ROOT = "/perencanaan/studi"
FIELDS = {"title": "", "year": "2026", "units": "rekam-medis", "variant": "who_wisn"}


def act(label: str, volume: int, seconds: str | None, unit: str = "rekam-medis") -> ActivityLoad:
    """One measured act of the journal."""
    return ActivityLoad(
        code=label.casefold(),
        label=label,
        unit=unit,
        unit_name="Rekam medis",
        counted=volume,
        volume=volume,
        unit_seconds=None if seconds is None else Decimal(seconds),
        source="" if seconds is None else "journal",
        provenance="Median dari 60 tindakan",
        evidence={},
        timing=measure(Counter({60: 20, 90: 20, 120: 20}), GAP),
    )


@pytest.fixture
def measured(monkeypatch):
    """What the journal would give, without a year of it."""

    def give(**asked):
        return YearlyWorkload(
            asked["facility"],
            asked["unit"],
            asked["year"],
            Period(date(2026, 1, 1), date(2026, 6, 30)),
            365,
            (
                CategoryLoad(
                    "pendaftaran",
                    "Pendaftaran",
                    2,
                    (
                        act("Pasien baru", 4000, "90"),
                        act("Pasien lama", 12000, "90"),
                        act("Kelengkapan", 300, None),
                    ),
                ),
            ),
            ("Setahun diperkirakan dari 181 hari.",),
        )

    monkeypatch.setattr(service_data, "yearly_workload", give)


def test_one_button_makes_the_study_and_says_what_was_assumed(browse, head, measured):
    client = browse(head)
    answer = client.post(f"{ROOT}/dari-layanan", FIELDS)

    version = StudyVersion.objects.get()
    category = version.input["categories"][0]
    assert answer["Location"].startswith(f"{ROOT}/{version.study_id}")
    assert version.origin == "service"
    assert version.study.title == "WISN Pendaftaran & Rekam Medis"
    assert [a["volume"] for a in category["activities"]] == [4000, 12000]
    assert category["activities"][0]["unit_time"]["value"] == 90
    assert category["staff"] == 2
    page = client.get(answer["Location"]).content.decode()
    for words in (
        "Yang diandaikan",
        "Setahun diperkirakan dari 181 hari.",
        "Belum dihitung karena belum ada waktunya: Kelengkapan (300).",
        "6 hari × 52 minggu = 312 hari",
        "Petugas yang ada untuk Pendaftaran: 2 orang, yaitu yang tercatat mengerjakannya",
        "Kelonggaran (rapat, laporan, pelatihan) belum diisi",
    ):
        assert words in page


def test_the_quartiles_are_the_range_the_study_is_tried_with(browse, head, measured):
    browse(head).post(f"{ROOT}/dari-layanan", FIELDS)

    version = StudyVersion.objects.get()
    time = version.input["categories"][0]["activities"][0]["unit_time"]

    assert time["low"] <= 90 <= time["high"]
    assert version.result["sensitivity_spread"] is None


def test_a_year_later_what_the_journal_cannot_know_is_kept(browse, head, measured, write):
    write(
        head,
        year=2025,
        units=("rekam-medis",),
        k1__name="pendaftaran",
        k1__staff="3",
        k1__a1__name="Pasien baru",
    )
    browse(head).post(f"{ROOT}/dari-layanan", FIELDS)

    version = StudyVersion.objects.get(origin="service")
    category = version.input["categories"][0]
    assert category["working_time"]["working_days"] == 313
    assert category["allowances"][0]["name"] == "Pertemuan rutin"
    assert category["staff"] == 3
    assert category["activities"][0]["last_year_volume"] == 3690
    assert "last_year_volume" not in category["activities"][1]
    assert version.study.series == Study.objects.get(year=2025).series


def test_the_register_says_how_many_there_are(browse, head, monkeypatch):
    for name, units in (("Ani Contoh", ("umum",)), ("Budi Contoh", ("umum",)), ("Citra", ())):
        typed = StaffInput(name=name, profession="perawat", units=units)
        add_member(head.facility_id, typed, by=head)
    nurses = CategoryLoad("perawat", "Perawat", 1, (act("Pelayanan", 900, "600", "umum"),))

    def give(**asked):
        period = Period(date(2026, 1, 1), date(2026, 12, 31))
        return YearlyWorkload(asked["facility"], asked["unit"], 2026, period, 365, (nurses,), ())

    monkeypatch.setattr(service_data, "yearly_workload", give)
    client = browse(head)

    client.post(f"{ROOT}/dari-layanan", FIELDS | {"units": []})
    whole = StudyVersion.objects.get()
    assert whole.input["categories"][0]["staff"] == 3
    assert "3 orang menurut daftar tenaga" in " ".join(whole.extras["assumptions"])

    client.post(f"{ROOT}/dari-layanan", FIELDS | {"units": "umum"})
    unit = StudyVersion.objects.exclude(id=whole.id).get()
    assert unit.input["categories"][0]["staff"] == 2

    client.post(f"{ROOT}/dari-layanan", FIELDS | {"units": "kia"})
    other = StudyVersion.objects.exclude(id__in=[whole.id, unit.id]).get()
    assert other.input["categories"][0]["staff"] == 1
    assert "daftar tenaga tidak memuatnya untuk unit ini" in " ".join(other.extras["assumptions"])


def test_abk_kes_takes_its_own_hours(browse, head, measured):
    browse(head).post(f"{ROOT}/dari-layanan", FIELDS | {"variant": "abk_kes"})

    version = StudyVersion.objects.get()
    assert "working_time" not in version.input["categories"][0]
    assert version.result["categories"][0]["available_working_time"]["hours"] == 1200


def test_a_new_study_is_offered_the_method_of_the_last_one(browse, head, measured):
    client = browse(head)
    assert 'value="who_wisn" selected' in client.get(f"{ROOT}/baru").content.decode()

    client.post(f"{ROOT}/dari-layanan", FIELDS | {"variant": "kepmenkes81"})

    assert 'value="kepmenkes81" selected' in client.get(f"{ROOT}/baru").content.decode()


def test_a_year_without_service_says_so_and_keeps_what_was_typed(browse, head):
    answer = browse(head).post(f"{ROOT}/dari-layanan", FIELDS | {"title": "Loket 2026"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "belum memuat kegiatan yang terukur" in page
    assert 'value="Loket 2026"' in page
    assert not Study.objects.exists()


def test_an_unreadable_year_is_refused(browse, head, measured):
    answer = browse(head).post(f"{ROOT}/dari-layanan", FIELDS | {"year": "tahun ini"})

    assert answer.status_code == 422
    assert not Study.objects.exists()
