"""Finding and reading patients. Everything takes `by=` and stays inside that person's facility."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from simpul.domain.allergy import AllergyState, allergy_state
from simpul.domain.names import likeness
from simpul.domain.search import Query, read_query
from simpul.foundation.core.errors import NotHere
from simpul.foundation.core.rows import fetch_all, fetch_one, fetch_values
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import Banner, Found, PatientCard, card
from simpul.service.patients.former_numbers import COLUMNS as FORMER
from simpul.service.patients.former_numbers import number_before, survivors_by
from simpul.service.patients.models import AllergyIntolerance, Patient
from simpul.service.patients.name_search import CANDIDATES, NameQuery, people_named
from simpul.service.patients.numbers.lookup import find_card
from simpul.service.patients.numbers.schemes import find_forms
from simpul.service.patients.records import RECORDS_OF, twice


def get_patient(patient: uuid.UUID, *, by: Actor) -> PatientCard:
    """Return one patient's card; NotHere for an unknown one and for another facility's.

    Of a merged record this is the card of the record that stands for the person.
    """
    require(by, "view", "patient")
    return card(get_row(patient, by=by))


def get_record(record: uuid.UUID, *, by: Actor) -> PatientCard:
    """Return the card of this very record, also when it was merged into another."""
    require(by, "view", "patient")
    return card(get_record_row(record, by=by))


def get_row(patient: uuid.UUID, *, by: Actor) -> Patient:
    """Return the row of the person for this step's own services; others use `get_patient`."""
    row = get_record_row(patient, by=by)
    return row if row.merged_into_id is None else get_record_row(row.merged_into_id, by=by)


def get_record_row(record: uuid.UUID, *, by: Actor) -> Patient:
    """Return the row of this very record, merged or not."""
    row = fetch_one(Patient, "WHERE t.id = %s AND t.owner = %s", [record, by.facility_id])
    if row is None:
        raise NotHere(
            _("Pasien ini tidak ada di Puskesmas Anda. Cari lagi dari loket."), "patient_unknown"
        )
    return row


def get_banner(patient: uuid.UUID, *, by: Actor) -> Banner:
    """Return the identity banner: the card and the allergy state."""
    return Banner(patient=get_patient(patient, by=by), allergy=get_allergy_state(patient, by=by))


def get_allergy_state(patient: uuid.UUID, *, by: Actor) -> AllergyState:
    """Return one of the four allergy states; never blank."""
    return _allergy_state(_allergies(patient, by=by))


def list_allergy_states(
    patients: Sequence[uuid.UUID], *, by: Actor
) -> dict[uuid.UUID, AllergyState]:
    """Return the allergy state of each of these people, in two statements however many."""
    require(by, "view", "allergy")
    if not patients:
        return {}
    marks = ", ".join(["%s"] * len(patients))
    # Of each asked one all records of their person, so that a merged one's allergies count.
    pairs = fetch_values(
        "SELECT one.id, COALESCE(one.merged_into_id, one.id) FROM patients_patient one "
        f"WHERE one.id IN ({marks}) UNION "
        "SELECT one.id, other.id FROM patients_patient one JOIN patients_patient other "
        "ON other.merged_into_id = COALESCE(one.merged_into_id, one.id) "
        f"WHERE one.id IN ({marks})",
        "uu",
        [*patients, *patients],
    )
    records = list(dict.fromkeys(other for _one, other in pairs))
    marks = ", ".join(["%s"] * len(records))
    rows = fetch_all(
        AllergyIntolerance,
        f"WHERE t.patient_id IN ({marks}) AND t.owner = %s AND t.is_current "
        "ORDER BY t.recorded_at, t.id",
        [*records, by.facility_id],
    )
    found: dict[uuid.UUID, AllergyState] = {}
    for patient in patients:
        own = {other for one, other in pairs if one == patient}
        found[patient] = _allergy_state([row for row in rows if row.patient_id in own])
    return found


def _allergy_state(rows: Sequence[AllergyIntolerance]) -> AllergyState:
    here = get_here()
    recorded = []
    asked: date | None = None
    for row in rows:
        if row.is_none:
            asked = here.day_of(row.recorded_at)
            continue
        about = ", ".join(part for part in (row.reaction, str(row.noted_year or "")) if part)
        recorded.append(f"{row.substance} ({about})" if about else row.substance)
    return allergy_state(recorded, asked, True, here.today())


def list_allergies(patient: uuid.UUID, *, by: Actor) -> list[AllergyIntolerance]:
    """Return the current allergies, oldest first."""
    return [row for row in _allergies(patient, by=by) if not row.is_none]


