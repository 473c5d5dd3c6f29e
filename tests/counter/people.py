"""People and posts of the counter tests."""

import re
import uuid
from datetime import date
from typing import Any

from simpul.foundation.core.models import OwnedModel
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.services import Visit, register_visit
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.models import Patient
from simpul.service.patients.services import register_patient
from simpul.service.registration.services import VisitWish

HTMX = {"HX-Request": "true"}

#: What a tired hand, a bad scanner or a stranger may send in any field.
ODD_VALUES = (
    "",
    " ",
    "\t\n",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "'",
    '"',
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "{% load x %}",
    "%s%d%n",
    "../../etc/passwd",
    "null",
    "None",
    "NaN",
    "-1",
    "0",
    "00000000000000000000",
    "99999999999999999999999",
    "1e309",
    "٣٥٠٩١٩٥٢٠٣٨٥٠٠٠١",
    "３５０９",
    "²³",
    "Ⅻ",
    "31022024",
    "00000000",
    "99999999",
    "12/13/14",
    "999th",
    "-5th",
    "🙂",
    "é́́́",
    "\u202eabc",
    "\ufeff",
    "İstanbul",
    "ß",
    "A" * 500,
    "9" * 5000,
    "RM:",
    "AQ:x",
    "BK:" + "1" * 100,
)


def make_patient(by: Actor, **typed: Any) -> PatientCard:
    """Register a patient of the house; what is not given is made up."""
    values: dict[str, Any] = {
        "name": "Wati Contoh",
        "birth_date": "12031985",
        "sex": "female",
        "village": "Sabrang",
        "mother_name": "Maryam",
    } | typed
    return register_patient(by=by, typed=PatientInput(**values), confirm_new="uji").patient


def make_visit(by: Actor, patient: PatientCard, **wish: Any) -> Visit:
    """Register a visit through the service."""
    return register_visit(VisitWish(patient_id=patient.id, **wish), by=by)


def change_row(by: Actor, row: OwnedModel, **values: Any) -> None:
    """Change a stored row in ways no page of the counter offers: time passed, somebody died."""
    for name, value in values.items():
        setattr(row, name, value)
    with act(by=by) as this:
        this.update(row, *values)


def declare_dead(by: Actor, patient: PatientCard) -> None:
    """Note that a patient died on 2 January 2020."""
    change_row(by, Patient.objects.get(id=patient.id), deceased_on=date(2020, 1, 2))


def text_of(response: Any) -> str:
    """The answer as text."""
    return response.content.decode()


def part(response: Any, uji: str) -> str:
    """From the element with this test hook to the end of the answer."""
    text = text_of(response)
    assert f'data-uji="{uji}"' in text, text[:2000]
    return text[text.index(f'data-uji="{uji}"') :]


def button(response: Any, name: str) -> dict[str, str]:
    """The hidden fields of the answer and a submit button, as a browser would send them."""
    hidden = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text_of(response))
    )
    return {key: value for key, value in hidden.items() if key != "csrfmiddlewaretoken"} | {
        "step": name
    }


def addresses(response: Any) -> list[str]:
    """Every address an answer names: links, forms, requests, redirects."""
    found = re.findall(r'(?:href|action|formaction|hx-get|hx-post)="([^"]*)"', text_of(response))
    return [*found, *(response.headers.get(name, "") for name in ("Location", "HX-Redirect"))]


def as_id(address: str) -> uuid.UUID:
    """The patient's id in an address of the counter."""
    match = re.search(r"/loket/pasien/([0-9a-f-]{36})", address)
    assert match, address
    return uuid.UUID(match[1])
