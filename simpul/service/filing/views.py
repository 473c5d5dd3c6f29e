"""`/rm`: the record room's page, its lists, one folder, one record, the tracer slip."""

import uuid
from dataclasses import replace
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from simpul.domain.completeness import applies
from simpul.domain.completeness_rules import COMPONENT_LABELS
from simpul.domain.record_numbers import terminal_digits
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.selectors import last_entry_id
from simpul.foundation.printing.barcodes import draw_code
from simpul.foundation.printing.document import Code, DocumentKind
from simpul.foundation.printing.selectors import printer_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require
from simpul.service.completeness.models import RecordStatus
from simpul.service.completeness.selectors import (
    RecordLine,
    count_records,
    count_returned,
    get_record_line,
    list_patient_records,
    list_records,
)
from simpul.service.completeness.services import mend_paper, recheck, return_record
from simpul.service.completeness.sheets import active_rules, judge
from simpul.service.filing import selectors
from simpul.service.filing.forms import PAPER_ITEMS, ReturnForm, ShelfForm
from simpul.service.filing.selectors import FileView
from simpul.service.filing.services import MODES, change_shelf, file_record
from simpul.service.patients.merging.selectors import count_waiting
from simpul.service.patients.selectors import get_banner, get_record
from simpul.service.registration.selectors import get_encounter

#: Tab → its label; the first two are folders, the others records.
TABS = {
    "diminta": gettext_lazy("Diminta hari ini"),
    "luar": gettext_lazy("Di luar"),
    "kelengkapan": gettext_lazy("Kelengkapan"),
    "siap": gettext_lazy("Siap disimpan"),
}
RECORD_TABS = ("kelengkapan", "siap")
#: Hours after which an incomplete record is overdue (IMR); DMR is `RecordLine.is_delinquent`.
INCOMPLETE_HOURS = 24
MODE_WORDS = {
    "sent": gettext_lazy("Kirim"),
    "received": gettext_lazy("Terima"),
    "stored": pgettext_lazy("menaruh berkas di rak", "Simpan"),
    "trace": gettext_lazy("Lacak"),
}


@require_GET
def room(request: HttpRequest) -> HttpResponse:
    """The whole page, or (for live refreshing) the rows of the open list."""
    by = acting(request)
    if request.headers.get("HX-Request") and request.GET.get("bagian") == "baris":
        return render(request, "filing/_rows.html", _lists(request, by) | {"is_refresh": True})
    return room_page(request, by)


