"""Movements of the paper folders: sent to a unit, received back, stored (as in `filing`)."""

from datetime import datetime

from simpul.demo.bulk import Bulk, Draft, Row
from simpul.demo.population import Known
from simpul.service.completeness.models import RecordStatus
from simpul.service.filing.models import FileMovement, MovementKind, PaperFile, Whereabouts
from simpul.service.filing.services import shelf_of


def send(
    bulk: Bulk, person: Known, *, at: datetime, officer: str, unit: str, encounter: str
) -> None:
    """The folder leaves the shelf for the unit in which its patient waits."""
    this = bulk.act(at, officer)
    if person.folder is None:
        person.folder = this.create(
            PaperFile, patient_id=person.id, shelf=shelf_of(person.mrn), since=this.instant
        )
    _move(this, person, MovementKind.SENT, Whereabouts.OUT, unit=unit, encounter=encounter)


def receive(bulk: Bulk, person: Known, *, at: datetime, officer: str) -> None:
    """The folder is back in the record room."""
    if person.folder is not None:
        this = bulk.act(at, officer)
        unit = str(person.folder["unit"])
        _move(this, person, MovementKind.RECEIVED, Whereabouts.RECEIVED, unit=unit)


def store(bulk: Bulk, person: Known, *, at: datetime, officer: str, checks: list[Row]) -> None:
    """The folder goes back to its shelf, and the complete records in it are filed."""
    this = bulk.act(at, officer)
    if person.folder is not None:
        _move(this, person, MovementKind.STORED, Whereabouts.SHELF, unit="")
    for check in checks:
        file_record(this, person, check)


def file_record(this: Draft, person: Known, check: Row) -> None:
    """A complete record is filed."""
    this.update(check, status=RecordStatus.FILED.value, filed_at=this.instant)
    this.record("filed", unit=check["unit"], patient=person.id, encounter=check["encounter_id"])


def _move(
    this: Draft,
    person: Known,
    kind: MovementKind,
    whereabouts: Whereabouts,
    *,
    unit: str,
    encounter: str | None = None,
) -> None:
    folder = person.folder
    if folder is None:
        return
    this.create(
        FileMovement,
        file_id=folder.id,
        patient_id=person.id,
        kind=kind.value,
        unit=unit,
        encounter=encounter,
        at=this.instant,
        by=this.practitioner,
    )
    this.update(folder, whereabouts=whereabouts.value, unit=unit, since=this.instant)
    this.record(
        f"file-{kind.value}",
        unit=unit or "rekam-medis",
        patient=person.id,
        encounter=encounter,
        subject=f"file:{folder.id}",
    )
