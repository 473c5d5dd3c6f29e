"""Which installation this is: a node id made once, at the first migration, and kept for ever."""

import uuid

from django.db import connection

from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import NodeState

_node_by_database: dict[str, uuid.UUID] = {}


def node_id() -> uuid.UUID:
    """Return this installation's id, making it on the first call ever."""
    database = str(connection.settings_dict["NAME"])
    known = _node_by_database.get(database)
    if known is None:
        row, is_new = NodeState.objects.get_or_create(key="node", defaults={"value": str(uuid7())})
        known = uuid.UUID(row.value)
        if not is_new or not connection.in_atomic_block:
            # A row just made inside a transaction may still be rolled back: do not remember it.
            _node_by_database[database] = known
    return known


def forget_node() -> None:
    """Drop the remembered id (a test, or a restore, has put another database in place)."""
    _node_by_database.clear()
