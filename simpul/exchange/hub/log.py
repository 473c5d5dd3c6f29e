"""The hub's log: lines as they came, under numbers in the order of their arrival."""

import uuid
from datetime import datetime

from simpul.exchange.hub.models import HubLog
from simpul.exchange.sync.lines import WireLine
from simpul.foundation.core.counters import take_block

#: The counter of arrivals. Its row is locked until the commit, so numbers are dense, and nobody
#: who reads up to a number can miss one below it.
ARRIVALS = "hub-log"


def next_numbers(count: int) -> int:
    """Return the first of so many numbers."""
    return take_block(ARRIVALS, size=count)


def as_row(
    line: WireLine,
    *,
    node: uuid.UUID,
    epoch: uuid.UUID,
    at: datetime,
    state: str,
    why: str = "",
) -> HubLog:
    """Return the log's row of a line; its number comes later."""
    return HubLog(
        node=node,
        epoch=epoch,
        seq=line.seq,
        number=0,
        kind=line.kind,
        cid=line.cid,
        act_id=line.act_id,
        entity=line.entity,
        row=line.row,
        patient=line.patient,
        operation=line.operation,
        schema_version=line.schema_version,
        row_version=line.row_version,
        at=line.at,
        practitioner=line.practitioner,
        body=line.body,
        body_hash=line.body_hash,
        hash=line.hash,
        state=state,
        why=why,
        received_at=at,
    )


def line_of(row: HubLog) -> WireLine:
    """Return the line a row of the log is, exactly as it came."""
    return WireLine(
        seq=row.seq,
        kind=row.kind,
        cid=row.cid,
        act_id=row.act_id,
        entity=row.entity,
        row=row.row,
        patient=row.patient,
        operation=row.operation,
        schema_version=row.schema_version,
        row_version=row.row_version,
        at=row.at,
        practitioner=row.practitioner,
        body=row.body,
        body_hash=row.body_hash,
        hash=row.hash,
    )
