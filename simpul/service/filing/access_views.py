"""A patient's journal: who opened or changed the record, and the report a patient may ask for.

Reading it is itself an entry, written before the page is made, so that it shows there too.
"""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.administration.selectors import list_house_journal, list_patient_journal
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere
from simpul.foundation.journal.services import record_reading
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import require
from simpul.service.filing.services import patient_of_label
from simpul.service.patients.records import record_ids
from simpul.service.patients.selectors import get_patient

#: Entries of one report: some years of a patient who comes every week.
REPORT_ENTRIES = 2000


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Go to the journal of the patient with this record number; the address holds an id only."""
    by = acting(request)
    require(by, "view", "journal")
    label = request.POST.get("label", "")[:200]
    try:
        patient = patient_of_label(label, by=by)
    except NotHere:
        context = {
            "house": list_house_journal(by=by),
            "not_found": _("Nomor RM itu tidak ada di Puskesmas ini. Periksa angkanya."),
            "label": label,
        }
        return render(request, "filing/journal_not_found.html", context, status=404)
    return redirect("jurnal-pasien", patient=patient.id)


@require_GET
def patient_journal(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """Who did what with this patient's record, newest first, by pages."""
    by = acting(request)
    require(by, "view", "journal")
    card = get_patient(patient, by=by)
    text = request.GET.get("sebelum", "")
    before = int(text) if text.isdigit() and len(text) < 18 else 0
    record_reading(by=by, patient=patient, what="journal")
    context = {
        "patient": card,
        "journal": list_patient_journal(record_ids(patient), by=by, before=before),
        "before": before,
    }
    return render(request, "filing/patient_journal.html", context)


@require_GET
def report(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """The printable report a patient may ask for."""
    by = acting(request)
    require(by, "view", "journal")
    card = get_patient(patient, by=by)
    record_reading(by=by, patient=patient, what="access-report")
    context = {
        "patient": card,
        "journal": list_patient_journal(record_ids(patient), by=by, limit=REPORT_ENTRIES),
        "made_at": now(),
        "made_by": by.name,
    }
    return render(request, "filing/access_report.html", context)
