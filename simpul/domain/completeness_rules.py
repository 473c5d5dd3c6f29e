"""What a complete record holds: the default table, one line an item. Data only.

The four components of quantitative analysis in Indonesian record rooms: identification, important
reports, authentication, good recording. Items follow Permenkes 24/2022 (art. 14 identity, art. 16
entries with name, time and signature of the health worker) and the service standard of completion
within 24 hours (Kepmenkes 129/2008). `fact` and `condition` name a test in completeness.py.
"""

from dataclasses import dataclass
from typing import Literal

Component = Literal["identification", "reports", "authentication", "recording"]
Responsible = Literal["pendaftaran", "klinisi"]

COMPONENT_LABELS: dict[Component, str] = {
    "identification": "Identifikasi",
    "reports": "Laporan penting",
    "authentication": "Autentikasi",
    "recording": "Pencatatan",
}

# Units in which a patient is examined; pharmacy, laboratory and record room write other sheets.
CARE_UNITS = frozenset({
    "umum", "lansia", "gigi", "mtbs", "kia", "imunisasi", "ugd",
    "rawat-inap", "persalinan", "gizi", "tb",
})  # fmt: skip
# Dental and nutrition visits come without a full row of vital signs.
VITALS_UNITS = CARE_UNITS - {"gigi", "gizi"}
# A nutritionist advises on a diagnosis another unit has made.
DIAGNOSIS_UNITS = CARE_UNITS - {"gizi"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One item: in which units (none named: all), under which condition, tested how, owed by whom.

    `message` is said when the item is missing.
    """

    code: str
    component: Component
    label: str
    fact: str
    message: str
    responsible: Responsible
    condition: str = ""
    units: frozenset[str] = frozenset()


DEFAULT_RULES: tuple[Rule, ...] = (
    Rule("mrn", "identification", "Nomor RM", "mrn", "Nomor RM belum ada.", "pendaftaran"),
    Rule("name", "identification", "Nama", "name", "Nama pasien belum ada.", "pendaftaran"),
    Rule(
        "birth_date", "identification", "Tanggal lahir", "birth_date",
        "Tanggal lahir belum ada.", "pendaftaran",
    ),
    Rule(
        "sex", "identification", "Jenis kelamin", "sex",
        "Jenis kelamin belum ada.", "pendaftaran",
    ),
    Rule(
        "subjective", "reports", "Anamnesis (S)", "subjective",
        "Anamnesis (S) belum diisi.", "klinisi", units=CARE_UNITS,
    ),
    Rule(
        "objective", "reports", "Pemeriksaan (O)", "objective",
        "Pemeriksaan (O) belum diisi.", "klinisi", units=CARE_UNITS,
    ),
    Rule(
        "vitals", "reports", "Tanda vital", "vitals",
        "Tanda vital belum diukur.", "klinisi", units=VITALS_UNITS,
    ),
    Rule(
        "diagnosis", "reports", "Diagnosis utama", "primary_diagnosis",
        "Diagnosis utama dengan kode ICD-10 belum ada.", "klinisi", units=DIAGNOSIS_UNITS,
    ),
    Rule(
        "plan", "reports", "Rencana/terapi (P)", "plan",
        "Rencana atau terapi (P) belum diisi.", "klinisi", units=CARE_UNITS,
    ),
    Rule(
        "allergy", "reports", "Alergi", "allergy_asked",
        "Alergi belum ditanyakan.", "klinisi", units=CARE_UNITS,
    ),
    Rule(
        "consent", "reports", "Persetujuan tindakan", "consent",
        "Persetujuan tindakan belum ada.", "klinisi", condition="invasive_procedure",
    ),
    Rule(
        "lab_result", "reports", "Hasil laboratorium", "lab_result",
        "Hasil laboratorium yang diminta belum ada.", "klinisi", condition="lab_ordered",
    ),
    Rule(
        "author", "authentication", "Nama penulis", "entries_authored",
        "Ada catatan tanpa nama penulis.", "klinisi",
    ),
    Rule(
        "profession", "authentication", "Profesi penulis", "entries_professions",
        "Ada catatan tanpa profesi penulis.", "klinisi",
    ),
    Rule(
        "signed", "authentication", "Tanda tangan dan jam", "entries_signed",
        "Ada catatan yang belum ditandatangani.", "klinisi",
    ),
    Rule(
        "in_time", "authentication", "Ditandatangani dalam 24 jam", "entries_in_time",
        "Ada catatan yang ditandatangani lebih dari 24 jam setelah pelayanan.", "klinisi",
        condition="all_signed",
    ),
    Rule(
        "no_blank", "recording", "Tidak ada catatan kosong", "no_empty_entries",
        "Ada catatan yang kosong.", "klinisi",
    ),
    Rule(
        "corrections", "recording", "Perbaikan beralasan", "corrections_reasoned",
        "Ada perbaikan tanpa alasan.", "klinisi", condition="any_correction",
    ),
)  # fmt: skip
