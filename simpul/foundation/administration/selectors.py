"""Reading for the journal and settings pages: who did what with a record, the house, accounts."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from simpul.foundation.administration.wording import HOUSE_ACTS, act_text
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.models import Facility, ServiceUnit
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account, ApiToken, PractitionerRole, Role
from simpul.foundation.staff.rights import require

PAGE = 50


@dataclass(frozen=True)
class JournalLine:
    """One entry in words: when, who, what, where."""

    id: int
    at: datetime
    who: str
    what: str
    unit_name: str
    is_reading: bool


@dataclass(frozen=True)
class TokenLine:
    """A token that opens the door today: whose, for what, until when; never the token itself."""

    id: uuid.UUID
    user: str
    name: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class JournalPage:
    """Some entries, newest first, and where the next page begins (0: nothing follows)."""

    lines: tuple[JournalLine, ...]
    before: int


def list_patient_journal(
    records: Sequence[uuid.UUID], *, by: Actor, before: int = 0, limit: int = PAGE
) -> JournalPage:
    """Return who opened or changed a patient's records, newest first, by pages.

    A person has several records where some were merged.
    """
    require(by, "view", "journal")
    rows = JournalEntry.objects.filter(patient__in=records, facility=by.facility_id)
    return _page(rows, before=before, limit=limit)


def list_house_journal(*, by: Actor, before: int = 0, limit: int = 20) -> JournalPage:
    """Return what was done to accounts, units and settings, newest first."""
    require(by, "view", "journal")
    # None of these acts is about a patient: by that the few are found among millions.
    rows = JournalEntry.objects.filter(patient=None, facility=by.facility_id, act__in=HOUSE_ACTS)
    return _page(rows, before=before, limit=limit)


def _page(rows: QuerySet[JournalEntry], *, before: int, limit: int) -> JournalPage:
    if before:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    names = practitioner_names({row.practitioner for row in found if row.practitioner})
    units = get_here().units
    lines = tuple(
        JournalLine(
            id=row.id,
            at=row.at,
            who=names.get(row.practitioner, "") if row.practitioner else _("program"),
            what=act_text(row.act, row.subject),
            unit_name=units[row.unit].name if row.unit in units else row.unit,
            is_reading=row.act == "read",
        )
        for row in found[:limit]
    )
    return JournalPage(lines=lines, before=found[limit - 1].id if len(found) > limit else 0)


def get_facility(*, by: Actor) -> Facility:
    """Return the house's own row for its settings page."""
    require(by, "view", "settings")
    facility = Facility.objects.filter(id=by.facility_id, is_here=True).first()
    if facility is None:
        raise NotHere(_("Puskesmas ini diatur di servernya sendiri."), "facility_elsewhere")
    return facility


def list_units(*, by: Actor) -> list[ServiceUnit]:
    """Return the units of the house in their order."""
    facility = get_facility(by=by)
    return list(ServiceUnit.objects.filter(facility=facility).order_by("order", "code"))


@dataclass(frozen=True)
class AccountLine:
    """An account as its list and its page show it."""

    id: uuid.UUID
    username: str
    name: str
    profession: str
    is_active: bool
    is_service: bool
    is_own: bool
    last_login: datetime | None
    roles: tuple[str, ...]
    units: tuple[str, ...]
    role_text: str
    unit_text: str


def list_accounts(*, by: Actor) -> list[AccountLine]:
    """Return the accounts of the house: open ones first, by name."""
    get_facility(by=by)
    accounts = Account.objects.filter(practitioner__owner=by.facility_id)
    return _lines(list(accounts.select_related("practitioner")), by=by)


def get_account(account: uuid.UUID, *, by: Actor) -> AccountLine:
    """Return one account of the house; NotHere for another facility's."""
    get_facility(by=by)
    found = Account.objects.filter(id=account, practitioner__owner=by.facility_id)
    rows = _lines(list(found.select_related("practitioner")), by=by)
    if not rows:
        raise NotHere(_("Akun ini tidak ada di Puskesmas Anda."), "account_unknown")
    return rows[0]


def _lines(accounts: list[Account], *, by: Actor) -> list[AccountLine]:
    today = now().date()
    held: dict[uuid.UUID, list[PractitionerRole]] = {}
    for role in (
        PractitionerRole.objects.filter(
            practitioner_id__in=[row.practitioner_id for row in accounts],
            facility_id=by.facility_id,
        )
        .exclude(ends_on__lt=today)
        .select_related("unit")
        .order_by("role", "unit__order")
    ):
        held.setdefault(role.practitioner_id, []).append(role)
    lines = [_line(row, held.get(row.practitioner_id, []), by=by) for row in accounts]
    return sorted(lines, key=lambda line: (not line.is_active, line.is_service, line.name.lower()))


def _line(account: Account, held: list[PractitionerRole], *, by: Actor) -> AccountLine:
    roles = tuple(dict.fromkeys(row.role for row in held))
    places = {row.unit.code: row.unit.name for row in held if row.unit is not None}
    return AccountLine(
        id=account.id,
        username=account.username,
        name=account.practitioner.name,
        profession=account.practitioner.profession,
        is_active=account.is_active,
        is_service=account.is_service,
        is_own=account.id == by.account_id,
        last_login=account.last_login,
        roles=roles,
        units=tuple(places),
        role_text=", ".join(str(Role(role).label) for role in roles),
        unit_text=", ".join(places.values()) or _("semua unit"),
    )


def list_tokens() -> list[TokenLine]:
    """Return the tokens that are valid now, oldest first; for whoever runs this server."""
    rows = (
        ApiToken.objects.filter(revoked_at__isnull=True, account__is_active=True)
        .exclude(expires_at__lte=now())
        .select_related("account")
        .order_by("created_at", "id")
    )
    return [
        TokenLine(
            id=row.id,
            user=row.account.username,
            name=row.name,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]
