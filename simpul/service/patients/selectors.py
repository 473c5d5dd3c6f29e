"""Finding and reading patients. Everything takes `by=` and stays inside that person's facility."""

import uuid
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from simpul.domain.allergy import AllergyState, allergy_state
from simpul.domain.matching import Match, PersonKey, compare
from simpul.domain.names import likeness
from simpul.domain.search import Query, read_query
from simpul.foundation.core.errors import NotHere
from simpul.foundation.core.rows import fetch_all, fetch_one, fetch_values
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import Banner, Found, PatientCard, card
from simpul.service.patients.models import AllergyIntolerance, Patient
from simpul.service.patients.name_search import CANDIDATES, NameQuery, people_named


def get_patient(patient: uuid.UUID, *, by: Actor) -> PatientCard:
    """Return one patient's card; NotHere for an unknown one and for another facility's."""
    require(by, "view", "patient")
    return card(get_row(patient, by=by))


def get_row(patient: uuid.UUID, *, by: Actor) -> Patient:
    """Return the row for this step's own services; other steps use `get_patient`."""
    row = fetch_one(Patient, "WHERE t.id = %s AND t.owner = %s", [patient, by.facility_id])
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
    require(by, "view", "allergy")
    rows = list(
        AllergyIntolerance.objects.filter(
            patient_id=patient, owner=by.facility_id, is_current=True
        ).order_by("recorded_at")
    )
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
    require(by, "view", "allergy")
    return list(
        AllergyIntolerance.objects.filter(
            patient_id=patient, owner=by.facility_id, is_current=True, is_none=False
        ).order_by("recorded_at")
    )


def list_incomplete(*, by: Actor, limit: int = 100) -> list[PatientCard]:
    """Return people whose identity is still to be completed, newest first."""
    require(by, "view", "patient")
    rows = Patient.objects.filter(owner=by.facility_id, is_identity_complete=False)
    return [card(row) for row in rows.order_by("-registered_at")[:limit]]


@dataclass(frozen=True)
class _Hit:
    """One found, before it is known whether it will be shown; `row` where it was read already."""

    id: uuid.UUID
    name: str
    mrn: str
    score: float
    exact: bool
    row: Patient | None = None


