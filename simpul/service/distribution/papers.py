"""The two slips as documents for PDF and thermal printers, and the slip that follows a save.

What is on them is decided in `printing`; the page of the browser and these say the same.
"""

import logging
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from simpul.domain.dates import format_date
from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.printing.document import Block, Code, Document, DocumentKind, Line, Rule
from simpul.foundation.printing.models import Printer, PrintJob
from simpul.foundation.printing.services import print_document
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.printing import make_hand_over_slip, make_slip, slip_code

logger = logging.getLogger("simpul.printing")


def slip_document(encounter: uuid.UUID, *, by: Actor) -> tuple[Document, str]:
    """Return the queue slip of a visit that has not ended, and its number."""
    slip = make_slip(encounter, by=by)
    here = get_here()
    unit = f"{slip.unit_name} · {slip.room}" if slip.room else slip.unit_name
    day = format_date(here.day_of(slip.registered_at))
    blocks: list[Block] = [
        Line(here.name, bold=True, align="center"),
        Line(slip.ticket, size=4, bold=True, align="center"),
        Line(unit, size=2, bold=True, align="center"),
        Line(f"{slip.name} · {day} {_clock(slip.registered_at)}", align="center"),
    ]
    if slip.in_front is not None:
        waiting = (
            _("%(count)d orang di depan Anda") % {"count": slip.in_front}
            if slip.in_front
            else _("Anda berikutnya")
        )
        blocks.append(Line(waiting, align="center"))
    blocks += [
        Code(slip_code(encounter)),
        Line(_("Simpan slip ini sampai selesai."), align="center"),
    ]
    return Document(DocumentKind.SLIP, slip.ticket, tuple(blocks)), slip.ticket


def hand_over_document(encounter: uuid.UUID, *, by: Actor) -> tuple[Document, str]:
    """Return the slip that goes to a unit in place of a screen, and its number."""
    slip = make_hand_over_slip(encounter, by=by)
    unit = f"{slip.unit_name} · {slip.room}" if slip.room else slip.unit_name
    who = f"{slip.title} {slip.name}".strip()
    blocks: list[Block] = [
        Line(get_here().name, bold=True, align="center"),
        Line(_("SLIP ANTAR"), size=2, bold=True, align="center"),
        Line(slip.ticket, size=4, bold=True, align="center"),
        Line(unit, size=2, bold=True, align="center"),
        Rule(),
        Line(who, bold=True),
        Line(f"RM {slip.mrn} · {slip.sex} · {format_date(slip.birth_date)} ({slip.age})"),
        Line(_("Prioritas: %(priority)s") % {"priority": slip.priority}),
    ]
    if slip.came_from:
        blocks.append(Line(_("Dari %(unit)s") % {"unit": slip.came_from}))
    printed = {"at": _clock(now()), "name": by.name}
    blocks += [
        Line(_("Didaftarkan %(at)s") % {"at": _clock(slip.registered_at)}),
        Line(_("Dicetak %(at)s oleh %(name)s") % printed),
        Code(slip_code(encounter)),
        Line(_("Diterima: ............ pukul .......")),
    ]
    return Document(DocumentKind.HAND_OVER, slip.ticket, tuple(blocks)), slip.ticket


def _clock(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(get_here().timezone)):%H.%M}"


def print_slip(encounter: uuid.UUID, *, printer: Printer, by: Actor) -> PrintJob:
    """Store the queue slip of a visit for a printer."""
    document, ticket = slip_document(encounter, by=by)
    return print_document(document, printer=printer, by=by, subject=encounter, label=ticket)


def print_slip_after_saving(
    encounter: uuid.UUID, *, printer: Printer | None, by: Actor
) -> PrintJob | None:
    """Store the slip of a visit just saved; a trouble with paper never takes the visit back.

    None where this computer has no printer, or where the slip could not be made: then the page
    shows its button as ever.
    """
    if printer is None:
        return None
    try:
        with transaction.atomic():
            return print_slip(encounter, printer=printer, by=by)
    except Exception:
        logger.exception("the slip of a saved visit could not be made")
        return None
