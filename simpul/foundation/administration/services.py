"""First start, new accounts, tokens, facility and units; each is one act in the journal.

What happens to an account later is in `accounts`.
"""

import re
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Problem, Refused
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import Facility, FacilityKind, ServiceUnit, TimeZone
from simpul.foundation.facilities.selectors import forget_here, get_here, is_set_up
from simpul.foundation.facilities.services import (
    check_unit_prefix,
    new_facility,
    standard_units,
)
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account, ApiToken, Practitioner, PractitionerRole, Role
from simpul.foundation.staff.rights import require
from simpul.foundation.staff.selectors import forget_actors, token_digest

#: What the first account of a house may do; at a hub it also looks at the district.
FIRST_ROLES = (Role.HEAD, Role.IT)
FIRST_ROLES_AT_HUB = (Role.DISTRICT, *FIRST_ROLES)


@dataclass(frozen=True)
class FirstStart:
    """What first start asks for."""

    facility_name: str
    name: str
    username: str
    password: str
    password_again: str
    timezone: str = TimeZone.WIB


@dataclass(frozen=True)
class NewAccount:
    """A person (or program) to be given an account; `units` empty means every unit."""

    name: str
    username: str
    password: str | None
    roles: tuple[str, ...]
    units: tuple[str, ...] = ()
    profession: str = ""
    is_service: bool = False


def make_first_account(wish: FirstStart) -> Account:
    """Make the facility, its units, and the head's account; only possible once."""
    if is_set_up():
        raise Conflict(
            _("Puskesmas ini sudah disiapkan. Masuk dengan akun yang ada."), "already_set_up"
        )
    problems = [
        Problem(field, "required", _("Bagian ini perlu diisi."))
        for field in ("facility_name", "name", "username")
        if not getattr(wish, field).strip()
    ]
    if wish.timezone not in TimeZone.values:
        problems.append(Problem("timezone", "unknown", _("Pilih WIB, WITA, atau WIT.")))
    problems += _username_problems(wish.username)
    problems += password_problems(wish.password, wish.password_again)
    if problems:
        raise Refused(
            _("Belum dibuat: %(count)d isian perlu diperbaiki.") % {"count": len(problems)},
            "first_start_incomplete",
            errors=tuple(problems),
        )
    is_hub = settings.SIMPUL_ROLE == "hub"
    kind = FacilityKind.DINAS if is_hub else FacilityKind.PUSKESMAS
    facility = set_up_facility(wish.facility_name.strip(), timezone=wish.timezone, kind=kind)
    with act(by=None, facility=facility.id) as this:
        return _add_account(
            this,
            facility.id,
            NewAccount(
                name=wish.name.strip(),
                username=wish.username,
                password=wish.password,
                roles=FIRST_ROLES_AT_HUB if is_hub else FIRST_ROLES,
            ),
        )


def set_up_facility(name: str, *, timezone: str = TimeZone.WIB, **codes: str) -> Facility:
    """Make the facility this program runs in, with its standard units."""
    facility = new_facility(name, timezone=timezone, **codes)
    with act(by=None, facility=facility.id) as this:
        this.create(facility)
        this.create(*standard_units(facility))
        this.record("set-up", subject=f"facility:{facility.id}")
    forget_here()
    return facility


def open_account(wish: NewAccount, *, by: Actor | None = None) -> Account:
    """Make an account with its practitioner and roles at this facility."""
    if by is not None:
        require(by, "input", "settings")
    problems = [] if wish.name.strip() else [Problem("name", "required", _("Tulis namanya."))]
    problems += _username_problems(wish.username)
    if wish.password is not None:
        problems += password_problems(wish.password, wish.password)
    problems += role_problems(wish.roles, wish.units)
    if problems:
        raise Refused(
            _("Akun belum dibuat: periksa isian."), "account_refused", errors=tuple(problems)
        )
    if by is not None:
        require_may_grant(by, had=frozenset(), wanted=frozenset(wish.roles))
    with act(by=by, facility=get_here().id) as this:
        return _add_account(this, get_here().id, wish)


def _add_account(this: Act, facility: uuid.UUID, wish: NewAccount) -> Account:
    practitioner = Practitioner(name=" ".join(wish.name.split()), profession=wish.profession)
    this.create(practitioner)
    this.create(*new_roles(practitioner, facility, wish.roles, wish.units))
    account = Account(
        username=wish.username.strip().lower(),
        practitioner=practitioner,
        is_service=wish.is_service,
    )
    if wish.password is None:
        account.set_unusable_password()
    else:
        account.set_password(wish.password)
    account.save(force_insert=True)
    this.record("account-opened", subject=f"account:{account.id}", detail={"roles": [*wish.roles]})
    forget_actors()
    return account


