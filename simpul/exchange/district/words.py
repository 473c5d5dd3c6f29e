"""The decisions in force about records, and all that hangs together with some of them."""

import uuid
from collections.abc import Iterable

from django.db.models import Q

from simpul.domain.linking import Word
from simpul.exchange.district.models import PersonLink

#: Ids asked for in one statement.
IDS_AT_ONCE = 400


def words_about(records: Iterable[uuid.UUID]) -> list[Word[uuid.UUID]]:
    """Return the decisions in force about these records and those tied to them, at any remove.

    Groups are small: one person is known at a few places.
    """
    return [Word(link.first, link.second, link.is_same) for link in links_about(records)]


def links_about(records: Iterable[uuid.UUID]) -> list[PersonLink]:
    """Return the links in force that say something about these records, directly or not."""
    found: dict[uuid.UUID, PersonLink] = {}
    known: set[uuid.UUID] = set()
    asked = set(records)
    while asked:
        ids = sorted(asked)
        links = [
            link
            for start in range(0, len(ids), IDS_AT_ONCE)
            for some in [ids[start : start + IDS_AT_ONCE]]
            for link in PersonLink.objects.filter(
                Q(first__in=some) | Q(second__in=some), undone_at__isnull=True
            )
        ]
        known |= asked
        found |= {link.pk: link for link in links}
        asked = {end for link in links for end in (link.first, link.second)} - known
    return [found[key] for key in sorted(found)]
