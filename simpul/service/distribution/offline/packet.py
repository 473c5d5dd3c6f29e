"""What a computer takes along: everybody's card in short, the units, the rules, its numbers.

The least that a counter needs to know somebody again: NIK, BPJS, telephone and card numbers only as
a keyed hash (an exact number still finds its person), no address beyond the village, nothing
clinical. A poli takes the allergies of those who wait there, and of nobody else. First the whole
house in pages, then only what the change feed says has changed.
"""

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from simpul.domain.allergy import AllergyState
from simpul.domain.lanes import REGISTRATIONS, TICKETS
from simpul.foundation.core.clock import now
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.models import Village
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may
from simpul.service.distribution.offline.devices import require_offline
from simpul.service.distribution.offline.models import Device, NumberBlock
from simpul.service.distribution.offline.rules import rules_packet
from simpul.service.distribution.selectors import get_queue
from simpul.service.patients.numbers.schemes import get_numbering
from simpul.service.patients.selectors import list_allergy_states

#: A page is answered in some hundredths of a second, so that nobody at a counter waits for it.
PAGE = 2000
#: Farther behind than this, the whole copy is quicker than its changes.
MOST_CHANGES = 20_000
MOST_VILLAGES = 5000

_CARDS = """
    SELECT p.id, p.mrn, p.name, p.birth_date, p.birth_date_estimated, p.sex, p.village, p.rt, p.rw,
           p.nik, p.bpjs_number, p.mother_name, p.deceased_on, p.merged_into_id,
           (SELECT e.unit || ' ' || e.payer FROM registration_encounter e
            WHERE e.patient_id = p.id ORDER BY e.period_start DESC LIMIT 1), p.phone
    FROM patients_patient p
"""
_CARD_KINDS = "u--db-------du--"

#: Plastic cards that still open a record, also of records merged into this one.
_PLASTIC = """
    SELECT c.patient_id, c.code FROM numbers_issuedcard c
    WHERE c.patient_id IN ({marks}) AND c.revoked_at IS NULL
    UNION ALL
    SELECT own.merged_into_id, c.code FROM patients_patient own
    JOIN numbers_issuedcard c ON c.patient_id = own.id
    WHERE own.merged_into_id IN ({marks}) AND c.revoked_at IS NULL
"""

#: What changes a line of the copy: the person, their last visit, a card given out or revoked.
_FEED = """
    SELECT c.id, c.patient FROM journal_change c
    WHERE c.id > %s
    AND c.entity IN ('patients.patient', 'registration.encounter', 'numbers.issuedcard')
    ORDER BY c.id LIMIT %s
"""


@dataclass(frozen=True)
class Place:
    """A place in the change feed: its number, and whose change stands there.

    The second tells a database that was put back from a backup from the one the copy was made of.
    """

    number: int
    sign: str

    def __str__(self) -> str:
        return f"{self.number}.{self.sign}"


NOWHERE = Place(0, "")


def newest_place() -> Place:
    """Return where the change feed ends now."""
    rows = fetch_values(
        "SELECT c.id, c.change FROM journal_change c ORDER BY c.id DESC LIMIT 1", "-u"
    )
    return Place(rows[0][0], rows[0][1].hex[-8:]) if rows else NOWHERE


def read_place(text: str) -> Place | None:
    """Return the place a cursor names, if the feed still has it."""
    number, _dot, sign = text.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    place = Place(int(number), sign)
    if place == NOWHERE:
        return place
    rows = fetch_values(
        "SELECT c.change FROM journal_change c WHERE c.id = %s", "u", [place.number]
    )
    return place if rows and rows[0][0].hex[-8:] == sign else None


