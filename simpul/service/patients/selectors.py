"""Finding and reading patients. Everything takes `by=` and stays inside that person's facility."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from simpul.domain.allergy import AllergyState, allergy_state
from simpul.domain.matching import Match, PersonKey, compare
from simpul.domain.names import deletion_variants, likeness, name_keys
from simpul.domain.search import Query, read_query
from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.cards import Banner, Found, PatientCard, card
from simpul.service.patients.models import AllergyIntolerance, Identifier, Patient

#: People fetched for ranking before the best are shown.
CANDIDATES = 200
#: Words of the index considered for one typed word.
SIMILAR_WORDS = 40


def get_patient(patient: uuid.UUID, *, by: Actor) -> PatientCard:
    """Return one patient's card; NotHere for an unknown one and for another facility's."""
    require(by, "view", "patient")
    return card(get_row(patient, by=by))


def get_row(patient: uuid.UUID, *, by: Actor) -> Patient:
    """Return the row for this step's own services; other steps use `get_patient`."""
    row = Patient.objects.filter(id=patient, owner=by.facility_id).first()
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


def find_patients(text: str, *, by: Actor, limit: int = 8) -> list[Found]:
    """Return the people the search box means, best first.

    Reads NIK, BPJS, record number (new or old), telephone, name, name with birth date or year.
    """
    require(by, "view", "patient")
    query = read_query(text, get_here().today())
    found: dict[uuid.UUID, Found] = {}
    for reading in (query, *query.also):
        for hit in _find_one(reading, by=by, limit=limit):
            found.setdefault(hit.patient.id, hit)
    ranked = sorted(found.values(), key=lambda hit: (-hit.score, hit.patient.name, hit.patient.mrn))
    return ranked[:limit]


def _mine(by: Actor) -> QuerySet[Patient]:
    return Patient.objects.filter(owner=by.facility_id)


def _find_one(query: Query, *, by: Actor, limit: int) -> list[Found]:
    match query.kind:
        case "nik":
            return _exact(_mine(by).filter(nik=query.number))
        case "bpjs":
            return _exact(_mine(by).filter(bpjs_number=query.number))
        case "phone":
            return _exact(_mine(by).filter(phone=query.number), score=0.9)
        case "mrn" | "file":
            return _by_record_number(query.number, by=by)
        case "number":
            return _by_beginning(query.number, by=by, limit=limit)
        case "birth_date":
            rows = _mine(by).filter(birth_date__in=query.birth_dates).order_by("name")[:CANDIDATES]
            return [Found(card(row), 0.6, False) for row in rows]
        case "name" | "name_birth_date" | "name_year":
            return _by_name(query, by=by)
        case _:
            return []


def _exact(rows: QuerySet[Patient], *, score: float = 1.0) -> list[Found]:
    hits = [card(row) for row in rows.order_by("id")[:20]]
    return [Found(hit, score, len(hits) == 1) for hit in hits]


def _by_record_number(number: str, *, by: Actor) -> list[Found]:
    width = get_here().mrn_width
    typed = number.strip().upper()
    forms = {typed, typed.zfill(width) if typed.isdigit() else typed}
    hits = _exact(_mine(by).filter(mrn__in=forms))
    others = Identifier.objects.filter(owner=by.facility_id, value__in=forms).values_list(
        "patient_id", flat=True
    )
    known = {hit.patient.id for hit in hits}
    more = [i for i in others if i not in known]
    if more:
        hits += _exact(_mine(by).filter(id__in=more), score=0.95)
    return hits


def _by_beginning(number: str, *, by: Actor, limit: int) -> list[Found]:
    """The beginning of a NIK or BPJS number still being typed (five digits or more)."""
    if len(number) < 5:
        return []
    end = number[:-1] + chr(ord(number[-1]) + 1)
    rows: list[Patient] = []
    for field in ("nik", "bpjs_number"):
        between = {f"{field}__gte": number, f"{field}__lt": end}
        rows += list(_mine(by).filter(**between).order_by(field)[:limit])
    return [Found(card(row), 0.8, False) for row in rows]


def _by_name(query: Query, *, by: Actor) -> list[Found]:
    keys = name_keys(query.name)
    if not keys or all(len(key) < 2 for key in keys):
        return []
    rows = _named(keys, by=by, query=query)
    found = []
    for row in rows:
        score = likeness(query.name, row.name) * 0.9
        if query.birth_dates and row.birth_date in query.birth_dates:
            score += 0.1
        found.append(Found(card(row), round(score, 4), False))
    found.sort(key=lambda hit: -hit.score)
    return found[:CANDIDATES]


