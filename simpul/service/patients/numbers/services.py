"""Writing: a new version of a numbering, a card given out, a card that no longer counts."""

import re
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.errors import Finding
from simpul.domain.record_numbers import FamilyScheme, PersonalScheme
from simpul.foundation.core.counters import take_block
from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.core.models import Counter
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.patients.models import Patient
from simpul.service.patients.numbers.models import (
    IssuedCard,
    NumberScheme,
    RevokedReason,
    SchemeKind,
)
from simpul.service.patients.numbers.schemes import (
    forget_numbering,
    get_numbering,
    mrn_counter,
    village_key,
)
from simpul.service.patients.records import lock_records

#: Bits of chance in a card's code: nobody finds a valid one by trying.
CARD_BITS = 128
CARD_DIGITS = 39


@dataclass(frozen=True)
class PersonalInput:
    """The personal numbering as typed; `start` is the next number, empty where it goes on."""

    prefix: str = ""
    width: str = "6"
    start: str = ""

    def read(self) -> tuple[PersonalScheme, int | None]:
        """Return the scheme and the next number asked for, or refuse with every problem."""
        scheme = PersonalScheme(self.prefix.strip().upper(), _number(self.width))
        problems = _problems(scheme.findings())
        start = self.start.replace(".", "").strip()
        if start and not re.fullmatch(r"[0-9]{1,12}", start):
            problems.append(Problem("start", "malformed", _("Tulis angka saja, misalnya 45120.")))
        if problems:
            raise _refused(problems)
        return scheme, int(start) if start else None


@dataclass(frozen=True)
class FamilyInput:
    """The family numbering as typed; `areas` has one line a village: `Sabrang = 01`."""

    is_on: bool = False
    prefix: str = ""
    area_width: str = "2"
    width: str = "5"
    member_width: str = "2"
    separator: str = "-"
    first_member: str = "0"
    by_order: bool = True
    areas: str = ""

    def read(self) -> tuple[FamilyScheme, dict[str, str]]:
        """Return the scheme and the area of each village, or refuse with every problem."""
        scheme = FamilyScheme(
            area_width=_number(self.area_width),
            width=_number(self.width),
            member_width=_number(self.member_width),
            separator=self.separator,
            prefix=self.prefix.strip().upper(),
            first_member=_number(self.first_member),
            by_order=self.by_order,
        )
        problems = _problems(scheme.findings())
        areas, wrong = _areas(self.areas, scheme.area_width)
        problems += wrong
        if self.is_on and not areas and not wrong:
            message = _("Tulis paling sedikit satu desa dengan kodenya.")
            problems.append(Problem("areas", "required", message))
        if problems:
            raise _refused(problems)
        return scheme, areas


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else -1


def _problems(findings: list[Finding]) -> list[Problem]:
    return [Problem(one.where, one.code, one.message) for one in findings]


def _refused(problems: list[Problem]) -> Refused:
    return Refused(
        _("Penomoran belum diubah. Perbaiki yang ditandai."),
        "numbering_refused",
        errors=tuple(problems),
    )


def _areas(text: str, width: int) -> tuple[dict[str, str], list[Problem]]:
    areas: dict[str, str] = {}
    wrong = []
    for line in text.splitlines()[:500]:
        if not line.strip():
            continue
        village, _sign, code = line.rpartition("=")
        key, code = village_key(village), code.strip()
        if not key or not re.fullmatch(rf"[0-9]{{{max(width, 1)}}}", code):
            message = _("Baris «%(line)s» dibaca sebagai desa = kode %(width)d angka.") % {
                "line": line.strip()[:40],
                "width": width,
            }
            wrong.append(Problem("areas", "malformed", message))
        elif areas.get(key, code) != code:
            message = _("Desa «%(village)s» ditulis dengan dua kode.") % {"village": key[:40]}
            wrong.append(Problem("areas", "twice", message))
        else:
            areas[key] = code
    return areas, wrong[:5]


def next_number(*, by: Actor) -> int:
    """Return the number the next new patient gets; it may be taken a moment later."""
    require(by, "view", "settings")
    row = Counter.objects.filter(key=mrn_counter(by.facility_id)).first()
    return row.value + 1 if row else 1


def highest_used(scheme: PersonalScheme, *, by: Actor) -> int:
    """Return the highest running number that already stands on a record in this very form.

    Reads every number that begins with the prefix: a second for a million, once in years.
    """
    rows = Patient.objects.filter(owner=by.facility_id, mrn__startswith=scheme.prefix)
    return max(
        (
            scheme.parse(mrn) or 0
            for mrn in rows.values_list("mrn", flat=True).iterator(chunk_size=5000)
        ),
        default=0,
    )


