"""The made-up Puskesmas: its codes, rooms, villages and people, and how they sign in.

Nothing here exists. The codes have the shape of real ones but begin where no register has come to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from simpul.demo.names.villages import list_villages
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import OwnedModel
from simpul.foundation.facilities.models import Facility, Room, ServiceUnit, TimeZone, Village
from simpul.foundation.facilities.selectors import forget_here
from simpul.foundation.facilities.services import new_facility, standard_units
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.printing.inputs import CHOSEN_KINDS
from simpul.foundation.printing.models import Connection, Printer
from simpul.foundation.staff.models import Account, Practitioner, PractitionerRole, Role
from simpul.foundation.staff.selectors import forget_actors

FACILITY_NAME = "Puskesmas Contoh, Jember"
#: Everybody's password in a demo; a demo is the only thing that has one.
PASSWORD = "contoh-simpul"  # noqa: S105 - told to everybody who starts a demo

CODES = {
    "satusehat_id": "1000999901",
    "kode_sarana": "35099909901",
    "registration_code": "1099901",
    "bpjs_provider_code": "0999U901",
    "address": "Jl. Contoh No. 1, Jember",
    "phone": "+6284000000000",
    "area_code": "35.09",
}

ROOMS = {
    "umum": "Ruang 1",
    "lansia": "Ruang 2",
    "gigi": "Ruang 3",
    "mtbs": "Ruang 4",
    "kia": "Ruang 5",
    "imunisasi": "Ruang 6",
    "ugd": "Gawat darurat",
    "rawat-inap": "Bangsal",
    "persalinan": "Ruang bersalin",
    "gizi": "Ruang 7",
    "tb": "Ruang 8 (luar)",
    "farmasi": "Apotek",
    "laboratorium": "Laboratorium",
    "rekam-medis": "Loket",
}


#: Units above the ground floor, and units with several rooms: name and floor.
FLOORS = {"gigi": 2, "gizi": 2, "imunisasi": 2}
SEVERAL_ROOMS = {"umum": (("Ruang 1A", 1), ("Ruang 1B", 1))}


@dataclass(frozen=True)
class House:
    """Which made-up Puskesmas: several of them make a district (see `simpul.demo.neighbours`)."""

    name: str
    codes: Mapping[str, str]
    #: Where its people's numbers begin, and how many people it shares with its neighbours.
    first_family: int = 0
    shared: int = 0
    #: Whether it holds the register of a whole district; a real one has its own people only.
    holds_register: bool = True


ALONE = House(FACILITY_NAME, CODES)


@dataclass(frozen=True)
class Person:
    """One of the people who work in the demo."""

    username: str
    name: str
    role: Role
    units: tuple[str, ...] = ()
    profession: str = ""


STAFF: tuple[Person, ...] = (
    Person("pendaftaran", "Rina Kusumawati", Role.REGISTRAR),
    Person("pendaftaran2", "Agus Hidayatullah", Role.REGISTRAR),
    Person(
        "perawat", "Dwi Lestari, S.Kep., Ns.", Role.NURSE,
        ("umum", "lansia", "ugd", "tb", "rawat-inap"), "Perawat",
    ),
    Person(
        "perawat2", "Mukhlis Arifin, A.Md.Kep.", Role.NURSE,
        ("mtbs", "imunisasi", "gizi"), "Perawat",
    ),
    Person(
        "dokter", "dr. Ratna Wulandari", Role.PHYSICIAN,
        ("umum", "lansia", "tb"), "Dokter umum",
    ),
    Person(
        "dokter2", "dr. Fauzan Habibi", Role.PHYSICIAN,
        ("umum", "ugd", "rawat-inap"), "Dokter umum",
    ),
    Person("dokter-gigi", "drg. Nadia Salsabila", Role.DENTIST, ("gigi",), "Dokter gigi"),
    Person("bidan", "Sulastri, S.Tr.Keb.", Role.MIDWIFE, ("kia", "persalinan"), "Bidan"),
    Person(
        "bidan2", "Hosniyah, A.Md.Keb.", Role.MIDWIFE, ("kia", "mtbs", "imunisasi"), "Bidan"
    ),
    Person("farmasi", "apt. Yulia Anggraini", Role.PHARMACIST, ("farmasi",), "Apoteker"),
    Person(
        "laboratorium", "Bayu Prasetyo, A.Md.Kes.", Role.LABORATORY,
        ("laboratorium",), "Ahli laboratorium",
    ),
    Person("rm", "Eka Fitriani, A.Md.RMIK", Role.RECORD_OFFICER, (), "Perekam medis"),
    Person("kepala", "dr. Hartono Wijaya, M.Kes.", Role.HEAD),
    Person("it", "Rizal Maulana", Role.IT),
    Person("dinas", "Endang Susilowati, S.K.M.", Role.DISTRICT),
)  # fmt: skip

#: Who writes the record of a unit, and who measures before (nobody: the clinician does).
CLINICIANS: dict[str, tuple[str, ...]] = {
    "umum": ("dokter", "dokter2"),
    "lansia": ("dokter",),
    "gigi": ("dokter-gigi",),
    "mtbs": ("bidan2",),
    "kia": ("bidan", "bidan2"),
    "imunisasi": ("bidan2",),
    "ugd": ("dokter2",),
    "rawat-inap": ("dokter2",),
    "persalinan": ("bidan",),
    "gizi": ("perawat2",),
    "tb": ("dokter",),
}
NURSES: dict[str, str] = {
    "umum": "perawat",
    "lansia": "perawat",
    "ugd": "perawat",
    "tb": "perawat",
    "rawat-inap": "perawat",
    "mtbs": "perawat2",
    "imunisasi": "perawat2",
}


def found_house(opened: datetime, house: House = ALONE) -> Facility:
    """Make the facility, its units and its people, as of the day it began to use Simpul."""
    facility = new_facility(house.name, timezone=TimeZone.WIB, **house.codes)
    with act(by=None, facility=facility.id, at=opened) as this:
        this.create(facility)
        units = standard_units(facility)
        for unit in units:
            if isinstance(unit, ServiceUnit):
                unit.room = ROOMS.get(unit.code, "")
                unit.floor = FLOORS.get(unit.code, 1)
        this.create(*units)
        this.create(*_rooms(facility, units))
        this.create(_printer())
        this.record("set-up", subject=f"facility:{facility.id}")
    rooms = {unit.code: unit for unit in units if isinstance(unit, ServiceUnit)}
    password = make_password(PASSWORD)  # once: hashing is slow on purpose
    with act(by=None, facility=facility.id, at=opened) as this:
        for person in STAFF:
            _hire(this, facility, person, rooms, password)
    Village.objects.bulk_create(
        [
            Village(code=v.code, name=v.name, district=v.kecamatan, regency="Jember")
            for v in list_villages()
        ],
        ignore_conflicts=True,
    )
    forget_here()
    forget_actors()
    return facility


def _rooms(facility: Facility, units: list[OwnedModel]) -> list[OwnedModel]:
    return [
        Room(facility=facility, unit=unit, name=name, floor=floor, order=order)
        for unit in units
        if isinstance(unit, ServiceUnit)
        for order, (name, floor) in enumerate(SEVERAL_ROOMS.get(unit.code, ()))
    ]


def _printer() -> Printer:
    """A printer of 58 mm without paper: what it prints is kept as files to look at."""
    return Printer(
        name="Loket 1",
        place="Meja pendaftaran (contoh)",
        connection=Connection.FILE,
        target="loket-1",
        kinds=[kind.value for kind in CHOSEN_KINDS],
        asks_state=False,
    )


def _hire(
    this: Act, facility: Facility, person: Person, rooms: dict[str, ServiceUnit], password: str
) -> None:
    practitioner = Practitioner(name=person.name, profession=person.profession)
    this.create(practitioner)
    places: list[ServiceUnit | None] = [rooms[code] for code in person.units] or [None]
    this.create(
        *(
            PractitionerRole(
                practitioner=practitioner, facility=facility, unit=place, role=person.role
            )
            for place in places
        )
    )
    account = Account(
        id=uuid7(), username=person.username, practitioner=practitioner, password=password
    )
    account.save(force_insert=True)
    this.record(
        "account-opened", subject=f"account:{account.id}", detail={"roles": [person.role.value]}
    )


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here, as rows name them."""

    id: str
    name: str
    role: str


def colleagues() -> dict[str, Colleague]:
    """Return the demo's people by log-in name."""
    rows = Account.objects.filter(username__in=[p.username for p in STAFF]).values_list(
        "username", "practitioner_id", "practitioner__name"
    )
    role = {person.username: person.role.value for person in STAFF}
    return {name: Colleague(str(who), full, role[name]) for name, who, full in rows}
