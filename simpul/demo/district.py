"""The made-up staff register of a real district: Jember, 50 Puskesmas and the Dinas.

Twelve Puskesmas have as many people of each profession as the study of 2013 counted; who they are,
how they are employed and since when is made up, as is everything about the other places. Each row
says so in its `note`, which pages show.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from simpul.demo.house import STAFF, colleagues
from simpul.demo.names.jember import (
    POPULATION,
    PUSKESMAS,
    STUDY_PROFESSIONS,
    STUDY_STAFF,
    STUDY_YEAR,
    URBAN_DISTRICTS,
    VILLAGES,
    Place,
)
from simpul.demo.names.naming import Sex, make_name, pick_culture, pick_surname
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import Facility, FacilityKind, FacilityProfile
from simpul.foundation.journal.acts import act
from simpul.foundation.register.inputs import StaffInput
from simpul.foundation.register.models import MoveReason, StaffMember, StaffMove
from simpul.foundation.register.names import plain_name
from simpul.foundation.register.services import new_member
from simpul.foundation.staff.models import Role

DINAS_NAME = "Dinas Kesehatan Kabupaten Jember (contoh)"
MADE_UP = "data contoh (karangan)"
STUDY_NOTE = f"data contoh: jumlah nyata {STUDY_YEAR}, orangnya karangan"
PLACE_NOTE = "Nama dan titik nyata; tenaga, penduduk, kunjungan: data contoh (karangan)."
STUDY_PLACE_NOTE = (
    f"Jumlah tenaga per profesi nyata ({STUDY_YEAR}, studi pemetaan); selebihnya data contoh."
)
HOUSE_NOTE = "Puskesmas karangan, tanpa titik di peta."

#: Fewest and most people of a profession in a made-up Puskesmas.
USUAL: dict[str, tuple[int, int]] = {
    "dokter": (0, 3), "dokter_gigi": (0, 1), "perawat": (4, 11), "bidan": (4, 12),
    "kesmas": (0, 2), "kesling": (0, 1), "gizi": (0, 2), "farmasi": (0, 2), "atlm": (0, 1),
    "perekam_medis": (0, 2), "admin": (1, 4), "pekarya": (0, 2),
}  # fmt: skip

EDUCATION: dict[str, tuple[tuple[str, int], ...]] = {
    "dokter": (("profesi", 95), ("s2", 5)),
    "dokter_gigi": (("profesi", 100),),
    "perawat": (("d3", 55), ("profesi", 35), ("s1", 10)),
    "bidan": (("d3", 60), ("d4", 25), ("profesi", 15)),
    "kesmas": (("s1", 85), ("s2", 15)),
    "farmasi": (("d3", 50), ("profesi", 40), ("sma", 10)),
    "admin": (("sma", 50), ("s1", 30), ("d3", 20)),
    "pekarya": (("sma", 100),),
}
OTHER_EDUCATION = (("d3", 70), ("d4", 15), ("s1", 15))
DEGREES: dict[str, dict[str, str]] = {
    "dokter": {"profesi": "dr. {}", "s2": "dr. {}, M.Kes."},
    "dokter_gigi": {"profesi": "drg. {}"},
    "perawat": {"d3": "{}, A.Md.Kep.", "profesi": "{}, S.Kep., Ns.", "s1": "{}, S.Kep."},
    "bidan": {"d3": "{}, A.Md.Keb.", "d4": "{}, S.Tr.Keb.", "profesi": "{}, S.Keb., Bdn."},
    "kesmas": {"s1": "{}, S.K.M.", "s2": "{}, S.K.M., M.Kes."},
    "farmasi": {"d3": "{}, A.Md.Farm.", "profesi": "apt. {}"},
}
TRAININGS: dict[str, tuple[str, ...]] = {
    "dokter": ("ACLS", "ATLS", "PONED", "USG dasar"),
    "perawat": ("BTCLS", "PPGD", "Luka modern"),
    "bidan": ("APN", "PONED", "MTBS", "CTU"),
    "perekam_medis": ("Koding ICD-10", "RME"),
    "gizi": ("Tata laksana gizi buruk",),
    "atlm": ("Mikroskopis TB",),
}
#: The unit a profession works in, where there is one.
WORKPLACE = {
    "dokter": "umum", "dokter_gigi": "gigi", "bidan": "kia", "farmasi": "farmasi",
    "atlm": "laboratorium", "gizi": "gizi", "perekam_medis": "rekam-medis",
}  # fmt: skip
EMPLOYMENT = (
    ("pns", 52), ("pppk", 22), ("blud", 8), ("honorer", 9), ("kontrak", 5), ("sukarela", 1),
    ("", 3),
)  # fmt: skip
TEMPORARY = frozenset({"pppk", "blud", "honorer", "kontrak", "sukarela"})
WOMEN = {"bidan": 1.0, "perawat": 0.62, "pekarya": 0.35}
OLDEST = 57  # a year before most retire
MOVES, LEAVERS = 36, 14

#: The profession of the demo's own people, by log-in.
HOUSE_PROFESSIONS = {
    "pendaftaran": "admin", "pendaftaran2": "perekam_medis", "perawat": "perawat",
    "perawat2": "perawat", "dokter": "dokter", "dokter2": "dokter", "dokter-gigi": "dokter_gigi",
    "bidan": "bidan", "bidan2": "bidan", "farmasi": "farmasi", "laboratorium": "atlm",
    "rm": "perekam_medis", "kepala": "dokter", "it": "admin",
}  # fmt: skip


def found_district(house: Facility, rng: Random, opened: datetime, today: date) -> None:
    """Write the district's facilities, their profiles and everybody in the register, in one act."""
    places = {place.name: _facility(house, place) for place in PUSKESMAS}
    dinas = Facility(
        id=uuid7(), name=DINAS_NAME, kind=FacilityKind.DINAS, timezone=house.timezone,
        area_code="35.09",
    )  # fmt: skip
    people, moves = _everybody(rng, places, today)
    people += _house_people(house, rng, today)
    for number, member in enumerate(people, start=1):
        member.number = f"CTH-{number:05d}"
    with act(by=None, facility=house.id, at=opened) as this:
        this.create(dinas, *places.values())
        this.create(*_profiles(rng, places), _house_profile(house))
        this.create(*people)
        this.create(*moves)
        detail = {"new": len(people), "changed": 0, "facilities": len(places)}
        this.record("staff-imported", detail=detail)


