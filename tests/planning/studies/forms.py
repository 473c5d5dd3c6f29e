"""What a browser sends for a study: the counter of the outpatient clinic, as in the thesis."""

from typing import Any

#: The thesis' counter and filing: seconds as timed, quantities as its needs imply.
ACTS = (
    ("Pendaftaran pasien baru", "440,69", "3.690"),
    ("Pendaftaran pasien lama", "327,52", "13.766"),
    ("Filing rawat jalan", "226,8", "17.236"),
)
ALLOWANCES = (
    ("Pertemuan rutin", "2", "month"),
    ("Pelatihan kecil", "4", "year"),
    ("Membimbing mahasiswa", "4", "year"),
    ("Pelatihan besar", "21", "year"),
)


def sheet(**changed: str) -> dict[str, Any]:
    """Return the fields of a filled sheet, some of them changed."""
    fields = {
        "variant": "kepmenkes81",
        "rounding": "who",
        "seen": "0",
        "do": "save",
        "note": "",
        "k1-name": "Petugas pendaftaran rawat jalan",
        "k1-staff": "1",
        "k1-time_kind": "entitlement",
        "k1-working_days": "313",
        "k1-annual_leave": "12",
        "k1-training": "4",
        "k1-public_holidays": "13",
        "k1-absence": "6",
        "k1-hours_per_day": "6",
    }
    for number, (name, seconds, volume) in enumerate(ACTS, start=1):
        row = f"k1-a{number}"
        fields |= {
            f"{row}-name": name,
            f"{row}-time": seconds,
            f"{row}-time_unit": "s",
            f"{row}-volume": volume,
            f"{row}-per": "year",
        }
    for number, (name, hours, per) in enumerate(ALLOWANCES, start=1):
        row = f"k1-l{number}"
        fields |= {
            f"{row}-name": name,
            f"{row}-amount": hours,
            f"{row}-unit": "hours",
            f"{row}-per": per,
        }
    return fields | changed
