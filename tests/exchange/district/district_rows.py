"""Rows of other houses, as they lie at the hub after they were taken in."""

from datetime import date
from typing import Any

from simpul.foundation.core.clock import now
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import Facility
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.service.care.models import Condition, Entry
from simpul.service.patients.models import Patient
from simpul.service.registration.models import Encounter


def a_patient(place: Facility, name: str, born: str = "1985-03-12", **more: Any) -> Patient:
    """Return a patient's row of another house."""
    row = Patient(
        mrn=more.pop("mrn", uuid7().hex[-6:]),
        name=name,
        birth_date=date.fromisoformat(born),
        sex=more.pop("sex", "female"),
        village=more.pop("village", "Sabrang"),
        registered_at=now(),
        **more,
    )
    with act(by=None, facility=place.id) as this:
        this.create(row)
    return row


def a_visit(
    place: Facility,
    patient: Patient,
    *,
    day: date | None = None,
    unit: str = "umum",
    status: str = "finished",
    codes: tuple[str, ...] = (),
    **entry: Any,
) -> Encounter:
    """Return a visit's row of another house, with its diagnoses."""
    row = Encounter(
        patient=patient,
        status=status,
        registration_number=uuid7().hex[-12:],
        service_date=day or get_here().today(),
        period_start=now(),
        payer="umum",
        unit=unit,
        cluster="3",
        registered_by=uuid7(),
    )
    with act(by=None, facility=place.id) as this:
        this.create(row)
        if codes:
            note = Entry(
                encounter=row,
                patient=patient,
                unit=unit,
                kind="condition",
                author=uuid7(),
                author_name="dr. Contoh",
                author_role="dokter",
                signed_at=now(),
                **entry,
            )
            this.create(note)
            this.create(
                *(
                    Condition(
                        entry=note,
                        patient=patient,
                        code=code,
                        display="tulisan sendiri",
                        rank=rank,
                        case_type="new" if rank == 1 else "old",
                    )
                    for rank, code in enumerate(codes, start=1)
                )
            )
    return row
