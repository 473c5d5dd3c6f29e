"""The record pane: open, save, close, mend. One save is one act with everything that changed."""

import json
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.core.errors import Conflict, Problem, Refused, SimpulError, Stale
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.service.care.forms import Typed, read_typed
from simpul.service.care.merging import Clash, Merged, merge_typed, own_entries
from simpul.service.care.models import EntryKind
from simpul.service.care.selectors import get_record
from simpul.service.completeness.forms import clean_line
from simpul.service.completeness.pane import RecordPane, build_pane
from simpul.service.completeness.services import (
    Saved,
    close_encounter,
    mend_paper,
    save_entries,
    strike_entry,
)
from simpul.service.distribution.models import Distribution
from simpul.service.distribution.queueing import open_record
from simpul.service.registration.models import Encounter
from simpul.service.registration.selectors import get_encounter

#: A step before a change may have been made by another; the text typed stays in every case.
REFUSALS = (Refused, Conflict, Stale)


def _is_fragment(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


@require_GET
def show_record(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/rekam/ID`: open a record; it counts as opened, and the reading is in the journal."""
    by = acting(request)
    pane = build_pane(encounter, by=by, opened=open_record(encounter, by=by))
    template = "completeness/_record.html" if _is_fragment(request) else "completeness/rekam.html"
    return render(request, template, {"pane": pane})


@require_POST
def save_record(request: HttpRequest, encounter: uuid.UUID) -> HttpResponseBase:
    """`/rekam/ID/simpan`: sign what changed; the visit stays open (a closed one is analysed)."""
    return _store(request, encounter, closing=False)


@require_POST
def close_record(request: HttpRequest, encounter: uuid.UUID) -> HttpResponseBase:
    """`/rekam/ID/selesai`: sign what changed, end the visit, say what is missing."""
    return _store(request, encounter, closing=True)


def _store(request: HttpRequest, encounter: uuid.UUID, *, closing: bool) -> HttpResponseBase:
    by = acting(request)
    typed = read_typed(request.POST)
    try:
        saved = _sign(encounter, typed, by=by, closing=closing)
    except _Clashed as clashed:
        return _refuse(request, encounter, typed, clashed, by=by, clashes=clashed.clashes)
    except REFUSALS as refusal:
        return _refuse(request, encounter, typed, refusal, by=by)
    pane = build_pane(encounter, by=by)
    context = {"pane": pane, "saved": saved, "message": _said(saved, pane, closing=closing)}
    if not _is_fragment(request):
        messages.success(request, str(context["message"]))
        return redirect("poli-unit", pane.unit) if closing else redirect("rekam", encounter)
    template = "completeness/_record.html" if closing else "completeness/_saved.html"
    response = render(request, template, context)
    if closing:
        response["HX-Retarget"] = "#rekam"
    response["HX-Trigger"] = json.dumps({"draft-saved": pane.draft_key})
    return response


class _Clashed(Conflict):
    """Two people wrote in one box."""

    def __init__(self, clashes: list[Clash]) -> None:
        super().__init__(
            _(
                "Belum disimpan: ada yang baru saja diubah orang lain. Tulisan Anda tetap di "
                "layar; gabungkan, lalu simpan sekali lagi."
            ),
            "entry_superseded",
            errors=tuple(
                Problem(
                    clash.where, "superseded", _("Baru diubah %(name)s.") % {"name": clash.author}
                )
                for clash in clashes
            ),
        )
        self.clashes = clashes


def _sign(encounter_id: uuid.UUID, typed: Typed, *, by: Actor, closing: bool) -> Saved | None:
    """Sign what changed; None when nothing did (saving again is not a mistake)."""
    encounter = get_encounter(encounter_id, by=by)
    unit = _unit(encounter)
    merged = _merged(encounter, typed, unit=unit, by=by, closing=closing)
    if merged.clashes:
        raise _Clashed(merged.clashes)
    if closing:
        return close_encounter(encounter_id, by=by, inputs=merged.inputs)
    if not merged.inputs:
        return None
    return save_entries(encounter_id, merged.inputs, by=by, unit=unit)


def _merged(encounter: Encounter, typed: Typed, *, unit: str, by: Actor, closing: bool) -> Merged:
    record = get_record(encounter, by=by, unit=unit)
    return merge_typed(typed, record, unit=unit, complaint=encounter.complaint, adopt=closing)


def _unit(encounter: Encounter) -> str:
    last = (
        Distribution.objects.filter(encounter=encounter)
        .order_by("-saved_at")
        .values_list("unit", flat=True)
        .first()
    )
    return last or encounter.unit


def _said(saved: Saved | None, pane: RecordPane, *, closing: bool) -> str:
    if saved is None:
        return _("Tidak ada yang berubah; semuanya sudah tersimpan.")
    if not pane.is_closed:
        return _("Tersimpan di server.")
    if pane.is_complete:
        if closing:
            return _("%(name)s selesai. Lengkap, siap disimpan.") % {"name": pane.patient.name}
        return _("Tersimpan. Lengkap, siap disimpan.")
    words = ", ".join(link.word for link in pane.missing)
    if closing:
        return _("%(name)s selesai, rekam belum lengkap: %(words)s. Lanjutkan kapan saja.") % {
            "name": pane.patient.name,
            "words": words,
        }
    return _("Tersimpan. Masih kurang: %(words)s.") % {"words": words}


def _refuse(
    request: HttpRequest,
    encounter: uuid.UUID,
    typed: Typed,
    refusal: SimpulError,
    *,
    by: Actor,
    clashes: list[Clash] | None = None,
) -> HttpResponse:
    """Say what is wrong and keep every box: nothing of this save was stored."""
    pane = build_pane(encounter, by=by, typed=typed, problems=refusal.errors)
    kept = sorted(typed.kept | {clash.token for clash in clashes or []})
    context = {
        "pane": pane,
        "refusal": refusal,
        "problems": _worded(refusal, pane),
        "clashes": clashes or [],
        "kept": " ".join(kept),
    }
    template = "completeness/_refused.html" if _is_fragment(request) else "completeness/rekam.html"
    return render(request, template, context, status=refusal.status)


def _worded(refusal: SimpulError, pane: RecordPane) -> list[dict[str, str]]:
    """Each problem with the box it leads to and, for numbers, what was probably meant."""
    suggested = {box.name: box.suggested for box in pane.vitals}
    return [
        {
            "where": problem.where,
            "message": str(problem.message),
            "suggested": suggested.get(problem.where, ""),
        }
        for problem in refusal.errors
    ]


@require_GET
def show_missing(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/rekam/ID/kurang`: what the record would lack if it were closed as it is stored now."""
    pane = build_pane(encounter, by=acting(request))
    return render(request, "completeness/_missing_now.html", {"pane": pane})


@require_GET
def show_news(request: HttpRequest, encounter: uuid.UUID) -> HttpResponse:
    """`/rekam/ID/baru?lihat=…`: has somebody else signed something since this form was filled?

    It says who and what kind, never the content: that is read by opening the record again.
    """
    by = acting(request)
    row = get_encounter(encounter, by=by)
    unit = _unit(row)
    record = get_record(row, by=by, unit=unit)
    seen = read_typed(request.GET).seen
    news = [
        {"kind": EntryKind(view.kind).label, "author": view.author, "at": view.signed_at}
        for kind, view in own_entries(record, unit).items()
        if seen.get(kind) != view.id and view.kind != EntryKind.NOTE
    ]
    return render(request, "completeness/_news.html", {"news": news, "encounter": row.id})


@require_POST
def strike_entry_in_error(
    request: HttpRequest, encounter: uuid.UUID, entry: uuid.UUID
) -> HttpResponseBase:
    """`/rekam/ID/catatan/ID/keliru`: written in error; it stays readable, struck through."""
    by = acting(request)
    reason = clean_line(request.POST.get("alasan", ""))[:160]
    strike_entry(encounter, entry_id=entry, reason=reason, by=by)
    return _again(request, encounter, by=by, said=_("Ditandai keliru; tetap terbaca di bawah."))


@require_POST
def tick_paper(
    request: HttpRequest, encounter: uuid.UUID, deficiency: uuid.UUID
) -> HttpResponseBase:
    """`/rekam/ID/kertas/ID`: the paper now carries what was missing."""
    by = acting(request)
    get_encounter(encounter, by=by)
    mend_paper(deficiency, by=by)
    return _again(request, encounter, by=by, said=_("Kertas sudah dilengkapi."))


def _again(request: HttpRequest, encounter: uuid.UUID, *, by: Actor, said: str) -> HttpResponseBase:
    if not _is_fragment(request):
        messages.success(request, said)
        return redirect("rekam", encounter)
    pane = build_pane(encounter, by=by)
    if pane.is_complete:
        said = f"{said} {_('Lengkap, siap disimpan.')}"
    response = render(request, "completeness/_record.html", {"pane": pane, "message": said})
    response["HX-Retarget"] = "#rekam"
    return response
