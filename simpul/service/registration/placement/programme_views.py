"""`/pasien/…/program`: the programmes a patient is in; entered and ended by those who see them."""

import uuid
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from simpul.domain.dates import format_date, read_birth_date
from simpul.domain.errors import DomainError
from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import may
from simpul.service.patients.selectors import get_banner
from simpul.service.registration.placement.models import Programme
from simpul.service.registration.placement.programmes import (
    end_enrolment,
    enrol,
    list_enrolments,
    programme_labels,
)


@require_http_methods(["GET", "POST"])
def programmes(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """The list, and the form that adds one."""
    by = acting(request)
    banner = get_banner(patient, by=by)
    refusal: Refused | Conflict | None = None
    if request.method == "POST":
        try:
            since = request.POST.get("since", "").strip()
            enrol(
                banner.patient.id,
                programme=request.POST.get("programme", ""),
                since=_day(since) if since else None,
                by=by,
            )
        except (Refused, Conflict) as refused:
            refusal = refused
        else:
            messages.success(request, _("Program tercatat; saran poli memakainya."))
            return redirect("pasien-program", patient=patient)
    problems: dict[str, list[str]] = {}
    for problem in refusal.errors if refusal else ():
        problems.setdefault(problem.where, []).append(str(problem.message))
    context = {
        "banner": banner,
        "tags": programme_labels(banner.patient.id),
        "rows": list_enrolments(banner.patient.id, by=by),
        "programmes": [
            choice
            for choice in Programme.choices
            if choice[0] != Programme.FAMILY_PLANNING or banner.patient.sex == "female"
        ],
        "may_change": may(by, "correct", "encounter"),
        "may_register": may(by, "input", "encounter"),
        "today": format_date(get_here().today()),
        "typed": request.POST,
        "problems": problems,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "placement/programmes.html", context, status=status)


@require_POST
def end(request: HttpRequest, patient: uuid.UUID, enrolment: uuid.UUID) -> HttpResponse:
    """End one enrolment today."""
    row = end_enrolment(
        patient, enrolment, reason=request.POST.get("reason", ""), by=acting(request)
    )
    messages.success(
        request, _("%(programme)s diakhiri hari ini.") % {"programme": row.get_programme_display()}
    )
    return redirect("pasien-program", patient=patient)


def _day(text: str) -> date | None:
    try:
        return read_birth_date(text[:40], get_here().today()).value
    except DomainError as trouble:
        raise Refused(
            _("Belum dicatat: perbaiki bagian yang ditandai."),
            "programme_refused",
            errors=(Problem("since", trouble.code, trouble.message),),
        ) from None
