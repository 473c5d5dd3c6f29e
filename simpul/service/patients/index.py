"""The index that finds people by name: normalised words, and their one-letter-less variants.

Derived from `Patient.name`, written in the transaction that writes the name, never synchronised.
"""

import uuid
from collections.abc import Iterable

from simpul.domain.names import deletion_variants, name_keys
from simpul.service.patients.models import NameToken, TokenVariant

LONGEST = 40


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
