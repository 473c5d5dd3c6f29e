"""What each released version sent is still taken in. `recorded/` holds one push of each.

To record the present version (once, at its release): SIMPUL_RECORD=1 pytest THIS_FILE.
"""

import base64
import json
import os
import uuid
from pathlib import Path
from typing import Any

import pytest

import simpul
from simpul.exchange.hub.models import HubLog
from simpul.exchange.hub.nodes import add_node
from simpul.exchange.hub.receiving import receive
from simpul.exchange.sync import outgoing
from simpul.exchange.sync.signing import own_key
from simpul.foundation.facilities.models import Facility
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.staff.models import Role
from simpul.service.care.inputs import ConditionInput, EntryInput
from simpul.service.care.models import Condition
from simpul.service.completeness.services import close_encounter
from simpul.service.distribution import queueing
from simpul.service.distribution.services import register_visit
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.models import Patient
from simpul.service.patients.services import note_no_allergies, register_patient
from simpul.service.registration.services import VisitWish
from tests.conftest import make_actor
from tests.exchange.sites import facility_site, own_hub

RECORDED = Path(__file__).parent / "recorded"
pytestmark = pytest.mark.django_db


def record(path: Path) -> None:
    """One visit from the counter to the closed record, and the push it becomes."""
    site = facility_site("Puskesmas Rekaman")
    with site:
        registrar = make_actor(Role.REGISTRAR)
        physician = make_actor(Role.PHYSICIAN, units=("umum",))
        typed = PatientInput(
            name="Siti Rekaman",
            birth_date="12031985",
            sex="female",
            village="Sabrang",
            nik="3301015203850001",
            mother_name="Maryam",
        )
        patient = register_patient(by=registrar, typed=typed).patient
        register_visit(VisitWish(patient_id=patient.id, complaint="batuk"), by=registrar)
        called = queueing.call_next("umum", by=physician)
        assert called is not None
        note_no_allergies(patient.id, by=physician)
        close_encounter(
            called.encounter_id,
            by=physician,
            inputs=[
                EntryInput("soap", soap={"s": "batuk", "o": "normal", "a": "ISPA", "p": "obat"}),
                EntryInput("condition", conditions=(ConditionInput("J06.9"),)),
            ],
        )
        push = outgoing.next_push()
        assert push is not None
        content = {
            "node": str(push.node),
            "public_key": own_key().public,
            "headers": push.headers,
            "body": base64.b64encode(push.body).decode(),
        }
    site.close()
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def test_the_present_version_is_recorded() -> None:
    path = RECORDED / f"{simpul.__version__}.json"
    if os.environ.get("SIMPUL_RECORD") and not path.exists():
        RECORDED.mkdir(exist_ok=True)
        record(path)
    assert path.exists()


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_what_a_released_version_sent_is_taken_in(path: Path) -> None:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    node = uuid.UUID(content["node"])
    hub = own_hub()
    with hub:
        add_node(node, name="Puskesmas Rekaman", public_key=content["public_key"])
        reply = receive(content["headers"], base64.b64decode(content["body"]))
        assert reply.status == 200
        assert set(HubLog.objects.values_list("state", flat=True)) == {"applied"}
        assert Patient.objects.get().name == "SITI REKAMAN"
        assert Condition.objects.get().code == "J06.9"
        assert Facility.objects.filter(is_here=True).get().id == hub.node
        assert verify_chain().faults == ()
