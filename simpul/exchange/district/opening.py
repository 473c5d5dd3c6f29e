"""Opening the identity of two records: with a reason, for a while, written in the journal."""

import uuid
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

#: How long an opened pair stays open for the one who opened it.
OPEN_FOR = timedelta(minutes=30)
ACT = "identity-opened"
#: Why an identity is opened; the journal keeps the code.
REASONS = {
    "proposal": gettext_lazy("memeriksa usulan tautan"),
    "facility": gettext_lazy("permintaan Puskesmas"),
    "patient": gettext_lazy("permintaan pasien atau keluarga"),
    "report": gettext_lazy("memeriksa laporan ganda"),
}


def open_pair(first: uuid.UUID, second: uuid.UUID, *, reason: str, by: Actor) -> None:
    """Note why the identities of two records are opened; the page then shows them."""
    require(by, "view", "district")
    require_home(by)
    if reason not in REASONS:
        problem = Problem("reason", "required", _("Pilih alasan dari daftar."))
        raise Refused(_("Belum dibuka: pilih alasannya dulu."), "reason_missing", errors=(problem,))
    first, second = min(first, second), max(first, second)
    with act(by=by) as this:
        for record, other in ((first, second), (second, first)):
            this.record(ACT, patient=record, subject=f"with:{other}", detail={"reason": reason})


def is_open(first: uuid.UUID, second: uuid.UUID, *, by: Actor) -> bool:
    """Has this person opened these two a little while ago?"""
    first, second = min(first, second), max(first, second)
    return JournalEntry.objects.filter(
        patient=first,
        at__gte=now() - OPEN_FOR,
        act=ACT,
        practitioner=by.practitioner_id,
        subject=f"with:{second}",
    ).exists()
