"""`/tenaga`: the staff register of a facility or the district, a person, moves, files.

Forms are plain posts that end in a redirect; a refusal shows the same page with what was typed.
"""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from simpul.domain.professions import PROFESSIONS
from simpul.foundation.core.errors import Refused, Stale
from simpul.foundation.facilities.selectors import FacilityPlace, get_here
from simpul.foundation.register import selectors
from simpul.foundation.register.export import as_csv, as_xlsx
from simpul.foundation.register.forms import (
    LEAVES,
    MoveForm,
    RegisterForm,
    StaffForm,
    staff_initial,
)
from simpul.foundation.register.models import Employment, StaffMember
from simpul.foundation.register.selectors import StaffFilter
from simpul.foundation.register.services import add_member, change_member, move_member
from simpul.foundation.register.wording import FIELD_NAMES
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOVES = 200
STATES = ("here", "gone", "all")


def read_id(text: str | None) -> uuid.UUID | None:
    """Return an id of an address or form; None when there is none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def read_filter(request: HttpRequest) -> StaffFilter:
    """Return what the list is narrowed to; what is not understood narrows nothing."""
    state = request.GET.get("keadaan", "")
    profession = request.GET.get("profesi", "")
    employment = request.GET.get("status", "")
    return StaffFilter(
        facility=read_id(request.GET.get("fasilitas")),
        words=request.GET.get("q", "").replace("\x00", "")[:80],
        profession=profession if profession in PROFESSIONS else "",
        employment=employment if employment in (*Employment.values, "kosong") else "",
        state=state if state in STATES else "here",
    )


@require_GET
def staff_list(request: HttpRequest) -> HttpResponse:
    """The register by name, narrowed; and how many of each profession."""
    by = acting(request)
    wanted = read_filter(request)
    places = selectors.list_facilities(by=by)
    place = next((p for p in places if p.id == wanted.facility), None)
    if wanted.facility is not None and place is None:
        selectors.get_facility_place(wanted.facility, by=by)  # says that it is not here
    if place is None and len(places) == 1:
        place = places[0]
    page = selectors.list_staff(by=by, wanted=wanted, after=request.GET.get("setelah", ""))
    counts = selectors.count_staff(by=by, facility=place.id if place else None)
    query = request.GET.copy()
    for name in ("setelah", "berkas"):
        query.pop(name, None)
    context = {
        "page": page,
        "facilities": places,
        "place": place,
        "wanted": wanted,
        "totals": selectors.profession_totals(counts.values()),
        "all_staff": sum(one.total() for one in counts.values()),
        "all_asn": sum(one.total(asn_only=True) for one in counts.values()),
        "status_unknown": sum(one.status_unknown for one in counts.values()),
        "without_data": [p for p in places if p.id in counts and not counts[p.id].has_data],
        "facility_options": [(str(p.id), p.name) for p in places],
        "profession_options": [(p.code, p.name) for p in PROFESSIONS.values()],
        "employment_options": [*Employment.choices, ("kosong", _("belum diisi"))],
        "state_options": [
            ("here", _("bertugas")),
            ("gone", _("sudah keluar")),
            ("all", _("semuanya")),
        ],
        "query": query.urlencode(),
        "is_narrowed": bool(wanted.words or wanted.profession or wanted.employment)
        or wanted.state != "here",
        "is_later_page": bool(request.GET.get("setelah")),
        "sees_district": selectors.sees_district(by),
        "today": get_here().today(),
    }
    return render(request, "register/list.html", context)


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The narrowed register as XLSX or CSV; `isi=templat` gives an empty one with an example."""
    by = acting(request)
    selectors.list_facilities(by=by)
    if request.GET.get("isi") == "templat":
        return _file(as_xlsx([], example=True), "templat-tenaga.xlsx", XLSX)
    members = selectors.list_staff_of(by=by, wanted=read_filter(request))
    name = f"tenaga-{get_here().today():%Y-%m-%d}"
    if request.GET.get("berkas") == "csv":
        return _file(as_csv(members), f"{name}.csv", "text/csv; charset=utf-8")
    return _file(as_xlsx(members), f"{name}.xlsx", XLSX)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_GET
def history(request: HttpRequest, member: uuid.UUID) -> HttpResponse:
    """One person: what is known, and every move."""
    by = acting(request)
    row = selectors.get_member(member, by=by)
    here = get_here()
    context = {
        "member": row,
        "words": selectors.labels_of(row),
        "units": [here.units[c].name if c in here.units else c for c in row.units],
        "moves": selectors.list_moves(by=by, member=row.id),
        "is_own": row.owner == by.facility_id,
    }
    return render(request, "register/history.html", context)