def _allergies(patient: uuid.UUID, *, by: Actor) -> list[AllergyIntolerance]:
    """Return what was answered about allergies in any record of this person, oldest first."""
    require(by, "view", "allergy")
    return fetch_all(
        AllergyIntolerance,
        f"WHERE t.patient_id IN ({RECORDS_OF}) AND t.owner = %s AND t.is_current "
        "ORDER BY t.recorded_at, t.id",
        [*twice(patient), by.facility_id],
    )


def list_incomplete(*, by: Actor, limit: int = 100) -> list[PatientCard]:
    """Return people whose identity is still to be completed, newest first.

    Those without a number, and those of older lists whose village nobody wrote down.
    """
    require(by, "view", "patient")
    mine = _mine(by).filter(merged_into__isnull=True).order_by("-registered_at", "-id")
    # Two statements: each of them has an index that holds no others.
    rows = [
        *mine.filter(is_identity_complete=False)[:limit],
        *mine.filter(village="", is_identity_complete=True)[:limit],
    ]
    rows.sort(key=lambda row: (row.registered_at, row.id), reverse=True)
    return [card(row) for row in rows[:limit]]


def count_incomplete(*, by: Actor) -> int:
    """Return how many people `list_incomplete` would list if it had no end."""
    require(by, "view", "patient")
    one = "SELECT count(*) FROM patients_patient WHERE owner = %s AND merged_into_id IS NULL"
    ((many,),) = fetch_values(
        f"SELECT ({one} AND NOT is_identity_complete) "
        f"+ ({one} AND village = '' AND is_identity_complete)",
        "-",
        [by.facility_id, by.facility_id],
    )
    return int(many)


@dataclass(frozen=True)
class _Hit:
    """One found, before it is known whether it will be shown; `row` where it was read already.

    `person` is the record that will be shown: another one where this one was merged.
    """

    id: uuid.UUID
    person: uuid.UUID
    name: str
    mrn: str
    score: float
    exact: bool
    row: Patient | None = None


def find_patients(text: str, *, by: Actor, limit: int = 8) -> list[Found]:
    """Return the people the search box means, best first.

    Reads NIK, BPJS, record or family number (new or old), card, telephone, name, name with birth
    date or year.
    """
    return find_page(text, by=by, widest=limit, limit=limit)[0]


def find_page(
    text: str, *, by: Actor, widest: int, limit: int, after: uuid.UUID | None = None
) -> tuple[list[Found], bool]:
    """Return one page of the best `widest`, and whether more follow; whole rows of it alone.

    LookupError when the person `after` whom the page begins is not among them.
    """
    require(by, "view", "patient")
    query = read_query(text, get_here().today())
    found: dict[uuid.UUID, _Hit] = {}
    for reading in (query, *query.also):
        for hit in _find_one(reading, by=by, limit=widest):
            known = found.setdefault(hit.person, hit)
            if hit.id == hit.person and hit.score >= known.score:
                found[hit.person] = hit
    ranked = sorted(found.values(), key=lambda hit: (-hit.score, hit.name, hit.mrn))[:widest]
    start = 0
    if after is not None:
        start = next((n for n, hit in enumerate(ranked) if hit.person == after), -1) + 1
        if not start:
            raise LookupError(after)
    page = ranked[start : start + limit]
    return _with_rows(page), start + limit < len(ranked)


def _with_rows(hits: list[_Hit]) -> list[Found]:
    """Return the hits with their cards, reading the rows that are missing in one statement."""
    rows = {hit.id: hit.row for hit in hits if hit.row is not None and hit.id == hit.person}
    rows |= _rows_of([hit.person for hit in hits if hit.person not in rows])
    return [
        Found(
            card(rows[hit.person]),
            hit.score,
            hit.exact,
            found_by=hit.mrn if hit.id != hit.person else "",
        )
        for hit in hits
        if hit.person in rows
    ]


def _rows_of(patients: list[uuid.UUID]) -> dict[uuid.UUID, Patient]:
    if not patients:
        return {}
    marks = ", ".join(["%s"] * len(patients))
    return {row.id: row for row in fetch_all(Patient, f"WHERE t.id IN ({marks})", patients)}


def _hit(row: Patient, score: float, *, exact: bool = False) -> _Hit:
    return _Hit(row.id, row.merged_into_id or row.id, row.name, row.mrn, score, exact, row)


