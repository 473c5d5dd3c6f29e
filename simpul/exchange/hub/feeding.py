"""What goes back to the facilities: rows the hub owns, what it put aside, and their own rows.

A feed line carries the whole row as it is when the line is made, so a facility can read the feed
from the beginning at any time and ends with the same rows. A later line about the same row
supersedes the earlier one.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from simpul.exchange.hub.log import line_of
from simpul.exchange.hub.models import HubCursor, HubFeed, HubLog, HubPark
from simpul.exchange.hub.nodes import hub_epoch
from simpul.exchange.sync import state
from simpul.exchange.sync.lines import canonical, instant_text
from simpul.exchange.sync.models import Kind
from simpul.exchange.sync.tables import find_table
from simpul.exchange.sync.wire import Page, encode_line
from simpul.foundation.core.counters import take_block
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import OwnedModel, row_values
from simpul.foundation.core.rows import fetch_all, insert_rows
from simpul.foundation.journal.acts import lock_head
from simpul.foundation.journal.models import Change

#: Row values → who gets the row: "ref" for everybody, "node:<id>" for one facility.
Scope = Callable[[dict[str, Any]], Iterable[str]]
EVERYBODY = "ref"
FEED = "hub-feed"
#: Key of the state: how far the hub's own change feed was looked at.
FED = "fed"
AT_ONCE = 2000
PARKED_ENTITY = "hub.hubpark"

_SCOPES: dict[str, Scope] = {}


def for_node(node: object) -> str:
    """Return the scope of one facility."""
    return f"node:{node}"


def register_scope(entity: str, scope: Scope) -> None:
    """Say who gets a hub's rows of a table; rows of a table not named here stay at the hub."""
    _SCOPES[entity] = scope


def _everybody(_values: dict[str, Any]) -> Iterable[str]:
    return (EVERYBODY,)


def _facility_of(values: dict[str, Any]) -> Iterable[str]:
    facility = values.get("facility_id")
    return (for_node(facility),) if facility else ()


def _both_facilities(values: dict[str, Any]) -> Iterable[str]:
    names = ("from_facility_id", "to_facility_id")
    return {for_node(values[name]) for name in names if values.get(name)}


register_scope("norms.normversion", _everybody)
register_scope("facilities.facility", _everybody)
register_scope("facilities.facilityprofile", _facility_of)
register_scope("register.staffmember", _facility_of)
register_scope("register.staffmove", _both_facilities)


def fill_feed() -> int:
    """Number what the hub's own people wrote since the last time; return how many lines."""
    with transaction.atomic():
        lock_head()
        mark = state.read_number(FED)
        changes = fetch_all(Change, "WHERE t.id > %s ORDER BY t.id LIMIT %s", [mark, AT_ONCE])
        if not changes:
            return 0
        lines = [line for change in changes for line in _lines_of(change)]
        _add(lines)
        state.write(FED, changes[-1].id)
        return len(lines)


def _lines_of(change: Change) -> list[HubFeed]:
    table, scope = find_table(change.entity), _SCOPES.get(change.entity)
    if table is None or scope is None:
        return []
    row = table.model._default_manager.filter(pk=change.row).first()
    values = row_values(row) if row is not None else dict(change.data)
    return [
        HubFeed(
            scope=one,
            kind=HubFeed.What.ROW,
            act_id=change.act_id,
            entity=change.entity,
            row=change.row,
            operation="d" if row is None else "u",
            change=row.change if row is not None else change.change,
            schema_version=table.model.schema_version,
            row_version=row.version if row is not None else change.row_version,
            owner=_owner(row, values),
            body=canonical(values),
            at=change.at,
        )
        for one in scope(values)
    ]


def _owner(row: OwnedModel | None, values: Mapping[str, Any]) -> uuid.UUID:
    return row.owner if row is not None else uuid.UUID(str(values["owner"]))


def tell_parked(parks: Sequence[HubPark]) -> None:
    """Tell facilities what waits here of theirs, and what no longer does; in a transaction."""
    _add(
        [
            HubFeed(
                scope=for_node(one.node),
                kind=HubFeed.What.PARKED,
                act_id=one.act_id,
                entity=PARKED_ENTITY,
                row=uuid.uuid5(one.epoch, str(one.first)),
                operation="u",
                change=uuid7(),
                body=canonical(_notice(one)),
                at=one.settled_at or one.since,
            )
            for one in parks
        ]
    )


