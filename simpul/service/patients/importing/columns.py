"""Which column of somebody's list is what: known by its heading, chosen by a person where not.

Headings are compared without case, spaces and signs, so "No. KTP", "NO_KTP" and "no ktp" are one.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Field → what its column is called on the page, in the order of the page.
FIELDS: dict[str, str | Promise] = {
    "name": _("Nama"),
    "nik": _("NIK"),
    "birth_date": _("Tanggal lahir"),
    "birth_place_date": _("Tempat, tanggal lahir"),
    "age": _("Umur"),
    "sex": _("Jenis kelamin"),
    "old_mrn": _("Nomor rekam medis"),
    "bpjs_number": _("Nomor BPJS"),
    "kk_number": _("Nomor KK"),
    "mother_name": _("Nama ibu"),
    "address": _("Alamat"),
    "rt_rw": _("RT/RW dalam satu kolom"),
    "rt": _("RT"),
    "rw": _("RW"),
    "village": _("Desa/kelurahan"),
    "phone": _("Telepon"),
    "religion": _("Agama"),
    "occupation": _("Pekerjaan"),
    "education": _("Pendidikan"),
    "marital_status": _("Status kawin"),
    "guardian_name": _("Nama kepala keluarga/penanggung jawab"),
    "passport": _("Paspor"),
}

_HEADINGS: dict[str, tuple[str, ...]] = {
    "name": (
        "nama", "namapasien", "namalengkap", "namalengkappasien", "namapeserta", "pasien", "name",
        "nmpasien", "namapx", "fullname", "namaanggotakeluarga", "namapenduduk", "nm",
    ),
    "nik": (
        "nik", "noktp", "nomorktp", "ktp", "noindukkependudukan", "nomorindukkependudukan",
        "nonik", "nomornik", "noidentitas", "nomoridentitas", "niknoktp", "nikktp", "nomorinduk",
        "noktpnik", "nikpasien",
    ),
    "birth_date": (
        "tgllahir", "tanggallahir", "tgllhr", "birthdate", "dateofbirth", "dob", "lahir",
        "tglkelahiran", "tgllahirpasien", "tanggalkelahiran", "birth",
    ),
    "birth_place_date": (
        "ttl", "tempattanggallahir", "tempattgllahir", "tmptgllahir", "tempatdantanggallahir",
        "tempatdantgllahir", "tmpttgllahir", "tptgllahir",
    ),
    "age": ("umur", "usia", "age", "umurth", "umurtahun", "usiatahun", "umurthn"),
    "sex": (
        "jk", "lp", "jeniskelamin", "jenkel", "kelamin", "sex", "gender", "lakiperempuan", "jnskel",
        "jeniskelaminlp", "jklp", "seks", "jnskelamin",
    ),
    "old_mrn": (
        "rm", "norm", "nomorrm", "norekammedis", "nomorrekammedis", "rekammedis", "mrn", "rmlama",
        "normlama", "nomorrmlama", "nokartuberobat", "noindexkartu", "noindeks", "norekmed",
        "nomorrekmed", "norekammedik", "nomorrekammedik", "idpasien", "kodepasien", "nopasien",
        "nocm", "oldmrn", "norekammedislama",
    ),
    "bpjs_number": (
        "bpjs", "nobpjs", "nomorbpjs", "nokartu", "noka", "nomorkartu", "nokartubpjs", "nojkn",
        "nomorjkn", "nokis", "nomorkartubpjs", "kartubpjs", "bpjskis", "nokabpjs", "jkn", "kis",
        "noasuransi", "bpjsnumber", "nopesertabpjs", "nokartujkn",
    ),
    "kk_number": (
        "kk", "nokk", "nomorkk", "nokartukeluarga", "nomorkartukeluarga", "kartukeluarga",
        "kknumber",
    ),
    "mother_name": (
        "ibu", "namaibu", "namaibukandung", "ibukandung", "mothername", "nmibu", "namaortuibu",
    ),
    "address": (
        "alamat", "alamatlengkap", "alamatktp", "alamatrumah", "address", "alamatpasien",
        "alamatdomisili", "jalan", "dusun", "jalandusun",
    ),
    "rt_rw": ("rtrw", "rtdanrw", "rw/rt"),
    "rt": ("rt", "nort"),
    "rw": ("rw", "norw"),
    "village": (
        "desa", "kelurahan", "desakelurahan", "keldesa", "desakel", "kel", "village", "namadesa",
        "kelurahandesa", "dskel",
    ),
    "phone": (
        "hp", "nohp", "telp", "notelp", "telepon", "notelepon", "nomortelepon", "nomorhp", "phone",
        "handphone", "nohandphone", "wa", "nowa", "whatsapp", "nohptelp", "telphp", "notelphp",
        "kontak", "nomortelp", "tlp", "notlp",
    ),
    "religion": ("agama", "religion"),
    "occupation": ("pekerjaan", "occupation", "kerja"),
    "education": ("pendidikan", "education", "pendidikanterakhir"),
    "marital_status": (
        "statuskawin", "statusperkawinan", "statusnikah", "kawin", "maritalstatus",
    ),
    "guardian_name": (
        "namakk", "kepalakeluarga", "namakepalakeluarga", "penanggungjawab",
        "namapenanggungjawab", "guardianname",
    ),
    "passport": ("paspor", "nopaspor", "nomorpaspor", "passport"),
}  # fmt: skip
_FIELD_OF = {key: field for field, keys in _HEADINGS.items() for key in keys}

#: What a list needs at the least: somebody's name, and when they were born by any way.
BORN = frozenset({"birth_date", "birth_place_date", "age", "nik"})


def heading_key(heading: object) -> str:
    """Return a heading without case, accents, spaces and signs."""
    plain = unicodedata.normalize("NFKD", str(heading or "")).casefold()
    plain = re.sub(r"\(.*?\)|\*", "", plain) or plain
    return re.sub(r"[^a-z0-9]", "", plain)


def field_of(heading: object) -> str:
    """Return the field a heading stands for; "" where it is not known."""
    return _FIELD_OF.get(heading_key(heading), "")


def is_heading_row(cells: Iterable[object]) -> bool:
    """Does this row name the columns of a list of people?"""
    known = {field_of(cell) for cell in cells if isinstance(cell, str)} - {""}
    return "name" in known and len(known) >= 2


def guess_mapping(headings: Sequence[str]) -> dict[int, str]:
    """Return place → field for the headings that are known; of two alike the first is taken."""
    mapping: dict[int, str] = {}
    for place, heading in enumerate(headings):
        field = field_of(heading)
        if field and field not in mapping.values():
            mapping[place] = field
    return mapping


def missing_columns(mapping: Mapping[int, str]) -> tuple[str, ...]:
    """Return what a list cannot do without: "name", "born", or nothing."""
    chosen = set(mapping.values())
    lacks = [] if "name" in chosen else ["name"]
    return (*lacks, *(() if chosen & BORN else ("born",)))