def _mine(by: Actor) -> QuerySet[Patient]:
    return Patient.objects.filter(owner=by.facility_id)


def _find_one(query: Query, *, by: Actor, limit: int) -> list[_Hit]:
    match query.kind:
        case "nik":
            return _by_column("nik", query.number, by=by)
        case "bpjs":
            return _by_column("bpjs_number", query.number, by=by)
        case "phone":
            return _by_column("phone", query.number, by=by, score=0.9)
        case "mrn" | "file":
            return _by_record_number(query.number if query.scanned else query.text, by=by)
        case "card":
            return _by_card(query.number, by=by)
        case "number":
            return _by_beginning(query.number, by=by, limit=limit)
        case "birth_date":
            rows = _mine(by).filter(birth_date__in=query.birth_dates).order_by("name")[:CANDIDATES]
            return [_hit(row, 0.6) for row in rows]
        case "name" | "name_birth_date" | "name_year":
            return _by_name(query, by=by)
        case _:
            return []


def _by_column(column: str, number: str, *, by: Actor, score: float = 1.0) -> list[_Hit]:
    # The index leaves the empty string out; SQLite uses it only for the very same words.
    holders = f"SELECT id FROM patients_patient WHERE {column} = %s AND NOT ({column} = '')"
    asked = [number]
    if column in FORMER:
        holders += f" UNION ALL {survivors_by(column, '= %s')}"
        asked.append(number)
    condition = f"WHERE t.id IN ({holders}) AND t.owner = %s ORDER BY t.id LIMIT 20"
    rows = fetch_all(Patient, condition, [*asked, by.facility_id])
    is_one = len({row.merged_into_id or row.id for row in rows}) == 1
    return [_hit(row, score, exact=is_one) for row in rows]


def _by_record_number(number: str, *, by: Actor) -> list[_Hit]:
    forms = find_forms(number)
    if not forms:
        return []
    marks = ", ".join(["%s"] * len(forms))
    condition = f"WHERE t.owner = %s AND t.mrn IN ({marks}) ORDER BY t.mrn"
    mine = [by.facility_id, *forms]
    hits = [_hit(row, 1.0, exact=True) for row in fetch_all(Patient, condition, mine)]
    others = fetch_values(
        "SELECT i.patient_id FROM patients_identifier i "
        f"WHERE i.owner = %s AND i.value IN ({marks})",
        "u",
        mine,
    )
    known = {hit.id for hit in hits}
    more = _rows_of(list(dict.fromkeys(row[0] for row in others if row[0] not in known)))
    hits += [_hit(row, 0.95) for row in more.values() if row.owner == by.facility_id]
    if len({hit.person for hit in hits}) > 1:
        hits = [replace(hit, exact=False) for hit in hits]
    return hits


def _by_card(code: str, *, by: Actor) -> list[_Hit]:
    """The person of a card that still counts; a revoked one opens nobody's record."""
    found = find_card(code, by=by)
    if found is None or found.revoked_at is not None:
        return []
    return [_hit(row, 1.0, exact=True) for row in _rows_of([found.patient_id]).values()]


def _by_beginning(number: str, *, by: Actor, limit: int) -> list[_Hit]:
    """The beginning of a NIK or BPJS number still being typed (five digits or more)."""
    if len(number) < 5:
        return []
    end = number[:-1] + chr(ord(number[-1]) + 1)
    rows: list[Patient] = []
    for column in FORMER:
        holders = (
            f"SELECT id FROM patients_patient WHERE {column} >= %s AND {column} < %s "
            f"AND NOT ({column} = '') "
            f"UNION ALL {survivors_by(column, '>= %s')} AND {number_before(column)} < %s"
        )
        condition = (
            f"WHERE t.id IN ({holders}) AND t.owner = %s ORDER BY t.{column} LIMIT {limit:d}"
        )
        rows += fetch_all(Patient, condition, [number, end, number, end, by.facility_id])
    return [_hit(row, 0.8) for row in rows]


def _by_name(query: Query, *, by: Actor) -> list[_Hit]:
    wanted = NameQuery(query.name, birth_dates=query.birth_dates, year=query.year)
    found = []
    for person in people_named(wanted, owner=by.facility_id):
        score = likeness(query.name, person.name) * 0.9
        if query.birth_dates and person.birth_date in query.birth_dates:
            score += 0.1
        shown = person.merged_into or person.id
        hit = _Hit(person.id, shown, person.name, person.mrn, round(score, 4), exact=False)
        found.append(hit)
    found.sort(key=lambda hit: -hit.score)
    return found
