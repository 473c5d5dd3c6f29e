"""What happens to an account after it was made: new PIN, other roles, closed, opened again.

Each is one act in the journal, which notes the account and never the password. A house must keep
somebody who can open accounts, and nobody takes their own way in away by accident.
"""

import uuid
from collections.abc import Iterable

from axes.utils import reset as unlock_sign_in
from django.utils.translation import gettext as _

from simpul.foundation.administration.services import (
    new_roles,
    password_problems,
    require_may_grant,
    role_problems,
)
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account, ApiToken, PractitionerRole, Role
from simpul.foundation.staff.rights import RIGHTS, require
from simpul.foundation.staff.selectors import forget_actors

#: Roles that may open and change accounts; one such person must always be able to sign in.
KEEPERS = RIGHTS["settings"]["correct"]


def set_password(account_id: uuid.UUID, *, password: str, again: str, by: Actor) -> Account:
    """Give an account a new password or PIN; a lock after wrong tries ends with it.

    The person's open sessions end, because a session is bound to the password it began with.
    """
    require(by, "correct", "settings")
    account = _account(account_id, by=by)
    if account.is_service:
        raise Conflict(
            _("Akun program masuk dengan token, bukan dengan PIN. Tidak ada yang diubah."),
            "account_of_program",
        )
    problems = password_problems(password, again)
    if problems:
        raise Refused(
            _("PIN belum diganti; yang lama masih berlaku."),
            "password_refused",
            errors=tuple(problems),
        )
    with act(by=by) as this:
        account.set_password(password)
        account.save(update_fields=["password"])
        _record(this, "password-set", account)
    unlock_sign_in(username=account.username)
    forget_actors()
    return account


def change_own_password(*, current: str, password: str, again: str, by: Actor) -> Account:
    """Let a person change their own PIN or password; whoever knows the old one may.

    Other open sessions of the person end, because a session is bound to the password it began with.
    """
    account = _account(by.account_id, by=by)
    problems = password_problems(password, again)
    if not account.check_password(current):
        problems.insert(
            0, Problem("current", "differs", _("PIN sekarang belum cocok. Ketik sekali lagi."))
        )
    if problems:
        raise Refused(
            _("PIN belum diganti; yang lama masih berlaku."),
            "password_refused",
            errors=tuple(problems),
        )
    with act(by=by) as this:
        account.set_password(password)
        account.save(update_fields=["password"])
        _record(this, "own-password-set", account)
    forget_actors()
    return account


def change_roles(
    account_id: uuid.UUID, *, roles: Iterable[str], units: Iterable[str] = (), by: Actor
) -> Account:
    """Give a person other roles (in some units, or in all when none is named)."""
    require(by, "correct", "settings")
    wanted, places = tuple(dict.fromkeys(roles)), tuple(dict.fromkeys(units))
    account = _account(account_id, by=by)
    problems = role_problems(wanted, places)
    if problems:
        raise Refused(
            _("Peran belum diubah: periksa pilihan."), "roles_refused", errors=tuple(problems)
        )
    with act(by=by) as this:
        held = list(
            PractitionerRole.objects.filter(
                practitioner_id=account.practitioner_id, facility_id=by.facility_id
            )
        )
        had = frozenset(row.role for row in held)
        require_may_grant(by, had=had, wanted=frozenset(wanted))
        if not set(wanted) & set(KEEPERS):
            _require_another_keeper(account)
        kept = set()
        fresh = new_roles(account.practitioner, by.facility_id, wanted, places)
        for row in held:
            same = next((new for new in fresh if _is_same(row, new)), None)
            if same is None or row.ends_on is not None:
                this.delete_link(row)
            else:
                kept.add(id(same))
        added = [row for row in fresh if id(row) not in kept]
        this.create(*added)
        if added or len(kept) != len(held):
            _record(this, "roles-changed", account, roles=[*wanted], units=[*places])
    forget_actors()
    return account


def close_account(account_id: uuid.UUID, *, by: Actor) -> Account:
    """Close an account: nobody signs in with it any more, and its tokens end."""
    require(by, "correct", "settings")
    account = _account(account_id, by=by)
    if account.id == by.account_id:
        raise Conflict(
            _("Ini akun Anda sendiri. Minta kepala atau petugas IT lain menutupnya."),
            "account_own",
        )
    if not account.is_active:
        return account
    _require_another_keeper(account)
    with act(by=by) as this:
        account.is_active = False
        account.save(update_fields=["is_active"])
        ApiToken.objects.filter(account=account, revoked_at__isnull=True).update(revoked_at=this.at)
        _record(this, "account-closed", account)
    forget_actors()
    return account


def reopen_account(account_id: uuid.UUID, *, by: Actor) -> Account:
    """Open a closed account again; tokens that were taken away stay away."""
    require(by, "correct", "settings")
    account = _account(account_id, by=by)
    if account.is_active:
        return account
    with act(by=by) as this:
        account.is_active = True
        account.save(update_fields=["is_active"])
        _record(this, "account-reopened", account)
    forget_actors()
    return account


def _account(account_id: uuid.UUID, *, by: Actor) -> Account:
    account = (
        Account.objects.select_related("practitioner")
        .filter(id=account_id, practitioner__owner=by.facility_id)
        .first()
    )
    if account is None:
        raise NotHere(_("Akun ini tidak ada di Puskesmas Anda."), "account_unknown")
    return account


def _is_same(held: PractitionerRole, wanted: PractitionerRole) -> bool:
    return held.role == wanted.role and held.unit_id == wanted.unit_id


def _require_another_keeper(account: Account) -> None:
    """Refuse what would leave nobody able to open accounts."""
    today = now().date()
    others = (
        PractitionerRole.objects.filter(
            role__in=KEEPERS,
            owner=account.practitioner.owner,
            practitioner__is_active=True,
            practitioner__account__is_active=True,
            practitioner__account__is_service=False,
        )
        .exclude(practitioner_id=account.practitioner_id)
        .exclude(ends_on__lt=today)
    )
    if not others.exists():
        who = _("%(a)s atau %(b)s") % {"a": Role.HEAD.label, "b": Role.IT.label}
        raise Conflict(
            _("Ini satu-satunya akun %(who)s. Buat dahulu akun pengganti; belum ada yang diubah.")
            % {"who": who},
            "last_keeper",
        )


def _record(this: Act, what: str, account: Account, **detail: object) -> None:
    this.record(what, subject=f"account:{account.id}", detail=detail)
