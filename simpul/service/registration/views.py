"""The counter's questions while somebody is served: who is it, and where should they go?

Both are fragments and write nothing; the page around them belongs to the distribution step, which
also saves the visit.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import require
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.destination import (
    Verification,
    destination_of,
    question_context,
    verify,
)
from simpul.service.registration.forms import read_form, read_wish
from simpul.service.registration.people import find_people


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """`/loket/cari`: the rows for what stands in the search box."""
    people = find_people(request.POST.get("q", ""), by=acting(request))
    return render(request, "registration/_found.html", {"people": people})


@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """`/loket/saran`: the suggested unit while typing; with `step=periksa` the check before saving.

    While typing only the suggestion moves. The question under the form is left alone unless it
    speaks of another unit than the one that now applies.
    """
    by = acting(request)
    require(by, "input", "encounter")
    form = read_form(request.POST)
    sent = {**request.POST.dict(), "send_to": ""}
    if not form.reason_choice and not form.reason_text.strip():
        # What the button said a moment ago does not bind: this asks what it should say now.
        sent["shown_unit"] = ""
    wish = read_wish(sent)
    patient = get_patient(wish.patient_id, by=by)
    if request.POST.get("step") == "periksa":
        may_be_empty = request.POST.get("no_complaint") == "ya"
        verification = verify(wish, patient, by=by, complaint_may_be_empty=may_be_empty)
        return render(request, "registration/_checked.html", question_context(verification, form))
    verification = Verification("idle", destination_of(wish, patient))
    context = question_context(verification, form)
    context["is_asked"] = request.POST.get("asked_unit") == context["asked_unit"]
    return render(request, "registration/_suggested.html", context)