def find_patients(text: str, *, by: Actor, limit: int = 8) -> list[Found]:
    """Return the people the search box means, best first.

    Reads NIK, BPJS, record number (new or old), telephone, name, name with birth date or year.
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
            found.setdefault(hit.id, hit)
    ranked = sorted(found.values(), key=lambda hit: (-hit.score, hit.name, hit.mrn))[:widest]
    start = 0
    if after is not None:
        start = next((n for n, hit in enumerate(ranked) if hit.id == after), -1) + 1
        if not start:
            raise LookupError(after)
    page = ranked[start : start + limit]
    return _with_rows(page), start + limit < len(ranked)


def _with_rows(hits: list[_Hit]) -> list[Found]:
    """Return the hits with their cards, reading the rows that are missing in one statement."""
    rows = {hit.id: hit.row for hit in hits if hit.row is not None}
    rows |= _rows_of([hit.id for hit in hits if hit.row is None])
    return [Found(card(rows[hit.id]), hit.score, hit.exact) for hit in hits if hit.id in rows]


def _rows_of(patients: list[uuid.UUID]) -> dict[uuid.UUID, Patient]:
    if not patients:
        return {}
    marks = ", ".join(["%s"] * len(patients))
    return {row.id: row for row in fetch_all(Patient, f"WHERE t.id IN ({marks})", patients)}


def _hit(row: Patient, score: float, *, exact: bool = False) -> _Hit:
    return _Hit(row.id, row.name, row.mrn, score, exact, row)


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
            return _by_record_number(query.number, by=by)
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
    condition = (
        f"WHERE t.{column} = %s AND NOT (t.{column} = '') AND t.owner = %s ORDER BY t.id LIMIT 20"
    )
    rows = fetch_all(Patient, condition, [number, by.facility_id])
    return [_hit(row, score, exact=len(rows) == 1) for row in rows]


def _by_record_number(number: str, *, by: Actor) -> list[_Hit]:
    width = get_here().mrn_width
    typed = number.strip().upper()
    forms = sorted({typed, typed.zfill(width) if typed.isdigit() else typed})
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
    if len(hits) > 1:
        hits = [replace(hit, exact=False) for hit in hits]
    return hits


def _by_beginning(number: str, *, by: Actor, limit: int) -> list[_Hit]:
    """The beginning of a NIK or BPJS number still being typed (five digits or more)."""
    if len(number) < 5:
        return []
    end = number[:-1] + chr(ord(number[-1]) + 1)
    rows: list[Patient] = []
    for field in ("nik", "bpjs_number"):
        between = {f"{field}__gte": number, f"{field}__lt": end}
        rows += list(_mine(by).filter(**between).order_by(field)[:limit])
    return [_hit(row, 0.8) for row in rows]


def _by_name(query: Query, *, by: Actor) -> list[_Hit]:
    wanted = NameQuery(query.name, birth_dates=query.birth_dates, year=query.year)
    found = []
    for person in people_named(wanted, owner=by.facility_id):
        score = likeness(query.name, person.name) * 0.9
        if query.birth_dates and person.birth_date in query.birth_dates:
            score += 0.1
        found.append(_Hit(person.id, person.name, person.mrn, round(score, 4), exact=False))
    found.sort(key=lambda hit: -hit.score)
    return found


@dataclass(frozen=True)
class Candidate:
    """A known person who may be the one at the counter, with reasons for and against."""

    patient: PatientCard
    match: Match


def match_candidates(
    key: PersonKey, *, by: Actor, limit: int = 5, leave_out: uuid.UUID | None = None
) -> list[Candidate]:
    """Return known people like this one, surest first; reasons are the matcher's.

    Blocks: same NIK, BPJS or telephone; same birth date with a like name; like name in the same
    household; NIK with one digit off through the birth date and name it was typed with.
    """
    require(by, "view", "patient")
    candidates = []
    for row in _block(key, by=by).values():
        if row.id == leave_out:
            continue
        match = compare(key, card(row).key)
        if match.level is not None:
            candidates.append(Candidate(card(row), match))
    order = {"certain": 0, "possible": 1, "household": 2}
    candidates.sort(key=lambda c: (order[c.match.level or "household"], -c.match.score))
    return candidates[:limit]


def _block(key: PersonKey, *, by: Actor) -> dict[uuid.UUID, Patient]:
    """Return the few people worth comparing with."""
    ids = _with_same_number(key, by=by)
    if key.name:
        dates = _near_dates(key.birth_date)
        if dates:
            ids += [p.id for p in people_named(NameQuery(key.name, dates), owner=by.facility_id)]
        ids += [p.id for p in people_named(NameQuery(key.name), owner=by.facility_id, slips=False)]
    return _rows_of(list(dict.fromkeys(ids)))


def _with_same_number(key: PersonKey, *, by: Actor) -> list[uuid.UUID]:
    """Return people who share a number with this one, in one statement."""
    numbers = {
        column: value
        for column, value in (
            ("nik", key.nik),
            ("bpjs_number", key.bpjs),
            ("kk_number", key.kk),
            ("phone", key.phone),
        )
        if value
    }
    if not numbers:
        return []
    # Each half finds its own index, which leaves the empty string out.
    sql = " UNION ".join(
        f"SELECT {column}s.id FROM (SELECT id FROM patients_patient WHERE {column} = %s "
        f"AND NOT ({column} = '') AND owner = %s ORDER BY id LIMIT 40) AS {column}s"
        for column in numbers
    )
    values = [value for number in numbers.values() for value in (number, by.facility_id)]
    return [row[0] for row in fetch_values(sql, "u", values)]


def _near_dates(day: date | None) -> tuple[date, ...]:
    """The day itself, day and month swapped, and the year one off."""
    if day is None:
        return ()
    days = {day}
    for change in (
        {"day": day.month, "month": day.day},
        {"year": day.year - 1},
        {"year": day.year + 1},
    ):
        try:
            days.add(day.replace(**change))
        except ValueError:
            continue
    return tuple(sorted(days))
