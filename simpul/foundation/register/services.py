"""Writing the staff register: add a person, change what is known, move, leave, come back.

Each is one act in the journal (ids and field names only, never a name), and its rows are in the
change feed. A person is written by the facility that owns the row; nobody edits another's.
"""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from simpul.domain.dates import format_date
from simpul.foundation.core.errors import Conflict, Problem, Refused
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import Facility
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.register.inputs import StaffInput, staff_problems
from simpul.foundation.register.models import MoveReason, StaffMember, StaffMove
from simpul.foundation.register.names import plain_name
from simpul.foundation.register.selectors import get_facility_place, get_member
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Practitioner
from simpul.foundation.staff.rights import require, require_home

FIELDS = (
    "name",
    "number",
    "profession",
    "education",
    "employment",
    "is_trained",
    "trainings",
    "started_on",
    "contract_ends_on",
    "birth_year",
    "units",
    "lock",
    "lock_until",
    "note",
    "practitioner_id",
)


def new_member(facility: uuid.UUID, typed: StaffInput) -> StaffMember:
    """Return an unsaved row of the register."""
    values = stored_values(typed)
    return StaffMember(id=uuid7(), facility_id=facility, sort_name=plain_name(typed.name), **values)


def stored_values(typed: StaffInput) -> dict[str, Any]:
    """Return what is typed as the columns hold it."""
    values = {field: getattr(typed, field) for field in FIELDS}
    return {**values, "trainings": list(typed.trainings), "units": list(typed.units)}


def changed_fields(member: StaffMember, typed: StaffInput) -> list[str]:
    """Return the columns in which what is typed differs from what is stored."""
    return [
        field for field, value in stored_values(typed).items() if getattr(member, field) != value
    ]


def put_values(member: StaffMember, typed: StaffInput, fields: Iterable[str]) -> list[str]:
    """Set columns of a row from what is typed; returns all that must be written."""
    values = stored_values(typed)
    written = list(fields)
    for field in written:
        setattr(member, field, values[field])
    if "name" in written:
        member.sort_name = plain_name(typed.name)
        written.append("sort_name")
    return written


def add_member(facility: uuid.UUID, typed: StaffInput, *, by: Actor) -> StaffMember:
    """Put a person on the staff of a facility."""
    require(by, "input", "register")
    require_home(by)
    place = get_facility_place(facility, by=by)
    _check(typed, by=by)
    member = new_member(place.id, typed)
    with act(by=by) as this:
        this.create(member)
        this.record("staff-added", subject=f"staff:{member.id}", detail={"facility": str(place.id)})
    return member


def change_member(
    member_id: uuid.UUID, typed: StaffInput, *, by: Actor, seen_version: int | None = None
) -> StaffMember:
    """Change what is known of a person; the journal notes which fields, not what they hold."""
    require(by, "correct", "register")
    require_home(by)
    member = get_member(member_id, by=by)
    require_own(member, by=by)
    _check(typed, by=by, member=member)
    fields = changed_fields(member, typed)
    if not fields:
        return member
    with act(by=by) as this:
        this.update(member, *put_values(member, typed, fields), seen_version=seen_version)
        this.record("staff-changed", subject=f"staff:{member.id}", detail={"fields": fields})
    return member


def require_own(member: StaffMember, *, by: Actor) -> None:
    """Refuse to change a row that another facility owns."""
    if member.owner != by.facility_id:
        raise Conflict(
            _("Data orang ini dipelihara fasilitas lain, jadi tidak diubah di sini."),
            "member_elsewhere",
        )


def _check(typed: StaffInput, *, by: Actor, member: StaffMember | None = None) -> None:
    problems = list(staff_problems(typed, today=get_here().today()))
    problems += number_problems(typed, by=by, member=member)
    if typed.practitioner_id is not None:
        problems += _practitioner_problems(typed.practitioner_id, by=by, member=member)
    if problems:
        raise Refused(
            _("Belum disimpan: %(count)d isian perlu diperbaiki.") % {"count": len(problems)},
            "staff_refused",
            errors=tuple(problems),
        )