def build_packet(device: Device, cursor: str, *, by: Actor, unit: str = "") -> dict[str, Any]:
    """Return the next page for a computer: of the whole copy, or of what changed since."""
    require_offline(by)
    here = get_here()
    page: dict[str, Any] = {
        **_patients(device, cursor, by=by),
        "units": [
            {
                "code": u.code,
                "name": u.name,
                "cluster": u.cluster,
                "prefix": u.prefix,
                "room": u.room,
                "open": u.is_open,
                "takes_patients": u.takes_patients,
            }
            for u in here.units.values()
        ],
        "rules": rules_packet(by=by),
        "block": _block(device, by=by),
        "queue": _queue(unit, by=by),
        "salt": device.salt,
        "facility": here.name,
        "timezone": here.timezone,
        "now": now().isoformat(),
    }
    return page


def _patients(device: Device, cursor: str, *, by: Actor) -> dict[str, Any]:
    if cursor.startswith("f."):
        _f, number, sign, after = [*cursor.split("."), "", "", ""][:4]
        place = read_place(f"{number}.{sign}")
        try:
            last = uuid.UUID(after)
        except ValueError:
            place = None
        if place is not None:
            return _whole(device, place, after=last, by=by)
    elif cursor:
        place = read_place(cursor)
        changed = None if place is None else _changed(device, place, by=by)
        if changed is not None:
            return changed
    place = newest_place()
    with act(by=by) as this:
        this.record("device-copied", subject=f"device:{device.id}", detail={"device": device.code})
    villages = Village.objects.order_by("name").values_list("name", "code")[:MOST_VILLAGES]
    first = _whole(device, place, after=uuid.UUID(int=0), by=by)
    return {**first, "villages": [list(village) for village in villages]}


def _whole(device: Device, place: Place, *, after: uuid.UUID, by: Actor) -> dict[str, Any]:
    rows = fetch_values(
        f"{_CARDS} WHERE p.owner = %s AND p.id > %s AND p.merged_into_id IS NULL "
        "ORDER BY p.id LIMIT %s",
        _CARD_KINDS,
        [by.facility_id, after, PAGE + 1],
    )
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return {
        "full": True,
        "cursor": str(place),
        "next": f"f.{place}.{rows[-1][0].hex}" if more else None,
        "patients": _shown(rows, device),
        "removed": [],
    }


def _changed(device: Device, place: Place, *, by: Actor) -> dict[str, Any] | None:
    newest = newest_place()
    if newest.number - place.number > MOST_CHANGES:
        return None
    feed = fetch_values(_FEED, "-u", [place.number, MOST_CHANGES])
    touched = list(dict.fromkeys(patient for _id, patient in feed if patient is not None))
    rows = _rows_of(touched, by=by)
    known = {row[0] for row in rows}
    # Whom a record was merged into: its cards open their record from now on.
    rows += _rows_of([row[13] for row in rows if row[13] and row[13] not in known], by=by)
    return {
        "full": False,
        "cursor": str(newest),
        "next": None,
        "patients": _shown([row for row in rows if row[13] is None], device),
        "removed": [str(row[0]) for row in rows if row[13] is not None],
    }


def _rows_of(ids: list[uuid.UUID], *, by: Actor) -> list[tuple[Any, ...]]:
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    condition = f"WHERE p.owner = %s AND p.id IN ({marks}) ORDER BY p.id"
    return fetch_values(f"{_CARDS} {condition}", _CARD_KINDS, [by.facility_id, *ids])


def _plastic_of(rows: list[tuple[Any, ...]]) -> dict[uuid.UUID, list[str]]:
    """Return the codes of the cards that open these people's records."""
    if not rows:
        return {}
    ids = [row[0] for row in rows]
    marks = ", ".join(["%s"] * len(ids))
    found: dict[uuid.UUID, list[str]] = {}
    for patient, code in fetch_values(_PLASTIC.format(marks=marks), "u-", [*ids, *ids]):
        found.setdefault(patient, []).append(code)
    return found


