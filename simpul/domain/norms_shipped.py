"""The norm sets shipped with the program, exactly as their sources print them, and no other.

`dsp-2004`: the tables urban and rural of Kepmenkes 81/Menkes/SK/I/2004, by way of Tables I and II
of the Jember study (health posts only: 26 and 20 of the 40 and 23 of the decree). The tables for
remote, very remote, island and strategic areas were not found and are not made up.

`permenkes-75-2014`: minimum staff of the annex, without and with inpatient care.

`skm`: "standar ketenagaan minimal" as the ministry's own dashboard prints it today (Permenkes
43/2019, whose annex could not be read; replaced by Permenkes 19/2024).
"""

from datetime import date

from simpul.domain.norms import NormSet, Post
from simpul.domain.professions import plain

_URBAN = ("perkotaan",)
_RURAL = ("pedesaan",)
_REMOTE = ("terpencil", "sangat_terpencil")


def _dsp(categories: tuple[str, ...], *rows: tuple[str, str, int]) -> tuple[Post, ...]:
    """Return posts from rows of a table: activity, professions joined by "/", people."""
    return tuple(
        Post(tuple(who.split("/")), count, label, categories=categories)
        for label, who, count in rows
    )


_DSP_URBAN = _dsp(
    _URBAN,
    # Table I, rows 1-18; row 1 reads "Dokter/SKM".
    ("Kepala Puskesmas", "dokter/kesmas", 1),
    ("Kepala tata usaha", "kesmas", 1),
    ("Poliklinik umum", "dokter", 2),
    ("Poliklinik umum", "perawat", 1),
    ("Kamar suntik", "perawat", 1),
    ("Unit gawat darurat", "perawat", 4),
    ("Poliklinik gigi", "dokter_gigi", 1),
    ("Poliklinik gigi", "perawat", 1),
    ("KIA, KB", "bidan", 2),
    ("Kesehatan, gizi keluarga", "gizi", 1),
    ("UKS", "perawat", 1),
    ("Puskesmas", "bidan", 1),
    ("Laboratorium", "atlm", 1),
    ("Apotek", "farmasi", 1),
    ("Imunisasi", "perawat", 2),
    ("PSM", "bidan", 1),
    ("Kesling dan penyuluhan", "kesling", 2),
    # Not "setiap": the urban table gives two nurses for Pustu as such.
    ("Pustu", "perawat", 2),
)

_DSP_RURAL = (
    *_dsp(
        _RURAL,
        # Table II, rows 1-18.
        ("Kepala Puskesmas", "dokter/kesmas", 1),
        ("Kepala tata usaha", "kesmas", 1),
        ("R/R, perencanaan, evaluasi", "perawat", 1),
        ("Poliklinik umum", "dokter", 1),
        ("Poliklinik umum", "perawat", 1),
        ("Poliklinik gigi", "dokter_gigi", 1),
        ("Poliklinik gigi", "perawat", 1),
        ("KIA, KB", "bidan", 1),
        ("Kesehatan, gizi keluarga", "gizi", 1),
        ("Puskesmas", "bidan", 1),
        ("Peran serta masyarakat", "bidan", 1),
        ("Kesling dan penyuluhan", "kesling", 1),
        ("Laboratorium", "atlm", 1),
        ("Apotek", "farmasi", 1),
        ("Surveilans", "kesling", 1),
        ("Pencegahan dan pemberantasan", "perawat", 1),
        ("Imunisasi", "perawat", 1),
        ("JPKM", "perawat", 1),
    ),
    # Rows 19 and 20 read "Setiap Pustu" and "Setiap Bidan Desa": one for each, not one.
    Post(("perawat",), 1, "Setiap Pustu", "pustu", _RURAL),
    Post(("bidan",), 1, "Setiap bidan desa", "village", _RURAL),
)

_KINDS_75 = (
    "dokter",
    "dokter_gigi",
    "perawat",
    "bidan",
    "kesmas",
    "kesling",
    "atlm",
    "gizi",
    "farmasi",
    "admin",
    "pekarya",
)


def _minimum(
    kinds: tuple[str, ...], categories: tuple[str, ...], inpatient: bool, counts: tuple[int, ...]
) -> tuple[Post, ...]:
    """Return posts from one line of a table of counts."""
    return tuple(
        Post((code,), count, categories=categories, inpatient=inpatient)
        for code, count in zip(kinds, counts, strict=True)
    )


