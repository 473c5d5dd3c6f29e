"""People who are in the house twice: pairs to look at, one NIK on two people, one merge made.

Made through the services, so that *Perlu diperiksa* and *Duplikat* show what a house really gets.
"""

from random import Random

from simpul.demo.errors import make_slips
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account
from simpul.foundation.staff.selectors import get_actor
from simpul.service.patients.cards import PatientCard, card
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.matching.pairs import find_pairs
from simpul.service.patients.merging.decisions import merge_records
from simpul.service.patients.models import Patient
from simpul.service.patients.services import register_patient

REGISTRAR, RECORDER = "pendaftaran", "rm"
#: People typed again without their papers: so many pairs wait, and one more is merged already.
TWICE = 4
SLIPS = 1
SECONDS = 20.0


def make_doubles(rng: Random) -> None:
    """Register a few known people a second time, and let the record officer merge one."""
    registrar, recorder = _actor(REGISTRAR), _actor(RECORDER)
    if registrar is None or recorder is None:
        return
    known = [card(row) for row in Patient.objects.exclude(nik="").order_by("id")[: 40 * TWICE : 40]]
    again = [_again(rng, person, registrar) for person in known]
    if len(again) >= 2:
        merge_records(known[0].id, again[0].id, by=recorder, take=("phone",))
        _same_nik(known[1], registrar)
    find_pairs(seconds=SECONDS)


def _again(rng: Random, person: PatientCard, by: Actor) -> PatientCard:
    """The same person on another day, without the KTP, one letter typed otherwise."""
    slipped, _slips = make_slips(rng, person.key, SLIPS)
    typed = PatientInput(
        name=slipped.name,
        birth_date=(slipped.birth_date or person.birth_date).isoformat(),
        sex=person.sex,
        mother_name=slipped.mother_name or person.mother_name,
        village=person.village,
        village_code=person.village_code,
        rt=person.rt,
        rw=person.rw,
        phone=f"0812{rng.randrange(10**7, 10**8)}",
    )
    return register_patient(by=by, typed=typed, confirm_new="lain").patient


def _same_nik(person: PatientCard, by: Actor) -> None:
    """Somebody of the same house comes with that person's NIK: a family card read wrongly."""
    typed = PatientInput(
        name=f"{person.name.split()[0]} Wulandari",
        birth_date="17081995",
        sex="female" if person.sex == "male" else "male",
        nik=person.nik,
        mother_name="Suparmi",
        village=person.village,
        village_code=person.village_code,
        rt=person.rt,
        rw=person.rw,
    )
    register_patient(by=by, typed=typed, confirm_new="keluarga")


def _actor(username: str) -> Actor | None:
    account = Account.objects.filter(username=username).first()
    return get_actor(account.id) if account is not None else None
