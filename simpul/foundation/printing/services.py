"""Writing printers, and giving them work: the job is stored, the printer is spoken to later."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import local_day, now
from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.printing.document import Code, Document, DocumentKind, Line, Rule
from simpul.foundation.printing.inputs import PrinterInput
from simpul.foundation.printing.models import JobState, Printer, PrintJob, new_job
from simpul.foundation.printing.selectors import get_job, get_printer
from simpul.foundation.printing.spooler import wake
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home


def save_printer(
    typed: PrinterInput,
    *,
    by: Actor,
    printer: uuid.UUID | None = None,
    seen_version: int | None = None,
) -> Printer:
    """Add a printer, or change one over the version that was seen."""
    require(by, "correct", "settings")
    require_home(by)
    row = Printer() if printer is None else get_printer(printer, by=by)
    values = typed.checked()
    try:
        with transaction.atomic(), act(by=by) as this:
            for name, value in values.items():
                setattr(row, name, value)
            if printer is None:
                this.create(row)
            else:
                this.update(row, *values, seen_version=seen_version)
            this.record("printer-changed", subject=f"printer:{row.id}")
    except IntegrityError:
        raise Refused(
            _("Printer belum disimpan: nama itu sudah dipakai."),
            "printer_refused",
            errors=(Problem("name", "taken", _("Pakai nama lain, misalnya Loket 2.")),),
        ) from None
    return row


def print_document(
    document: Document,
    *,
    printer: Printer,
    by: Actor,
    subject: uuid.UUID | None = None,
    label: str = "",
) -> PrintJob:
    """Store one piece of paper for a printer; it is printed after the commit.

    Call it inside the transaction of what it is about. `label` names a ticket, never a person.
    """
    content = document.to_text()
    return _store(printer, document.kind, content, by=by, subject=subject, label=label)


def _store(
    printer: Printer,
    kind: DocumentKind,
    content: str,
    *,
    by: Actor,
    subject: uuid.UUID | None,
    label: str,
) -> PrintJob:
    job = new_job(printer, kind=kind, content=content, made_by=by.account_id, at=now())
    job.subject, job.label = subject, label[:20]
    with transaction.atomic():
        job.save(force_insert=True)
    transaction.on_commit(wake)
    return job


def print_again(job: uuid.UUID, *, by: Actor, printer: uuid.UUID | None = None) -> PrintJob:
    """A person prints a piece of paper once more, there or on another printer.

    The old job ends at once, so that the same paper never comes out of both by itself.
    """
    old = get_job(job, by=by)
    target = old.printer if printer is None else get_printer(printer, by=by)
    if not target.prints(old.kind):
        raise Conflict(
            _("Printer itu tidak dipakai untuk cetakan ini. Pilih printer lain."), "printer_other"
        )
    content = old.content
    if not content:
        raise Conflict(
            _("Cetakan ini sudah dihapus dari antrean printer. Cetak lagi dari halamannya."),
            "job_emptied",
        )
    with transaction.atomic():
        if old.state != JobState.DONE:
            ended = (
                PrintJob.objects.filter(id=old.id)
                .exclude(state__in=(JobState.SENDING, JobState.DONE, JobState.CANCELLED))
                .update(state=JobState.CANCELLED, settled_at=now(), content="")
            )
            if not ended:
                raise Conflict(
                    _("Printer sedang menerima cetakan ini. Tunggu sebentar, lalu lihat lagi."),
                    "job_under_way",
                )
        return _store(
            target,
            DocumentKind(old.kind),
            content,
            by=by,
            subject=old.subject,
            label=old.label,
        )


def print_test(printer: uuid.UUID, *, by: Actor) -> PrintJob:
    """Print a page that shows the width, the letters and the codes."""
    require(by, "correct", "settings")
    row = get_printer(printer, by=by)
    if not row.is_active:
        raise Conflict(_("Printer ini tidak dipakai. Aktifkan dulu."), "printer_other")
    return print_document(test_page(row), printer=row, by=by)


def test_page(printer: Printer) -> Document:
    """Return the test page of a printer."""
    here = get_here()
    day = local_day(now(), here.timezone)
    values: dict[str, Any] = {"name": printer.name, "day": f"{day:%d-%m-%Y}"}
    return Document(
        DocumentKind.TEST,
        _("Halaman uji"),
        (
            Line(here.name, bold=True, align="center"),
            Line(_("HALAMAN UJI"), size=2, bold=True, align="center"),
            Line(_("%(name)s, %(day)s") % values, align="center"),
            Rule(),
            Line("A17", size=4, bold=True, align="center"),
            Line(_("Nama panjang: Siti Nurhaliza Kusumaningrum binti Abdurrahman")),
            Code("AQ:UJI-COBA"),
            Code("BK:000000", "code128", "BK:000000"),
            Rule(),
            Line(_("Bila kode di atas terbaca pemindai, printer siap dipakai.")),
        ),
    )
