"""A digest of every synchronised table, as one installation holds it; run as a process.

    python -m tests.exchange.transport.digest FACILITY

Prints JSON: table → how many rows of this facility, and the hash of all that they hold.
"""

import hashlib
import json
import sys
import uuid

import django

django.setup()

from django.apps import apps  # noqa: E402 - the models need the setup above

from simpul.foundation.core.models import OwnedModel  # noqa: E402
from simpul.foundation.journal.models import JournalEntry  # noqa: E402

#: What a hub keeps in its own way: there it is another's house.
OWN_WAY = frozenset({"is_here"})


def main(facility: uuid.UUID) -> None:
    """Print the digests."""
    found = {}
    for model in apps.get_models():
        if issubclass(model, OwnedModel):
            rows = model._default_manager.filter(owner=facility)
        elif model is JournalEntry:
            rows = JournalEntry.objects.filter(facility=facility)
        else:
            continue
        names = [f.attname for f in model._meta.concrete_fields if f.name not in OWN_WAY]
        if model is JournalEntry:
            names.remove("id")  # the order in which this installation stored it
        lines = sorted(
            json.dumps(row, sort_keys=True, default=str) for row in rows.values_list(*names)
        )
        if lines:
            digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
            found[model._meta.label_lower] = [len(lines), digest]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(uuid.UUID(sys.argv[1]))