def new_roles(
    practitioner: Practitioner, facility: uuid.UUID, roles: Iterable[str], units: Iterable[str]
) -> list[PractitionerRole]:
    """Return the unsaved roles of a person: each role in each unit named, or in every unit."""
    codes = tuple(units)
    places: list[ServiceUnit | None] = [None]
    if codes:
        places = list(ServiceUnit.objects.filter(facility_id=facility, code__in=codes))
    return [
        PractitionerRole(
            practitioner=practitioner, facility_id=facility, unit=place, role=Role(role)
        )
        for role in dict.fromkeys(roles)
        for place in places
    ]


def role_problems(roles: Iterable[str], units: Iterable[str]) -> list[Problem]:
    """Return what speaks against a choice of roles and units."""
    problems = []
    chosen = list(roles)
    if not chosen or any(role not in Role.values for role in chosen):
        problems.append(Problem("roles", "required", _("Pilih paling sedikit satu peran.")))
    if any(code not in get_here().units for code in units):
        problems.append(Problem("units", "unknown", _("Pilih unit dari daftar.")))
    return problems


def require_may_grant(by: Actor, *, had: frozenset[str], wanted: frozenset[str]) -> None:
    """The head's role is given and taken by a head only, or IT could make itself one."""
    if Role.HEAD in had ^ wanted and Role.HEAD not in by.roles:
        raise NotAllowed(
            _("Peran kepala hanya diberi atau dicabut oleh kepala. Belum ada yang diubah."),
            "head_role_only_by_head",
        )


def _username_problems(username: str) -> list[Problem]:
    name = username.strip().lower()
    if not re.fullmatch(r"[a-z0-9._-]{3,40}", name):
        return [
            Problem(
                "username",
                "malformed",
                _("Nama pengguna: 3–40 huruf kecil, angka, titik atau strip."),
            )
        ]
    if Account.objects.filter(username=name).exists():
        return [Problem("username", "taken", _("Nama pengguna ini sudah ada. Pilih nama lain."))]
    return []


def password_problems(password: str, again: str) -> list[Problem]:
    """Return what speaks against a new password or PIN, and against its repetition."""
    problems = []
    try:
        validate_password(password)
    except ValidationError as refusal:
        problems.append(Problem("password", "weak", " ".join(refusal.messages)))
    if password != again:
        problems.append(Problem("password_again", "differs", _("Kedua sandi belum sama.")))
    return problems


def create_token(
    *, username: str, name: str = "", expires_at: datetime | None = None
) -> tuple[str, ApiToken]:
    """Make a bearer token for an account; the token itself is returned once and not kept."""
    account = Account.objects.filter(username=username.strip().lower(), is_active=True).first()
    if account is None:
        raise NotHere(
            _("Akun “%(name)s” tidak ada atau sudah ditutup.") % {"name": username},
            "account_unknown",
        )
    token = f"simpul_{secrets.token_urlsafe(32)}"
    row = ApiToken(
        account=account, digest=token_digest(token), name=name[:60], expires_at=expires_at
    )
    with act(by=None, facility=get_here().id) as this:
        row.save(force_insert=True)
        this.record("token-created", subject=f"token:{row.id}", detail={"account": str(account.id)})
    return token, row


def create_role_token(role: str, *, name: str = "") -> tuple[str, ApiToken]:
    """Make a token for a program acting in one role, with a service account of its own."""
    username = f"program-{role.replace('_', '-')}-{uuid7().hex[-8:]}"
    open_account(
        NewAccount(
            name=_("Program (%(role)s)") % {"role": Role(role).label},
            username=username,
            password=None,
            roles=(Role(role),),
            is_service=True,
        )
    )
    return create_token(username=username, name=name or username)


def revoke_token(token_id: uuid.UUID) -> None:
    """Take a token away; it acts for at most five more seconds."""
    row = ApiToken.objects.filter(id=token_id, revoked_at__isnull=True).first()
    if row is None:
        raise NotHere(_("Token ini tidak ada atau sudah dicabut."), "token_unknown")
    with act(by=None, facility=get_here().id) as this:
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        this.record("token-revoked", subject=f"token:{row.id}")
    forget_actors()


