"""`/pengaturan/nomor-rm`: how numbers are written, seen before it is saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from simpul.domain.errors import DomainError
from simpul.foundation.core.errors import Refused
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.numbers.schemes import get_numbering
from simpul.service.patients.numbers.selectors import (
    family_examples,
    list_versions,
    personal_examples,
)
from simpul.service.patients.numbers.services import (
    FamilyInput,
    PersonalInput,
    next_number,
    save_family_scheme,
    save_personal_scheme,
)

SEPARATOR_CHOICES = (
    ("-", gettext_lazy("01-00231-02 (tanda hubung)")),
    (".", gettext_lazy("01.00231.02 (titik)")),
    ("/", gettext_lazy("01/00231/02 (garis miring)")),
    ("", gettext_lazy("010023102 (tanpa pemisah)")),
)


@require_http_methods(["GET", "POST"])
def numbering(request: HttpRequest) -> HttpResponse:
    """The two numberings, their next numbers and their history; a post saves one of them."""
    by = acting(request)
    require(by, "view", "settings")
    part = request.POST.get("part", "")
    if request.method == "GET" or part not in ("personal", "family"):
        return _page(request, by)
    typed = _read(request.POST, part)
    if request.POST.get("step") == "contoh":
        return _page(request, by, part=part, typed=typed, **_example(typed, by))
    try:
        if isinstance(typed, PersonalInput):
            save_personal_scheme(typed, by=by)
            said = _("Nomor RM perorangan tersimpan. Nomor lama tetap seperti semula.")
        else:
            save_family_scheme(typed, by=by)
            said = _("Nomor keluarga tersimpan. Nomor lama tetap dapat dicari.")
    except Refused as refusal:
        return _page(request, by, part=part, typed=typed, refusal=refusal)
    messages.success(request, said)
    return redirect("nomor-rm")


@require_POST
def example(request: HttpRequest) -> HttpResponse:
    """`/pengaturan/nomor-rm/contoh`: the numbers these settings would give; saves nothing."""
    by = acting(request)
    require(by, "view", "settings")
    part = "family" if request.POST.get("part") == "family" else "personal"
    context = {"part": part, **_example(_read(request.POST, part), by)}
    return render(request, "numbers/_example.html", context)


def _read(sent: QueryDict, part: str) -> PersonalInput | FamilyInput:
    def text(name: str, longest: int = 20) -> str:
        return sent.get(name, "").replace("\x00", "")[:longest]

    if part == "personal":
        return PersonalInput(text("prefix"), text("width"), text("start"))
    return FamilyInput(
        is_on=sent.get("is_on") == "ya",
        prefix=text("prefix"),
        area_width=text("area_width"),
        width=text("width"),
        member_width=text("member_width"),
        separator=text("separator"),
        first_member=text("first_member"),
        by_order=sent.get("by_order", "ya") == "ya",
        areas=text("areas", 20_000),
    )


def _example(typed: PersonalInput | FamilyInput, by: Actor) -> dict[str, Any]:
    try:
        if isinstance(typed, PersonalInput):
            scheme, start = typed.read()
            return {"examples": personal_examples(scheme, start or next_number(by=by))}
        family, areas = typed.read()
        return {"examples": family_examples(family, areas)}
    except Refused as refusal:
        return {"refusal": refusal}
    except DomainError as problem:
        return {"refusal": Refused(problem.message, problem.code)}


def _page(
    request: HttpRequest,
    by: Actor,
    *,
    part: str = "",
    typed: PersonalInput | FamilyInput | None = None,
    refusal: Refused | None = None,
    examples: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    upcoming = next_number(by=by)
    now = get_numbering()
    personal = typed if isinstance(typed, PersonalInput) else _personal_now()
    family = typed if isinstance(typed, FamilyInput) else _family_now()
    context = {
        "tab": "numbers",
        "part": part,
        "personal": personal,
        "family": family,
        "upcoming": upcoming,
        "now_examples": personal_examples(now.personal, upcoming),
        "refusal": refusal,
        "problems": {one.where: [one.message] for one in (refusal.errors if refusal else ())},
        "examples": examples,
        "separators": SEPARATOR_CHOICES,
        "orders": [
            ("ya", _("urutan datang")),
            ("tidak", _("kepala keluarga, pasangan, lalu anggota lain")),
        ],
        "firsts": [("0", "00"), ("1", "01")],
        "versions": list_versions(by=by),
    }
    status = refusal.status if refusal else 200
    return render(request, "numbers/numbering.html", context, status=status)


def _personal_now() -> PersonalInput:
    scheme = get_numbering().personal
    return PersonalInput(scheme.prefix, str(scheme.width), "")


def _family_now() -> FamilyInput:
    numbering = get_numbering()
    known = numbering.family or next(iter(numbering.all_family), None)
    if known is None:
        return FamilyInput()
    areas = "\n".join(
        f"{village.title()} = {code}" for village, code in sorted(numbering.areas.items())
    )
    return FamilyInput(
        is_on=numbering.family is not None,
        prefix=known.prefix,
        area_width=str(known.area_width),
        width=str(known.width),
        member_width=str(known.member_width),
        separator=known.separator,
        first_member=str(known.first_member),
        by_order=known.by_order,
        areas=areas,
    )
