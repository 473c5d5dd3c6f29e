"""What the steps of a visit may know of the district: told to `foundation.core.outside` at start.

Everything here comes from the hub's acknowledgements and from how the last try went; nothing is
said to be received because it was sent.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from simpul.exchange.hub.feeding import for_node, register_scope
from simpul.exchange.sync import link
from simpul.exchange.sync.selectors import standing
from simpul.foundation.core.outside import Sending, tell
from simpul.foundation.core.rows import fetch_values

#: Entries are numbered in the order of their ids: below the first that is not acknowledged all
#: are; where there is none, all that were numbered.
_RECEIVED = """
    SELECT e.entry_mark,
           (SELECT l.source FROM sync_line l
            WHERE l.epoch_id = e.id AND l.seq > e.acked AND l.kind = 'j' ORDER BY l.seq LIMIT 1)
    FROM sync_epoch e
    WHERE e.is_current AND EXISTS (SELECT 1 FROM sync_syncstate s WHERE s.key = %s)
"""

#: Reasons of a broken line that say the way out is broken, not the server at its end.
NO_WAY_OUT = frozenset({"route", "name", "line"})


def received_upto() -> int | None:
    """Return the journal entry up to which the hub has everything; None: no hub, none ever."""
    found = fetch_values(_RECEIVED, "--", [link.HUB])
    if not found:
        return None
    ((numbered, first_missing),) = found
    return int(numbered if first_missing is None else first_missing - 1)


def sending() -> Sending | None:
    """Return how the sending stands; None where no hub is known."""
    if link.read_hub() is None:
        return None
    place, line = standing(), link.read_line()
    return Sending(
        waiting=place.waiting,
        waiting_since=place.waiting_since,
        received_at=place.acked_at,
        tried_at=_instant(line.since if line.state == "broken" else line.answered_at),
        reached=_reached(line),
        stopped=place.stopped or (line.why if line.state == "stopped" else ""),
        parked=place.parked,
        sentence=line.sentence,
    )


def _reached(line: link.Line) -> bool | None:
    """Did the last try get outside? An answer, even a refusal, says that it did."""
    if line.state == "good" and not line.answered_at:
        return None
    return not (line.state == "broken" and line.why in NO_WAY_OUT)


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def begin() -> None:
    """Tell who knows."""
    tell(received_upto=received_upto, sending=sending)


def tell_both_of_links() -> None:
    """A link between two records goes to the two facilities that own them, and to nobody else."""
    register_scope("district.personlink", _both_owners)


def _both_owners(values: dict[str, Any]) -> Iterable[str]:
    return {for_node(values[name]) for name in ("first_owner", "second_owner")}