def room_page(
    request: HttpRequest,
    by: Actor,
    *,
    pane: str = "",
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page with something open in its work pane."""
    live_after = last_entry_id()
    mode = request.POST.get("mode") or request.GET.get("mode") or "received"
    values = {
        "live_after": live_after,
        "pane": pane,
        "is_page": True,
        "may_scan": may(by, "input", "filing"),
        "mode": mode if mode in (*MODES, "trace") else "received",
        "modes": [
            {"value": value, "label": label}
            for value, label in MODE_WORDS.items()
            if value == "trace" or may(by, "input", "filing")
        ],
        "units": [unit for unit in get_here().units.values() if unit.takes_patients],
        "moves": selectors.list_recent_moves(by=by),
        "may_figures": may(by, "view", "journal"),
        "may_review": may(by, "view", "merge"),
        "to_review": count_waiting(by=by) if may(by, "view", "merge") else 0,
    }
    values |= _lists(request, by) | (context or {})
    return render(request, "filing/room.html", values, status=status)


def _lists(request: HttpRequest, by: Actor) -> dict[str, Any]:
    """The open list, the counts on the tabs, and what the units still owe."""
    sees_records = may(by, "view", "completeness")
    tab = request.GET.get("daftar", "")
    if tab not in TABS or (tab in RECORD_TABS and not sees_records):
        tab = "diminta"
    out, overdue = selectors.count_files(by=by)
    asked = selectors.list_asked_for(by=by)
    counts: dict[str, int] = {"diminta": len(asked), "luar": out}
    values: dict[str, Any] = {"tab": tab, "out": out, "overdue": overdue, "returned": []}
    if sees_records:
        states = count_records(by=by)
        counts["kelengkapan"] = states[RecordStatus.INCOMPLETE]
        counts["siap"] = states[RecordStatus.COMPLETE]
        values["returned"] = count_returned(by=by)
        values["returned_total"] = sum(unit.count for unit in values["returned"])
        values["returned_oldest"] = max(
            (unit.oldest_days for unit in values["returned"]), default=0
        )
    values["tabs"] = [
        {
            "name": name,
            "label": label,
            "count": counts[name],
            "url": f"{reverse('rm')}?daftar={name}",
        }
        for name, label in TABS.items()
        if name in counts
    ]
    values["may_send"] = may(by, "input", "filing")
    values["may_file"] = may(by, "input", "completeness")
    if tab == "diminta":
        values["asked"] = asked
    elif tab == "luar":
        values["away"] = selectors.list_out(by=by)
    else:
        status = RecordStatus.INCOMPLETE if tab == "kelengkapan" else RecordStatus.COMPLETE
        values["records"] = [_aged(line) for line in list_records(by=by, status=status)]
    return values


def _aged(line: RecordLine) -> dict[str, Any]:
    """A record with the age words of the record room."""
    return {
        "line": line,
        "age": selectors.age_words(line.age_hours),
        "is_overdue": line.age_hours > INCOMPLETE_HOURS,
        "is_delinquent": line.is_delinquent,
    }


@require_GET
def folder(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """Where one folder is, how it came there, and the patient's records that are not filed."""
    by = acting(request)
    require(by, "view", "filing")
    file = selectors.get_file(get_record(patient, by=by).mrn, by=by)
    return _pane(request, by, "filing/_folder.html", folder_context(file, by=by))


def folder_context(file: FileView, *, by: Actor) -> dict[str, Any]:
    """Return what the folder pane shows."""
    records = (
        list_patient_records(file.patient_id, by=by) if may(by, "view", "completeness") else []
    )
    return {
        "file": file,
        "mrn": file.mrn_text,
        "records": [_aged(line) for line in records],
        "may_move": may(by, "input", "filing"),
        "longest": selectors.OVERDUE,
    }


@require_POST
def shelf(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """Say where a folder belongs."""
    by = acting(request)
    require(by, "view", "filing")
    form = ShelfForm(request.POST)
    form.is_valid()
    mrn = get_record(patient, by=by).mrn
    typed = form.cleaned_data.get("shelf", "")
    try:
        change_shelf(mrn, shelf=typed, by=by)
    except Refused as refusal:
        context = folder_context(selectors.get_file(mrn, by=by), by=by)
        context |= {"shelf": typed, "shelf_errors": [str(p.message) for p in refusal.errors]}
        return _pane(request, by, "filing/_folder.html", context, status=422)
    context = folder_context(selectors.get_file(mrn, by=by), by=by)
    return _pane(request, by, "filing/_folder.html", context | {"shelf_saved": True}, changed=True)


@require_GET
def record(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """One closed visit: item by item what is there and what is missing."""
    by = acting(request)
    require(by, "view", "filing")
    return _pane(request, by, "filing/_record.html", _record_context(encounter, by=by))


def _record_context(encounter_id: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    line = get_record_line(encounter_id, by=by)
    encounter = get_encounter(encounter_id, by=by)
    banner = get_banner(line.patient_id, by=by)
    result, sheet = judge(encounter, banner.patient, unit=line.unit, by=by)
    lacking = {item.rule for item in result.missing}
    items = [
        {
            "label": rule.label,
            "component": COMPONENT_LABELS[rule.component],
            "is_there": rule.code not in lacking,
        }
        for rule in active_rules(by=by)
        if applies(rule, sheet)
    ]
    labels = [item["label"] for item in items if not item["is_there"]]
    labels += [item.message for item in line.missing if item.is_paper]
    return {
        "record": _aged(line),
        "line": line,
        "banner": banner,
        "items": items,
        "lacking": ", ".join(str(label) for label in labels),
        "papers": [item for item in line.missing if item.is_paper],
        "paper_items": PAPER_ITEMS,
        "may_file": may(by, "input", "completeness"),
        "may_read": may(by, "view", "clinical"),
        "next": _next_after(line, by=by),
    }


def _next_after(line: RecordLine, *, by: Actor) -> uuid.UUID | None:
    """The record to look at after this one: the next older list place, or the first again."""
    waiting = [row.encounter_id for row in list_records(by=by)]
    if line.encounter_id in waiting:
        at = waiting.index(line.encounter_id)
        waiting = waiting[at + 1 :] + waiting[:at]
    return waiting[0] if waiting else None


@require_POST
def give_back(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """Send a record back to its unit, with what is missing on paper."""
    by = acting(request)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        raise Refused(
            _("Belum dikembalikan: yang kurang ditulis paling banyak 120 huruf."),
            "paper_item_refused",
            errors=(Problem("other", "too_long", _("Pendekkan tulisannya.")),),
        )
    return_record(encounter, by=by, paper_items=form.paper_items())
    line = get_record_line(encounter, by=by)
    said = _("Dikembalikan ke %(unit)s: muncul di tugas unit itu sekarang.") % {
        "unit": line.unit_name
    }
    return _done(request, by, line, said)


@require_POST
def store_record(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """File the record of a visit that is complete."""
    by = acting(request)
    file_record(encounter, by=by)
    return _done(request, by, get_record_line(encounter, by=by), _("Rekam lengkap, tersimpan."))


@require_POST
def check_again(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """Analyse the record as it stands now."""
    by = acting(request)
    require(by, "input", "completeness")
    recheck(encounter, by=by)
    context = _record_context(encounter, by=by)
    return _pane(request, by, "filing/_record.html", context, changed=True)


@require_POST
def paper_there(request: HttpRequest, deficiency: uuid.UUID) -> HttpResponse:
    """The paper now carries what was missing on it."""
    by = acting(request)
    require(by, "input", "completeness")
    check = mend_paper(deficiency, by=by)
    context = _record_context(check.encounter_id, by=by)
    return _pane(request, by, "filing/_record.html", context, changed=True)


def _done(request: HttpRequest, by: Actor, line: RecordLine, said: str) -> HttpResponse:
    context = {"line": line, "said": said, "next": _next_after(line, by=by)}
    return _pane(request, by, "filing/_done.html", context, changed=True)


def _pane(
    request: HttpRequest,
    by: Actor,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    changed: bool = False,
) -> HttpResponse:
    """Return a fragment for the work pane, or the whole page around it."""
    if not request.headers.get("HX-Request"):
        return room_page(request, by, pane=template, context=context, status=status)
    response = render(request, template, context, status=status)
    if changed and status < 400:
        response["HX-Trigger"] = "rm-berubah"
    return response


SIZES = {
    "58": gettext_lazy("Struk 58 mm"),
    "a5": gettext_lazy("Kertas A5"),
    "label": gettext_lazy("Label map"),
}


@require_GET
def tracer(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """The slip that stands on the shelf for a folder that is out, or the label of the folder."""
    by = acting(request)
    require(by, "view", "filing")
    file = selectors.get_file(get_record(patient, by=by).mrn, by=by)
    asked = next(
        (row for row in selectors.list_asked_for(by=by) if row.patient_id == patient), None
    )
    if asked is not None:
        file = replace(file, unit_name=asked.unit_name, since=asked.since)
    size = request.GET.get("ukuran", "58")
    context = {
        "file": file,
        "mrn": file.mrn_text,
        "ticket": asked.ticket if asked is not None else "",
        "made_at": now(),
        "made_by": by.name,
        "size": size if size in SIZES else "58",
        "sizes": SIZES,
        "place": terminal_digits(file.mrn),
        "printer": printer_here(
            request,
            DocumentKind.FILE_LABEL if size == "label" else DocumentKind.TRACER,
            by=by,
        ),
        "code": _code(file.mrn) if size == "label" else "",
        "bars": draw_code(Code(f"BK:{file.mrn}", "code128"), css="label-bars")
        if size == "label"
        else "",
    }
    return render(request, "filing/tracer.html", context)


def _code(mrn: str) -> str:
    """The folder's label as a drawing; the text inside is what the scanner types."""
    drawing = segno.make(f"BK:{mrn}", error="m", micro=False).svg_inline(
        scale=4, border=1, svgclass="slip-code", lineclass=None
    )
    return mark_safe(drawing)  # noqa: S308 (segno draws squares; the number is not in the markup)
