"""Which unit serves whom: the national rule table, units and clusters. Data only; see placement.py.

Order and clusters follow the technical guide of integrated primary care (Kepmenkes
HK.01.07/MENKES/2015/2023): emergencies first, teeth, infectious disease, then the cycle of life.
Words are given as people say them at the counter, with the commonest regional ones (Javanese,
Sundanese, Madurese, Malay). A Puskesmas may edit its own copy of this table.
"""

from dataclasses import dataclass, field
from math import ceil
from typing import Literal

from simpul.domain.identity import Sex

Cluster = Literal["1", "2", "3", "4", "lintas"]

UNITS: dict[str, str] = {
    "umum": "Poli Umum",
    "lansia": "Poli Lansia",
    "gigi": "Poli Gigi",
    "mtbs": "MTBS",
    "kia": "KIA",
    "imunisasi": "Imunisasi",
    "ugd": "Gawat Darurat",
    "rawat-inap": "Rawat Inap",
    "persalinan": "Persalinan",
    "gizi": "Gizi",
    "tb": "TB",
    "farmasi": "Farmasi",
    "laboratorium": "Laboratorium",
    "rekam-medis": "Rekam Medis",
}

CLUSTER_LABELS: dict[Cluster, str] = {
    "1": "Klaster 1",
    "2": "Klaster 2",
    "3": "Klaster 3",
    "4": "Klaster 4",
    "lintas": "Lintas klaster",
}

ADULT_YEARS = 18
ELDERLY_YEARS = 60
UNDER_FIVE_YEARS = 5
FERTILE_FROM_YEARS = 10
FERTILE_UNTIL_YEARS = 55


