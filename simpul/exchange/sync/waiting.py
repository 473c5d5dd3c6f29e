"""What came and cannot be taken in here yet: kept with its reason, tried again later."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from simpul.exchange.sync.applying import Verdict
from simpul.exchange.sync.lines import WireLine
from simpul.exchange.sync.models import Parked, Side
from simpul.exchange.sync.wire import decode_line, encode_line


def keep(
    lines: Sequence[WireLine],
    verdict: Verdict,
    *,
    owner: uuid.UUID,
    epoch: uuid.UUID,
    at: datetime,
) -> None:
    """Put an act aside, as it came."""
    Parked.objects.update_or_create(
        side=Side.HERE,
        epoch=epoch,
        first=lines[0].seq,
        defaults={
            "last": lines[-1].seq,
            "act_id": lines[0].act_id,
            "entity": verdict.entity,
            "row": verdict.row,
            "why": verdict.why,
            "waits_for": verdict.waits_for,
            "lines": [str(owner), *(encode_line(line) for line in lines)],
            "since": at,
            "settled_at": None,
        },
    )


def lines_of(parked: Parked) -> tuple[uuid.UUID, list[WireLine]]:
    """Return the owner and the lines of an act that was put aside."""
    owner, *lines = parked.lines
    return uuid.UUID(owner), [decode_line(line) for line in lines]


def waiting_for(names: Iterable[str] | None) -> list[Parked]:
    """Return what waits here for these rows (None: everything), in the order it came."""
    rows = Parked.objects.filter(side=Side.HERE, settled_at__isnull=True)
    if names is not None:
        rows = rows.filter(waits_for__in=list(names))
    return list(rows.order_by("id"))