def number_problems(
    typed: StaffInput, *, by: Actor, member: StaffMember | None = None
) -> list[Problem]:
    """Return a problem when somebody else of this register has the number."""
    if not typed.number:
        return []
    others = StaffMember.objects.filter(owner=by.facility_id, number=typed.number)
    if member is not None:
        others = others.exclude(id=member.id)
    if not others.exists():
        return []
    sentence = _(
        "Nomor ini sudah dipakai orang lain di daftar. Periksa nomornya; bila orangnya pindah, "
        "catat sebagai perpindahan."
    )
    return [Problem("number", "taken", sentence)]


def _practitioner_problems(
    practitioner: uuid.UUID, *, by: Actor, member: StaffMember | None
) -> list[Problem]:
    linked = StaffMember.objects.filter(practitioner_id=practitioner)
    if member is not None:
        linked = linked.exclude(id=member.id)
    if (
        linked.exists()
        or not Practitioner.objects.filter(id=practitioner, owner=by.facility_id).exists()
    ):
        sentence = _("Akun ini sudah terhubung dengan orang lain, atau tidak ada di sini.")
        return [Problem("practitioner_id", "taken", sentence)]
    return []


def move_member(
    member_id: uuid.UUID,
    *,
    by: Actor,
    to: uuid.UUID | None,
    on: date,
    reason: str,
    decree: str = "",
    note: str = "",
    seen_version: int | None = None,
) -> StaffMove:
    """Move a person to a facility; `to=None` means they left. Somebody who left comes back so."""
    require(by, "correct", "register")
    require_home(by)
    member = get_member(member_id, by=by)
    require_own(member, by=by)
    target = None if to is None else Facility.objects.get(id=get_facility_place(to, by=by).id)
    texts = {"decree": " ".join(decree.split()), "note": " ".join(note.split())}
    last = member.moves.aggregate(number=Max("number"), on=Max("on"))
    problems = _move_problems(member, to, on, reason, texts, last["on"])
    if problems:
        raise Refused(
            _("Perpindahan belum dicatat: periksa isian."), "move_refused", errors=tuple(problems)
        )
    move = StaffMove(
        member=member,
        number=(last["number"] or 0) + 1,
        from_facility_id=member.facility_id if member.is_active else None,
        to_facility=target,
        on=on,
        reason=reason,
        **texts,
    )
    with act(by=by) as this:
        member.is_active = target is not None
        if target is not None and target.id != member.facility_id:
            member.facility = target
            member.units = []  # they were units of the place that was left
        this.update(member, "facility", "is_active", "units", seen_version=seen_version)
        this.create(move)
        what = "staff-left" if target is None else "staff-moved"
        detail = {"move": str(move.id), "reason": reason}
        this.record(what, subject=f"staff:{member.id}", detail=detail)
    return move


def _move_problems(
    member: StaffMember,
    to: uuid.UUID | None,
    on: date,
    reason: str,
    texts: dict[str, str],
    last_on: date | None,
) -> list[Problem]:
    found = []
    if to is None and not member.is_active:
        found.append(Problem("to", "gone", _("Orang ini sudah tercatat keluar.")))
    if to == member.facility_id and member.is_active:
        found.append(Problem("to", "same", _("Orang ini sudah bertugas di sana.")))
    if on > get_here().today():
        sentence = _("Tanggal ini belum tiba. Catat pada harinya, supaya hitungan tetap benar.")
        found.append(Problem("on", "future", sentence))
    if member.started_on is not None and on < member.started_on:
        sentence = _("Sebelum mulai bekerja (%(day)s).") % {"day": format_date(member.started_on)}
        found.append(Problem("on", "before_start", sentence))
    elif last_on is not None and on < last_on:
        sentence = _("Sudah ada perpindahan pada %(day)s; yang baru tidak boleh lebih awal.") % {
            "day": format_date(last_on)
        }
        found.append(Problem("on", "before_last", sentence))
    if reason not in MoveReason.values:
        found.append(Problem("reason", "unknown", _("Pilih alasannya.")))
    for field, most in (("decree", 80), ("note", 200)):
        if len(texts[field]) > most:
            sentence = _("Terlalu panjang: paling banyak %(most)d huruf.") % {"most": most}
            found.append(Problem(field, "too_long", sentence))
    return found
