"""Moving the paper folder by scan: send, receive, store; and filing a record that is complete.

SOP steps: 7 send, 9–10 receive, 11–12 analysis and return (completeness), 13–14 store.
"""

import re
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.completeness.models import CompletenessCheck, RecordStatus
from simpul.service.distribution.models import Distribution
from simpul.service.filing.models import FileMovement, MovementKind, PaperFile, Whereabouts
from simpul.service.patients.models import Identifier, Patient
from simpul.service.patients.numbers.lookup import find_card
from simpul.service.patients.numbers.schemes import find_forms
from simpul.service.patients.records import record_ids

MODES = tuple(MovementKind.values)


@dataclass(frozen=True)
class Scanned:
    """What one scan did, or that it had been done already (`repeated`)."""

    file: PaperFile
    patient: Patient
    movement: FileMovement | None
    repeated: bool


class WrongMode(Conflict):
    """The folder is not where this scan would have it; a person chooses what is true."""


def scan_file(
    label: str,
    *,
    mode: str,
    by: Actor,
    unit: str = "",
    encounter: uuid.UUID | None = None,
    confirm: bool = False,
) -> Scanned:
    """Do one act on a folder by its label (`BK:…`) or record number.

    Sending twice to one place, receiving or storing twice, changes nothing and says so. A scan
    that contradicts the records (receive what was never sent, store what is out) raises WrongMode
    until `confirm` says that the folder is really in the hand.
    """
    require(by, "input", "filing")
    if mode not in MODES:
        raise Refused(
            _("Pilih Kirim, Terima, atau Simpan."),
            "scan_mode_unknown",
            errors=(Problem("mode", "unknown", _("Pilih salah satu.")),),
        )
    with act(by=by) as this:
        patient = patient_of_label(label, by=by)
        file = _file_of(this, patient)
        if mode == MovementKind.SENT:
            movement = _send(this, file, patient, unit=unit, encounter=encounter, by=by)
        elif mode == MovementKind.RECEIVED:
            movement = _receive(this, file, patient, by=by, confirm=confirm)
        else:
            movement = _store(this, file, patient, by=by, confirm=confirm)
    return Scanned(file, patient, movement, repeated=movement is None)


def patient_of_label(label: str, *, by: Actor) -> Patient:
    """Return the patient a scanned or typed label means."""
    number = re.sub(r"^(BK|RM)\s*:\s*", "", label.strip(), flags=re.IGNORECASE).strip().upper()
    if "\x00" in number:
        number = ""  # no label holds it, and PostgreSQL cannot even be asked about it
    forms = find_forms(number)
    rows = Patient.objects.filter(owner=by.facility_id)
    row = rows.filter(mrn__in=forms).first() if forms else None
    if row is None and forms:
        other = Identifier.objects.filter(owner=by.facility_id, value__in=forms).first()
        row = rows.filter(id=other.patient_id).first() if other is not None else None
    if row is None and re.fullmatch(r"[0-9]{39}", number):
        row = _patient_of_card(number, by=by)
    if row is None:
        raise NotHere(
            _("Label tak terbaca atau tidak dikenal. Ketik nomor RM; tidak ada yang dicatat."),
            "label_unknown",
        )
    return row


def _patient_of_card(code: str, *, by: Actor) -> Patient | None:
    """The person of a patient card; a revoked card says so."""
    card = find_card(code, by=by)
    if card is None:
        return None
    if card.revoked_at is not None:
        raise Conflict(
            _("Kartu ini sudah dicabut. Ketik nomor RM; tidak ada yang dicatat."), "card_revoked"
        )
    return Patient.objects.filter(id=card.patient_id, owner=by.facility_id).first()


def _file_of(this: Act, patient: Patient) -> PaperFile:
    file = PaperFile.objects.select_for_update().filter(patient=patient).first()
    if file is None:
        file = PaperFile(patient=patient, shelf=shelf_of(patient.mrn), since=this.at)
        this.create(file)
    return file


def shelf_of(mrn: str) -> str:
    """Return the shelf by terminal digits: the last two, then the two before (78 · 56)."""
    digits = re.sub(r"\D", "", mrn).zfill(6)
    return f"{digits[-2:]}-{digits[-4:-2]}"


def _send(
    this: Act,
    file: PaperFile,
    patient: Patient,
    *,
    unit: str,
    encounter: uuid.UUID | None,
    by: Actor,
) -> FileMovement | None:
    target, visit = _target(patient, unit, encounter, by=by)
    if file.whereabouts == Whereabouts.OUT and file.unit == target:
        return None
    return _move(
        this, file, patient, MovementKind.SENT, Whereabouts.OUT, unit=target, encounter=visit, by=by
    )


def _target(
    patient: Patient, unit: str, encounter: uuid.UUID | None, *, by: Actor
) -> tuple[str, uuid.UUID | None]:
    """The unit named, else the one the patient was registered for today."""
    if (
        encounter is not None
        and not Distribution.objects.filter(
            owner=by.facility_id,
            patient_id__in=record_ids(patient.id),
            encounter_id=encounter,
        ).exists()
    ):
        raise NotHere(
            _("Kunjungan itu bukan milik pasien berkas ini. Muat ulang daftar; belum dicatat."),
            "encounter_unknown",
        )
    if unit:
        return get_here().unit(unit).code, encounter
    today = (
        Distribution.objects.filter(
            owner=by.facility_id,
            # The folder of a merged record goes where its person was registered.
            patient_id__in=record_ids(patient.id),
            service_date=get_here().today(),
        )
        .order_by("-saved_at")
        .first()
    )
    if today is None:
        raise Refused(
            _("Pasien ini belum terdaftar hari ini. Pilih unit tujuan berkas; belum dicatat."),
            "file_unit_required",
            errors=(Problem("unit", "required", _("Pilih unit.")),),
        )
    return today.unit, today.encounter_id


