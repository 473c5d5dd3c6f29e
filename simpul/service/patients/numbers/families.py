"""Family folders: who is in which, and a move that leaves the personal number alone."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.domain.errors import DomainError
from simpul.domain.record_numbers import FamilyScheme, Relation
from simpul.foundation.core.counters import take, take_block
from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.patients.models import Identifier, Patient
from simpul.service.patients.numbers.models import FamilyFolder, FolderMember
from simpul.service.patients.numbers.schemes import Numbering, find_forms, get_numbering
from simpul.service.patients.records import lock_records

SYSTEM = "family"
RELATIONS: tuple[Relation, ...] = ("head", "spouse", "other")


@dataclass(frozen=True)
class FamilyNumber:
    """A family number a patient has, or had."""

    number: str
    shown: str
    folder: uuid.UUID
    area: str
    village: str
    is_current: bool


def list_family_numbers(patient: uuid.UUID, *, by: Actor) -> list[FamilyNumber]:
    """Return the family numbers of a patient, the present one first."""
    require(by, "view", "patient")
    numbering = get_numbering()
    rows = (
        FolderMember.objects.filter(patient_id=patient, owner=by.facility_id)
        .select_related("folder")
        .order_by("-joined_at", "-id")
    )
    found = [
        FamilyNumber(
            number=row.number,
            shown=numbering.show_family(row.number),
            folder=row.folder_id,
            area=row.folder.area,
            village=row.folder.village,
            is_current=row.left_at is None,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_current)


def give_family_number(this: Act, patient: Patient) -> None:
    """Put a patient just registered into the family's folder, where this house has such folders.

    Only where the member's number follows from the order of coming: who is the head, a person says.
    """
    numbering = get_numbering()
    area = numbering.area_of(patient.village)
    if numbering.family is None or not numbering.family.by_order or not area:
        return
    _join(this, patient, _folder_for(this, patient, area), numbering, "other")


def place_in_family(
    patient: uuid.UUID, *, by: Actor, relation: str = "other", beside: str = ""
) -> FamilyNumber:
    """Give a patient a family number, or a new one after a move.

    `beside` is the number (record or family) of somebody of the family; without it the family card
    (KK) decides, and without that a new folder begins in the area of the patient's village. The
    former number stays searchable; the personal number is not touched.
    """
    require(by, "correct", "patient")
    numbering = get_numbering()
    if numbering.family is None:
        raise Conflict(
            _("Penomoran keluarga belum dipakai di Puskesmas ini."), "family_numbers_off"
        )
    if relation not in RELATIONS:
        raise Refused(
            _("Pilih hubungannya dari daftar."),
            "relation_unknown",
            errors=(Problem("relation", "unknown", _("Pilih dari daftar.")),),
        )
    row = Patient.objects.filter(id=patient, owner=by.facility_id).first()
    if row is None:
        raise NotHere(_("Pasien ini tidak ada di Puskesmas Anda."), "patient_unknown")
    with act(by=by) as this:
        # Two desks at once must not put one person into two folders.
        lock_records(row.id)
        present = FolderMember.objects.filter(patient=row, left_at__isnull=True).first()
        folder = _folder_of(beside, by=by) if beside.strip() else _own_folder(this, row, numbering)
        if present is not None and present.folder_id == folder.id:
            raise Conflict(
                _("Pasien ini sudah di map keluarga itu; nomornya tetap."), "already_in_family"
            )
        if present is not None:
            present.left_at = this.at
            this.update(present, "left_at")
        made = _join(this, row, folder, numbering, relation)
        this.record(
            "family-number-given",
            patient=row.id,
            subject=f"patient:{row.id}",
            detail={"moved": present is not None},
        )
    return FamilyNumber(
        made.number,
        numbering.show_family(made.number),
        folder.id,
        folder.area,
        folder.village,
        is_current=True,
    )


def _own_folder(this: Act, patient: Patient, numbering: Numbering) -> FamilyFolder:
    area = numbering.area_of(patient.village)
    if not area:
        raise Refused(
            _(
                "Desa %(village)s belum punya kode wilayah, jadi nomor keluarga belum dibuat. "
                "Tambahkan kodenya di Pengaturan, Nomor RM."
            )
            % {"village": patient.village or "–"},
            "area_missing",
        )
    return _folder_for(this, patient, area)


def _folder_for(this: Act, patient: Patient, area: str) -> FamilyFolder:
    """The folder of the patient's family card in this area, or a new one."""
    key = f"family:{this.facility}:{area}"
    # Locks the counter until the commit: two counters with one family card make one folder.
    take_block(key, size=0)
    if patient.kk_number:
        known = FamilyFolder.objects.filter(
            owner=this.facility, area=area, kk_number=patient.kk_number
        ).first()
        if known is not None:
            return known
    folder = FamilyFolder(
        area=area, serial=take(key), village=patient.village, kk_number=patient.kk_number
    )
    this.create(folder)
    return folder


def _folder_of(number: str, *, by: Actor) -> FamilyFolder:
    """The present folder of somebody, by any of their numbers."""
    forms = find_forms(number.replace("\x00", "")[:40])
    people = list(
        Patient.objects.filter(owner=by.facility_id, mrn__in=forms).values_list("id", flat=True)
    )
    people += Identifier.objects.filter(owner=by.facility_id, value__in=forms).values_list(
        "patient_id", flat=True
    )
    members = FolderMember.objects.filter(
        owner=by.facility_id, patient_id__in=people, left_at__isnull=True
    ).select_related("folder")
    folders = {row.folder_id: row.folder for row in members}
    if len(folders) == 1:
        return next(iter(folders.values()))
    message = (
        _("Nomor ini milik lebih dari satu keluarga. Pakai nomor keluarga lengkap.")
        if folders
        else _("Nomor ini belum ada di map keluarga mana pun. Periksa ketikannya.")
    )
    raise Refused(
        _("Nomor keluarga belum diubah."),
        "family_unknown",
        errors=(Problem("beside", "unknown", message),),
    )


def _join(
    this: Act, patient: Patient, folder: FamilyFolder, numbering: Numbering, relation: str
) -> FolderMember:
    scheme = numbering.family
    if scheme is None:
        raise ValueError("family numbers are off")
    member = _next_member(folder, scheme, relation)
    try:
        number = scheme.format(folder.area, folder.serial, member)
    except DomainError as full:
        raise Conflict(full.message, full.code) from None
    made = FolderMember(
        folder=folder, patient=patient, member=member, number=number, joined_at=this.at
    )
    this.create(made)
    this.create(Identifier(patient=patient, system=SYSTEM, value=number))
    return made


def _next_member(folder: FamilyFolder, scheme: FamilyScheme, relation: str) -> int:
    used = set(FolderMember.objects.filter(folder=folder).values_list("member", flat=True))
    known: Relation = next((one for one in RELATIONS if one == relation), "other")
    if not scheme.by_order and known != "other":
        own = scheme.member_for(known, used, -1)
        if own >= 0:
            return own
    # Its own counter, locked until the commit; a number somebody had is never given again.
    upcoming = take(f"family-member:{folder.id}", first=scheme.first_other)
    while upcoming in used:
        upcoming = take(f"family-member:{folder.id}")
    return scheme.member_for("other", used, upcoming)
