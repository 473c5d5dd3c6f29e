"""The registration study of a hospital of 2014, with the volumes its printed needs imply.

The volumes were in formula images that are lost; those here give every printed need to its two
decimals when the allowance of 0.039 is added to each activity, as the study did. Absence is 6, as
its formula has it (the table says 5); every other figure is as printed.
"""

from copy import deepcopy
from typing import Any

ABSENCE_IN_THE_TABLE = 5

NEW = ("Pasien baru", 10, [
    ("Menyiapkan formulir dan berkas rekam medis", 40.31), ("Mewawancarai pasien", 52.53),
    ("Verifikasi syarat BPJS", 63.84), ("Pengisian formulir pendaftaran", 67.91),
    ("Pengisian KIB", 45.39), ("Mengentri data pasien", 89.24),
    ("Mendistribusikan berkas RM", 81.47),
])  # fmt: skip
RETURNING = ("Pasien lama", 5, [
    ("Menanyakan KIB", 15.37), ("Verifikasi syarat BPJS", 66.59),
    ("Mengentri data pasien", 88.93), ("Mencari berkas RM", 67.28),
    ("Mendistribusikan berkas RM", 89.35),
])  # fmt: skip
FILING = ("Filing", 18, [
    ("Pengambilan berkas dari rak", 83.54), ("Distribusi berkas ke unit pelayanan", 29.62),
    ("Pengambilan berkas dari unit pelayanan", 31.43), ("Penjajaran berkas di rak", 82.21),
])  # fmt: skip
NEW_INPATIENT = ("Pasien baru", 10, [
    ("Menyiapkan formulir dan berkas rekam medis", 38.41), ("Mewawancarai pasien", 75.20),
    ("Verifikasi syarat BPJS", 68.19), ("Pengisian formulir pendaftaran", 66.07),
    ("Pengisian KIB", 46.33), ("Mengentri data pasien", 88.57),
    ("Mendistribusikan berkas RM", 82.44),
])  # fmt: skip
RETURNING_INPATIENT = ("Pasien lama", 5, [
    ("Menanyakan KIB", 12.67), ("Mengentri data pasien", 83.75),
    ("Verifikasi syarat BPJS", 72.32), ("Mencari berkas RM", 60.16),
    ("Mendistribusikan berkas RM", 85.48),
])  # fmt: skip

ALLOWANCES = [
    {"name": "Pertemuan rutin", "hours": 2, "per": "month"},
    {"name": "Pelatihan kecil", "hours": 4, "per": "year"},
    {"name": "Membimbing mahasiswa", "hours": 4, "per": "year"},
    {"name": "Pelatihan besar", "hours": 21, "per": "year"},
]

OUTPATIENT = "Rawat jalan dan filing"
INPATIENT = "Rawat inap, gawat darurat dan filing"


def _activity(what: tuple[str, int, list[tuple[str, float]]], minutes: float, volume: int) -> Any:
    name, _target, steps = what
    return {
        "name": name,
        "unit_time": {"value": minutes, "unit": "min"},
        "volume": volume,
        "per": "year",
        "steps": [{"name": step, "value": seconds, "unit": "s"} for step, seconds in steps],
    }


def study(**changes: Any) -> dict[str, Any]:
    """Return the study in the fixed input format."""
    return {
        "variant": "kepmenkes81",
        "rounding": "who",
        "categories": [
            {
                "name": OUTPATIENT,
                "staff": 1,
                "working_time": {
                    "working_days": 313, "annual_leave": 12, "training": 4, "public_holidays": 13,
                    "absence": 6, "hours_per_day": 6, "days_per_week": 6,
                },
                "activities": [
                    _activity(NEW, 7.35, 3690),
                    _activity(RETURNING, 5.46, 13766),
                    _activity(FILING, 3.78, 17236),
                ],
                "allowances": deepcopy(ALLOWANCES),
            },
            {
                "name": INPATIENT,
                "staff": 3,
                "working_time": {
                    "working_days": 365, "annual_leave": 12, "training": 4, "public_holidays": 88,
                    "absence": 5, "hours_per_day": 7, "days_per_week": 7,
                    "shift_hours": [7, 7, 10],
                },
                "activities": [
                    _activity(NEW_INPATIENT, 7.75, 1124),
                    _activity(RETURNING_INPATIENT, 5.24, 2072),
                    _activity(FILING, 3.78, 3157),
                ],
                "allowances": deepcopy(ALLOWANCES),
            },
        ],
        **changes,
    }  # fmt: skip


def printed() -> list[dict[str, Any]]:
    """Return the figures the study prints."""
    hours = "jam per tahun"
    return [
        _of(OUTPATIENT, "absence", ABSENCE_IN_THE_TABLE),
        _of(OUTPATIENT, "hours", 1674),
        _of(OUTPATIENT, "minutes", 100080),
        _of(INPATIENT, "hours", 1792),
        _of(INPATIENT, "minutes", 107520),
        _of(OUTPATIENT, "standard_workload", 226.94, activity="Pasien baru", unit=hours),
        _of(OUTPATIENT, "standard_workload", 305.49, activity="Pasien lama", unit=hours),
        _of(OUTPATIENT, "standard_workload", 441.26, activity="Filing", unit=hours),
        _of(INPATIENT, "standard_workload", 231.23, activity="Pasien baru", unit=hours),
        _of(INPATIENT, "standard_workload", 341.98, activity="Pasien lama", unit=hours),
        _of(OUTPATIENT, "standard_workload_sum", 973.70, unit=hours),
        _of(INPATIENT, "standard_workload_sum", 1047.28, unit=hours),
        _of(OUTPATIENT, "allowance_share", 0.039, unit="menit"),
        _of(INPATIENT, "allowance_share", 0.039, unit="menit"),
        _of(OUTPATIENT, "required_fte", 0.31, activity="Pasien baru"),
        _of(OUTPATIENT, "required_fte", 0.79, activity="Pasien lama"),
        _of(OUTPATIENT, "required_fte", 0.69, activity="Filing"),
        _of(INPATIENT, "required_fte", 0.12, activity="Pasien baru"),
        _of(INPATIENT, "required_fte", 0.14, activity="Pasien lama"),
        _of(INPATIENT, "required_fte", 0.15, activity="Filing"),
        {"figure": "required_fte", "value": 2.2},
        {"figure": "required_staff", "value": 3},
        {"figure": "quotient", "value": 17, "numerator": 80, "denominator": 3,
         "label": "pasien per petugas"},
        {"figure": "quotient", "value": 6.6, "numerator": 40, "denominator": 6,
         "label": "jam per hari"},
        {"figure": "quotient", "value": 70, "high": 85, "numerator": 16998, "denominator": 313,
         "label": "pasien per hari"},
    ]  # fmt: skip


def _of(category: str, figure: str, value: float, **more: str) -> dict[str, Any]:
    return {"category": category, "figure": figure, "value": value, **more}
