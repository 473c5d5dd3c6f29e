"""The professions of a Puskesmas: one code, Indonesian and English names, spellings in tables.

The nine kinds of health staff the ministry counts are those of its vacancy page ("9 jenis nakes");
the others stand in Permenkes 75/2014 (administration, helper), PermenPAN-RB 30/2013 (record staff)
and Permenkes 19/2024 (epidemiologist, clinical psychologist, physiotherapist, dental therapist).

Where two norms name one group of people differently they share a code: SKM (Kepmenkes 81/2004),
kesmas (Permenkes 75/2014) and promkes (the ministry today) are `kesmas`; asisten apoteker and
apoteker are `farmasi`; sanitarian and tenaga kesehatan lingkungan are `kesling`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Profession:
    """One profession: its code, its names, a short name for narrow columns, and its synonyms."""

    code: str
    name: str
    english: str
    short: str
    synonyms: tuple[str, ...] = ()


_TABLE = (
    Profession(
        "dokter",
        "Dokter",
        "Physician",
        "Dokter",
        (
            "dr",
            "dokter umum",
            "dr umum",
            "doctor",
            "doctors",
            "general practitioner",
            "gp",
            "medical doctor",
            "physicians",
        ),
    ),
    Profession(
        "dokter_gigi",
        "Dokter gigi",
        "Dentist",
        "Drg",
        ("drg", "dr gigi", "dentists", "dental surgeon"),
    ),
    Profession(
        "perawat",
        "Perawat",
        "Nurse",
        "Perawat",
        ("nurses", "ners", "tenaga keperawatan", "keperawatan", "nursing"),
    ),
    Profession(
        "bidan",
        "Bidan",
        "Midwife",
        "Bidan",
        ("midwives", "midwifes", "tenaga kebidanan", "kebidanan", "bidan desa", "midwifery"),
    ),
    Profession(
        "kesmas",
        "Tenaga kesehatan masyarakat",
        "Public health officer",
        "Kesmas",
        (
            "skm",
            "promkes",
            "promosi kesehatan",
            "tenaga promosi kesehatan",
            "tenaga promkes",
            "promotor kesehatan",
            "penyuluh kesehatan",
            "penyuluh kesehatan masyarakat",
            "promosi kesehatan dan ilmu perilaku",
            "kesehatan masyarakat",
            "sarjana kesehatan masyarakat",
            "tenaga kesmas",
            "public health",
            "public health staff",
            "health promotion",
            "health promoter",
            "health promotion officer",
        ),
    ),
    Profession(
        "kesling",
        "Tenaga kesehatan lingkungan",
        "Environmental health officer",
        "Kesling",
        (
            "sanitarian",
            "sanitasi",
            "sanitasi lingkungan",
            "tenaga sanitasi lingkungan",
            "tenaga sanitasi",
            "tenaga kesling",
            "kesehatan lingkungan",
            "sanit",
            "environmental health",
            "sanitation",
            "sanitarians",
        ),
    ),
    Profession(
        "gizi",
        "Tenaga gizi",
        "Nutritionist",
        "Gizi",
        (
            "nutrisionis",
            "ahli gizi",
            "akademi gizi",
            "dietisien",
            "nutrition",
            "nutritionists",
            "dietitian",
            "dietician",
        ),
    ),
    Profession(
        "farmasi",
        "Tenaga kefarmasian",
        "Pharmacy staff",
        "Farmasi",
        (
            "kefarmasian",
            "tenaga farmasi",
            "tenaga teknis kefarmasian",
            "ttk",
            "apoteker",
            "asisten apoteker",
            "ass apoteker",
            "asap",
            "asapt",
            "as apt",
            "aa",
            "pharmacist",
            "pharmacists",
            "pharmacy",
            "assistant pharmacist",
            "pharmacist assistant",
            "pharmacy assistant",
            "pharmacy technician",
        ),
    ),
    Profession(
        "atlm",
        "Ahli teknologi laboratorium medik",
        "Medical laboratory technologist",
        "ATLM",
        (
            "analis",
            "analis lab",
            "analis laboratorium",
            "analis kesehatan",
            "analisis lab",
            "analisis laboratorium",
            "analis medis",
            "pranata laboratorium",
            "pranata laboratorium kesehatan",
            "pranata labkes",
            "tenaga laboratorium",
            "tenaga atlm",
            "laboratorium",
            "lab",
            "laboran",
            "ahli teknologi laboratorium medis",
            "laboratory",
            "laboratory analyst",
            "laboratory technologist",
            "laboratory technician",
            "lab analyst",
            "lab technician",
            "lab technologist",
            "medical laboratory",
            "analyst",
        ),
    ),
    Profession(
        "terapis_gigi",
        "Terapis gigi dan mulut",
        "Dental therapist",
        "Terapis gigi",
        (
            "terapis gigi",
            "tgm",
            "perawat gigi",
            "dental nurse",
            "dental therapists",
            "dental hygienist",
        ),
    ),
    Profession(
        "perekam_medis",
        "Perekam medis dan informasi kesehatan",
        "Medical record officer",
        "Perekam medis",
        (
            "perekam medis",
            "rekam medis",
            "pmik",
            "rekam medik",
            "perekam medik",
            "medical record",
            "medical records",
            "medical record staff",
            "medical records officer",
            "health information",
        ),
    ),
    Profession(
        "epidemiolog",
        "Epidemiolog kesehatan",
        "Epidemiologist",
        "Epidemiolog",
        ("epidemiologi", "epidemiolog", "epidemiologists", "surveilans"),
    ),
    Profession(
        "psikolog_klinis",
        "Psikolog klinis",
        "Clinical psychologist",
        "Psikolog",
        ("psikolog", "psychologist"),
    ),
    Profession(
        "fisioterapis",
        "Fisioterapis",
        "Physiotherapist",
        "Fisioterapis",
        ("fisioterapi", "physiotherapy", "physical therapist"),
    ),
    Profession(
        "radiografer",
        "Radiografer",
        "Radiographer",
        "Radiografer",
        ("radiologi", "penata rontgen"),
    ),
    Profession(
        "admin",
        "Tenaga administrasi",
        "Administrative staff",
        "Admin",
        (
            "administrasi",
            "tata usaha",
            "tu",
            "tenaga tata usaha",
            "staf administrasi",
            "administration",
            "administrative",
            "clerk",
            "clerks",
        ),
    ),
    Profession(
        "pekarya",
        "Pekarya",
        "Support worker",
        "Pekarya",
        (
            "pekarya kesehatan",
            "cleaning service",
            "tenaga kebersihan",
            "penjaga",
            "sopir",
            "pengemudi",
            "support staff",
            "helper",
            "driver",
        ),
    ),
    Profession(
        "lainnya",
        "Tenaga lain",
        "Other staff",
        "Lainnya",
        ("lain lain", "lain", "tenaga lainnya", "other", "others"),
    ),
)

#: Every profession by its code, in the order tables show them.
PROFESSIONS: dict[str, Profession] = {profession.code: profession for profession in _TABLE}

#: The "9 jenis nakes" of the ministry's vacancy and fulfilment figures.
NINE_KINDS = (
    "dokter",
    "dokter_gigi",
    "perawat",
    "bidan",
    "kesmas",
    "kesling",
    "gizi",
    "farmasi",
    "atlm",
)

_NOT_LETTERS = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Return a heading as compared: small letters and digits, single spaces, no punctuation."""
    return _NOT_LETTERS.sub(" ", text).casefold().strip()


