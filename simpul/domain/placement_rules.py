"""What a rule of placement is, and the units, clusters and ages it speaks of.

The national set is placement_national.py; a Puskesmas may edit a copy of its own.
"""

from dataclasses import dataclass
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

#: Programmes a patient may be in that decide where they are seen.
PROGRAMMES: dict[str, str] = {
    "tb": "Pengobatan TB",
    "prolanis": "Prolanis",
    "kb": "Peserta KB",
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
class RuleCase:
    """A patient beside a rule who must find it (or, with `finds` false, must not).

    `age` is whole years ("39"), months ("6b") or days ("10h"); empty: not known.
    """

    complaint: str = ""
    age: str = ""
    sex: Sex | None = None
    pregnant: bool = False
    postpartum: bool = False
    emergency: bool = False
    booked_unit: str = ""
    programmes: tuple[str, ...] = ()
    immunisation_due: str = ""
    finds: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: it fits when every condition given holds.

    `words` are phrases of the complaint, any one of them. `lasting` are symptoms that count only
    from `lasting_days` on. `quiet` also takes a complaint that names no symptom ("kontrol rutin",
    or nothing). Without these three the complaint does not matter. `unless` are phrases that speak
    against, in the same part of the complaint. Ages run from `age_from_days` to below
    `age_below_days`. `pregnant` means pregnant or newly delivered; `programmes`, a member of any
    of them; `immunisation_due`, an age of the schedule has come without a visit for it. `booked`:
    the visit was announced for a unit, and that unit is the suggestion (`unit` stays empty).

    `{age}` in the reason becomes the age, `{due}` the age of the schedule. `cluster` replaces the
    cluster of the unit. `call_now`: do not queue.
    """

    code: str
    unit: str
    reason: str
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    lasting_days: int = 0
    quiet: bool = False
    age_from_days: int = 0
    age_below_days: int | None = None
    sex: Sex | None = None
    pregnant: bool = False
    emergency: bool = False
    booked: bool = False
    programmes: tuple[str, ...] = ()
    immunisation_due: bool = False
    cluster: Cluster | None = None
    call_now: bool = False
    tags: tuple[str, ...] = ()
    is_active: bool = True
    cases: tuple[RuleCase, ...] = ()

    @property
    def asks_complaint(self) -> bool:
        """Does the complaint decide?"""
        return bool(self.words or self.lasting or self.quiet)

    @property
    def takes_everybody(self) -> bool:
        """Without any condition: nothing after it is ever reached."""
        return not (
            self.asks_complaint
            or self.unless
            or self.age_from_days
            or self.age_below_days is not None
            or self.sex
            or self.pregnant
            or self.emergency
            or self.booked
            or self.programmes
            or self.immunisation_due
        )
