"""Old changes are let go: only below the hub's acknowledgement, and only what a backup holds too.

The journal is never shortened (its numbers stay), so only rows of the change feed go, each with its
line. The line at an epoch's acknowledgement stays: the next push begins with its hash.
"""

from datetime import datetime, timedelta

from django.db import transaction

from simpul.exchange.sync.epochs import current_epoch
from simpul.exchange.sync.models import Epoch, Kind, Line
from simpul.foundation.journal.models import Change

#: How long changes stay by default, though the hub has them: long enough to heal an old hub.
KEEP = timedelta(days=400)
AT_ONCE = 2000


def prune(*, older_than: datetime, backed_up_to: datetime) -> int:
    """Delete changes that are at the hub and older than both instants; return how many."""
    limit, deleted = min(older_than, backed_up_to), 0
    for epoch in Epoch.objects.order_by("id"):
        while some := _prune_some(epoch.id, limit):
            deleted += some
    return deleted


def _prune_some(epoch_id: int, limit: datetime) -> int:
    with transaction.atomic():
        current_epoch(locked=True)  # an acknowledgement may be taken back at this moment
        epoch = Epoch.objects.get(id=epoch_id)
        lines = Line.objects.filter(epoch=epoch, kind=Kind.CHANGE, seq__lt=epoch.acked)
        rows = list(lines.order_by("seq").values_list("id", "source")[:AT_ONCE])
        ages = dict(
            Change.objects.filter(id__in=[source for _line, source in rows]).values_list("id", "at")
        )
        gone = []
        for line, source in rows:
            if source in ages and ages[source] >= limit:
                break
            gone.append((line, source))
        Line.objects.filter(id__in=[line for line, _source in gone]).delete()
        Change.objects.filter(id__in=[source for _line, source in gone]).delete()
        return len(gone)