def _facility(house: Facility, place: Place) -> Facility:
    return Facility(
        id=uuid7(),
        name=f"Puskesmas {place.name}",
        timezone=house.timezone,
        area_code=place.village_code,
    )


# -- what planning knows of a place -----------------------------------------------------------


def _profiles(rng: Random, places: dict[str, Facility]) -> Iterator[FacilityProfile]:
    shares = [rng.uniform(0.6, 1.5) for _place in PUSKESMAS]
    people = [int(POPULATION * share / sum(shares)) for share in shares]
    people[-1] += POPULATION - sum(people)
    villages = _villages()
    for place, population in zip(PUSKESMAS, people, strict=True):
        is_study = place.name in STUDY_STAFF
        pustu = rng.randint(1, 4)
        yield FacilityProfile(
            facility=places[place.name],
            category="perkotaan" if place.village_code[:8] in URBAN_DISTRICTS else "pedesaan",
            is_inpatient=rng.random() < 0.55,
            # The study held both at one; a number here would change the standard it used.
            pustu=None if is_study else pustu,
            villages=None if is_study else villages[place.name],
            population=population,
            visits_per_year=round(population * rng.uniform(0.45, 1.1), -1),
            lat=place.lat,
            lon=place.lon,
            point_quality=place.quality,
            as_of=STUDY_YEAR,
            note=STUDY_PLACE_NOTE if is_study else PLACE_NOTE,
        )


def _villages() -> dict[str, int]:
    """Share the villages of each kecamatan among its Puskesmas."""
    beside = Counter(place.village_code[:8] for place in PUSKESMAS)
    seen: Counter[str] = Counter()
    shared = {}
    for place in PUSKESMAS:
        area = place.village_code[:8]
        each, over = divmod(VILLAGES[area], beside[area])
        shared[place.name] = each + (seen[area] < over)
        seen[area] += 1
    return shared


def _house_profile(house: Facility) -> FacilityProfile:
    return FacilityProfile(
        facility=house,
        category="pedesaan",
        is_inpatient=True,
        pustu=2,
        villages=4,
        population=31_500,
        visits_per_year=24_000,
        # A made-up place north of the town, where none of the fifty stands.
        lat=-8.12,
        lon=113.735,
        point_quality="approximate",
        note=HOUSE_NOTE,
    )


# -- people -----------------------------------------------------------------------------------


