"""The acts the journal can count and time, and whose work each is.

Acts outside this list leave no trace in the journal: time them with the observer's page.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from simpul.domain import timing
from simpul.domain.timing import Rule
from simpul.foundation.staff.models import Role

MINUTE = 60
GAP = Rule(longest=30 * MINUTE)
CALL = Rule(longest=30 * MINUTE)
SERVICE = Rule(longest=240 * MINUTE)

COUNTER = (Role.REGISTRAR, Role.RECORD_OFFICER)
RECORD_ROOM = (Role.RECORD_OFFICER, Role.REGISTRAR)
CLINICIANS = (Role.PHYSICIAN, Role.DENTIST, Role.MIDWIFE, Role.NURSE, Role.PHARMACIST)


@dataclass(frozen=True)
class Activity:
    """One kind of act: how it is timed, what is a pause, and which of a person's roles does it."""

    code: str
    label: Any
    how: Literal["span", "gap"]
    rule: Rule
    roles: tuple[Role, ...]
    #: Waiting rather than working: shown, but not proposed to a study.
    is_work: bool = True


ACTIVITIES = {
    one.code: one
    for one in (
        Activity(timing.NEW, _("Pendaftaran pasien baru"), "gap", GAP, COUNTER),
        Activity(timing.KNOWN, _("Pendaftaran pasien lama"), "gap", GAP, COUNTER),
        Activity("identitas", _("Data pasien baru tanpa kunjungan"), "gap", GAP, COUNTER),
        Activity("perbaikan-data", _("Perbaikan data pasien"), "gap", GAP, COUNTER),
        Activity("berkas-kirim", _("Mengirim berkas ke unit"), "gap", GAP, RECORD_ROOM),
        Activity("berkas-terima", _("Menerima berkas dari unit"), "gap", GAP, RECORD_ROOM),
        Activity("berkas-simpan", _("Menyimpan berkas di rak"), "gap", GAP, RECORD_ROOM),
        Activity("kelengkapan", _("Memeriksa kelengkapan rekam"), "gap", GAP, RECORD_ROOM),
        Activity(
            timing.CALL,
            _("Memanggil sampai pasien masuk"),
            "span",
            CALL,
            CLINICIANS,
            is_work=False,
        ),
        Activity(
            timing.VITALS,
            _("Tanda vital sebelum pelayanan"),
            "gap",
            GAP,
            (Role.NURSE, Role.MIDWIFE, *CLINICIANS),
        ),
        Activity(
            timing.SERVICE, _("Pelayanan pasien, mulai sampai selesai"), "span", SERVICE, CLINICIANS
        ),
    )
}
#: Who did it when none of the person's roles does such acts (an account whose role was changed).
OTHERS = "lain"


def category_of(activity: Activity, roles: frozenset[str]) -> str:
    """Return the staff category an act of a person belongs to, by the role that does such acts."""
    for role in activity.roles:
        if role in roles:
            return str(role)
    return min(roles) if roles else OTHERS


def category_label(code: str) -> str:
    """Return the name of a staff category."""
    return str(Role(code).label) if code in Role.values else str(_("Tenaga lain"))


def activity_label(code: str) -> str:
    """Return the name of an activity of the journal; the code itself for an unknown one."""
    return str(ACTIVITIES[code].label) if code in ACTIVITIES else code
