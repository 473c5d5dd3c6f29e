"""The lines of the three-column screen: fields that belong together and are taken over together.

An address is one thing: the village of one record beside the RT of the other would be nobody's.
"""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.domain.dates import format_date
from simpul.foundation.core.models import row_values
from simpul.service.patients.models import NoNikReason, Patient

Values = dict[str, Any]


@dataclass(frozen=True)
class FieldGroup:
    """Fields of a patient that are taken over together, under one name."""

    key: str
    label: str | Promise
    fields: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The attribute of each field that holds its stored value."""
        return tuple(_column(name) for name in self.fields)

    def read(self, row: Patient) -> Values:
        """Return the stored values, ready for JSON."""
        return row_values(row, self.columns)

    def write(self, row: Patient, values: Values) -> None:
        """Put values that were read by `read` into a row that is not stored yet."""
        for name, column in zip(self.fields, self.columns, strict=True):
            setattr(row, column, _field(name).to_python(values.get(column)))

    def text(self, row: Patient) -> str:
        """Return the values as they are shown; empty when nothing is known."""
        return _TEXTS.get(self.key, _plain)(row, self)


def _column(name: str) -> str:
    return str(_field(name).attname)


def _field(name: str) -> "models.Field[Any, Any]":
    return Patient._meta.get_field(name)  # type: ignore[return-value]


def _plain(row: Patient, group: FieldGroup) -> str:
    return " · ".join(str(value) for name in group.fields if (value := getattr(row, name)))


def _name(row: Patient, group: FieldGroup) -> str:
    return f"{row.title} {row.name}".strip()


def _birth(row: Patient, group: FieldGroup) -> str:
    said = format_date(row.birth_date)
    return _("%(date)s (perkiraan)") % {"date": said} if row.birth_date_estimated else said


def _identity(row: Patient, group: FieldGroup) -> str:
    if row.nik:
        return row.nik
    reason = str(NoNikReason(row.no_nik_reason).label) if row.no_nik_reason else ""
    order = _("kelahiran ke-%(order)d") % {"order": row.birth_order} if row.birth_order else ""
    parts = (reason, row.passport, row.letter_number, row.mother_nik, order)
    return " · ".join(part for part in parts if part)


def _address(row: Patient, group: FieldGroup) -> str:
    place = f"RT {row.rt or '–'}/{row.rw or '–'}" if row.rt or row.rw else ""
    return ", ".join(part for part in (row.address, place, row.village) if part)


def _choice(row: Patient, group: FieldGroup) -> str:
    (field,) = group.fields
    return str(getattr(row, f"get_{field}_display")())


def _day(row: Patient, group: FieldGroup) -> str:
    day: date | None = row.deceased_on
    return format_date(day) if day else ""


_TEXTS = {
    "name": _name,
    "birth_date": _birth,
    "sex": _choice,
    "identity": _identity,
    "address": _address,
    "religion": _choice,
    "education": _choice,
    "marital_status": _choice,
    "deceased_on": _day,
}

GROUPS = (
    FieldGroup("name", gettext_lazy("Nama"), ("title", "name")),
    FieldGroup("birth_date", gettext_lazy("Tanggal lahir"), ("birth_date", "birth_date_estimated")),
    FieldGroup("sex", gettext_lazy("Kelamin"), ("sex",)),
    FieldGroup(
        "identity",
        gettext_lazy("NIK atau penggantinya"),
        (
            "nik",
            "no_nik_reason",
            "passport",
            "letter_number",
            "mother_nik",
            "mother",
            "birth_order",
            "is_identity_complete",
        ),
    ),
    FieldGroup("bpjs_number", gettext_lazy("Nomor BPJS"), ("bpjs_number",)),
    FieldGroup("kk_number", gettext_lazy("Nomor KK"), ("kk_number",)),
    FieldGroup("mother_name", gettext_lazy("Nama ibu"), ("mother_name",)),
    FieldGroup(
        "address", gettext_lazy("Alamat"), ("address", "rt", "rw", "village", "village_code")
    ),
    FieldGroup("phone", gettext_lazy("Nomor HP"), ("phone",)),
    FieldGroup("guardian", gettext_lazy("Wali"), ("guardian_name", "guardian_relation")),
    FieldGroup("religion", gettext_lazy("Agama"), ("religion",)),
    FieldGroup("marital_status", gettext_lazy("Status kawin"), ("marital_status",)),
    FieldGroup("occupation", gettext_lazy("Pekerjaan"), ("occupation",)),
    FieldGroup("education", gettext_lazy("Pendidikan"), ("education",)),
    FieldGroup("deceased_on", gettext_lazy("Tercatat meninggal"), ("deceased_on",)),
)
BY_KEY = {group.key: group for group in GROUPS}


@dataclass(frozen=True)
class Line:
    """One line of the screen: what each record says, and whether they say the same."""

    key: str
    label: str
    first: str
    second: str
    differs: bool
    #: Which of the two the result begins with: what is known goes before what is not.
    proposed: str


def compare_fields(first: Patient, second: Patient, *, survivor: uuid.UUID) -> list[Line]:
    """Return the lines in which at least one of the two says something."""
    lines = []
    for group in GROUPS:
        one, two = group.text(first), group.text(second)
        if not one and not two:
            continue
        own, other = ("first", "second") if survivor == first.id else ("second", "first")
        known = one if own == "first" else two
        fuller = group.key == "identity" and _fuller(first, second) == other
        lines.append(
            Line(
                key=group.key,
                label=str(group.label),
                first=one,
                second=two,
                differs=group.read(first) != group.read(second),
                proposed=own if known and not fuller else other,
            )
        )
    return lines


def _fuller(first: Patient, second: Patient) -> str:
    """Which of the two has a complete identity while the other has not; empty if neither."""
    if first.is_identity_complete == second.is_identity_complete:
        return ""
    return "first" if first.is_identity_complete else "second"