def _shown(rows: list[tuple[Any, ...]], device: Device) -> list[dict[str, Any]]:
    salt = bytes.fromhex(device.salt)
    plastic = _plastic_of(rows)
    shown = []
    for row in rows:
        unit, _space, payer = (row[14] or "").partition(" ")
        shown.append(
            {
                "id": str(row[0]),
                "mrn": row[1],
                "name": row[2],
                "birth_date": row[3].isoformat(),
                "birth_date_estimated": row[4],
                "sex": row[5],
                "village": row[6],
                "rt": row[7],
                "rw": row[8],
                "nik_hash": hashed(row[9], salt),
                "bpjs_hash": hashed(row[10], salt),
                "phone_hash": hashed(row[15], salt),
                "card_hashes": [hashed(code, salt) for code in plastic.get(row[0], [])],
                "mother_name": row[11],
                "last_unit": unit,
                "payer": payer,
                "deceased": row[12] is not None,
            }
        )
    return shown


def hashed(number: str, salt: bytes) -> str:
    """Return the keyed hash of a number as this computer knows it; "" for no number."""
    return hmac.digest(salt, number.encode(), hashlib.sha256).hex() if number else ""


def _block(device: Device, *, by: Actor) -> dict[str, Any] | None:
    """Return the numbers this computer may give out itself; None where it is no counter."""
    if device.lane is None or not may(by, "input", "encounter"):
        return None
    here = get_here()
    today = here.today()
    first, last = TICKETS.of(device.lane)
    used = dict(
        fetch_values(
            "SELECT t.prefix, MAX(t.number) FROM distribution_ticket t WHERE t.owner = %s "
            "AND t.service_date = %s AND t.number BETWEEN %s AND %s GROUP BY t.prefix",
            "--",
            [here.id, today, first, last],
        )
    )
    book, book_last = REGISTRATIONS.of(device.lane)
    stem = f"{today:%y%m%d}-"
    written = fetch_values(
        "SELECT MAX(e.registration_number) FROM registration_encounter e WHERE e.owner = %s "
        "AND e.registration_number BETWEEN %s AND %s AND LENGTH(e.registration_number) = %s",
        "-",
        [here.id, f"{stem}{book}", f"{stem}{book_last}", len(f"{stem}{book}")],
    )[0][0]
    block = NumberBlock.objects.filter(device=device, closed_at__isnull=True).first()
    scheme = get_numbering().personal
    return {
        "device": str(device.id),
        "code": device.code,
        "day": today.isoformat(),
        "units": {
            unit.prefix: [max(first, used.get(unit.prefix, 0) + 1), last]
            for unit in here.units.values()
        },
        "mrn": None if block is None else [block.used_to + 1, block.last],
        "mrn_width": scheme.width,
        "mrn_prefix": scheme.prefix,
        "registration": [int(written.rpartition("-")[2]) + 1 if written else book, book_last],
        "until": (today + timedelta(days=30)).isoformat(),
    }


def _queue(unit: str, *, by: Actor) -> dict[str, Any] | None:
    """Return the queue of the unit this computer serves, for the poli's screen."""
    if not may(by, "input", "queue"):
        return None
    code = unit or next(
        (code for _role, codes in by.units for code in sorted(codes) if len(codes) == 1), ""
    )
    if not code or not may(by, "input", "queue", unit=code):
        return None
    queue = get_queue(code, by=by)
    people = [*queue.in_service, *queue.waiting]
    known = may(by, "view", "allergy")
    allergies = list_allergy_states([row.patient_id for row in people], by=by) if known else {}
    return {
        "unit": code,
        "rows": [
            {
                "id": str(row.id),
                "encounter": str(row.encounter_id),
                "patient": str(row.patient_id),
                "ticket": row.ticket,
                "name": row.name,
                "mrn": row.mrn,
                "sex": row.sex,
                "age": row.age,
                "stage": row.stage,
                "priority": row.priority,
                "complaint": row.complaint,
                "pregnant": row.pregnant,
                "allergy": _allergy(allergies.get(row.patient_id)),
            }
            for row in people
        ],
    }


def _allergy(state: AllergyState | None) -> dict[str, str] | None:
    """Return what the banner says about allergies; None where this person may not know."""
    return None if state is None else {"code": state.code, "text": state.text}
