"""What stands in for a NIK, by the reason why there is none, and what is still missing.

Permenkes 24/2022 art. 14: a newborn is known by the mother's NIK and which child of that birth it
is, a foreigner by the passport, somebody unknown by a letter of the social service (dinas sosial).
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.identity import check_nik, normalise_number
from simpul.foundation.core.errors import Problem
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.models import NoNikReason

#: Children of one birth; more have never been registered anywhere.
MOST_AT_ONE_BIRTH = 9
LETTER_LENGTH = 60
#: A grown person whose name nobody knows is called so, by sex; a child is "An."
ADULT_TITLES = {"male": "Tn.", "female": "Ny."}
CHILD_TITLE = "An."
ADULT_YEARS = 17
UNKNOWN_PLACE = "Tidak diketahui"


def check_stand_in(
    values: dict[str, Any], *, age: int | None, today: date, problems: list[Problem]
) -> None:
    """Read what stands in for the NIK into storable values; tell what the reason still needs."""
    reason = values["no_nik_reason"]
    values["mother_nik"] = normalise_number(values["mother_nik"])
    order = values["birth_order"]
    values["birth_order"] = None
    if order:
        if order.isascii() and order.isdigit() and 1 <= int(order) <= MOST_AT_ONE_BIRTH:
            values["birth_order"] = int(order)
        else:
            problems.append(
                Problem("birth_order", "digits", _("Tulis 1 untuk yang lahir pertama, 2, 3, …"))
            )
    if values["mother_nik"]:
        problems += [
            Problem("mother_nik", finding.code, finding.message)
            for finding in check_nik(values["mother_nik"], today=today)
            if finding.severity == "refuse"
        ]
    if reason == NoNikReason.NEWBORN:
        _check_newborn(values, problems)
    elif reason == NoNikReason.FOREIGNER and not values["passport"]:
        problems.append(
            Problem("passport", "required", _("Warga negara asing didaftar dengan nomor paspor."))
        )
    elif reason == NoNikReason.LETTER and not values["letter_number"]:
        problems.append(
            Problem("letter_number", "required", _("Tulis nomor surat dari dinas sosial."))
        )
    elif reason == NoNikReason.UNKNOWN and not values.get("title") and values["sex"]:
        is_child = age is not None and age < ADULT_YEARS
        values["title"] = CHILD_TITLE if is_child else ADULT_TITLES.get(values["sex"], "")


def _check_newborn(values: dict[str, Any], problems: list[Problem]) -> None:
    if not values["mother_nik"] and not values["mother_mrn"]:
        problems.append(
            Problem(
                "mother_nik",
                "required",
                _("Bayi didaftar dengan NIK ibunya; bila belum ada, tulis nomor RM ibunya."),
            )
        )
    if values["birth_order"] is None and not any(p.where == "birth_order" for p in problems):
        values["birth_order"] = 1


def missing_of(card: PatientCard) -> list[str]:
    """Return in words what an identity still lacks, what matters most first."""
    wanted = {
        NoNikReason.NEWBORN: _("NIK bayi, dari akta atau KK baru"),
        NoNikReason.UNKNOWN: _("nama dan NIK, atau surat dinas sosial"),
        NoNikReason.LETTER: _("NIK, sesudah Dukcapil menetapkannya"),
        NoNikReason.CONFLICT: _("NIK, sedang diperiksa perekam medis"),
        NoNikReason.FOREIGNER: _("nomor paspor"),
    }
    missing = []
    if not card.nik and not card.passport:
        reason = NoNikReason(card.no_nik_reason) if card.no_nik_reason else None
        missing.append(str(wanted.get(reason, _("NIK")) if reason else _("NIK")))
    if card.no_nik_reason == NoNikReason.NEWBORN and not card.mother_nik and not card.mother:
        missing.append(_("NIK ibu"))
    if card.birth_date_estimated:
        missing.append(_("tanggal lahir yang pasti"))
    if not card.mother_name:
        missing.append(_("nama ibu"))
    if not card.village or card.village == UNKNOWN_PLACE:
        missing.append(_("desa"))
    return missing