def _spellings() -> dict[str, str]:
    known: dict[str, str] = {}
    for profession in _TABLE:
        own = (profession.code, profession.name, profession.english, profession.short)
        for spelling in (*own, *profession.synonyms):
            if known.setdefault(plain(spelling), profession.code) != profession.code:
                raise ValueError(f"two professions are written {spelling!r}")
    return known


_KNOWN = _spellings()
#: "Laboratory technicians": the table keeps the singular. Short words ("Drs.") are no plurals.
_PLURAL = re.compile(r"(?<=[a-z]{4})s\b")
_LEADING = ("jumlah ", "jml ", "jlh ", "tenaga ", "number of ", "total ")


@lru_cache(maxsize=4096)
def find_profession(text: str) -> str | None:
    """Return the code of a profession as people write it ("Drg.", "Asisten Apoteker"), or None.

    "Jumlah dokter" and "Number of nurses" are read too; a spelling that is not in the table is
    never guessed.
    """
    words = plain(text)
    for spelling in (words, _PLURAL.sub("", words)):
        if spelling in _KNOWN:
            return _KNOWN[spelling]
        for leading in _LEADING:
            if spelling.startswith(leading) and spelling.removeprefix(leading) in _KNOWN:
                return _KNOWN[spelling.removeprefix(leading)]
    return None


def profession_name(code: str, *, english: bool = False) -> str:
    """Return the name of a code as people read it; an unknown code comes back as it is."""
    found = PROFESSIONS.get(code)
    if found is None:
        return code
    return found.english if english else found.name


def in_table_order(codes: Iterable[str]) -> list[str]:
    """Return codes in the order of the table, unknown ones last by name."""
    places = {code: place for place, code in enumerate(PROFESSIONS)}
    return sorted(set(codes), key=lambda code: (places.get(code, len(places)), code))
