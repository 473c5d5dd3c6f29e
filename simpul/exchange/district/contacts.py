"""Whom the Dinas telephones: the IT person of a Puskesmas, kept as the hub's own row."""

import re
import uuid

from django.utils.translation import gettext as _

from simpul.exchange.district.models import Contact
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home


def keep_contact(facility: uuid.UUID, *, person: str, phone: str, by: Actor) -> Contact:
    """Remember who looks after a Puskesmas's server, and the telephone."""
    require(by, "input", "district")
    require_home(by)
    person, phone = " ".join(person.replace("\x00", "").split()), " ".join(phone.split())
    problems = []
    if len(person) > 80:
        problems.append(Problem("person", "too_long", _("Nama paling panjang 80 huruf.")))
    if phone and not re.fullmatch(r"\+?[0-9 ().-]{5,20}", phone):
        problems.append(
            Problem("phone", "malformed", _("Tulis angka saja, misalnya 0812-3456-7890."))
        )
    if problems:
        raise Refused(
            _("Belum disimpan: periksa isian."), "contact_refused", errors=tuple(problems)
        )
    row = Contact.objects.filter(owner=by.facility_id, facility=facility).first()
    with act(by=by) as this:
        if row is None:
            row = Contact(facility=facility, person=person, phone=phone)
            this.create(row)
        else:
            row.person, row.phone = person, phone
            this.update(row, "person", "phone")
        this.record("contact-kept", subject=f"facility:{facility}")
    return row