_POSTS_75 = (
    *_minimum(_KINDS_75, _URBAN, False, (1, 1, 5, 4, 2, 1, 1, 1, 1, 3, 2)),
    *_minimum(_KINDS_75, _URBAN, True, (2, 1, 8, 7, 2, 1, 1, 2, 2, 3, 2)),
    # Remote and very remote facilities have the counts of rural ones.
    *_minimum(_KINDS_75, (*_RURAL, *_REMOTE), False, (1, 1, 5, 4, 1, 1, 1, 1, 1, 2, 1)),
    *_minimum(_KINDS_75, (*_RURAL, *_REMOTE), True, (2, 1, 8, 7, 1, 1, 1, 2, 1, 2, 1)),
)

_KINDS_SKM = (
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

_POSTS_SKM = tuple(
    # Promkes is printed as 1 or 2 for facilities without inpatient care (2 in 14 of 18 that are
    # not remote); the lower end is the standard, the upper end is told as a finding.
    Post(post.professions, post.count, inpatient=False, high=2)
    if post.professions == ("kesmas",) and post.inpatient is False
    else post
    for post in (
        *_minimum(_KINDS_SKM, (), False, (1, 1, 5, 4, 1, 1, 1, 1, 1)),
        *_minimum(_KINDS_SKM, (), True, (2, 1, 8, 7, 1, 1, 2, 1, 1)),
    )
)

_YEAR_ONLY = "Hanya tahun berlakunya yang diketahui; tanggalnya belum diperiksa."

DSP_2004 = NormSet(
    "dsp-2004",
    "DSP Puskesmas, Kepmenkes 81/2004",
    "Kepmenkes 81/Menkes/SK/I/2004, model DSP Puskesmas perkotaan dan pedesaan, sebagaimana "
    "dikutip Dewanto dkk., Analisis dan Pemetaan Tenaga Kesehatan pada Puskesmas di Kabupaten "
    "Jember, Tabel I–III",
    (*_DSP_URBAN, *_DSP_RURAL),
    date(2004, 1, 1),
    date(2015, 12, 31),  # Permenkes 33/2015 put another way of planning in its place
    (*_URBAN, *_RURAL),
    verified=False,
    note="Naskah aslinya belum dilihat; hanya tenaga kesehatan (26 dari 40 orang di perkotaan, "
    "20 dari 23 di pedesaan). Tabel terpencil, sangat terpencil, kepulauan dan strategis tidak "
    f"ditemukan. {_YEAR_ONLY}",
)

PERMENKES_75_2014 = NormSet(
    "permenkes-75-2014",
    "Ketenagaan minimal, Permenkes 75/2014",
    "Permenkes 75/2014 tentang Puskesmas, lampiran: ketenagaan minimal Puskesmas nonrawat inap "
    "dan rawat inap",
    _POSTS_75,
    date(2014, 1, 1),
    date(2019, 12, 31),  # replaced by Permenkes 43/2019
    (*_URBAN, *_RURAL, *_REMOTE),
    verified=True,
    note=_YEAR_ONLY,
)

SKM = NormSet(
    "skm",
    "Standar ketenagaan minimal Kemenkes (berlaku kini)",
    "Dasbor Standar Ketenagaan Minimal Puskesmas, Kementerian Kesehatan (Permenkes 43/2019; "
    "Permenkes 19/2024 menggantikannya)",
    _POSTS_SKM,
    date(2019, 1, 1),
    None,
    (*_URBAN, *_RURAL, "tidak_terpencil", *_REMOTE),
    verified=False,
    note="Angka seperti dicetak dasbor kementerian; lampiran peraturannya belum terbaca. Promkes "
    f"nonrawat inap tercetak 1 atau 2: dipakai 1, selisihnya disebut. {_YEAR_ONLY}",
)

#: The shipped norm sets by code.
SHIPPED: dict[str, NormSet] = {norm.code: norm for norm in (DSP_2004, PERMENKES_75_2014, SKM)}


def find_shipped(name: str) -> NormSet | None:
    """Return the shipped norm of that code, however it is written ("DSP 2004"), or None."""
    return next((norm for norm in SHIPPED.values() if plain(norm.code) == plain(name)), None)
