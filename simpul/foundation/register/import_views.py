"""`/tenaga/impor`: a file judged row by row, then applied; and the profile of a facility."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from simpul.domain.professions import PROFESSIONS, plain
from simpul.foundation.core.errors import Refused, Stale
from simpul.foundation.facilities.models import FacilityProfile
from simpul.foundation.register import selectors
from simpul.foundation.register.forms import ProfileForm, profile_initial
from simpul.foundation.register.importing import apply_sheet, dry_run
from simpul.foundation.register.judging import DryRun, Verdict
from simpul.foundation.register.profiles import add_facility, save_profile
from simpul.foundation.register.sheets import Sheet, carried, read_sheet
from simpul.foundation.register.views import read_id
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

MOST_SHOWN = 300
#: What needs a look comes first.
ORDER = {"refused": 0, "changed": 1, "new": 2, "same": 3}


@require_http_methods(["GET", "POST"])
def import_staff(request: HttpRequest) -> HttpResponse:
    """Choose a file, and see what each of its rows would do. Nothing is written here."""
    by = acting(request)
    require(by, "input", "register")
    require_home(by)
    if request.method == "GET":
        return _ask(request, by)
    try:
        sheet = _sheet(request)
        return _judged(request, by, sheet)
    except Refused as refusal:
        return _ask(request, by, refusal)


@require_POST
def apply_import(request: HttpRequest) -> HttpResponse:
    """Write the new and changed rows of the file that was judged."""
    by = acting(request)
    require(by, "input", "register")
    require_home(by)
    try:
        sheet = _sheet(request)
        done = apply_sheet(sheet, by=by, facility=_facility(request), decided=_decided(request))
    except Refused as refusal:
        return _ask(request, by, refusal)
    counts = done.counts
    if not done.has_work:
        messages.info(request, _("Tidak ada yang baru di berkas ini; daftar tetap seperti semula."))
    else:
        messages.success(
            request,
            _(
                "%(new)d orang ditambahkan, %(changed)d diperbarui, %(same)d tetap, "
                "%(refused)d baris tidak dimasukkan."
            )
            % dict(counts),
        )
    return redirect("tenaga")


def _sheet(request: HttpRequest) -> Sheet:
    """Return the file just sent, or the one carried on from the page that judged it."""
    upload = request.FILES.get("file")
    if upload is not None:
        # Never more than is allowed is taken into memory; `read_sheet` says that it is too large.
        return read_sheet(upload.read(2_000_001))
    return read_sheet(request.POST.get("rows", "").encode())


def _facility(request: HttpRequest) -> uuid.UUID | None:
    return read_id(request.POST.get("facility"))


def _decided(request: HttpRequest) -> dict[tuple[str, str], str]:
    """Return what was decided about unknown words: three lists of the same length."""
    kinds, words, codes = (
        request.POST.getlist(name) for name in ("word_kind", "word", "word_code")
    )
    return {
        (kind, plain(word)): code
        for kind, word, code in zip(kinds, words, codes, strict=False)
        if code
    }


def _ask(request: HttpRequest, by: Actor, refusal: Refused | None = None) -> HttpResponse:
    places = selectors.list_facilities(by=by)
    context = {
        "refusal": refusal,
        "facility_options": [(str(place.id), place.name) for place in places],
        "chosen": request.POST.get("facility") or request.GET.get("fasilitas", ""),
        "is_district": len(places) > 1,
    }
    return render(
        request, "register/import.html", context, status=422 if refusal is not None else 200
    )


def _judged(request: HttpRequest, by: Actor, sheet: Sheet) -> HttpResponse:
    decided = _decided(request)
    judged = dry_run(sheet, by=by, facility=_facility(request), decided=decided)
    shown = sorted(judged.verdicts, key=lambda verdict: (ORDER[verdict.kind], verdict.line))
    places = selectors.list_facilities(by=by)
    context = {
        "judged": judged,
        "shown": shown[:MOST_SHOWN],
        "hidden": max(0, len(shown) - MOST_SHOWN),
        "rows": carried(sheet.rows),
        "chosen": request.POST.get("facility", ""),
        "decided": [(kind, word, code) for (kind, word), code in decided.items()],
        "asked": _asked(judged, [(str(p.id), p.name) for p in places]),
        "refused": _only(judged, "refused"),
    }
    return render(request, "register/judged.html", context)


def _only(judged: DryRun, kind: str) -> list[Verdict]:
    return [verdict for verdict in judged.verdicts if verdict.kind == kind]


def _asked(judged: DryRun, facilities: list[tuple[str, str]]) -> list[dict[str, object]]:
    professions = [(p.code, p.name) for p in PROFESSIONS.values()]
    return [
        {
            "kind": proposal.kind,
            "word": proposal.word,
            "proposed": proposal.proposed,
            "lines": proposal.lines,
            "options": professions if proposal.kind == "profession" else facilities,
        }
        for proposal in judged.proposals[:50]
    ]


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest, facility: uuid.UUID) -> HttpResponse:
    """What planning must know of a facility: area, size, people, place on the map."""
    by = acting(request)
    place = selectors.get_facility_place(facility, by=by)
    row = FacilityProfile.objects.filter(facility_id=place.id).first()
    initial = {} if row is None else profile_initial(row)
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            save_profile(place.id, form.typed(), by=by, seen_version=form.cleaned_data["version"])
        except Refused as refusal:
            form.take(refusal)
        except Stale as stale:
            form.data = request.POST.copy()
            form.data["version"] = str(stale.extra["current_version"])
            form.add_error(None, stale.message)
            status = 412
        else:
            messages.success(request, _("Data %(name)s tersimpan.") % {"name": place.name})
            return redirect("tenaga-fasilitas", facility=place.id)
    context = {"form": form, "place": place}
    return render(request, "register/profile.html", context, status=status)


@require_http_methods(["GET", "POST"])
def new_facility(request: HttpRequest) -> HttpResponse:
    """Add a Puskesmas to the district's list."""
    by = acting(request)
    selectors.require_district(by)
    form = ProfileForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = add_facility(form.cleaned_data["name"], form.typed(), by=by)
        except Refused as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("%(name)s ada di daftar.") % {"name": row.name})
            return redirect("tenaga-fasilitas", facility=row.id)
    context = {"form": form, "place": None}
    status = 422 if form.is_bound else 200
    return render(request, "register/profile.html", context, status=status)