def _receive(
    this: Act, file: PaperFile, patient: Patient, *, by: Actor, confirm: bool
) -> FileMovement | None:
    if file.whereabouts == Whereabouts.RECEIVED:
        return None
    if file.whereabouts == Whereabouts.SHELF and not confirm:
        raise WrongMode(
            _("Menurut catatan berkas ini ada di rak %(shelf)s. Terima juga?")
            % {"shelf": file.shelf},
            "file_on_shelf",
            extra={"confirm": True},
        )
    return _move(
        this,
        file,
        patient,
        MovementKind.RECEIVED,
        Whereabouts.RECEIVED,
        unit=file.unit,
        encounter=_sent_for(file),
        by=by,
    )


def _sent_for(file: PaperFile) -> uuid.UUID | None:
    """The visit an absent folder was sent out for, so that its return shows in that visit too."""
    if file.whereabouts != Whereabouts.OUT:
        return None
    last = FileMovement.objects.filter(file=file).order_by("-at", "-id").first()
    return last.encounter if last is not None else None


def _store(
    this: Act, file: PaperFile, patient: Patient, *, by: Actor, confirm: bool
) -> FileMovement | None:
    if file.whereabouts == Whereabouts.SHELF:
        return None
    if file.whereabouts == Whereabouts.OUT and not confirm:
        raise WrongMode(
            _("Berkas ini masih di %(unit)s menurut catatan. Terima dan simpan sekarang?")
            % {"unit": get_here().unit(file.unit).name},
            "file_still_out",
            extra={"confirm": True},
        )
    incomplete = (
        CompletenessCheck.objects.filter(
            encounter__patient=patient, owner=by.facility_id, status=RecordStatus.INCOMPLETE
        )
        .order_by("closed_at")
        .first()
    )
    if incomplete is not None and not confirm:
        raise WrongMode(
            _("Rekam kunjungan %(day)s belum lengkap. Kembalikan ke poli, atau simpan juga?")
            % {"day": f"{incomplete.service_date:%d-%m-%Y}"},
            "record_incomplete",
            extra={"confirm": True, "encounter_id": str(incomplete.encounter_id)},
        )
    if file.whereabouts == Whereabouts.OUT:
        _move(
            this, file, patient, MovementKind.RECEIVED, Whereabouts.RECEIVED, unit=file.unit, by=by
        )
    movement = _move(this, file, patient, MovementKind.STORED, Whereabouts.SHELF, unit="", by=by)
    _file_complete_records(this, patient, by=by)
    return movement


def _move(
    this: Act,
    file: PaperFile,
    patient: Patient,
    kind: MovementKind,
    whereabouts: Whereabouts,
    *,
    unit: str,
    by: Actor,
    encounter: uuid.UUID | None = None,
) -> FileMovement:
    movement = FileMovement(
        file=file,
        patient=patient,
        kind=kind,
        unit=unit,
        encounter=encounter,
        at=this.at,
        by=by.practitioner_id,
    )
    this.create(movement)
    file.whereabouts, file.unit, file.since = whereabouts, unit, this.at
    this.update(file, "whereabouts", "unit", "since")
    this.record(
        f"file-{kind}",
        unit=unit or "rekam-medis",
        patient=patient.id,
        encounter=encounter,
        subject=f"file:{file.id}",
    )
    return movement


def _file_complete_records(this: Act, patient: Patient, *, by: Actor) -> None:
    for row in CompletenessCheck.objects.filter(
        encounter__patient=patient, owner=by.facility_id, status=RecordStatus.COMPLETE
    ):
        _file_one(this, row)


def _file_one(this: Act, row: CompletenessCheck) -> None:
    row.status, row.filed_at = RecordStatus.FILED, this.at
    this.update(row, "status", "filed_at")
    this.record(
        "filed", unit=row.unit, patient=row.encounter.patient_id, encounter=row.encounter_id
    )


def file_record(encounter_id: uuid.UUID, *, by: Actor) -> CompletenessCheck:
    """File the electronic record of a visit that is complete (where there is no paper)."""
    require(by, "input", "completeness")
    with act(by=by) as this:
        row = (
            CompletenessCheck.objects.select_related("encounter")
            .filter(encounter_id=encounter_id, owner=by.facility_id)
            .first()
        )
        if row is None:
            raise NotHere(_("Kunjungan ini belum ditutup di poli."), "check_unknown")
        if row.status == RecordStatus.INCOMPLETE:
            raise Conflict(
                _("Rekam ini belum lengkap, jadi belum dapat disimpan. Kembalikan ke poli."),
                "record_incomplete",
            )
        if row.status == RecordStatus.COMPLETE:
            _file_one(this, row)
    return row


def change_shelf(mrn: str, *, shelf: str, by: Actor) -> PaperFile:
    """Say where on the shelves a folder belongs; the record number stays as it is."""
    require(by, "input", "filing")
    shelf = " ".join(shelf.split())
    if not shelf or len(shelf) > 30:
        raise Refused(
            _("Tulis letak rak, paling banyak 30 huruf."),
            "shelf_refused",
            errors=(Problem("shelf", "required", _("Tulis letak rak.")),),
        )
    with act(by=by) as this:
        file = _file_of(this, patient_of_label(mrn, by=by))
        if file.shelf != shelf:
            file.shelf = shelf
            this.update(file, "shelf")
            this.record("file-shelf", patient=file.patient_id, subject=f"file:{file.id}")
    return file