def save_personal_scheme(typed: PersonalInput, *, by: Actor) -> PersonalScheme:
    """Number new patients differently from now on, or from another number on.

    Numbers already given stay as they are. A start below a number already in use is refused, so
    that no number is ever given twice.
    """
    require(by, "correct", "settings")
    require_home(by)
    scheme, start = typed.read()
    with act(by=by) as this:
        key = mrn_counter(by.facility_id)
        # Locks the counter: nobody takes a number while the next one is being decided.
        upcoming = take_block(key, size=0)
        is_new = scheme != get_numbering().personal
        if is_new or start is not None:
            least = max(upcoming, highest_used(scheme, by=by) + 1)
            wanted = least if start is None else start
            if wanted < least:
                message = _("Paling kecil %(least)d: nomor di bawahnya sudah dipakai.") % {
                    "least": least
                }
                raise _refused([Problem("start", "too_low", message)])
            if wanted > upcoming:
                take_block(key, size=wanted - upcoming)
        if is_new:
            _new_version(this, SchemeKind.PERSONAL, by=by, prefix=scheme.prefix, width=scheme.width)
        this.record(
            "numbering-changed",
            subject="numbering:personal",
            detail={"prefix": scheme.prefix, "width": scheme.width, "start": start},
        )
    forget_numbering()
    return scheme


def save_family_scheme(typed: FamilyInput, *, by: Actor) -> FamilyScheme:
    """Begin, change or end family numbering; numbers already given stay and stay searchable."""
    require(by, "correct", "settings")
    require_home(by)
    scheme, areas = typed.read()
    with act(by=by) as this:
        _new_version(
            this,
            SchemeKind.FAMILY,
            by=by,
            is_on=typed.is_on,
            prefix=scheme.prefix,
            width=scheme.width,
            separator=scheme.separator,
            area_width=scheme.area_width,
            member_width=scheme.member_width,
            first_member=scheme.first_member,
            by_order=scheme.by_order,
            areas=areas,
        )
        this.record("numbering-changed", subject="numbering:family", detail={"is_on": typed.is_on})
    forget_numbering()
    return scheme


def _new_version(this: Act, kind: SchemeKind, *, by: Actor, **values: Any) -> None:
    decided = {"decided_at": this.at, "decided_by": by.practitioner_id}
    this.create(NumberScheme(kind=kind, **decided, **values))


def issue_card(
    patient: uuid.UUID, *, by: Actor, instead_of: uuid.UUID | None = None, reason: str = ""
) -> IssuedCard:
    """Give a patient a card; the one before (`instead_of`) stops counting in the same moment.

    A second valid card is refused: it would open the record for whoever found the first.
    """
    require(by, "input", "patient")
    row = Patient.objects.filter(id=patient, owner=by.facility_id).first()
    if row is None:
        raise NotHere(_("Pasien ini tidak ada di Puskesmas Anda."), "patient_unknown")
    with act(by=by) as this:
        # The person is locked, not the cards: of a first card there is no row yet.
        records = lock_records(row.id)
        valid = list(IssuedCard.objects.filter(patient_id__in=records, revoked_at__isnull=True))
        if instead_of is not None:
            for card in [one for one in valid if one.id == instead_of]:
                _revoke(this, card, reason)
                valid.remove(card)
        if valid:
            raise Conflict(
                _("Pasien ini sudah punya kartu yang berlaku. Cetak ulang, atau catat hilang."),
                "card_valid",
            )
        made = IssuedCard(
            patient=row, code=new_code(), issued_at=this.at, issued_by=by.practitioner_id
        )
        this.create(made)
        this.record("card-issued", patient=row.id, subject=f"card:{made.id}")
    return made


def revoke_card(card: uuid.UUID, *, by: Actor, reason: str) -> IssuedCard:
    """Note that a card is lost: from now on scanning it opens nothing and says so."""
    require(by, "input", "patient")
    row = IssuedCard.objects.filter(id=card, owner=by.facility_id).first()
    if row is None:
        raise NotHere(_("Kartu ini tidak ada di Puskesmas Anda."), "card_unknown")
    if row.revoked_at is not None:
        raise Conflict(_("Kartu ini sudah dicabut sebelumnya."), "card_revoked")
    with act(by=by) as this:
        _revoke(this, row, reason)
    return row


def _revoke(this: Act, card: IssuedCard, reason: str) -> None:
    if reason not in RevokedReason.values:
        raise Refused(
            _("Pilih alasannya: hilang, rusak, atau salah orang."),
            "reason_unknown",
            errors=(Problem("reason", "unknown", _("Pilih dari daftar.")),),
        )
    card.revoked_at, card.revoked_reason = this.at, reason
    this.update(card, "revoked_at", "revoked_reason")
    this.record(
        "card-revoked", patient=card.patient_id, subject=f"card:{card.id}", detail={"why": reason}
    )


def new_code() -> str:
    """Return 128 random bits as 39 digits: the form every scanner and keyboard types alike."""
    return str(secrets.randbits(CARD_BITS)).zfill(CARD_DIGITS)
