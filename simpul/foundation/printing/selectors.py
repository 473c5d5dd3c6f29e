"""Reading printers and what they are printing."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.foundation.core.errors import NotHere
from simpul.foundation.printing.document import DocumentKind
from simpul.foundation.printing.models import JobState, Printer, PrintJob
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require

#: Which printer this computer uses; set on the page `printer-pilih`.
COOKIE = "simpul_printer"

#: Why nothing came out, and what to do; the end of the sentence "Printer … ".
TROUBLES = {
    "no_answer": gettext_lazy("tidak menjawab. Periksa apakah menyala dan kabel jaringannya."),
    "refused": gettext_lazy("menolak sambungan. Periksa alamat IP dan port-nya."),
    "unreachable": gettext_lazy("tidak terjangkau. Periksa kabel dan alamatnya."),
    "no_paper": gettext_lazy("kehabisan kertas. Pasang gulungan baru."),
    "offline": gettext_lazy("belum siap. Tutup penutupnya, lalu tekan tombol FEED."),
    "broke_off": gettext_lazy("terputus di tengah cetakan. Lihat apakah kertasnya keluar."),
    "late": gettext_lazy("tidak sempat mencetak. Cetak sekali lagi bila masih perlu."),
    "not_allowed": gettext_lazy("belum diizinkan di server. Mintalah petugas IT memeriksanya."),
}


@dataclass(frozen=True)
class PrinterLine:
    """A printer with its state in plain words."""

    printer: Printer
    kinds: str
    state: str
    level: str  # ok | warn | none
    at: datetime | None


@dataclass(frozen=True)
class JobView:
    """A piece of paper as the counter sees it."""

    id: uuid.UUID
    kind: str
    label: str
    state: str
    is_settled: bool
    printer_name: str
    trouble: str
    can_repeat: bool
    others: tuple[tuple[uuid.UUID, str], ...] = ()


def list_printers(*, by: Actor) -> list[PrinterLine]:
    """Return the printers of the house for their page, each with its last news."""
    require(by, "view", "settings")
    printers = list(Printer.objects.filter(owner=by.facility_id).order_by("-is_active", "name"))
    return [_line(printer) for printer in printers]


def _line(printer: Printer) -> PrinterLine:
    last = PrintJob.objects.filter(printer=printer).order_by("-made_at").defer("content").first()
    kinds = ", ".join(str(DocumentKind(kind).label) for kind in printer.kinds)
    if not printer.is_active:
        return PrinterLine(printer, kinds, _("Tidak dipakai."), "none", None)
    if last is None:
        return PrinterLine(printer, kinds, _("Belum pernah mencetak. Coba cetak."), "none", None)
    if last.state == JobState.DONE:
        return PrinterLine(printer, kinds, _("Siap; cetakan terakhir keluar."), "ok", last.made_at)
    if last.trouble:
        said = _("Printer %(why)s") % {"why": TROUBLES.get(last.trouble, last.trouble)}
        return PrinterLine(printer, kinds, said, "warn", last.made_at)
    return PrinterLine(printer, kinds, _("Sedang mencetak."), "ok", last.made_at)


def get_printer(printer: uuid.UUID, *, by: Actor) -> Printer:
    """Return a printer of this person's house."""
    row = Printer.objects.filter(id=printer, owner=by.facility_id).first()
    if row is None:
        raise NotHere(_("Printer ini tidak ada di Puskesmas Anda."), "printer_unknown")
    return row


def list_choices(*, by: Actor) -> list[Printer]:
    """Return the printers a computer may choose from."""
    require(by, "view", "patient")
    return _in_use(by)


def _in_use(by: Actor) -> list[Printer]:
    return list(Printer.objects.filter(owner=by.facility_id, is_active=True).order_by("name"))


def printer_here(request: HttpRequest, kind: DocumentKind, *, by: Actor) -> Printer | None:
    """Return the printer of this computer for this kind of paper; None means the browser's.

    Reads nothing at all where no printer was chosen.
    """
    try:
        chosen = uuid.UUID(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return None
    row = Printer.objects.filter(id=chosen, owner=by.facility_id).first()
    return row if row is not None and row.prints(kind) else None


def get_job(job: uuid.UUID, *, by: Actor) -> PrintJob:
    """Return one piece of paper of this house: a test page to whoever sets printers up, the
    others to whoever may know patients."""
    row = PrintJob.objects.filter(id=job, owner=by.facility_id).select_related("printer").first()
    if row is None:
        raise NotHere(_("Cetakan ini sudah tidak ada. Cetak lagi dari halamannya."), "job_unknown")
    require(by, "view", "settings" if row.kind == DocumentKind.TEST else "patient")
    return row


def view_job(job: uuid.UUID, *, by: Actor) -> JobView:
    """Return how far a piece of paper came, and where else it could be printed."""
    row = get_job(job, by=by)
    others: list[tuple[uuid.UUID, str]] = []
    if row.trouble and row.state != JobState.DONE:
        others = [
            (one.id, one.name)
            for one in _in_use(by)
            if one.id != row.printer_id and one.prints(row.kind)
        ]
    return JobView(
        id=row.id,
        kind=row.kind,
        label=row.label,
        state=row.state,
        is_settled=row.is_settled,
        printer_name=row.printer.name,
        trouble=str(TROUBLES.get(row.trouble, "")) if row.trouble else "",
        can_repeat=bool(row.content),
        others=tuple(others),
    )
