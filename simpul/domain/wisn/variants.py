"""The four ways of computing the need, as data: what each does with time and with support work.

Sources: WHO, Workload Indicators of Staffing Need, user's manual (2010, second edition 2023);
Kepmenkes 81/Menkes/SK/I/2004; Permenkes 33/2015 with its Manual 1 (ABK-Kes); Keputusan Menpan
KEP/75/M.PAN/7/2004. A result is only ever compared with one of the same variant, or said not to be.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Variant = Literal["who_wisn", "kepmenkes81", "abk_kes", "kep75"]
Support = Literal["factor", "standard", "none"]


@dataclass(frozen=True)
class Method:
    """What sets one variant apart.

    `support`: multiplied as a factor, added once as a share of one person, or not counted.
    `weeks_are_52`: its text turns a weekly allowance into a year over 52 weeks.
    """

    code: Variant
    label: str
    source: str
    support: Support
    counts_individual: bool
    weeks_are_52: bool
    formula: str


METHODS: dict[Variant, Method] = {
    "who_wisn": Method(
        "who_wisn",
        "WISN WHO",
        "WHO, WISN user's manual, 2010 (edisi kedua 2023)",
        "factor",
        counts_individual=True,
        weeks_are_52=False,
        formula="kebutuhan = jumlah beban × faktor kelonggaran + kelonggaran perorangan",
    ),
    "kepmenkes81": Method(
        "kepmenkes81",
        "Kepmenkes 81/2004",
        "Kepmenkes 81/Menkes/SK/I/2004",
        "standard",
        counts_individual=True,
        weeks_are_52=True,
        formula="kebutuhan = jumlah beban + standar kelonggaran (satu kali)",
    ),
    "abk_kes": Method(
        "abk_kes",
        "ABK-Kes",
        "Permenkes 33/2015, Manual 1",
        "factor",
        counts_individual=False,
        weeks_are_52=True,
        formula="kebutuhan = jumlah beban × standar tugas penunjang",
    ),
    "kep75": Method(
        "kep75",
        "KEP/75/M.PAN/7/2004",
        "Kepmenpan KEP/75/M.PAN/7/2004, metode tugas per tugas jabatan",
        "none",
        counts_individual=False,
        weeks_are_52=True,
        formula="kebutuhan = waktu penyelesaian tugas ÷ waktu kerja efektif satu orang",
    ),
}
VARIANTS: tuple[Variant, ...] = tuple(METHODS)

KEP75_LOSS = Decimal("0.30")
"""KEP/75/2004: 30 % of the formal hours are lost (rest, personal needs); what remains is WKE."""


@dataclass(frozen=True)
class LegalConstant:
    """A yearly working time set by a rule; a dated parameter, never a constant of the program."""

    code: str
    hours: Decimal
    days: Decimal
    source: str
    date: str
    is_verified: bool
    note: str = ""


ABK_KES_HOURS = LegalConstant(
    "1200",
    Decimal(1200),
    Decimal(240),
    "Permenkes 33/2015, Manual 1 (5 jam × 240 hari)",
    "2015",
    is_verified=True,
    note="26,25 jam efektif per minggu; dasar: Perka BKN 19/2011.",
)
LEGAL_CONSTANTS: tuple[LegalConstant, ...] = (
    ABK_KES_HOURS,
    LegalConstant(
        "1250",
        Decimal(1250),
        Decimal(240),
        "PermenPAN-RB 1/2020",
        "2020",
        is_verified=False,
        note="Belum diperiksa pada naskah peraturannya; jumlah harinya perkiraan.",
    ),
)
