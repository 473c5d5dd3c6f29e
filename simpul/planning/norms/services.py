"""Writing norms of one's own: add, edit (a new version), retire, bring back. Shipped ones stay."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from simpul.domain.norms import NormSet
from simpul.domain.norms_shipped import SHIPPED
from simpul.foundation.core.errors import Conflict, NotAllowed, Problem, Refused, Stale
from simpul.foundation.core.ids import uuid7
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.norms.models import NormVersion
from simpul.planning.norms.reading import NormRefused, read_norm, write_norm, write_post
from simpul.planning.norms.selectors import NormView, get_norm, is_taken, norm_of


def add_norm(data: dict[str, Any], *, by: Actor) -> NormSet:
    """Add a norm set; its code must be new and its source named."""
    require(by, "input", "planning")
    require_home(by)
    norm = _read(data)
    if is_taken(norm.code):
        sentence = _("Kode ini sudah dipakai standar lain. Pilih kode yang lain.")
        raise Refused(sentence, "norm_code_taken", errors=(Problem("code", "taken", sentence),))
    return _write(norm, 1, by=by, done="norm-added")


def change_norm(code: str, data: dict[str, Any], *, seen: int, by: Actor) -> NormSet:
    """Write an edit as a new version of an own norm; `seen` is the version it was made on."""
    require(by, "correct", "planning")
    require_home(by)
    now = _own(code, by=by)
    norm = _read({**data, "code": code})
    _check_seen(now, seen)
    if not now.is_retired and write_norm(norm) == write_norm(now.norm):
        return now.norm
    return _write(norm, seen + 1, by=by, done="norm-changed")


def retire_norm(code: str, *, seen: int, by: Actor) -> NormSet:
    """Take an own norm out of the choices; its figures stay for the studies made with it."""
    require(by, "correct", "planning")
    require_home(by)
    now = _own(code, by=by)
    _check_seen(now, seen)
    if now.is_retired:
        raise Conflict(_("Standar ini sudah tidak dipakai lagi."), "norm_retired")
    return _write(now.norm, seen + 1, by=by, done="norm-retired", is_retired=True)


def restore_norm(code: str, *, seen: int, by: Actor) -> NormSet:
    """Put a retired norm back among the choices."""
    require(by, "correct", "planning")
    require_home(by)
    now = _own(code, by=by)
    _check_seen(now, seen)
    if not now.is_retired:
        raise Conflict(_("Standar ini masih dipakai."), "norm_in_use")
    return _write(now.norm, seen + 1, by=by, done="norm-restored")


def _read(data: dict[str, Any]) -> NormSet:
    try:
        return read_norm(data)
    except NormRefused as why:
        raise Refused(
            _("Standar ini belum disimpan: ada isian yang perlu diperbaiki."),
            "norm_refused",
            errors=tuple(Problem(each.where, each.code, each.message) for each in why.problems),
        ) from None


def _own(code: str, *, by: Actor) -> NormView:
    if code in SHIPPED:
        raise NotAllowed(
            _("Standar bawaan tidak dapat diubah. Salin dulu, lalu ubah salinannya."),
            "norm_shipped",
        )
    view = get_norm(code, by=by)
    if view.is_district:
        raise NotAllowed(
            _("Standar Dinas tidak dapat diubah di sini. Salin dulu, lalu ubah salinannya."),
            "norm_of_district",
        )
    return view


def _check_seen(now: NormView, seen: int) -> None:
    if now.norm.version != seen:
        raise _stale()


def _stale() -> Stale:
    return Stale(
        _("Standar ini baru saja diubah orang lain. Perubahan Anda belum disimpan; buka lagi."),
        "stale_version",
    )


def _write(
    norm: NormSet, number: int, *, by: Actor, done: str, is_retired: bool = False
) -> NormSet:
    try:
        with transaction.atomic(), act(by=by) as this:
            row = NormVersion(
                id=uuid7(),
                code=norm.code,
                number=number,
                name=norm.name,
                source=norm.source,
                valid_from=norm.valid_from,
                valid_until=norm.valid_until,
                note=norm.note,
                posts=[write_post(post) for post in norm.posts],
                is_retired=is_retired,
                made_at=this.at,
                made_by=by.practitioner_id,
            )
            this.create(row)
            this.record(done, subject=f"norm:{norm.code}", detail={"number": number})
    except IntegrityError:
        raise _stale() from None
    return norm_of(row)
