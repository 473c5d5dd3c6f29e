"""Pages about who a patient is: new with live candidates, corrected, still to be completed."""

import uuid
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, Problem, Refused, SimpulError, Stale
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.patients.forms import (
    LATER,
    Reading,
    carry_over,
    find_villages,
    input_of,
    person_key,
    problems_by_field,
    read_birth,
    read_nik,
    read_patient,
    unknown_person,
    with_village,
)
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.matching.candidates import Candidate, find_candidates
from simpul.service.patients.matching.selectors import apart_among
from simpul.service.patients.models import (
    Education,
    MaritalStatus,
    NoNikReason,
    Religion,
    Sex,
)
from simpul.service.patients.selectors import get_patient, list_incomplete
from simpul.service.patients.services import (
    LooksKnown,
    correct_patient,
    register_patient,
    with_mother,
)
from simpul.service.patients.without_nik import missing_of

#: Reasons for a second person who looks like a known one; the last is written by hand.
DIFFERENT_REASONS = (
    ("kembar", gettext_lazy("kembar")),
    ("keluarga", gettext_lazy("keluarga")),
    ("lain", gettext_lazy("lain…")),
)
_REASON_WORDS = {
    "kembar": gettext_lazy("Kembar"),
    "keluarga": gettext_lazy("Keluarga, orang berbeda"),
}
GUARDIANS = ("ibu", "ayah", "suami", "istri", "anak", "saudara", "lain")
DRAFT = "pasien-baru"
#: Key of the session: what the search box held when a new form was asked for.
CARRIED = "pasien-baru-terbawa"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`/pasien/baru`: an empty form, one begun from the search (`start`), or the save."""
    by = acting(request)
    require(by, "input", "patient")
    require_home(by)
    start = request.POST.get("start", "")
    if start in ("baru", "tanpa-identitas"):
        # Through the session to an address of its own: reload and "back" then ask nothing.
        request.session[CARRIED] = _carried(start, request.POST.get("q", ""))
        return redirect("pasien-baru")
    if request.method == "GET":
        carried = request.session.get(CARRIED, {})
        typed = PatientInput()
        if "unknown" in carried:
            typed = unknown_person(carried["unknown"])
        elif "text" in carried:
            typed = carry_over(carried["text"], today=get_here().today())
        return render(request, "patients/new.html", _form_context(typed, by=by))
    typed = with_village(read_patient(request.POST))
    try:
        made = register_patient(
            by=by, typed=typed, confirm_new=_different_reason(request), decided_apart=True
        )
    except (Refused, Conflict) as refusal:
        return _show_again(request, typed, refusal, by=by)
    request.session.pop(CARRIED, None)
    address = reverse("loket-pasien", args=[made.patient.id]) + "?baru=1"
    return _go(request, address, draft=DRAFT)


def _carried(start: str, text: str) -> dict[str, str]:
    """Return what a new form begins with: the words of the search, or nobody's name and an hour."""
    if start == "tanpa-identitas":
        return {"unknown": f"{now().astimezone(ZoneInfo(get_here().timezone)):%H%M}"}
    return {"text": text[:200].replace("\x00", "")}


def _show_again(
    request: HttpRequest, typed: PatientInput, refusal: SimpulError, *, by: Actor
) -> HttpResponse:
    context = _form_context(typed, by=by, refusal=refusal)
    context["reason_missing"] = "different" in request.POST
    if isinstance(refusal, LooksKnown):
        context["known"] = refusal.candidates[:3]
        context["candidates"] = _with_decisions(refusal.candidates)
        context["holds_nik"] = [
            c.patient for c in refusal.candidates if typed.nik and c.patient.nik == typed.nik
        ]
    is_part = bool(request.headers.get("HX-Request"))
    template = "patients/_new.html" if is_part else "patients/new.html"
    return render(request, template, context, status=refusal.status)


def _different_reason(request: HttpRequest) -> str:
    written = " ".join(request.POST.get("different_text", "").replace("\x00", "").split())
    return str(_REASON_WORDS.get(request.POST.get("different", ""), written))


def _go(request: HttpRequest, address: str, *, draft: str) -> HttpResponse:
    """Lead on after a save, for a page and for htmx; the browser may drop its draft."""
    if not request.headers.get("HX-Request"):
        return redirect(address)
    response = HttpResponse(status=200)
    response["HX-Redirect"] = address
    response["HX-Trigger"] = f'{{"draft-saved": "{draft}"}}'
    return response


