"""Tracer and file label as documents for PDF and thermal printers; a sheet of labels at once."""

import re
import uuid
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from simpul.domain.dates import format_date
from simpul.domain.identity import group_mrn
from simpul.domain.record_numbers import terminal_digits
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.printing.document import (
    Block,
    Code,
    Document,
    DocumentKind,
    Line,
    Mark,
    Rule,
)
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.filing import selectors
from simpul.service.filing.models import PaperFile
from simpul.service.filing.services import shelf_of
from simpul.service.patients.models import Patient
from simpul.service.patients.numbers.models import FolderMember
from simpul.service.patients.numbers.schemes import find_forms, get_numbering
from simpul.service.patients.selectors import get_record

#: Ten sheets of 24: more at once is a mistake of the range.
MOST_LABELS = 240


def tracer_document(patient: uuid.UUID, *, by: Actor) -> Document:
    """Return the slip that stands on the shelf for a folder that is out."""
    require(by, "view", "filing")
    file = selectors.get_file(get_record(patient, by=by).mrn, by=by)
    asked = next(
        (row for row in selectors.list_asked_for(by=by) if row.patient_id == patient), None
    )
    unit = asked.unit_name if asked is not None else file.unit_name
    to = _("Ke: %(unit)s") % {"unit": unit} if unit else _("Ke: ......................")
    if asked is not None:
        to = f"{to} · {asked.ticket}"
    here = get_here()
    at = now()
    out = {
        "day": format_date(here.day_of(at)),
        "at": f"{at.astimezone(ZoneInfo(here.timezone)):%H.%M}",
    }
    place = terminal_digits(file.mrn)
    blocks: tuple[Block, ...] = (
        Line(f"{here.name} · {_('TRACER')}"),
        Line(f"RM {group_mrn(file.mrn)}", size=3, bold=True),
        Mark(place.primary, place.colour),
        Line(_("Rak %(shelf)s") % {"shelf": file.shelf}, size=2, bold=True),
        Line(file.name, bold=True),
        Rule(),
        Line(to),
        Line(_("Keluar: %(day)s pukul %(at)s") % out),
        Line(_("Oleh: %(name)s") % {"name": by.name}),
        Line(_("Kembali: ......................")),
    )
    return Document(DocumentKind.TRACER, _("Tracer"), blocks)


def label_document(patient: uuid.UUID, *, by: Actor) -> Document:
    """Return the label of one folder."""
    require(by, "view", "filing")
    record = get_record(patient, by=by)
    file = PaperFile.objects.filter(patient_id=record.id, owner=by.facility_id).first()
    member = FolderMember.objects.filter(patient_id=record.id, left_at__isnull=True).first()
    return _label(
        record.mrn,
        record.name,
        file.shelf if file else shelf_of(record.mrn),
        member.number if member else "",
    )


def _label(mrn: str, name: str, shelf: str, family: str) -> Document:
    place = terminal_digits(mrn)
    payload = f"BK:{mrn}"
    rows = f"{place.primary} · {place.secondary} · {place.tertiary}"
    blocks: list[Block] = [
        Mark(place.primary, place.colour),
        Line(f"RM {group_mrn(mrn)}", size=2, bold=True),
        Line(name, bold=True),
        Line(_("Rak %(shelf)s (%(digits)s)") % {"shelf": shelf, "digits": rows}),
    ]
    if family:
        shown = get_numbering().show_family(family)
        blocks.append(Line(_("Keluarga %(number)s") % {"number": shown}))
    blocks += [Code(payload), Code(payload, "code128")]
    return Document(DocumentKind.FILE_LABEL, _("Label map"), tuple(blocks))


def label_sheet(text: str, *, by: Actor) -> list[Document]:
    """Return the labels of many folders in shelf order: one number a line, or a range `101-150`.

    Refused when a line means nobody here, so that no sheet is printed with a gap.
    """
    require(by, "view", "filing")
    wanted = _numbers(text)
    forms = {form for several in wanted.values() for form in several}
    rows = list(
        Patient.objects.filter(owner=by.facility_id, mrn__in=forms).only("id", "mrn", "name")
    )
    known = {row.mrn for row in rows}
    unknown = [line for line, several in wanted.items() if known.isdisjoint(several)]
    if unknown:
        shown = ", ".join(unknown[:5])
        raise _refused(_("Nomor ini belum ada: %(numbers)s.") % {"numbers": shown})
    ids = [row.id for row in rows]
    shelves = dict(
        PaperFile.objects.filter(patient_id__in=ids, owner=by.facility_id).values_list(
            "patient_id", "shelf"
        )
    )
    families = dict(
        FolderMember.objects.filter(patient_id__in=ids, left_at__isnull=True).values_list(
            "patient_id", "number"
        )
    )
    rows.sort(key=lambda row: _shelf_order(row.mrn))
    return [
        _label(
            row.mrn, row.name, shelves.get(row.id) or shelf_of(row.mrn), families.get(row.id, "")
        )
        for row in rows
    ]


def _shelf_order(mrn: str) -> tuple[str, str, str, str]:
    place = terminal_digits(mrn)
    return place.primary, place.secondary, place.tertiary, mrn


def _numbers(text: str) -> dict[str, list[str]]:
    """Each line asked for, and every way its number may be stored; ranges taken apart."""
    wanted: dict[str, list[str]] = {}
    for line in re.split(r"[\n,;]+", text.replace("\x00", "")[:5000]):
        line = line.strip()
        if not line:
            continue
        ends = re.fullmatch(r"([0-9]{1,9})\s*(?:-|–|sampai)\s*([0-9]{1,9})", line)
        if ends and int(ends[1]) <= int(ends[2]):
            numbers = range(int(ends[1]), min(int(ends[2]), int(ends[1]) + MOST_LABELS) + 1)
            wanted |= {str(number): find_forms(str(number)) for number in numbers}
        else:
            wanted[line] = find_forms(line)
        if len(wanted) > MOST_LABELS:
            raise _refused(_("Paling banyak %(most)d label sekali cetak.") % {"most": MOST_LABELS})
    if not wanted:
        raise _refused(_("Tulis nomor RM, satu per baris, atau rentang seperti 101-150."))
    return wanted


def _refused(sentence: str) -> Refused:
    return Refused(
        _("Label belum dibuat."),
        "labels_refused",
        errors=(Problem("numbers", "unknown", sentence),),
    )
