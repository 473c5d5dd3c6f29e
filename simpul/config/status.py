"""What needs a person, in numbers: for `/status`, for the district, for whoever looks after it."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from simpul.cli.checkup.facts import look
from simpul.cli.checkup.journal_end import journal_end
from simpul.exchange.sync.link import read_hub, read_line
from simpul.exchange.sync.selectors import standing
from simpul.foundation.backups.space import outlook
from simpul.foundation.backups.status import status as backup_status
from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.completeness.models import CompletenessCheck, RecordStatus
from simpul.service.completeness.selectors import DELINQUENT_DAYS
from simpul.service.distribution.models import Distribution, Stage
from simpul.service.distribution.selectors import LATE_SECONDS
from simpul.service.filing.models import PaperFile, Whereabouts
from simpul.service.filing.selectors import OVERDUE


def get_status(*, by: Actor) -> dict[str, Any]:
    """Return what needs a person in the house's work and at the server, with the figures."""
    require(by, "view", "status")
    here, moment = get_here(), now()
    needs = _needs(by)
    end = journal_end()
    bad = [finding for finding in look() if finding.level == "bad"]
    is_well = end.is_whole and not needs["late_distributions"] and not bad
    return {
        "status": "ok" if is_well else "attention",
        "facility": here.name,
        "at": moment,
        "needs_person": needs,
        "journal": {"ok": end.is_whole, "entries": end.entries, "checked": end.checked},
        "district": _district(),
        "backup": _backup(),
        "disks": [
            {"place": one.place, "total": one.total, "free": one.free, "days_left": one.days_left}
            for one in outlook()
        ],
        "server": [finding.as_data() for finding in bad],
    }


def _needs(by: Actor) -> dict[str, int]:
    """Count what waits for a person in the house's work."""
    moment = now()
    late = moment - timedelta(seconds=LATE_SECONDS)
    distributions = Distribution.objects.filter(
        Q(resent_at__isnull=True) | Q(resent_at__lt=late),
        owner=by.facility_id,
        service_date=get_here().today(),
        stage=Stage.SAVED,
        saved_at__lt=late,
    ).count()
    incomplete = CompletenessCheck.objects.filter(
        owner=by.facility_id, status=RecordStatus.INCOMPLETE
    )
    overdue = PaperFile.objects.filter(owner=by.facility_id, since__lt=moment - OVERDUE).exclude(
        whereabouts=Whereabouts.SHELF
    )
    return {
        "late_distributions": distributions,
        "incomplete_records": incomplete.count(),
        "delinquent_records": incomplete.filter(
            closed_at__lt=moment - timedelta(days=DELINQUENT_DAYS)
        ).count(),
        "overdue_files": overdue.count(),
    }


def _district() -> dict[str, Any]:
    """How sending to the Dinas stands."""
    if read_hub() is None:
        return {
            "enrolled": False,
            "line": "none",
            "waiting": 0,
            "waiting_since": None,
            "received_at": None,
            "parked": 0,
        }
    place, line = standing(), read_line()
    return {
        "enrolled": True,
        "line": line.state,
        "waiting": place.waiting,
        "waiting_since": place.waiting_since,
        "received_at": place.acked_at,
        "parked": place.parked,
    }


def _backup() -> dict[str, Any]:
    """The newest copy and the last proof that one can be restored."""
    known = backup_status()
    return {
        "newest": None if known.newest is None else known.newest.at,
        "proven": known.proven_at,
        "late": known.is_late,
    }