@require_POST
def candidates(request: HttpRequest) -> HttpResponse:
    """`/pasien/baru/mirip`: people who may be the one being typed; advice, never a wall."""
    by = acting(request)
    require(by, "view", "patient")
    typed = read_patient(request.POST)
    context = _candidates_context(typed, by=by, dismissed=_dismissed(request))
    return render(request, "patients/_candidates.html", context)


def _dismissed(request: HttpRequest) -> set[str]:
    return {part for part in request.POST.get("dismissed", "").split(",") if part}


def _candidates_context(typed: PatientInput, *, by: Actor, dismissed: set[str]) -> dict[str, Any]:
    key = person_key(typed, today=get_here().today())
    found: list[Candidate] = []
    if key is not None:
        found = find_candidates(with_mother(key, mother_mrn=typed.mother_mrn, by=by), by=by)
    # "Not this person" counts for look-alikes; a sure match stays in sight.
    shown = [c for c in found if c.match.level == "certain" or str(c.patient.id) not in dismissed]
    return {
        "candidates": _with_decisions(shown),
        "has_asked": key is not None,
        "dismissed": ",".join(sorted(dismissed)),
        "dismissable": ",".join(sorted(dismissed | {str(c.patient.id) for c in shown})),
    }


def _with_decisions(shown: list[Candidate]) -> list[Candidate]:
    """Say of look-alikes that a person decided apart whom the less alike of the two is not."""
    pairs = apart_among([c.patient.id for c in shown])
    return [
        replace(
            candidate,
            apart_from=next(
                (
                    better.patient.mrn
                    for better in shown[:place]
                    if frozenset((candidate.patient.id, better.patient.id)) in pairs
                ),
                "",
            ),
        )
        for place, candidate in enumerate(shown)
    ]


@require_POST
def read_field(request: HttpRequest) -> HttpResponse:
    """`/pasien/baca`: how a field was understood; with `take`, the fields a reading fills."""
    by = acting(request)
    require(by, "view", "patient")
    typed = read_patient(request.POST)
    today = get_here().today()
    source = "nik" if request.GET.get("isian") == "nik" else "lahir"
    if "take" in request.POST:
        born, _comma, sex = request.POST["take"].partition(",")
        typed = replace(typed, birth_date=born[:20], sex=sex if sex in Sex.values else typed.sex)
        context = {
            "typed": typed,
            "focus": "name" if source == "nik" else "sex",
            "born": read_birth(typed, today=today).text,
            "sexes": Sex.choices,
            "labels": field_labels(),
            "is_edit": "seen_version" in request.POST,
        }
        response = render(request, "patients/_taken.html", context)
        response["HX-Trigger"] = "taken"
        return response
    reading = read_nik(typed, today=today) if source == "nik" else read_birth(typed, today=today)
    return render(request, "patients/_reading.html", {"reading": reading, "source": source})


@require_POST
def villages(request: HttpRequest) -> HttpResponse:
    """`/pasien/desa`: the villages the typed letters mean; with `take`, the one chosen."""
    by = acting(request)
    require(by, "view", "patient")
    typed = read_patient(request.POST)
    found = find_villages(typed.village)
    if "take" in request.POST:
        code = request.POST["take"]
        chosen = next((village for village in found if village.code == code), None)
        if chosen is not None:
            typed = replace(typed, village=chosen.name, village_code=chosen.code)
        district = chosen.district if chosen else ""
        context = {"typed": typed, "focus": "rt", "district": district, "labels": field_labels()}
        return render(request, "patients/_placed.html", context)
    return render(request, "patients/_villages.html", {"villages": found, "typed": typed})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """`/pasien/…/ubah`: correct an identity over the version that was seen."""
    by = acting(request)
    require(by, "correct", "patient")
    card = get_patient(patient, by=by)
    back = "lengkapi" if request.POST.get("back") == "lengkapi" else ""
    if request.method == "GET":
        back = "lengkapi" if request.GET.get("dari") == "lengkapi" else ""
        context = _form_context(input_of(card), by=by, is_new=False) | {"card": card, "back": back}
        return render(request, "patients/edit.html", context | {"seen_version": card.version})
    typed = with_village(read_patient(request.POST))
    seen = request.POST.get("seen_version", "")
    seen_version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    try:
        correct_patient(card.id, by=by, typed=typed, seen_version=seen_version)
    except (Refused, Conflict, Stale) as refusal:
        context = _form_context(typed, by=by, refusal=refusal, is_new=False)
        context |= {"card": card, "back": back}
        context["seen_version"] = seen_version
        if isinstance(refusal, Stale):
            card = get_patient(patient, by=by)
            context |= {"card": card, "seen_version": card.version}
            context["both"] = _differences(typed, input_of(card))
        is_part = bool(request.headers.get("HX-Request"))
        template = "patients/_edit.html" if is_part else "patients/edit.html"
        return render(request, template, context, status=refusal.status)
    address = reverse("lengkapi") if back else reverse("loket-pasien", args=[card.id])
    return _go(request, address, draft=f"pasien-ubah-{card.id}")


