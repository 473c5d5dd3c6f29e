"""Deciding that two records of two Puskesmas are one person, or not; and taking a word back.

A link is the hub's own row. No row of a facility is touched: both go on as they are, and whoever
may see both reads them side by side.
"""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from simpul.domain.linking import Word, against, verdict
from simpul.exchange.district.models import PersonLink, Proposal
from simpul.exchange.district.opening import is_open
from simpul.exchange.district.searching import said
from simpul.exchange.district.words import words_about
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

LONGEST_REASON = 160


def decide(
    first: uuid.UUID, second: uuid.UUID, *, is_same: bool, reason: str, by: Actor
) -> PersonLink:
    """Say of a proposed pair that it is one person, or two; needs the pair opened, and a reason."""
    require(by, "input", "district")
    require_home(by)
    reason = _reason(reason)
    first, second = min(first, second), max(first, second)
    proposal = Proposal.objects.filter(first=first, second=second).first()
    if proposal is None:
        raise NotHere(
            _("Pasangan ini tidak ada lagi dalam daftar. Muat ulang daftarnya."), "pair_unknown"
        )
    if not is_open(first, second, by=by):
        raise Conflict(
            _(
                "Identitas pasangan ini belum dibuka. Buka dengan alasan, bandingkan, "
                "lalu putuskan."
            ),
            "pair_not_opened",
        )
    with act(by=by) as this:
        words = words_about([first, second])
        if any({word.first, word.second} == {first, second} for word in words):
            raise Conflict(
                _("Pasangan ini sudah diputuskan. Batalkan keputusan itu dulu bila keliru."),
                "pair_decided",
            )
        if against(words, first, second, is_same=is_same):
            raise Conflict(_contradiction(is_same=is_same), "links_contradict")
        link = PersonLink(
            first=first,
            second=second,
            first_owner=proposal.first_owner,
            second_owner=proposal.second_owner,
            is_same=is_same,
            reason=reason,
            level=proposal.level,
            score=proposal.score,
            decided_by=by.practitioner_id,
            decided_at=this.at,
        )
        this.create(link)
        this.record(
            "people-linked",
            subject=f"link:{link.pk}",
            detail={"first": str(first), "second": str(second), "same": is_same},
        )
        _retell([*words, Word(first, second, is_same)], {first, second})
    return link


def undo_link(link: uuid.UUID, *, reason: str, by: Actor) -> PersonLink:
    """Take a decision back: the pair is open again; who said what stays written."""
    require(by, "correct", "district")
    require_home(by)
    reason = _reason(reason)
    row = PersonLink.objects.filter(pk=link, owner=by.facility_id).first()
    if row is None:
        raise NotHere(_("Keputusan ini tidak ada. Muat ulang daftarnya."), "link_unknown")
    if row.undone_at is not None:
        raise Conflict(_("Keputusan ini sudah dibatalkan. Muat ulang daftarnya."), "link_undone")
    with act(by=by) as this:
        touched = words_about([row.first, row.second])
        row.undone_by, row.undone_at, row.undo_reason = by.practitioner_id, now(), reason
        this.update(row, "undone_by", "undone_at", "undo_reason")
        this.record(
            "people-link-undone",
            subject=f"link:{row.pk}",
            detail={"first": str(row.first), "second": str(row.second)},
        )
        records = {end for word in touched for end in (word.first, word.second)}
        _retell(words_about(records), records)
    return row


def _reason(typed: str) -> str:
    reason = " ".join(typed.split())
    if not reason:
        problem = Problem("reason", "required", _("Tulis alasannya, misalnya: NIK dan ibu sama."))
        raise Refused(
            _("Belum disimpan: alasannya belum ditulis."), "reason_missing", errors=(problem,)
        )
    return reason[:LONGEST_REASON]


def _contradiction(*, is_same: bool) -> str:
    if is_same:
        return _(
            "Keputusan lain sudah menyatakan kedua rekam ini milik orang berbeda. Belum ada yang "
            "disimpan; batalkan dulu keputusan itu bila keliru."
        )
    return _(
        "Keputusan lain sudah menautkan kedua rekam ini sebagai satu orang. Belum ada yang "
        "disimpan; batalkan dulu tautan itu bila keliru."
    )


def _retell(words: list[Word[uuid.UUID]], records: set[uuid.UUID]) -> None:
    """Let the proposals about these people repeat what is decided of them now."""
    people = records | {end for word in words for end in (word.first, word.second)}
    rows = list(Proposal.objects.filter(Q(first__in=people) | Q(second__in=people)))
    for row in rows:
        row.decision = said(verdict(words, row.first, row.second))
    Proposal.objects.bulk_update(rows, ["decision"])