@require_GET
def all_moves(request: HttpRequest) -> HttpResponse:
    """The moves of a facility, or of the district, newest first."""
    by = acting(request)
    facility = read_id(request.GET.get("fasilitas"))
    place = None if facility is None else selectors.get_facility_place(facility, by=by)
    moves = selectors.list_moves(by=by, facility=place.id if place else None, limit=MOVES)
    is_district = selectors.sees_district(by)
    context = {
        "moves": moves,
        "place": place,
        "is_cut": len(moves) == MOVES,
        # Somebody who moved on is the next facility's to show.
        "openable": {
            m.member_id for m in moves if is_district or m.member.facility_id == by.facility_id
        },
    }
    return render(request, "register/moves.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put a person on the staff."""
    by = acting(request)
    require(by, "input", "register")
    require_home(by)
    places = selectors.list_facilities(by=by)
    wanted = request.GET.get("fasilitas", "") or (str(places[0].id) if len(places) == 1 else "")
    form = StaffForm(
        request.POST if request.method == "POST" else None,
        initial={"facility": wanted},
        facilities=_choices(places),
        practitioners=selectors.list_free_practitioners(by=by),
    )
    if form.is_bound and form.is_valid():
        facility = read_id(form.cleaned_data["facility"]) or (
            places[0].id if len(places) == 1 else None
        )
        typed = form.typed()
        if facility is None:
            form.add_error("facility", _("Pilih fasilitasnya."))
        elif typed is not None:
            try:
                member = add_member(facility, typed, by=by)
            except Refused as refusal:
                form.take(refusal)
            else:
                messages.success(request, _("%(name)s tercatat.") % {"name": member.name})
                return redirect("tenaga-riwayat", member=member.id)
    return _form(request, form, by=by)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, member: uuid.UUID) -> HttpResponse:
    """Change what is known of a person."""
    by = acting(request)
    row = selectors.get_member(member, by=by)
    form = StaffForm(
        request.POST if request.method == "POST" else None,
        initial=staff_initial(row),
        facilities=[(str(row.facility_id), row.facility.name)],
        practitioners=selectors.list_free_practitioners(by=by, member=row),
    )
    status = 422
    if form.is_bound and form.is_valid():
        typed = form.typed()
        if typed is not None:
            try:
                change_member(row.id, typed, by=by, seen_version=form.cleaned_data["version"])
            except Refused as refusal:
                form.take(refusal)
            except Stale as stale:
                _take_stale(request, form, stale)
                status = 412
            else:
                messages.success(request, _("Data %(name)s tersimpan.") % {"name": typed.name})
                return redirect("tenaga-riwayat", member=row.id)
    return _form(request, form, by=by, member=row, status=status)


def _take_stale(request: HttpRequest, form: RegisterForm, stale: Stale) -> None:
    # What was typed stays; saving once more is then a decision about the newer version.
    form.data = request.POST.copy()
    form.data["version"] = str(stale.extra["current_version"])
    form.add_error(None, stale.message)


def _choices(places: list[FacilityPlace]) -> list[tuple[str, str]]:
    first = [("", _("pilih"))] if len(places) != 1 else []
    return [*first, *((str(place.id), place.name) for place in places)]


def _form(
    request: HttpRequest,
    form: StaffForm,
    *,
    by: Actor,
    member: StaffMember | None = None,
    status: int = 422,
) -> HttpResponse:
    context = {
        "form": form,
        "member": member,
        "sees_district": selectors.sees_district(by),
        "has_accounts": len(form.fields["practitioner_id"].choices) > 1,  # type: ignore[attr-defined]
    }
    return render(request, "register/form.html", context, status=status if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, member: uuid.UUID) -> HttpResponse:
    """Move a person to another facility, note that they left, or that they came back."""
    by = acting(request)
    row = selectors.get_member(member, by=by)
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        initial={"version": row.version},
        targets=_targets(row, by=by),
    )
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            move_member(
                row.id,
                by=by,
                to=None if data["to"] == LEAVES else read_id(data["to"]),
                on=data["day"],
                reason=data["reason"],
                decree=data["decree"],
                note=data["note"],
                seen_version=data["version"],
            )
        except Refused as refusal:
            form.take(refusal)
        except Stale as stale:
            _take_stale(request, form, stale)
            status = 412
        else:
            messages.success(request, _("Tercatat di riwayat %(name)s.") % {"name": row.name})
            if selectors.sees_district(by) or data["to"] in (LEAVES, str(by.facility_id)):
                return redirect("tenaga-riwayat", member=row.id)
            return redirect("tenaga")
    context = {"form": form, "member": row, "field_names": FIELD_NAMES}
    return render(request, "register/move.html", context, status=status)


def _targets(member: StaffMember, *, by: Actor) -> list[tuple[str, str]]:
    if not member.is_active:
        places = selectors.list_facilities(by=by)
        return [(str(p.id), _("Kembali ke %(name)s") % {"name": p.name}) for p in places]
    others = [p for p in selectors.list_facilities(by=by) if p.id != member.facility_id]
    return [(LEAVES, _("Keluar dari daftar tenaga")), *((str(p.id), p.name) for p in others)]
