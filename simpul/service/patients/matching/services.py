"""Writing what a person decided of a pair of look-alikes."""

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import NotHere
from simpul.foundation.journal.acts import Act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.matching.models import Decision, PairDecision, PersonPair


def decide_pair(
    this: Act, pair: int, *, by: Actor, decision: Decision | str, reason: str = ""
) -> PairDecision:
    """Decide a pair of the list, inside the caller's act; it is not shown again.

    NotHere for a pair that is not in this facility's list.
    """
    row = PersonPair.objects.filter(pk=pair, owner=by.facility_id).first()
    if row is None:
        raise NotHere(
            _("Pasangan ini tidak ada lagi dalam daftar. Muat ulang daftarnya."), "pair_unknown"
        )
    return decide_two(this, row.first_id, row.second_id, by=by, decision=decision, reason=reason)


def decide_two(
    this: Act,
    one: uuid.UUID,
    other: uuid.UUID,
    *,
    by: Actor,
    decision: Decision | str,
    reason: str = "",
) -> PairDecision:
    """Decide two records, in the list or not, inside the caller's act.

    `merged` after a merge, `reopened` after its undoing, `different` for *bukan orang sama*.
    """
    require(by, "input", "merge")
    return _write_decision(this, one, other, by=by, word=Decision(decision), reason=reason)


def remember_apart(
    this: Act, new: uuid.UUID, others: Iterable[uuid.UUID], *, by: Actor, reason: str
) -> None:
    """Remember that whoever registers somebody saw these look-alikes and said they are others.

    Part of registering, so it needs no more than that; the record room may reopen each pair.
    """
    require(by, "input", "patient")
    for other in dict.fromkeys(others):
        _write_decision(this, new, other, by=by, word=Decision.DIFFERENT, reason=reason)


def _write_decision(
    this: Act, one: uuid.UUID, other: uuid.UUID, *, by: Actor, word: Decision, reason: str
) -> PairDecision:
    first, second = sorted((one, other))
    row = PairDecision(
        first_id=first,
        second_id=second,
        decision=word,
        reason=" ".join(reason.split())[:120],
        decided_by=by.practitioner_id,
        decided_at=this.at,
    )
    this.create(row)
    this.record(
        "pair-decided",
        patient=first,
        subject=f"pair:{row.pk}",
        detail={"other": str(second), "decision": str(word)},
    )
    PersonPair.objects.filter(first_id=first, second_id=second).update(
        decision="" if word == Decision.REOPENED else word,
        decided_by=None if word == Decision.REOPENED else by.practitioner_id,
        decided_at=None if word == Decision.REOPENED else this.at,
    )
    return row
