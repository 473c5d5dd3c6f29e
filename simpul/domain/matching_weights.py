"""The evidence table of matching.py: how many points each agreement or difference is worth.

Data only. The points were set by hand so that the cases in docs/methods/matching.md come out
right; a probabilistic model estimated from decided pairs is to replace them.
"""

from typing import Final

# field: {outcome: points}. An outcome that is not listed, or a field that is empty, counts nothing.
POINTS: Final[dict[str, dict[str, float]]] = {
    "name": {"same": 3.0, "close": 2.0, "partly": 0.5, "differs": -4.0},
    "birth_date": {"same": 3.0, "slip": 1.5, "near_estimate": 0.75, "differs": -3.0},
    "sex": {"same": 0.25, "differs": -3.0},
    "nik": {"same": 8.0, "slip": 4.0, "differs": -3.0},
    "bpjs": {"same": 5.0, "slip": 2.0, "differs": -1.0},
    "mother_name": {"same": 2.0, "differs": -2.0},
    "village": {"same": 0.5, "differs": -0.5},
    "rt": {"same": 0.25, "differs": -0.25},
    "rw": {"same": 0.25, "differs": -0.25},
    "kk": {"same": 1.0, "differs": -0.25},
    "phone": {"same": 1.0},
}

CERTAIN_FROM: Final = 8.0
POSSIBLE_FROM: Final = 4.0
FULL_SCORE: Final = 10.0

NAME_SAME: Final = 0.97
NAME_CLOSE: Final = 0.84
NAME_PARTLY: Final = 0.70
MOTHER_SAME: Final = 0.85
MOTHER_DIFFERS: Final = 0.60

# A parent is at least this much older than a child of the same name.
GENERATION_YEARS: Final = 14
# An age told at the counter is right within so many years.
ESTIMATE_YEARS: Final = 3

# What is said of each outcome, for (agrees) or against (differs).
AGREES: Final[dict[tuple[str, str], str]] = {
    ("name", "same"): "nama sama",
    ("name", "close"): "nama mirip",
    ("birth_date", "same"): "tgl lahir sama",
    ("birth_date", "near_estimate"): "umur mirip",
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
    "sex": "kelamin berbeda",
    "nik": "NIK berbeda",
    "bpjs": "BPJS berbeda",
    "mother_name": "ibu berbeda",
    "village": "desa berbeda",
    "rt": "RT berbeda",
    "rw": "RW berbeda",
    "kk": "KK berbeda",
}
