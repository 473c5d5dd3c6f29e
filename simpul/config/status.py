"""What needs a person, in numbers: for `/status`, for the district, for whoever looks after it."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.chain import entry_hash
from simpul.foundation.journal.models import JournalEntry, JournalHead
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.completeness.models import CompletenessCheck, RecordStatus
from simpul.service.completeness.selectors import DELINQUENT_DAYS
from simpul.service.distribution.models import Distribution, Stage
from simpul.service.distribution.selectors import LATE_SECONDS
from simpul.service.filing.models import PaperFile, Whereabouts
from simpul.service.filing.selectors import OVERDUE

#: The newest entries that are checked here; the whole chain is the matter of `simpul doctor`.
CHECKED_ENTRIES = 100


def get_status(*, by: Actor) -> dict[str, Any]:
    """Return the counts of what needs a person, and whether the journal's end holds."""
    require(by, "view", "status")
    here, moment = get_here(), now()
    late = moment - timedelta(seconds=LATE_SECONDS)
    distributions = Distribution.objects.filter(
        Q(resent_at__isnull=True) | Q(resent_at__lt=late),
        owner=by.facility_id,
        service_date=here.today(),
        stage=Stage.SAVED,
        saved_at__lt=late,
    ).count()
    incomplete = CompletenessCheck.objects.filter(
        owner=by.facility_id, status=RecordStatus.INCOMPLETE
    )
    overdue = PaperFile.objects.filter(owner=by.facility_id, since__lt=moment - OVERDUE).exclude(
        whereabouts=Whereabouts.SHELF
    )
    needs = {
        "late_distributions": distributions,
        "incomplete_records": incomplete.count(),
        "delinquent_records": incomplete.filter(
            closed_at__lt=moment - timedelta(days=DELINQUENT_DAYS)
        ).count(),
        "overdue_files": overdue.count(),
    }
    journal = journal_end()
    is_well = journal["ok"] and not needs["late_distributions"]
    return {
        "status": "ok" if is_well else "attention",
        "facility": here.name,
        "at": moment,
        "needs_person": needs,
        "journal": journal,
    }


def journal_end() -> dict[str, Any]:
    """Check the newest entries: each hash is right, each names the one before, none is missing."""
    ok, entries = True, 0
    for head in JournalHead.objects.all():
        entries += head.seq
        seq, expected = head.seq, head.hash
        # Up to the head just read: somebody may have written more since.
        entries_of = JournalEntry.objects.filter(node=head.node, seq__lte=seq)
        rows = list(entries_of.order_by("-seq")[:CHECKED_ENTRIES])
        ok = ok and len(rows) == min(head.seq, CHECKED_ENTRIES)
        for row in rows:
            ok = ok and row.seq == seq and row.hash == expected == entry_hash(row)
            seq, expected = seq - 1, row.previous_hash
    return {"ok": ok, "entries": entries, "checked": min(entries, CHECKED_ENTRIES)}
