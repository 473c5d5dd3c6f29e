"""What the counter is told of each outcome, for (agrees) or against (differs). Data only."""

from typing import Final

AGREES: Final[dict[tuple[str, str], str]] = {
    ("name", "same"): "nama sama",
    ("name", "close"): "nama mirip",
    ("birth_date", "same"): "tgl lahir sama",
    ("age", "near"): "umur mirip",
    ("age", "rough"): "umur mirip",
    ("nik", "same"): "NIK sama",
    ("bpjs", "same"): "BPJS sama",
    ("mother_name", "same"): "ibu sama",
    ("village", "same"): "desa sama",
    ("kk", "same"): "KK sama",
    ("phone", "same"): "HP sama",
}
DIFFERS: Final[dict[str, str]] = {
    "name": "nama berbeda",
    "birth_date": "tgl lahir berbeda",
    "age": "tgl lahir berbeda",
    "sex": "kelamin berbeda",
    "nik": "NIK berbeda",
    "bpjs": "BPJS berbeda",
    "mother_name": "ibu berbeda",
    "village": "desa berbeda",
    "rt": "RT berbeda",
    "rw": "RW berbeda",
    "kk": "KK berbeda",
}
