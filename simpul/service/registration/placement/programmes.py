"""Which programmes patients are in: TB treatment, Prolanis, family planning; entered and ended.

Every suggestion asks, hardly anybody is in one: each process keeps who is, for half a minute, and
a change made in it counts at once.
"""

import threading
import time
import uuid
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.records import RECORDS_OF, record_ids, twice
from simpul.service.patients.selectors import get_patient
from simpul.service.registration.placement.models import Programme, ProgrammeEnrolment

KEEP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    facility: uuid.UUID
    day: date
    members: dict[uuid.UUID, tuple[str, ...]]


_kept: _Kept | None = None
_forgotten = 0
_lock = threading.Lock()


def all_programmes() -> dict[uuid.UUID, tuple[str, ...]]:
    """Return everybody who is in a programme today, with its codes."""
    global _kept
    here, kept = get_here(), _kept
    today = here.today()
    if (
        kept is not None
        and (kept.facility, kept.day) == (here.id, today)
        and time.monotonic() < kept.until
    ):
        return kept.members
    before = _forgotten
    rows = fetch_values(
        "SELECT COALESCE(p.merged_into_id, p.id), t.programme "
        "FROM placement_programmeenrolment t JOIN patients_patient p ON p.id = t.patient_id "
        "WHERE t.owner = %s AND t.since <= %s AND (t.until IS NULL OR t.until > %s) "
        "ORDER BY t.programme",
        "u-",
        [here.id, today, today],
    )
    members: dict[uuid.UUID, tuple[str, ...]] = {}
    for patient, programme in rows:
        if programme not in members.get(patient, ()):
            members[patient] = (*members.get(patient, ()), programme)
    with _lock:
        if before == _forgotten:
            _kept = _Kept(time.monotonic() + KEEP_SECONDS, here.id, today, members)
    return members


def programmes_of(patient: uuid.UUID) -> tuple[str, ...]:
    """Return the programmes a patient is in today."""
    return all_programmes().get(patient, ())


def programme_labels(patient: uuid.UUID) -> list[str]:
    """Return the programmes in words, for the chips of the banner."""
    return [str(Programme(code).label) for code in programmes_of(patient)]


def forget_programmes() -> None:
    """Ask the table next time."""
    global _kept, _forgotten
    with _lock:
        _forgotten += 1
        _kept = None


def list_enrolments(patient: uuid.UUID, *, by: Actor) -> list[ProgrammeEnrolment]:
    """Return all enrolments of a patient, open ones first."""
    require(by, "view", "encounter")
    rows = ProgrammeEnrolment.objects.filter(
        patient_id__in=record_ids(patient), owner=by.facility_id
    )
    return sorted(rows, key=lambda row: (row.until is not None, -row.since.toordinal()))


def enrol(
    patient: uuid.UUID, *, programme: str, since: date | None = None, by: Actor
) -> ProgrammeEnrolment:
    """Note that a patient is in a programme from a day on."""
    require(by, "correct", "encounter")
    person = get_patient(patient, by=by)
    today = get_here().today()
    start = since or today
    problems = []
    if programme not in Programme.values:
        problems.append(Problem("programme", "unknown", _("Pilih program dari daftar.")))
    elif programme == Programme.FAMILY_PLANNING and person.sex == "male":
        problems.append(Problem("programme", "not_for_men", _("Program ini untuk perempuan.")))
    if start > today or start < person.birth_date:
        problems.append(
            Problem("since", "out_of_range", _("Tanggal mulai: dari kelahiran sampai hari ini."))
        )
    if problems:
        raise Refused(
            _("Belum dicatat: perbaiki bagian yang ditandai."),
            "programme_refused",
            errors=tuple(problems),
        )
    if programme in programmes_of(person.id):
        raise _already()
    try:
        with transaction.atomic(), act(by=by) as this:
            row = ProgrammeEnrolment(patient_id=person.id, programme=programme, since=start)
            this.create(row)
            this.record("programme-enrolled", patient=person.id, detail={"programme": programme})
    except IntegrityError:
        raise _already() from None
    _changed()
    return row


def _already() -> Conflict:
    return Conflict(
        _("Pasien sudah tercatat di program ini. Tidak ada yang diubah."), "programme_open"
    )


def end_enrolment(
    patient: uuid.UUID, enrolment: uuid.UUID, *, reason: str = "", by: Actor
) -> ProgrammeEnrolment:
    """Note that a patient is no longer in a programme, as of today."""
    require(by, "correct", "encounter")
    with act(by=by) as this:
        row = ProgrammeEnrolment.objects.filter(
            id=enrolment, patient_id__in=record_ids(patient), owner=by.facility_id
        ).first()
        if row is None:
            raise NotHere(
                _("Catatan program ini tidak ada. Buka lagi dari halaman pasien."),
                "enrolment_unknown",
            )
        if row.until is not None:
            raise Conflict(_("Program ini sudah diakhiri sebelumnya."), "programme_ended")
        # Ended means: from today on nobody is sent there because of it.
        row.until = max(row.since, get_here().today())
        row.ended_reason = " ".join(reason.replace("\x00", "").split())[:120]
        this.update(row, "until", "ended_reason")
        this.record("programme-ended", patient=row.patient_id, detail={"programme": row.programme})
    _changed()
    return row


def _changed() -> None:
    forget_programmes()
    # Another thread may have read the old table before this was committed.
    transaction.on_commit(forget_programmes)


def last_immunised_on(patient: uuid.UUID) -> date | None:
    """Return the day of the last visit to the immunisation unit that was not cancelled."""
    rows = fetch_values(
        # RECORDS_OF is a constant; the ids are bound.
        f"SELECT max(t.service_date) FROM registration_encounter t "  # noqa: S608
        f"WHERE t.patient_id IN ({RECORDS_OF}) AND t.owner = %s "
        "AND t.unit = 'imunisasi' AND t.status <> 'cancelled'",
        "d",
        [*twice(patient), get_here().id],
    )
    day: date | None = rows[0][0]
    return day
