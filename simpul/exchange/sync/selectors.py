"""What the screens may say of synchronising: only what the hub has acknowledged."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min

from simpul.exchange.sync import state
from simpul.exchange.sync.epochs import current_epoch, node
from simpul.exchange.sync.models import Epoch, Kind, Line, Parked, Receipt
from simpul.exchange.sync.outgoing import STOPPED
from simpul.exchange.sync.returning import returning
from simpul.foundation.journal.models import Change, JournalEntry

IDS_AT_ONCE = 500


@dataclass(frozen=True)
class Standing:
    """Where this installation stands towards its hub.

    `waiting` counts changes and journal entries that the hub has not acknowledged. `stopped` says
    why nothing can be sent until a person acts: suspect, revoked, signature, upgrade, pruned.
    """

    is_enrolled: bool
    waiting: int
    waiting_since: datetime | None
    acked_at: datetime | None
    parked: int
    returning: bool
    stopped: str


def standing() -> Standing:
    """Return where this installation stands; cheap enough for every page."""
    epoch = current_epoch()
    waiting, since = _waiting(epoch)
    told = Epoch.objects.aggregate(at=Max("acked_at"))["at"]
    return Standing(
        is_enrolled=epoch is not None or bool(state.read("hub_url")),
        waiting=waiting,
        waiting_since=since,
        acked_at=told,
        parked=Parked.objects.filter(settled_at__isnull=True).count(),
        returning=returning(),
        stopped=state.read(STOPPED),
    )


def _waiting(epoch: Epoch | None) -> tuple[int, datetime | None]:
    change_mark, entry_mark, numbered = 0, 0, 0
    if epoch is not None:
        change_mark, entry_mark = epoch.change_mark, epoch.entry_mark
        numbered = epoch.seq - epoch.acked
    changes = Change.objects.filter(id__gt=change_mark)
    speaker = node()
    if speaker is None:
        return 0, None
    entries = JournalEntry.objects.filter(id__gt=entry_mark, facility=speaker)
    count = numbered + changes.count() + entries.count()
    if not count:
        return 0, None
    instants = [changes.aggregate(at=Min("at"))["at"], entries.aggregate(at=Min("at"))["at"]]
    if epoch is not None and numbered:
        instants.append(_instant_of(epoch))
    known = [at for at in instants if at is not None]
    return count, min(known) if known else None


def _instant_of(epoch: Epoch) -> datetime | None:
    """Return when the first line that waits was written."""
    line = Line.objects.filter(epoch=epoch, seq__gt=epoch.acked).order_by("seq").first()
    if line is None:
        return None
    if line.kind == Kind.CHANGE:
        return Change.objects.filter(id=line.source).values_list("at", flat=True).first()
    return JournalEntry.objects.filter(id=line.source).values_list("at", flat=True).first()


def received_at(act_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Return when the hub acknowledged each act; one that it has not is not in the answer."""
    wanted, found = list(act_ids), {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[start : start + IDS_AT_ONCE]
        lines = Line.objects.filter(act_id__in=some).values_list("act_id", "epoch_id", "seq")
        found.update(_received(list(lines)))
    return found


def _received(lines: list[tuple[uuid.UUID, int, int]]) -> dict[uuid.UUID, datetime]:
    acked = dict(Epoch.objects.values_list("id", "acked"))
    last: dict[tuple[uuid.UUID, int], int] = {}
    for act_id, epoch, seq in lines:
        last[act_id, epoch] = max(seq, last.get((act_id, epoch), 0))
    found: dict[uuid.UUID, datetime] = {}
    for (act_id, epoch), seq in last.items():
        if seq > acked[epoch]:
            continue
        receipts = Receipt.objects.filter(epoch_id=epoch, seq__gte=seq)
        at = receipts.aggregate(at=Min("at"))["at"]
        if at is None:  # it came back from the hub: acknowledged before this installation's time
            at = Epoch.objects.get(id=epoch).opened_at
        found[act_id] = min(at, found.get(act_id, at))
    return found


def list_parked() -> list[Parked]:
    """Return what waits, at the hub and here, oldest first."""
    return list(Parked.objects.filter(settled_at__isnull=True).order_by("since", "id"))
