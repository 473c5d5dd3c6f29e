"""Reading staff: from an account or a token to the `Actor` who acts."""

import hashlib
import time
import uuid

from django.db.models import Q
from django.utils.crypto import constant_time_compare

from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import get_here, is_set_up
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account, ApiToken, PractitionerRole

#: A revoked token or role may act for at most this long after it was taken away.
KEEP_SECONDS = 5.0
_actors: dict[str, tuple[float, Actor | None]] = {}


def get_actor(account_id: uuid.UUID) -> Actor | None:
    """Return who this account is now; None when it is closed or has no role."""
    return _remembered(f"account:{account_id}", lambda: _read_actor(account_id))


def get_actor_of_token(token: str) -> Actor | None:
    """Return who a bearer token acts for; None when it is unknown, revoked or too old."""
    digest = token_digest(token)
    return _remembered(f"token:{digest}", lambda: _read_token(digest))


def get_actor_of_session(account: str, seal: str) -> Actor | None:
    """Return who a signed-in session acts for; None when its seal is not the account's.

    The seal is Django's session hash, made from the password: a new password ends the session.
    """
    return _remembered(f"session:{account}:{seal}", lambda: _read_session(account, seal))


def token_digest(token: str) -> str:
    """Return what is stored of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def forget_actors() -> None:
    """Read rights anew next time (they were just changed in this process)."""
    _actors.clear()


def _remembered(key: str, read: object) -> Actor | None:
    kept = _actors.get(key)
    moment = time.monotonic()
    if kept is not None and moment - kept[0] < KEEP_SECONDS:
        return kept[1]
    actor: Actor | None = read()  # type: ignore[operator]
    if len(_actors) > 2000:
        _actors.clear()
    _actors[key] = (moment, actor)
    return actor


def _read_session(account: str, seal: str) -> Actor | None:
    try:
        row = Account.objects.filter(id=uuid.UUID(account), is_active=True).first()
    except ValueError:
        return None
    if row is None or not constant_time_compare(seal, row.get_session_auth_hash()):
        return None
    return get_actor(row.id)


def _read_token(digest: str) -> Actor | None:
    row = (
        ApiToken.objects.filter(digest=digest, revoked_at__isnull=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now()))
        .first()
    )
    return None if row is None else _read_actor(row.account_id)


def _read_actor(account_id: uuid.UUID) -> Actor | None:
    account = (
        Account.objects.select_related("practitioner").filter(id=account_id, is_active=True).first()
    )
    if account is None or not account.practitioner.is_active:
        return None
    # The shift of today begins before UTC's day does: at 07:00 in Jakarta, at 09:00 in Jayapura.
    today = get_here().today() if is_set_up() else now().date()
    rows = (
        PractitionerRole.objects.filter(practitioner_id=account.practitioner_id)
        .filter(Q(starts_on__isnull=True) | Q(starts_on__lte=today))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        .select_related("unit")
        .order_by("id")
    )
    units: dict[str, set[str]] = {}
    unlimited: set[str] = set()
    facility: uuid.UUID | None = None
    for row in rows:
        if facility is None:
            facility = row.facility_id
        if row.facility_id != facility:
            continue
        units.setdefault(row.role, set())
        if row.unit is None:
            unlimited.add(row.role)
        else:
            units[row.role].add(row.unit.code)
    if facility is None:
        return None
    return Actor(
        account_id=account.id,
        practitioner_id=account.practitioner_id,
        name=account.practitioner.name,
        facility_id=facility,
        roles=frozenset(units),
        units=tuple(
            (role, frozenset() if role in unlimited else frozenset(codes))
            for role, codes in sorted(units.items())
        ),
        username=account.username,
        profession=account.practitioner.profession,
    )