def _everybody(
    rng: Random, places: dict[str, Facility], today: date
) -> tuple[list[StaffMember], list[StaffMove]]:
    people: list[StaffMember] = []
    made_up: list[StaffMember] = []
    for place in PUSKESMAS:
        facility = places[place.name]
        study = STUDY_STAFF.get(place.name)
        if study is not None:
            wanted = dict(zip(STUDY_PROFESSIONS, study, strict=True))
            last, note = date(STUDY_YEAR, 12, 1), STUDY_NOTE
        else:
            wanted = {code: rng.randint(*span) for code, span in USUAL.items()}
            last, note = today - timedelta(days=60), MADE_UP
        names: set[str] = set()
        staff = [
            new_member(facility.id, _person(rng, code, names, last, today, note))
            for code, many in wanted.items()
            for _n in range(many)
        ]
        people += staff
        if study is None:
            made_up += staff
    others = [places[place.name] for place in PUSKESMAS if place.name not in STUDY_STAFF]
    return people, _moves(rng, made_up, others, today)


def _person(
    rng: Random, profession: str, names: set[str], last: date, today: date, note: str
) -> StaffInput:
    start = date(rng.randint(max(1996, today.year - 30), last.year), rng.randint(1, 12), 1)
    start = min(start, last)
    born = max(start.year - rng.randint(22, 29), today.year - OLDEST)
    education = _draw(rng, EDUCATION.get(profession, OTHER_EDUCATION))
    name = _name(rng, profession, names, today.year - born)
    employment = _draw(rng, EMPLOYMENT)
    trained = rng.choices((True, False, None), (55, 35, 10))[0]
    titles = TRAININGS.get(profession, ("Pelatihan teknis",))
    chosen = rng.sample(titles, rng.randint(1, min(2, len(titles)))) if trained else []
    lock = rng.choices(("", "keluarga", "masa_tugas"), (90, 5, 5))[0]
    until = date(today.year + rng.randint(1, 2), 6, 30) if lock == "masa_tugas" else None
    return StaffInput(
        name=DEGREES.get(profession, {}).get(education, "{}").format(name),
        profession=profession,
        education="" if rng.random() < 0.03 else education,
        employment=employment,
        is_trained=trained,
        trainings=tuple(chosen),
        started_on=None if rng.random() < 0.02 and note == MADE_UP else start,
        contract_ends_on=(
            date(today.year + rng.randint(0, 3), 12, 31) if employment in TEMPORARY else None
        ),
        birth_year=born,
        units=_units(rng, profession),
        lock=lock,
        lock_until=until,
        note=note,
    )


def _units(rng: Random, profession: str) -> tuple[str, ...]:
    if profession == "perawat":
        return (rng.choice(("umum", "lansia", "ugd", "mtbs")),)
    return (WORKPLACE[profession],) if profession in WORKPLACE else ()


def _name(rng: Random, profession: str, names: set[str], age: int) -> str:
    while True:
        sex: Sex = "female" if rng.random() < WOMEN.get(profession, 0.55) else "male"
        culture = pick_culture(rng)
        name = make_name(rng, culture, sex, min(age, 49), pick_surname(rng, culture))
        if name not in names:
            names.add(name)
            return name


def _draw(rng: Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([code for code, _w in weighted], [weight for _c, weight in weighted])[0]


def _moves(
    rng: Random, people: list[StaffMember], others: list[Facility], today: date
) -> list[StaffMove]:
    """Let some people come from elsewhere, and some be gone."""
    chosen = rng.sample(people, MOVES + LEAVERS)
    moves: list[StaffMove] = []
    for member in chosen:
        since = (today - (member.started_on or today - timedelta(days=900))).days
        on = today - timedelta(days=rng.randint(20, max(21, min(since - 1, 2500))))
        leaves = len(moves) >= MOVES
        origin = rng.choice([f for f in others if f.id != member.facility_id])
        if leaves:
            member.is_active = False
        moves.append(
            StaffMove(
                member=member,
                number=1,
                from_facility_id=member.facility_id if leaves else origin.id,
                to_facility_id=None if leaves else member.facility_id,
                on=on,
                reason=rng.choice(
                    (MoveReason.RETIRED, MoveReason.RESIGNED, MoveReason.AWAY)
                    if leaves
                    else (MoveReason.NEED, MoveReason.OWN_WISH, MoveReason.PROMOTION)
                ),
                decree=f"CTH/{on.year}/{len(moves) + 1:03d}",
                note=MADE_UP,
            )
        )
    return moves


def _house_people(house: Facility, rng: Random, today: date) -> list[StaffMember]:
    """Put the demo's own people, who can sign in, into the register."""
    known = colleagues()
    people = []
    for person in STAFF:
        if person.role == Role.DISTRICT:
            continue
        profession = HOUSE_PROFESSIONS[person.username]
        drawn = _person(rng, profession, set(), today - timedelta(days=400), today, MADE_UP)
        member = new_member(house.id, drawn)
        member.name = person.name
        member.sort_name = plain_name(person.name)
        member.units = list(person.units)
        member.practitioner_id = uuid.UUID(known[person.username].id)
        people.append(member)
    return people