def _differences(mine: PatientInput, theirs: PatientInput) -> list[tuple[str, str, str]]:
    """The fields in which what was typed and what is stored now differ: label, mine, theirs."""
    rows = []
    for field, label in field_labels().items():
        typed, stored = str(getattr(mine, field)).strip(), str(getattr(theirs, field)).strip()
        if typed.casefold() != stored.casefold():
            rows.append((label, typed or "–", stored or "–"))
    return rows


@require_GET
def incomplete(request: HttpRequest) -> HttpResponse:
    """`/lengkapi`: identities still to be completed, newest first, and what each lacks."""
    by = acting(request)
    require(by, "correct", "patient")
    people = list_incomplete(by=by)
    reasons = dict(NoNikReason.choices)
    rows = [(card, reasons.get(card.no_nik_reason, ""), missing_of(card)) for card in people]
    context = {"rows": rows, "today": get_here().today(), "made_by": by.name}
    return render(request, "patients/incomplete.html", context)


def _form_context(
    typed: PatientInput, *, by: Actor, refusal: SimpulError | None = None, is_new: bool = True
) -> dict[str, Any]:
    """What the identity form needs: values, readings, choices, and what to mend."""
    problems = problems_by_field(refusal)
    today = get_here().today()
    has_started = bool(typed.nik or typed.birth_date)
    empty = Reading()
    return {
        "typed": typed,
        "refusal": refusal,
        "problems": problems,
        "to_mend": _in_form_order(refusal),
        "labels": field_labels(),
        "nik_reading": read_nik(typed, today=today) if has_started else empty,
        "born": read_birth(typed, today=today).text if has_started else "",
        "sexes": Sex.choices,
        "no_nik_reasons": NoNikReason.choices,
        "religions": Religion.choices,
        "educations": Education.choices,
        "marital_statuses": MaritalStatus.choices,
        "guardians": GUARDIANS,
        "different_reasons": DIFFERENT_REASONS,
        "later_is_open": any(name in problems for name in LATER)
        or typed.no_nik_reason not in ("", NoNikReason.NOT_BROUGHT),
        **(_candidates_context(typed, by=by, dismissed=set()) if is_new else {}),
    }


def _in_form_order(refusal: SimpulError | None) -> list[Problem]:
    """The problems as the eye meets them going down the form."""
    order = list(field_labels())
    return sorted(
        refusal.errors if refusal else (),
        key=lambda problem: order.index(problem.where) if problem.where in order else len(order),
    )


def field_labels() -> dict[str, str]:
    """The names of the fields as the form writes them."""
    return {
        "nik": _("NIK"),
        "name": _("Nama lengkap (seperti KTP)"),
        "birth_date": _("Tanggal lahir atau umur"),
        "sex": _("Kelamin"),
        "mother_name": _("Nama ibu"),
        "village": _("Desa"),
        "rt": _("RT"),
        "rw": _("RW"),
        "phone": _("Nomor HP"),
        "bpjs_number": _("Nomor BPJS"),
        "guardian_name": _("Nama wali"),
        "guardian_relation": _("Hubungan wali"),
        "no_nik_reason": _("Alasan tanpa NIK"),
        "mother_nik": _("NIK ibu"),
        "mother_mrn": _("Nomor RM ibu"),
        "birth_order": _("Lahir ke- (kembar)"),
        "letter_number": _("Nomor surat dinas sosial"),
        "passport": _("Paspor"),
        "kk_number": _("Nomor KK"),
        "address": _("Alamat"),
        "religion": _("Agama"),
        "marital_status": _("Status kawin"),
        "occupation": _("Pekerjaan"),
        "education": _("Pendidikan"),
        "old_mrn": _("Nomor RM lama"),
    }
