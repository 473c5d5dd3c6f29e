"""The head's own version of the rules of placement, and who is in which programme.

Made through the services, so the demo shows what a house really gets: a local word and a local
habit on top of the national rules, with a note that says why.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from simpul.domain.placement_cases import read_cases
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.domain.placement_rules import Rule
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account
from simpul.foundation.staff.selectors import get_actor
from simpul.service.patients.models import Patient
from simpul.service.registration.models import Encounter
from simpul.service.registration.placement.models import Programme
from simpul.service.registration.placement.programmes import enrol
from simpul.service.registration.placement.services import (
    add_rule,
    change_rule,
    put_in_force,
)

HEAD, RECORDER = "kepala", "rm"
ENROLLED = 6
LOCAL = Rule(
    code="mulut",
    unit="gigi",
    reason="keluhan mulut",
    words=("sariawan", "sisa akar", "gabagen cangkem"),
    cases=read_cases("35 P | sariawan tidak sembuh\n! 35 P | batuk pilek"),
)


def make_rules(today: date) -> None:
    """Put a first version of the house's own in force, and enrol some patients."""
    head, recorder = _actor(HEAD), _actor(RECORDER)
    if head is None or recorder is None:
        return
    add_rule(LOCAL, before="tb", seen=0, by=head)
    teeth = next(rule for rule in NATIONAL_RULES if rule.code == "gigi")
    change_rule("gigi", replace(teeth, words=(*teeth.words, "tojhi")), seen=1, by=head)
    put_in_force(
        note="Sariawan dan sisa akar ke Poli Gigi, sesuai rapat loket; kata setempat ditambah",
        seen=2,
        by=head,
    )
    _enrol(today, recorder)


def _enrol(today: date, by: Actor) -> None:
    """Patients of the fitting units join the programmes, some weeks ago."""
    rng = Random(f"programmes:{today}")
    for programme, unit in (
        (Programme.TB, "tb"),
        (Programme.PROLANIS, "lansia"),
        (Programme.FAMILY_PLANNING, "kia"),
    ):
        seen = (
            Encounter.objects.filter(owner=by.facility_id, unit=unit)
            .order_by("registration_number")
            .values_list("patient_id", flat=True)
        )
        adults = Patient.objects.filter(
            id__in=set(seen), birth_date__lt=today - timedelta(days=18 * 366)
        )
        if programme == Programme.FAMILY_PLANNING:
            adults = adults.filter(sex="female")
        for patient in adults.order_by("mrn")[:ENROLLED].values_list("id", flat=True):
            since = today - timedelta(days=rng.randint(20, 160))
            enrol(patient, programme=programme, since=since, by=by)


def _actor(username: str) -> Actor | None:
    account = Account.objects.filter(username=username).first()
    return None if account is None else get_actor(account.id)