def change_unit(
    code: str,
    *,
    by: Actor,
    prefix: str | None = None,
    name: str | None = None,
    room: str | None = None,
    is_open: bool | None = None,
) -> ServiceUnit:
    """Change a unit's queue letter, name, room, or whether it is open."""
    require(by, "correct", "settings")
    unit = ServiceUnit.objects.filter(facility_id=by.facility_id, code=code).first()
    if unit is None:
        raise NotHere(_("Unit ini tidak ada di Puskesmas Anda."), "unit_unknown")
    name = None if name is None else " ".join(name.split())
    room = None if room is None else " ".join(room.split())
    _check_unit_words(name, room)
    changed: list[str] = []
    if prefix is not None and prefix != unit.prefix:
        check_unit_prefix(by.facility_id, code, prefix)
        unit.prefix = prefix
        changed.append("prefix")
    for field, value in (("name", name), ("room", room), ("is_open", is_open)):
        if value is not None and value != getattr(unit, field):
            setattr(unit, field, value)
            changed.append(field)
    if changed:
        with act(by=by) as this:
            this.update(unit, *changed)
            this.record("unit-changed", unit=code, detail={"fields": changed})
        forget_here()
    return unit


def _check_unit_words(name: str | None, room: str | None) -> None:
    problems = []
    if name is not None and not 1 <= len(name) <= 60:
        problems.append(Problem("name", "length", _("Nama unit: 1–60 huruf.")))
    if room is not None and len(room) > 40:
        problems.append(Problem("room", "length", _("Nama ruang: paling banyak 40 huruf.")))
    if problems:
        raise Refused(
            _("Unit belum diubah: periksa isian."), "unit_refused", errors=tuple(problems)
        )


#: Official numbers of a facility: field → how many digits (facts: SATUSEHAT organization id,
#: kode sarana of the Kemenkes master list, kode registrasi of PMK 31/2019 form 1).
CODE_DIGITS: dict[str, tuple[int, int]] = {
    "satusehat_id": (10, 10),
    "kode_sarana": (11, 11),
    "registration_code": (7, 11),
}
CODE_NAMES: dict[str, str] = {
    "satusehat_id": "ID SATUSEHAT",
    "kode_sarana": "Kode sarana",
    "registration_code": "Kode registrasi",
    "bpjs_provider_code": "Kode BPJS",
}
FACILITY_LENGTHS = {"name": 120, "address": 200, "phone": 20}


def change_facility(*, by: Actor, seen_version: int | None = None, **fields: str) -> Facility:
    """Change the facility's name, address, telephone and its four official codes.

    A code may be empty (not known yet); a code that is written must have its form. The journal
    notes which fields changed.
    """
    require(by, "correct", "settings")
    unknown = set(fields) - {*FACILITY_LENGTHS, *CODE_NAMES}
    if unknown:
        raise TypeError(f"not a field of the facility's settings: {sorted(unknown)}")
    values = {field: " ".join(value.split()) for field, value in fields.items()}
    if "bpjs_provider_code" in values:
        values["bpjs_provider_code"] = values["bpjs_provider_code"].upper()
    problems = _facility_problems(values)
    if problems:
        raise Refused(
            _("Belum disimpan: %(count)d isian perlu diperbaiki.") % {"count": len(problems)},
            "facility_refused",
            errors=tuple(problems),
        )
    with act(by=by) as this:
        facility = Facility.objects.filter(id=by.facility_id, is_here=True).first()
        if facility is None:
            raise NotHere(_("Puskesmas ini diatur di servernya sendiri."), "facility_elsewhere")
        changed = [f for f, value in values.items() if value != getattr(facility, f)]
        for field in changed:
            setattr(facility, field, values[field])
        if changed:
            this.update(facility, *changed, seen_version=seen_version)
            this.record(
                "facility-changed", subject=f"facility:{facility.id}", detail={"fields": changed}
            )
    forget_here()
    return facility


def _facility_problems(values: dict[str, str]) -> list[Problem]:
    problems = []
    if "name" in values and not values["name"]:
        problems.append(Problem("name", "required", _("Nama Puskesmas perlu diisi.")))
    for field, longest in FACILITY_LENGTHS.items():
        if len(values.get(field, "")) > longest:
            message = _("Terlalu panjang: paling banyak %(most)d huruf.") % {"most": longest}
            problems.append(Problem(field, "too_long", message))
    for field, (least, most) in CODE_DIGITS.items():
        value = values.get(field, "")
        if value and not (value.isascii() and value.isdigit() and least <= len(value) <= most):
            digits = str(most) if least == most else f"{least}–{most}"
            message = _("%(code)s harus %(digits)s angka, ini %(now)d tanda.") % {
                "code": CODE_NAMES[field],
                "digits": digits,
                "now": len(value),
            }
            problems.append(Problem(field, "malformed", message))
    bpjs = values.get("bpjs_provider_code", "")
    if bpjs and not re.fullmatch(r"[0-9A-Z]{8}", bpjs):
        message = _("Kode BPJS harus 8 huruf atau angka, ini %(now)d tanda.") % {"now": len(bpjs)}
        problems.append(Problem("bpjs_provider_code", "malformed", message))
    return problems
