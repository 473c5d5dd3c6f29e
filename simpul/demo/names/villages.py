"""The 248 villages (desa and kelurahan) of Kabupaten Jember, with Kemendagri codes.

Names and codes are facts of the public code list (Kepmendagri 300.2.2-2430, 2025).
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

VILLAGES_FILE = Path(__file__).with_name("villages.csv")


@dataclass(frozen=True, slots=True)
class Village:
    """A village and the kecamatan it lies in; `code` is "35.09.01.2001"."""

    code: str
    kecamatan: str
    name: str

    @property
    def district_digits(self) -> str:
        """The six digits a NIK given out here begins with: province, regency, kecamatan."""
        return self.code.replace(".", "")[:6]


@cache
def list_villages(kecamatan: str | None = None) -> tuple[Village, ...]:
    """All villages in code order, or those of one kecamatan."""
    with VILLAGES_FILE.open(encoding="utf-8", newline="") as lines:
        villages = tuple(Village(**row) for row in csv.DictReader(lines, delimiter=";"))
    return tuple(v for v in villages if kecamatan is None or v.kecamatan == kecamatan)