def years(count: int) -> int:
    """Age in days at which so many years are complete; placement counts ages the same way."""
    return ceil(count * 365.25)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: it fits when every condition given holds.

    `words` are phrases of the complaint, any one of them; empty: the complaint does not matter.
    `unless` are phrases that speak against. `lasting` are symptoms that count only from
    `lasting_days` on. Ages run from `age_from_days` to below `age_below_days`. `pregnant` means
    pregnant or newly delivered. `{age}` in the reason becomes the age. `cluster` replaces the
    cluster of the unit. `call_now`: do not queue.
    """

    code: str
    unit: str
    reason: str
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    lasting_days: int = 0
    age_from_days: int = 0
    age_below_days: int | None = None
    sex: Sex | None = None
    pregnant: bool = False
    emergency: bool = False
    cluster: Cluster | None = None
    call_now: bool = False
    tags: tuple[str, ...] = field(default=())


_EMERGENCY = (
    "sesk", "sesaknapas", "sesaknafas", "susah nafas", "sulit bernafas", "bibir biru", "kebiruan",
    "sesak", "sesek", "sesak napas", "susah bernapas", "susah napas", "sulit bernapas", "megap",
    "ampeg", "mengi berat", "asma kambuh", "nyeri dada", "sakit dada", "dada sakit", "dada nyeri",
    "dada sebelah kiri sakit", "kejang", "step", "stuip", "pingsan", "semaput", "kapiuhan",
    "tidak sadar", "tak sadar", "nggak sadar", "gak sadar", "tidak sadarkan diri", "perdarahan",
    "pendarahan", "muntah darah", "berak darah segar", "kecelakaan", "tabrakan", "kll", "laka",
    "jatuh dari", "jatuh motor", "patah tulang", "luka bakar", "luka robek", "luka tusuk",
    "luka bacok", "tersiram air panas", "tersengat listrik", "kesetrum", "tenggelam", "keracunan",
    "minum racun", "digigit ular", "gigitan ular", "digigit anjing", "dipatuk ular",
    "disengat tawon",
    "stroke", "pelo", "lumpuh mendadak", "lumpuh sebelah", "henti napas", "henti nafas", "tersedak",
)  # fmt: skip

_TEETH = (
    "gigi", "gusi", "geraham", "untu", "waos", "huntu", "gigih", "karang gigi", "behel", "scaling",
    "tambal", "cabut gigi", "gigi berlubang",
)  # fmt: skip

_TB = (
    "tb", "tbc", "tb paru", "tbc paru", "oat", "obat paru", "kontak tb", "kontak tbc", "flek paru",
    "flek", "batuk lama", "batuk menahun", "batuk berdarah", "batuk darah",
    "batuk berminggu minggu",
    "cek dahak", "periksa dahak", "kontrol paru", "tcm",
)  # fmt: skip

_LABOUR = (
    "ketuban", "ketuban pecah", "mau melahirkan", "akan melahirkan", "mau lahiran", "inpartu",
    "bukaan", "kenceng kenceng", "kontraksi", "lendir darah",
)  # fmt: skip

_PREGNANCY = (
    "hamil", "kehamilan", "nifas", "kandungan", "kontrol kandungan", "periksa hamil", "anc",
    "bumil",
    "ngandung", "mbobot", "meteng", "reuneuh", "telat haid", "terlambat haid", "telat mens",
    "telat datang bulan", "usg kandungan", "habis melahirkan", "setelah melahirkan",
    "sehabis bersalin",
    "kontrol nifas", "asi tidak keluar", "payudara bengkak",
)  # fmt: skip

_FAMILY_PLANNING = (
    "kb", "suntik kb", "pil kb", "pasang kb", "kontrol kb", "iud", "spiral", "implan", "implant",
    "susuk", "kontrasepsi", "akdr",
)  # fmt: skip

_IMMUNISATION = (
    "imunisasi", "vaksin", "vaksinasi", "suntik bayi", "bcg", "polio", "dpt", "pentabio", "hb0",
    "imunisasi campak", "suntik campak", "suntik tt",
)  # fmt: skip

_NUTRITION = (
    "gizi", "konsultasi gizi", "konsul gizi", "gizi buruk", "gizi kurang", "stunting", "diet",
    "berat badan tidak naik", "bb tidak naik", "bb kurang", "pmt",
)  # fmt: skip

NATIONAL_RULES: tuple[Rule, ...] = (
    Rule("ugd-tanda", "ugd", "ditandai gawat", emergency=True, call_now=True),
    Rule(
        "ugd-keluhan", "ugd", "keluhan gawat", words=_EMERGENCY, call_now=True,
        unless=("riwayat stroke", "post stroke", "pasca stroke", "kontrol stroke", "riwayat kejang",
                "kontrol luka", "ganti perban", "perdarahan gusi", "gusi perdarahan",
                "vaksin polio", "riwayat asma"),
    ),
    Rule("gigi", "gigi", "keluhan gigi", words=_TEETH, unless=("tumbuh gigi",)),
    Rule(
        "tb", "tb", "batuk lama / program TB", words=_TB,
        unless=("bb tb", "tb bb", "ukur tb", "timbang tb", "flek hamil", "keluar flek", "flek haid",
                "flek wajah", "flek hitam", "flek kb"),
        lasting=("batuk", "watuk", "batuk batuk"), lasting_days=14, tags=("masker",),
    ),
    Rule(
        "persalinan", "persalinan", "tanda persalinan, P {age}", words=_LABOUR, sex="female",
        unless=("kontraksi otot",),
        age_from_days=years(FERTILE_FROM_YEARS), age_below_days=years(FERTILE_UNTIL_YEARS + 1),
    ),
    Rule(
        "kia-status", "kia", "hamil/nifas, P {age}", pregnant=True, sex="female",
        age_from_days=years(FERTILE_FROM_YEARS), age_below_days=years(FERTILE_UNTIL_YEARS + 1),
    ),
    Rule(
        "kia-keluhan", "kia", "hamil/nifas, P {age}", words=_PREGNANCY, sex="female",
        unless=("ingin hamil", "belum hamil", "program hamil", "promil"),
        age_from_days=years(FERTILE_FROM_YEARS), age_below_days=years(FERTILE_UNTIL_YEARS + 1),
    ),
    Rule(
        "kb", "kia", "layanan KB, P {age}", words=_FAMILY_PLANNING, sex="female", cluster="3",
        age_from_days=years(FERTILE_FROM_YEARS), age_below_days=years(FERTILE_UNTIL_YEARS + 1),
    ),
    Rule(
        "imunisasi", "imunisasi", "imunisasi, {age}", words=_IMMUNISATION,
        unless=("habis imunisasi", "abis imunisasi", "setelah imunisasi", "sesudah imunisasi",
                "pasca imunisasi", "habis vaksin", "setelah vaksin", "habis suntik"),
    ),
    Rule(
        "bias", "imunisasi", "imunisasi sekolah, {age}", words=("bias",),
        age_from_days=years(UNDER_FIVE_YEARS), age_below_days=years(ADULT_YEARS),
    ),
    Rule(
        "timbang", "imunisasi", "timbang balita, {age}", words=("timbang", "nimbang", "vitamin a"),
        age_below_days=years(UNDER_FIVE_YEARS),
    ),
    Rule("gizi", "gizi", "keluhan gizi", words=_NUTRITION),
    Rule(
        "laboratorium", "laboratorium", "permintaan laboratorium",
        words=("cek lab", "hasil lab", "periksa lab", "laboratorium", "laborat"),
    ),
    Rule(
        "farmasi", "farmasi", "mengambil resep",
        words=("tebus resep", "tebus obat", "ambil resep"),
    ),
    Rule("mtbs", "mtbs", "usia {age}", age_below_days=years(UNDER_FIVE_YEARS)),
    Rule(
        "anak-remaja", "umum", "usia {age}",
        age_from_days=years(UNDER_FIVE_YEARS), age_below_days=years(ADULT_YEARS),
    ),
    Rule(
        "dewasa", "umum", "usia {age}",
        age_from_days=years(ADULT_YEARS), age_below_days=years(ELDERLY_YEARS),
    ),
    Rule("lansia", "lansia", "usia {age}", age_from_days=years(ELDERLY_YEARS)),
)  # fmt: skip
