"""What the counter's visit form holds: read from a post, and prefilled from the last visit."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.domain.dates import format_date
from simpul.domain.placement_rules import FERTILE_FROM_YEARS, FERTILE_UNTIL_YEARS
from simpul.foundation.core.errors import NotHere
from simpul.service.patients.cards import PatientCard
from simpul.service.registration.models import Payer, Priority
from simpul.service.registration.selectors import LastVisit
from simpul.service.registration.services import VisitWish

#: A pregnancy noted at the last visit is offered again only while it can still be the same one.
PREGNANCY_DAYS = 294

#: Reasons for another unit than the suggested one; the last is written by hand.
OTHER_REASON = "lain"
KEEP_REASONS = (
    ("pendamping", gettext_lazy("pendamping")),
    ("arahan-dokter", gettext_lazy("arahan dokter")),
    (OTHER_REASON, gettext_lazy("lain…")),
)
#: Reasons for a visit of somebody noted as deceased.
ALIVE_REASONS = (
    ("catatan-keliru", gettext_lazy("catatan meninggal keliru")),
    (OTHER_REASON, gettext_lazy("lain…")),
)
_REASON_WORDS = {
    "pendamping": gettext_lazy("Pendamping"),
    "arahan-dokter": gettext_lazy("Arahan dokter"),
    "catatan-keliru": gettext_lazy("Catatan meninggal keliru"),
}
_ANSWERS = {"ya": True, "tidak": False}


@dataclass(frozen=True)
class VisitForm:
    """The values of the form as they stand on the screen."""

    complaint: str = ""
    payer: str = Payer.GENERAL
    pregnant: str = ""
    disability: str = ""
    priority: str = ""
    unit: str = ""
    reason_choice: str = ""
    reason_text: str = ""
    from_last_visit: str = ""
    last_complaint: str = ""
    pregnant_from_last_visit: str = ""
    disability_from_last_visit: str = ""


def asks_pregnancy(patient: PatientCard, on: date) -> bool:
    """Whether the counter asks this patient about pregnancy: women of 10 to 55 years."""
    years = patient.age_years(on)
    return patient.sex == "female" and FERTILE_FROM_YEARS <= years <= FERTILE_UNTIL_YEARS


def prefill(last: LastVisit | None, *, asks: bool, today: date) -> VisitForm:
    """Return a fresh form with what the last visit offers, each value marked with its day."""
    if last is None:
        return VisitForm(pregnant="tidak" if asks else "")
    day = format_date(last.on) if last.on.year != today.year else format_date(last.on)[:-5]
    source = _("dari kunjungan %(day)s") % {"day": day}
    expecting = asks and bool(last.pregnant) and today - last.on < timedelta(days=PREGNANCY_DAYS)
    return VisitForm(
        payer=last.payer,
        pregnant=("ya" if expecting else "tidak") if asks else "",
        from_last_visit=source,
        last_complaint=last.complaint,
        pregnant_from_last_visit=source if expecting else "",
        disability="ya" if last.disability else "",
        disability_from_last_visit=source if last.disability else "",
    )


def read_form(post: Mapping[str, str]) -> VisitForm:
    """Return the form as it was sent; odd values stay as they are and are refused later."""
    return VisitForm(
        complaint=post.get("complaint", ""),
        payer=post.get("payer", "") or Payer.GENERAL,
        pregnant=post.get("pregnant", ""),
        disability="ya" if post.get("disability") else "",
        priority=post.get("priority", ""),
        unit=post.get("unit", ""),
        reason_choice=post.get("reason_choice", ""),
        reason_text=post.get("reason_text", ""),
    )


def read_wish(post: Mapping[str, str]) -> VisitWish:
    """Return what is to be registered.

    `send_to` is the answer "send to the suggested unit", which needs no reason. Without a choice
    of one's own the unit is the one the button named (`shown_unit`), never a newer suggestion the
    person has not seen.
    """
    form = read_form(post)
    sent = post.get("send_to", "")
    unit = sent or form.unit or post.get("shown_unit", "")
    return VisitWish(
        patient_id=read_id(post.get("patient_id", "")),
        unit=unit,
        complaint=form.complaint,
        payer=form.payer,
        priority=form.priority if form.priority != Priority.ROUTINE else "",
        pregnant=_ANSWERS.get(form.pregnant),
        disability=_ANSWERS.get(form.disability),
        booking_id=read_booking_id(post.get("booking_id", "")),
        # A reason was given for one unit; for another it has to be asked again.
        override_reason="" if sent or post.get("reason_unit", unit) != unit else reason_of(form),
    )


def reason_of(form: VisitForm) -> str:
    """Return the chosen reason in words; the written one counts when "lain" is chosen."""
    written = " ".join(form.reason_text.split())
    if form.reason_choice in _REASON_WORDS:
        return str(_REASON_WORDS[form.reason_choice])
    return written


def read_booking_id(text: str) -> uuid.UUID | None:
    """Return the booking a form carried; None without one."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def read_id(text: str) -> uuid.UUID:
    """Return the patient's id a form carried; NotHere for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotHere(
            _("Pasien ini tidak ada di Puskesmas Anda. Cari lagi dari loket."), "patient_unknown"
        ) from None
