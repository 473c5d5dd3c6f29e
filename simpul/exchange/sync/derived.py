"""What is made from rows, made again when rows come from elsewhere.

Word index and matching keys of patients (so that people are found); and, when a house gets its own
rows back, the counters, so that no number is given twice.
"""

import uuid
from collections.abc import Callable, Iterable

from simpul.domain.lanes import MOST_LANES, REGISTRATIONS, TICKETS, Lanes
from simpul.foundation.core.counters import move_past
from simpul.foundation.facilities.selectors import forget_here
from simpul.service.distribution.models import Ticket
from simpul.service.patients.index import index_names
from simpul.service.patients.matching.models import BlockingKey
from simpul.service.patients.models import NameToken, Patient
from simpul.service.patients.numbers.schemes import get_numbering, mrn_counter
from simpul.service.registration.booking.models import Booking
from simpul.service.registration.models import Encounter

IDS_AT_ONCE = 500


def make_again(touched: Iterable[str], *, own: bool = False) -> None:
    """Renew what follows from these rows, named `entity:id`; `own` says they are this house's."""
    ids: dict[str, list[uuid.UUID]] = {}
    for key in touched:
        entity, _, row = key.partition(":")
        ids.setdefault(entity, []).append(uuid.UUID(row))
    for entity, renew in _RENEW.items():
        _in_parts(ids.get(entity, []), renew)
    if own:
        for entity, count in _COUNT.items():
            _in_parts(ids.get(entity, []), count)
    if any(entity.startswith("facilities.") for entity in ids):
        forget_here()


def _in_parts(ids: list[uuid.UUID], work: Callable[[list[uuid.UUID]], None]) -> None:
    for start in range(0, len(ids), IDS_AT_ONCE):
        work(ids[start : start + IDS_AT_ONCE])


def _index(ids: list[uuid.UUID]) -> None:
    NameToken.objects.filter(patient_id__in=ids).delete()
    BlockingKey.objects.filter(patient_id__in=ids).delete()
    index_names(Patient.objects.filter(id__in=ids).values_list("id", "name"))


def _count_patients(ids: list[uuid.UUID]) -> None:
    scheme = get_numbering().personal
    for owner, mrn in Patient.objects.filter(id__in=ids).values_list("owner", "mrn"):
        number = scheme.read(mrn)
        if number:
            move_past(mrn_counter(owner), number)


def _count_encounters(ids: list[uuid.UUID]) -> None:
    rows = Encounter.objects.filter(id__in=ids).values_list("owner", "registration_number")
    for owner, text in rows:
        day, _, number = text.partition("-")
        if number.isdecimal():
            _move(f"registration:{owner}:{day}", REGISTRATIONS, int(number))


def _count_tickets(ids: list[uuid.UUID]) -> None:
    for model in (Ticket, Booking):
        rows = model._default_manager.filter(id__in=ids)
        for owner, day, prefix, number in rows.values_list(
            "owner", "service_date", "prefix", "number"
        ):
            if number:
                _move(f"ticket:{owner}:{day:%Y%m%d}:{prefix}", TICKETS, number)


def _move(key: str, lanes: Lanes, number: int) -> None:
    """Move a counter past a number that was given, unless a counter that works alone gave it."""
    if number <= lanes.step:
        move_past(key, number)
    elif number > lanes.step * (MOST_LANES + 1):
        move_past(key, number - lanes.step * MOST_LANES)


_RENEW: dict[str, Callable[[list[uuid.UUID]], None]] = {"patients.patient": _index}
_COUNT: dict[str, Callable[[list[uuid.UUID]], None]] = {
    "patients.patient": _count_patients,
    "registration.encounter": _count_encounters,
    "distribution.ticket": _count_tickets,
    "booking.booking": _count_tickets,
}
