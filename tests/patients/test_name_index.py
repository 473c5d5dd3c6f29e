"""The stored index of names is made anew when the rules of its keys have changed."""

import hashlib

import pytest

from simpul.domain.names import deletion_variants, name_keys
from simpul.foundation.core.models import NodeState
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.index import KEYS, STATE, renew_index
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.models import NameToken, TokenVariant
from simpul.service.patients.selectors import find_patients
from simpul.service.patients.services import register_patient

NAMES = (
    "Siti Aminah", "H. Moch. Ma'ruf, S.Pd", "Soekarno", "Tjoet Njak Dhien", "Khoirul Anwar",
    "Abdurrahman", "Abdul Rohman", "Chandra", "Tjandra", "Nurhayati", "Nur Hayati", "By. Ny. Sari",
    "Hutabarat", "Oei Tiong Ham", "Raden Ajeng Kartini", "Fauzi", "Pauzi", "Yusuf", "Jusup",
    "Dzulkifli", "Sholihah", "Wahyoe", "Bambang", "Ida Ayu", "M. Rizky", "Safi'i", "Syafii",
)  # fmt: skip
#: What the keys of NAMES were when KEYS was last raised.
FINGERPRINT = "a58881677014"


def no_news(done: int, total: int) -> None:
    """Say nothing of how far it has come."""


def test_other_keys_mean_a_higher_number():
    """When this fails, raise KEYS in `index.py` and put the new fingerprint here."""
    keys = repr([(name_keys(name), deletion_variants(name_keys(name)[0])) for name in NAMES])

    assert (KEYS, hashlib.sha256(keys.encode()).hexdigest()[:12]) == (2, FINGERPRINT)


@pytest.fixture
def amina(registrar: Actor) -> str:
    made = register_patient(
        by=registrar,
        typed=PatientInput(
            name="Siti Aminah",
            birth_date="1985-03-12",
            sex="female",
            village="Sabrang",
            mother_name="Maryam",
        ),
    )
    return str(made.patient.id)


def test_an_index_of_an_older_way_is_made_anew_once(amina: str, registrar: Actor):
    NodeState.objects.filter(key=STATE).delete()
    NameToken.objects.all().delete()
    TokenVariant.objects.all().delete()
    NameToken.objects.create(token="OLDKEY", patient_id=amina)
    told: list[tuple[int, int]] = []

    assert renew_index(lambda done, total: told.append((done, total))) is True
    assert renew_index(no_news) is False

    assert told == [(1, 1)]
    assert not NameToken.objects.filter(token="OLDKEY").exists()
    assert [str(hit.patient.id) for hit in find_patients("siti aminh", by=registrar)] == [amina]


def test_a_house_without_patients_is_only_marked(db: None):
    assert renew_index(no_news) is False

    assert NodeState.objects.get(key=STATE).value == str(KEYS)
