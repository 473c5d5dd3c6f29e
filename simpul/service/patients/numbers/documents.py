"""The patient card as paper: for the eye a name and a number, for the scanner 128 random bits."""

import uuid

from django.utils.translation import gettext as _

from simpul.domain.dates import format_date
from simpul.domain.identity import group_mrn
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.printing.document import Block, Code, Document, DocumentKind, Line
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.numbers.selectors import valid_card
from simpul.service.patients.selectors import get_patient

#: A longer name is set smaller rather than cut: names are never cut.
LONG_NAME = 60


def card_code(code: str) -> str:
    """Return what the codes on a card say."""
    return f"RM:{code}"


def make_card(patient: uuid.UUID, *, by: Actor) -> Document:
    """Return the card of a patient who has a valid one.

    The number, the name and the birth date are printed for people; the codes hold none of them.
    """
    person = get_patient(patient, by=by)
    payload = card_code(valid_card(person.id, by=by).code)
    born = format_date(person.birth_date)
    if person.birth_date_estimated:
        born = f"± {person.birth_date.year}"
    name = f"{person.title} {person.name}".strip()
    blocks: tuple[Block, ...] = (
        Line(get_here().name, bold=True),
        Line(_("Kartu berobat")),
        Line(f"RM {group_mrn(person.mrn)}", size=3, bold=True),
        Line(name, size=2 if len(name) <= LONG_NAME else 1, bold=True),
        Line(_("Lahir %(day)s · %(sex)s") % {"day": born, "sex": person.sex_letter}),
        Code(payload),
        Code(payload, "code128", _("Bila kartu ini hilang, beri tahu loket.")),
    )
    return Document(DocumentKind.CARD, _("Kartu berobat"), blocks)
