"""`/impor/fhir`: a bundle tried, taken in, and who waits; and what others wrote about a patient."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.exchange.fhir.reading import read_bundle
from simpul.exchange.fhir.selectors import count_kept, list_strangers, list_told
from simpul.exchange.fhir.taking_in import Report, decide_person, take_in
from simpul.foundation.core.errors import NotHere, Refused
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require, require_home
from simpul.service.patients.selectors import find_patients

#: A page waits for its answer; larger files go through the command line, with a progress bar.
MOST_ON_A_PAGE = 5_000_000
MOST_LINES = 300


@require_http_methods(["GET", "POST"])
def bundles(request: HttpRequest) -> HttpResponse:
    """Try or take in a bundle; below, the people of whom nobody has said yet who they are."""
    by = acting(request)
    require(by, "view", "import")
    require_home(by)
    context: dict[str, Any] = {"source": request.POST.get("source", "")}
    status = 200
    if request.method == "POST":
        try:
            context["report"] = _take(request, by=by)
            context["lines"] = context["report"].outcomes[:MOST_LINES]
        except Refused as refusal:
            context["refusal"] = refusal
            status = refusal.status
    context |= {
        "strangers": list_strangers(by=by),
        "kept": count_kept(by=by),
        "may_take": may(by, "input", "import") and may(by, "input", "patient"),
    }
    return render(request, "fhir/bundles.html", context, status=status)


def _take(request: HttpRequest, *, by: Actor) -> Report:
    require(by, "input", "import")
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused(_("Pilih berkasnya dulu. Belum ada yang disimpan."), "file_required")
    if (sent.size or 0) > MOST_ON_A_PAGE:
        raise Refused(
            _("Berkas lebih dari 5 MB. Minta petugas IT memakai perintah `simpul import fhir`."),
            "file_too_large",
        )
    resources = read_bundle(sent.read())
    return take_in(
        resources,
        source=request.POST.get("source", ""),
        by=by,
        dry_run=request.POST.get("step") != "simpan",
    )


@require_POST
def decide(request: HttpRequest, record: uuid.UUID) -> HttpResponse:
    """Say that a person of elsewhere is this patient, named by number as it stands on the card."""
    by = acting(request)
    require(by, "input", "import")
    require_home(by)
    found = find_patients(request.POST.get("number", ""), by=by, limit=2)
    exact = [one.patient for one in found if one.exact]
    if len(exact) != 1:
        raise NotHere(
            _("Nomor itu tidak menunjuk satu pasien. Tulis nomor RM atau NIK-nya."),
            "patient_unknown",
        )
    many = decide_person(record, patient=exact[0].id, by=by)
    messages.success(
        request,
        _("%(many)d catatan dari luar terhubung ke RM %(mrn)s.")
        % {"many": many, "mrn": exact[0].mrn},
    )
    return redirect("impor-fhir")


@require_GET
def told(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """What other places wrote about a patient, beside our own history."""
    return render(request, "fhir/_told.html", {"rows": list_told(patient, by=acting(request))})
