"""The index that finds people by name: normalised words, and their one-letter-less variants.

Derived from `Patient.name`, written in the transaction that writes the name, never synchronised.
"""

import uuid
from collections.abc import Callable, Iterable

from django.db import transaction

from simpul.domain.names import deletion_variants, name_keys
from simpul.foundation.core.models import NodeState
from simpul.service.patients.models import NameToken, Patient, TokenVariant

LONGEST = 40
#: Which way of making keys the stored index was made with. Raise it when `domain.names` gives
#: another key for a name; `renew_index` then makes every row anew at the next start.
KEYS = 2
STATE = "name_index"
AT_ONCE = 2000


def index_name(patient: uuid.UUID, name: str) -> None:
    """Make a new patient findable by name."""
    index_names([(patient, name)])


def reindex_name(patient: uuid.UUID, name: str) -> None:
    """Make a renamed patient findable by the new name only."""
    NameToken.objects.filter(patient_id=patient).delete()
    index_name(patient, name)


def index_names(people: Iterable[tuple[uuid.UUID, str]]) -> None:
    """Make many people findable; used by imports and by the demo."""
    words = [(patient, token[:LONGEST]) for patient, name in people for token in name_keys(name)]
    NameToken.objects.bulk_create(
        [NameToken(patient_id=patient, token=token) for patient, token in words],
        ignore_conflicts=True,
        batch_size=5000,
    )
    tokens = {token for _patient, token in words}
    known: set[str] = set()
    ordered = sorted(tokens)
    for start in range(0, len(ordered), 500):
        known |= set(
            TokenVariant.objects.filter(variant__in=ordered[start : start + 500])
            .values_list("token", flat=True)
            .distinct()
        ) & set(ordered[start : start + 500])
    TokenVariant.objects.bulk_create(
        [
            TokenVariant(variant=variant[:LONGEST], token=token)
            for token in ordered
            if token not in known
            for variant in {token, *deletion_variants(token)}
        ],
        ignore_conflicts=True,
        batch_size=5000,
    )


def renew_index(tell: Callable[[int, int], None]) -> bool:
    """Make the whole index anew if it was made by an older way; says how far it has come.

    One transaction: stopped half-way, the old index is still there and the next start tries again.
    """
    if NodeState.objects.filter(key=STATE, value=str(KEYS)).exists():
        return False
    with transaction.atomic():
        people = Patient.objects.order_by("id")
        total = people.count()
        if total:
            NameToken.objects.all().delete()
            TokenVariant.objects.all().delete()
            done, batch = 0, []
            for row in people.values_list("id", "name").iterator(chunk_size=AT_ONCE):
                batch.append(row)
                if len(batch) == AT_ONCE:
                    index_names(batch)
                    done += len(batch)
                    batch = []
                    tell(done, total)
            index_names(batch)
            tell(total, total)
        NodeState.objects.update_or_create(key=STATE, defaults={"value": str(KEYS)})
    return bool(total)
