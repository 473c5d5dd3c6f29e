"""Who of a file is known already: by a number, by an earlier import, by an earlier line.

A number alone does not say that two rows are one person: families shared record numbers, cards are
lent, a NIK is mistyped. So a name or a birth date must agree with it.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from simpul.domain.names import likeness
from simpul.foundation.core.rows import fetch_all, fetch_values
from simpul.service.patients.cards import PatientCard, card
from simpul.service.patients.former_numbers import numbers_given_up
from simpul.service.patients.importing.drafts import Draft
from simpul.service.patients.models import Patient
from simpul.service.patients.records import records as read_records

_ALIKE, _VERY_ALIKE = 0.8, 0.9


def are_one(name: str, born: date, other_name: str, other_born: date) -> bool:
    """Do name and birth date let two rows with one number be one person?"""
    alike = likeness(name, other_name)
    if born == other_born:
        return alike >= _ALIKE / 2
    near = (born.day, born.month) == (other_born.month, other_born.day) or (
        abs((born - other_born).days) <= 400 and born.day == other_born.day
    )
    return alike >= (_ALIKE if near else _VERY_ALIKE)


def is_same(draft: Draft, person: PatientCard) -> bool:
    """Is the person of a row this one, whose number it carries?"""
    values = draft.values or {}
    return are_one(values["name"], values["birth_date"], person.name, person.birth_date)


@dataclass(frozen=True)
class KnownPeople:
    """People here who carry a number of some rows, and rows that came in before."""

    by_nik: dict[str, PatientCard]
    #: Whose NIK it was until a merge overwrote it; nobody's number now, so no conflict.
    by_former_nik: dict[str, PatientCard]
    by_bpjs: dict[str, list[PatientCard]]
    by_record: dict[str, list[PatientCard]]
    by_digest: dict[str, uuid.UUID]


def look_up(drafts: Sequence[Draft], *, owner: uuid.UUID) -> KnownPeople:
    """Return who is known of a batch of rows, in eight statements whatever its size."""
    niks = {draft.nik for draft in drafts} - {""}
    cards = {draft.bpjs for draft in drafts} - {""}
    records = {draft.old_mrn for draft in drafts} - {""}
    by_bpjs: dict[str, list[PatientCard]] = {}
    for row in _people("bpjs_number", cards, owner):
        by_bpjs.setdefault(row.bpjs_number, []).append(card(row))
    for number, person in _by_former("bpjs_number", cards, owner):
        by_bpjs.setdefault(number, []).append(person)
    by_record: dict[str, list[PatientCard]] = {}
    for row in _people("mrn", records, owner):
        by_record.setdefault(row.mrn, []).append(card(row))
    for value, person in _by_identifier(records, owner):
        by_record.setdefault(value, []).append(person)
    return KnownPeople(
        {row.nik: card(row) for row in _people("nik", niks, owner)},
        dict(_by_former("nik", niks, owner)),
        by_bpjs,
        by_record,
        _earlier({draft.digest for draft in drafts} - {""}, owner),
    )


def _people(column: str, values: Iterable[str], owner: uuid.UUID) -> list[Patient]:
    wanted = sorted(values)
    if not wanted:
        return []
    marks = ", ".join(["%s"] * len(wanted))
    # The partial index is used only where the statement says what it leaves out.
    filled = "" if column == "mrn" else f"AND NOT (t.{column} = '')"
    condition = f"WHERE t.owner = %s AND t.{column} IN ({marks}) {filled} ORDER BY t.id"
    return fetch_all(Patient, condition, [owner, *wanted])


def _by_former(
    column: str, numbers: Iterable[str], owner: uuid.UUID
) -> list[tuple[str, PatientCard]]:
    given_up = numbers_given_up(column, numbers, owner=owner)
    rows = read_records({record for _number, record in given_up})
    return [(number, card(rows[record])) for number, record in given_up if record in rows]


def _by_identifier(values: Iterable[str], owner: uuid.UUID) -> list[tuple[str, PatientCard]]:
    wanted = sorted(values)
    if not wanted:
        return []
    marks = ", ".join(["%s"] * len(wanted))
    found = fetch_values(
        "SELECT i.value, i.patient_id FROM patients_identifier i "  # noqa: S608 - marks only
        f"WHERE i.owner = %s AND i.value IN ({marks}) AND i.system = 'old-mrn'",
        "-u",
        [owner, *wanted],
    )
    ids = sorted({person for _value, person in found})
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    rows = {row.id: card(row) for row in fetch_all(Patient, f"WHERE t.id IN ({marks})", ids)}
    return [(value, rows[person]) for value, person in found if person in rows]


def _earlier(digests: Iterable[str], owner: uuid.UUID) -> dict[str, uuid.UUID]:
    wanted = sorted(digests)
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    rows = fetch_values(
        "SELECT r.digest, r.patient FROM importing_importrow r "  # noqa: S608 - marks only
        "JOIN importing_importrun n ON n.id = r.run_id "
        f"WHERE r.digest IN ({marks}) AND NOT (r.digest = '') AND r.patient IS NOT NULL "
        "AND r.is_written AND n.owner = %s ORDER BY r.id",
        "-u",
        [*wanted, owner],
    )
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is remembered of an earlier line of the same file."""

    line: int
    name: str
    born: date
    nik: str
    old_mrn: str


@dataclass
class FileIndex:
    """The lines gone through, by what could come again. Filled from each row alone, so that a
    pass that is taken up again knows the same as if it had never stopped."""

    by_nik: dict[str, Earlier] = field(default_factory=dict)
    by_bpjs: dict[str, Earlier] = field(default_factory=dict)
    by_digest: dict[str, int] = field(default_factory=dict)
    by_block: dict[int, Earlier] = field(default_factory=dict)

    def add(self, draft: Draft) -> None:
        """Remember a row that can be used."""
        if draft.values is None:
            return
        one = Earlier(
            draft.line,
            draft.values["name"],
            draft.values["birth_date"],
            draft.nik,
            draft.old_mrn,
        )
        if draft.nik:
            self.by_nik.setdefault(draft.nik, one)
        if draft.bpjs:
            self.by_bpjs.setdefault(draft.bpjs, one)
        self.by_digest.setdefault(draft.digest, draft.line)
        self.by_block.setdefault(draft.block, one)
