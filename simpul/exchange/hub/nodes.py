"""The register of nodes: taken up, given a new key, revoked, and what a person decides of twins."""

import uuid
from datetime import datetime, timedelta

from simpul.exchange.hub.models import HubCursor, HubNode
from simpul.exchange.sync import state
from simpul.foundation.core.clock import now
from simpul.foundation.core.ids import uuid7

#: A second new epoch within this time looks like two machines made from one disk.
TWIN_TIME = timedelta(hours=24)
OWN_EPOCH = "own_hub_epoch"


def add_node(node: uuid.UUID, *, name: str, public_key: str, at: datetime | None = None) -> HubNode:
    """Take up a facility's installation; once more means another machine speaks for it now.

    Then the key of the machine before is no longer good, and its numbering is closed.
    """
    row, is_new = HubNode.objects.update_or_create(
        node=node,
        defaults={
            "name": name,
            "public_key": public_key,
            "state": HubNode.State.ACTIVE,
            "epoch_changed_at": None,
        },
        create_defaults={
            "name": name,
            "public_key": public_key,
            "enrolled_at": at or now(),
        },
    )
    if not is_new:
        HubCursor.objects.filter(node=node).update(is_current=False)
    return row


def revoke_node(node: uuid.UUID) -> bool:
    """Take nothing more from a node: its machine was stolen or lost."""
    return bool(HubNode.objects.filter(node=node).update(state=HubNode.State.REVOKED))


def decide_suspect(node: uuid.UUID) -> bool:
    """A person has looked: there is one machine (again), and it may send."""
    suspects = HubNode.objects.filter(node=node, state=HubNode.State.SUSPECT)
    return bool(suspects.update(state=HubNode.State.ACTIVE, epoch_changed_at=None))


def hub_epoch() -> uuid.UUID:
    """Return which life of this hub it is; made at the first call."""
    known = state.read(OWN_EPOCH)
    return uuid.UUID(known) if known else new_hub_epoch()


def new_hub_epoch() -> uuid.UUID:
    """Begin another life: this hub came back from a backup, so facilities read its feed anew."""
    made = uuid7()
    state.write(OWN_EPOCH, str(made))
    return made
