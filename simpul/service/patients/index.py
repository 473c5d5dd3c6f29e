"""The index that finds people: words of names, their one-letter-less variants, matching keys.

Derived from the patient's row, written in the transaction that writes it, never synchronised.
"""

import uuid
from collections.abc import Callable, Iterable

from django.db import transaction

from simpul.domain.names import deletion_variants, name_keys
from simpul.foundation.core.models import NodeState
from simpul.service.patients.cards import PatientCard, card
from simpul.service.patients.matching.keys import rewrite_keys, write_keys, write_keys_of
from simpul.service.patients.models import NameToken, Patient, TokenVariant

LONGEST = 40
#: Which way of making keys the stored index was made with. Raise it when `domain.names` gives
#: another key for a name; `renew_index` then makes every row anew at the next start.
KEYS = 2
STATE = "name_index"
AT_ONCE = 2000


def index_patient(row: Patient) -> None:
    """Make a new patient findable, by name and by look-alikes."""
    _index_words([(row.id, row.name)])
    write_keys(row.id, card(row).key)


def reindex_patient(row: Patient, before: PatientCard) -> None:
    """Make a corrected patient findable as they are now and no longer as they were."""
    if row.name != before.name:
        NameToken.objects.filter(patient_id=row.id).delete()
        _index_words([(row.id, row.name)])
    rewrite_keys(row.id, before.key, card(row).key)


def index_names(people: Iterable[tuple[uuid.UUID, str]]) -> None:
    """Make many stored people findable; used by imports and by the demo."""
    some = list(people)
    _index_words(some)
    write_keys_of([patient for patient, _name in some])


def _index_words(people: Iterable[tuple[uuid.UUID, str]]) -> None:
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
                    _index_words(batch)
                    done += len(batch)
                    batch = []
                    tell(done, total)
            _index_words(batch)
            tell(total, total)
        NodeState.objects.update_or_create(key=STATE, defaults={"value": str(KEYS)})
    return bool(total)