def _named(keys: tuple[str, ...], *, by: Actor, query: Query) -> list[Patient]:
    """People having (a word like) every typed word; the rarest word leads, the others check."""
    groups = [_similar_words(key, is_last=n == len(keys) - 1) for n, key in enumerate(keys)]
    if not all(groups):
        # One word unknown here (a nickname, a title): the others may still say enough.
        groups = [group for group in groups if group]
        if not groups:
            return []
    groups.sort(key=_how_common)
    lead, *others = groups
    sql = [
        "SELECT DISTINCT t.patient_id FROM patients_nametoken t "
        "JOIN patients_patient p ON p.id = t.patient_id "
        f"WHERE t.token IN ({_marks(lead)}) AND p.owner = %s"
    ]
    values: list[object] = [*lead, _key(by.facility_id)]
    for group in others:
        sql.append(
            "AND EXISTS (SELECT 1 FROM patients_nametoken o WHERE o.patient_id = t.patient_id "
            f"AND o.token IN ({_marks(group)}))"
        )
        values += group
    if query.birth_dates:
        sql.append(f"AND p.birth_date IN ({_marks(query.birth_dates)})")
        values += [day.isoformat() for day in query.birth_dates]
    elif query.year:
        sql.append("AND p.birth_date BETWEEN %s AND %s")
        values += [f"{query.year:04d}-01-01", f"{query.year:04d}-12-31"]
    sql.append(f"LIMIT {CANDIDATES}")
    with connection.cursor() as cursor:
        cursor.execute(" ".join(sql), values)
        ids = [row[0] for row in cursor.fetchall()]
    return list(Patient.objects.filter(id__in=ids)) if ids else []


def _how_common(words: list[str]) -> int:
    """Roughly how many people have one of these words; counting stops at 2,000."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM patients_nametoken "
            f"WHERE token IN ({_marks(words)}) LIMIT 2000) AS some",
            words,
        )
        return int(cursor.fetchone()[0])


def _similar_words(key: str, *, is_last: bool) -> list[str]:
    """Words of the index equal to a typed word, one slip away, or (the last one) begun by it."""
    words = [key]
    variants = [key, *deletion_variants(key)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT token FROM patients_tokenvariant "
            f"WHERE variant IN ({_marks(variants)}) LIMIT {SIMILAR_WORDS * 4}",
            variants,
        )
        near = [row[0] for row in cursor.fetchall()]
        if is_last and len(key) >= 2:
            end = key[:-1] + chr(ord(key[-1]) + 1)
            cursor.execute(
                "SELECT DISTINCT token FROM patients_tokenvariant "
                "WHERE variant = token AND variant >= %s AND variant < %s "
                f"LIMIT {SIMILAR_WORDS}",
                [key, end],
            )
            words += [row[0] for row in cursor.fetchall()]
    near = [word for word in near if abs(len(word) - len(key)) <= 1]
    near.sort(key=lambda word: (word != key, -likeness(word, key)))
    known = dict.fromkeys([*words, *near[:SIMILAR_WORDS]])
    return list(known)


def _marks(values: object) -> str:
    return ", ".join(["%s"] * len(values))  # type: ignore[arg-type]


def _key(value: uuid.UUID) -> object:
    return value if connection.vendor == "postgresql" else value.hex


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
    people: dict[uuid.UUID, Patient] = {}
    for field, value in (
        ("nik", key.nik),
        ("bpjs_number", key.bpjs),
        ("kk_number", key.kk),
        ("phone", key.phone),
    ):
        if value:
            for row in _mine(by).filter(**{field: value}).order_by("id")[:40]:
                people[row.id] = row
    if key.name:
        query = Query(kind="name", text=key.name, name=key.name)
        keys = name_keys(key.name)
        if keys and any(len(k) > 1 for k in keys):
            dates = _near_dates(key.birth_date)
            if dates:
                dated = Query("name_birth_date", key.name, name=key.name, birth_dates=dates)
                for row in _named(keys, by=by, query=dated):
                    people[row.id] = row
            for row in _named(keys, by=by, query=query):
                people[row.id] = row
    candidates = []
    for row in people.values():
        if row.id == leave_out:
            continue
        match = compare(key, card(row).key)
        if match.level is not None:
            candidates.append(Candidate(card(row), match))
    order = {"certain": 0, "possible": 1, "household": 2}
    candidates.sort(key=lambda c: (order[c.match.level or "household"], -c.match.score))
    return candidates[:limit]


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
