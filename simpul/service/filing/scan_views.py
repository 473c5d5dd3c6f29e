"""The scan box: one scan, one act, one line; a scan that contradicts the records asks first."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.domain.identity import group_mrn
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.filing.forms import TRACE, ScanForm
from simpul.service.filing.models import MovementKind
from simpul.service.filing.selectors import get_file
from simpul.service.filing.services import Scanned, WrongMode, patient_of_label, scan_file
from simpul.service.filing.views import folder_context, room_page


@dataclass(frozen=True)
class Line:
    """What one scan did, as the list under the box shows it."""

    at: datetime
    text: str
    name: str = ""
    mrn: str = ""
    level: str = "ok"


@dataclass(frozen=True)
class Choice:
    """One numbered answer to a question about a scan: the fields it is sent again with."""

    label: str
    mode: str
    unit: str = ""
    confirm: bool = True


@dataclass(frozen=True)
class Question:
    """A scan that was not done yet, and what a person may make of it."""

    text: str
    label: str
    name: str
    mrn: str
    encounter: str
    choices: tuple[Choice, ...] = field(default_factory=tuple)


@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Do what the mode says with the folder that was scanned."""
    by = acting(request)
    form = ScanForm(request.POST)
    form.is_valid()
    typed = form.cleaned_data
    label, mode = typed.get("label", ""), typed.get("mode", "")
    if mode == TRACE:
        return _trace(request, by, label)
    require(by, "input", "filing")
    try:
        done = scan_file(
            label,
            mode=mode,
            by=by,
            unit=typed.get("unit", ""),
            encounter=typed.get("encounter"),
            confirm=typed.get("confirm", False),
        )
    except WrongMode as refusal:
        encounter = str(typed.get("encounter") or "")
        return _asked(request, by, _question(refusal, label, mode, encounter, by=by))
    except NotHere as refusal:
        if refusal.code != "label_unknown":
            raise
        return _said(request, by, _unread(), status=404)
    except Refused as refusal:
        if refusal.code != "file_unit_required":
            raise
        return _asked(request, by, _which_unit(refusal, label, by=by))
    return _said(request, by, _line(done))


@require_POST
def trace(request: HttpRequest) -> HttpResponse:
    """Say where a folder is; nothing is recorded."""
    return _trace(request, acting(request), request.POST.get("label", "")[:200])


def _trace(request: HttpRequest, by: Actor, label: str) -> HttpResponse:
    try:
        file = get_file(label, by=by)
    except NotHere:
        return _said(request, by, _unread(), status=404)
    context = folder_context(file, by=by)
    if not request.headers.get("HX-Request"):
        return room_page(request, by, pane="filing/_folder.html", context=context)
    response = render(request, "filing/_folder.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#rm-kerja", "innerHTML"
    return response


def _said(request: HttpRequest, by: Actor, line: Line, *, status: int = 200) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return room_page(request, by, context={"scanned": line}, status=status)
    response = render(request, "filing/_scan_line.html", {"line": line}, status=status)
    if status == 200:
        response["HX-Trigger"] = "rm-berubah"
    return response


def _asked(request: HttpRequest, by: Actor, question: Question) -> HttpResponse:
    context = {"question": question}
    if not request.headers.get("HX-Request"):
        return room_page(request, by, context=context, status=409)
    response = render(request, "filing/_question.html", context, status=409)
    response["HX-Retarget"], response["HX-Reswap"] = "#rm-tanya", "innerHTML"
    return response


def _unread() -> Line:
    return Line(
        now(), _("Label tak terbaca. Ketik nomor RM. Tidak ada yang dicatat."), level="unknown"
    )


def _question(refusal: WrongMode, label: str, mode: str, encounter: str, *, by: Actor) -> Question:
    """The box of a contradiction: do it with a confirmation, or leave it."""
    words = {
        "file_on_shelf": _("Terima sekarang"),
        "file_still_out": _("Terima dan simpan sekarang"),
        "record_incomplete": _("Simpan juga, rekam menyusul"),
    }
    choice = Choice(words.get(refusal.code, _("Lakukan sekarang")), mode)
    patient = patient_of_label(label, by=by)
    mrn = group_mrn(patient.mrn)
    return Question(refusal.message, label, patient.person.name, mrn, encounter, (choice,))


def _which_unit(refusal: Refused, label: str, *, by: Actor) -> Question:
    """A folder asked for without a visit today: somebody must say where it goes."""
    units = [unit for unit in get_here().units.values() if unit.takes_patients and unit.is_open]
    patient = patient_of_label(label, by=by)
    return Question(
        refusal.message,
        label,
        patient.person.name,
        group_mrn(patient.mrn),
        "",
        tuple(Choice(unit.name, MovementKind.SENT, unit.code, confirm=False) for unit in units),
    )


def _line(done: Scanned) -> Line:
    file = done.file
    units = get_here().units
    unit = units[file.unit].name if file.unit in units else file.unit
    at = now()
    if done.movement is None:
        texts = {
            "out": _("sudah tercatat dikirim ke %(unit)s; tidak dicatat dua kali.")
            % {"unit": unit},
            "received": _("sudah tercatat diterima; tidak dicatat dua kali."),
            "shelf": _("sudah tercatat di rak %(shelf)s; tidak dicatat dua kali.")
            % {"shelf": file.shelf},
        }
        text, level = texts[str(file.whereabouts)], "repeated"
    else:
        texts = {
            "sent": _("dikirim ke %(unit)s") % {"unit": unit},
            "received": _("diterima dari %(unit)s") % {"unit": unit} if unit else _("diterima"),
            "stored": _("disimpan di rak %(shelf)s") % {"shelf": file.shelf},
        }
        text, level, at = texts[str(done.movement.kind)], "ok", done.movement.at
    return Line(at, text, done.patient.person.name, group_mrn(done.patient.mrn), level)