def _notice(one: HubPark) -> dict[str, Any]:
    return {
        "epoch": str(one.epoch),
        "first": one.first,
        "last": one.last,
        "act_id": str(one.act_id),
        "entity": one.entity,
        "row": str(one.row) if one.row else None,
        "why": one.why,
        "waits_for": one.waits_for,
        "since": instant_text(one.since),
        "settled_at": instant_text(one.settled_at) if one.settled_at else None,
    }


def _add(lines: Sequence[HubFeed]) -> None:
    """Give lines their numbers; earlier lines about the same rows are superseded."""
    newest = {(line.scope, line.row): line for line in lines}
    fresh = [line for line in lines if newest[line.scope, line.row] is line]
    if not fresh:
        return
    number = take_block(FEED, size=len(fresh))
    for start in range(0, len(fresh), 500):
        some = fresh[start : start + 500]
        earlier = HubFeed.objects.filter(
            row__in=[line.row for line in some],
            scope__in={line.scope for line in some},
            is_superseded=False,
        )
        earlier.update(is_superseded=True)
    for place, line in enumerate(fresh):
        line.number = number + place
    insert_rows(fresh)


def last_number() -> int:
    """Return the newest number of the feed."""
    newest = HubFeed.objects.order_by("-number").values_list("number", flat=True).first()
    return newest or 0


def feed_page(node: uuid.UUID, *, after: int, hub_epoch: str, limit: int = 500) -> Page:
    """Return what a facility has not read yet, whole acts; from the beginning in another life."""
    return _feed_page(node, after=after, known=hub_epoch, limit=limit)


def _feed_page(node: uuid.UUID, *, after: int, known: str, limit: int) -> Page:
    epoch, newest = str(hub_epoch()), last_number()
    if known != epoch or after > newest:
        after = 0
    rows = HubFeed.objects.filter(
        scope__in=[EVERYBODY, for_node(node)], number__gt=after, is_superseded=False
    ).order_by("number")
    some = list(rows[: limit + 1])
    has_more = len(some) > limit
    if has_more:
        act = some[-1].act_id
        some = [row for row in some if row.act_id != act] or list(rows.filter(act_id=act))
    upto = some[-1].number if has_more else newest
    head = {"hub_epoch": epoch, "after": after, "upto": upto, "more": has_more}
    # A house that came back from a backup and has nothing to send would not notice otherwise.
    cursors = HubCursor.objects.filter(node=node, is_current=True)
    head["has"] = {str(own): seq for own, seq in cursors.values_list("epoch", "seq")}
    return Page(head, [_feed_line(row) for row in some])


def _feed_line(row: HubFeed) -> dict[str, Any]:
    return {
        "f": row.kind,
        "q": row.number,
        "k": Kind.CHANGE.value,
        "cid": str(row.change),
        "tx": str(row.act_id),
        "e": row.entity,
        "r": str(row.row),
        "pt": None,
        "op": row.operation,
        "sv": row.schema_version,
        "v": row.row_version,
        "o": str(row.owner) if row.owner else None,
        "at": instant_text(row.at),
        "by": None,
        "hash": "",
        "d": json.loads(row.body),
    }


def own_page(node: uuid.UUID, *, known: Mapping[str, int], after: int, limit: int = 500) -> Page:
    """Return a facility's own lines that it does not have, as they arrived, whole acts."""
    rows = HubLog.objects.filter(node=node, number__gt=after).order_by("number")
    for epoch, seq in known.items():
        rows = rows.exclude(epoch=uuid.UUID(epoch), seq__lte=seq)
    some = list(rows[: limit + 1])
    has_more = len(some) > limit
    if has_more:
        act = some[-1].act_id
        some = [row for row in some if row.act_id != act] or list(rows.filter(act_id=act))
    head = {
        "hub_epoch": str(hub_epoch()),
        "after": after,
        "upto": some[-1].number if some else after,
        "more": has_more,
    }
    lines = [{**json.loads(encode_line(line_of(row))), "ep": str(row.epoch)} for row in some]
    return Page(head, lines)
