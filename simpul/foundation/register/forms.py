"""Shape of the register's forms. What is allowed is decided by the services."""

import re
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.domain.professions import PROFESSIONS
from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.models import (
    STANDARD_UNITS,
    AreaCategory,
    FacilityProfile,
    PointQuality,
)
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.register.cells import Unreadable, read_day
from simpul.foundation.register.inputs import StaffInput, tidy_number
from simpul.foundation.register.models import (
    Education,
    Employment,
    Lock,
    MoveReason,
    StaffMember,
)
from simpul.foundation.register.profiles import ProfileInput

EMPTY = ("", gettext_lazy("belum diisi"))
YES_NO = [EMPTY, ("ya", gettext_lazy("Ya")), ("tidak", gettext_lazy("Tidak"))]
LEAVES = "keluar"


class WholeNumber(forms.IntegerField):
    """A whole number, also as people group it: 31.500 or 31 500."""

    def to_python(self, value: Any) -> int | None:
        """Read a number without the signs between its groups."""
        text = "" if value is None else str(value).strip()
        if re.fullmatch(r"\d{1,3}([. ]\d{3})+", text):
            text = re.sub(r"[. ]", "", text)
        found: int | None = super().to_python(text)
        return found


class Degrees(forms.FloatField):
    """An angle, with a point or a comma."""

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]
        """Read a decimal with a comma as well."""
        found: float | None = super().to_python(str(value or "").strip().replace(",", "."))
        return found


class RegisterForm(forms.Form):
    """A form that shows a service's refusal at the fields it is about."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def take(self, refusal: Refused) -> None:
        """Put each problem of a refusal beside its field; the others on top."""
        for problem in refusal.errors:
            name = problem.where if problem.where in self.fields else None
            self.add_error(name, str(problem.message))

    def read(self, name: str, reader: Callable[[str], Any]) -> Any:
        """Return a typed text as read, or note beside the field that it was not understood."""
        try:
            return reader(str(self.cleaned_data.get(name) or ""))
        except Unreadable as trouble:
            self.add_error(name, str(trouble))
            return None


def _professions() -> list[tuple[str, str]]:
    return [("", _("pilih")), *((p.code, p.name) for p in PROFESSIONS.values())]


class StaffForm(RegisterForm):
    """A person on the staff."""

    facility = forms.ChoiceField(label=gettext_lazy("Fasilitas"), required=False)
    name = forms.CharField(label=gettext_lazy("Nama dengan gelar"), required=False)
    number = forms.CharField(
        label=gettext_lazy("NIP/nomor"),
        required=False,
        help_text=gettext_lazy("Membedakan dua orang yang senama."),
    )
    profession = forms.ChoiceField(
        label=gettext_lazy("Profesi"), required=False, choices=_professions
    )
    education = forms.ChoiceField(
        label=gettext_lazy("Pendidikan"), required=False, choices=[EMPTY, *Education.choices]
    )
    employment = forms.ChoiceField(
        label=gettext_lazy("Status kepegawaian"),
        required=False,
        choices=[EMPTY, *Employment.choices],
        help_text=gettext_lazy("PNS dan PPPK dihitung sebagai ASN."),
    )
    is_trained = forms.ChoiceField(
        label=gettext_lazy("Sudah dilatih"), required=False, choices=YES_NO
    )
    trainings = forms.CharField(
        label=gettext_lazy("Pelatihan"),
        required=False,
        help_text=gettext_lazy("Pisahkan dengan koma."),
    )
    started_on = forms.CharField(
        label=gettext_lazy("Mulai bekerja"),
        required=False,
        help_text=gettext_lazy("misalnya 01/03/2010"),
    )
    contract_ends_on = forms.CharField(label=gettext_lazy("Akhir kontrak"), required=False)
    birth_year = forms.IntegerField(label=gettext_lazy("Tahun lahir"), required=False)
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Unit"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, name) for code, name, *_rest in STANDARD_UNITS],
    )
    lock = forms.ChoiceField(
        label=gettext_lazy("Tidak dapat dipindah"),
        required=False,
        choices=[("", gettext_lazy("dapat dipindah")), *Lock.choices],
    )
    lock_until = forms.CharField(label=gettext_lazy("Terikat sampai"), required=False)
    note = forms.CharField(label=gettext_lazy("Catatan"), required=False)
    practitioner_id = forms.ChoiceField(
        label=gettext_lazy("Orang dengan akun"),
        required=False,
        help_text=gettext_lazy("Bila orang ini masuk ke Simpul di sini."),
    )

    def __init__(
        self,
        *args: Any,
        facilities: list[tuple[str, str]],
        practitioners: list[tuple[Any, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility"].choices = facilities  # type: ignore[attr-defined]
        people = [("", _("tanpa akun")), *((str(i), name) for i, name in practitioners)]
        self.fields["practitioner_id"].choices = people  # type: ignore[attr-defined]

    def typed(self) -> StaffInput | None:
        """Return what was typed; None when some of it was not understood (and is marked so)."""
        data, today = self.cleaned_data, get_here().today()
        start = self.read("started_on", lambda text: read_day(text, today=today))
        end = self.read("contract_ends_on", lambda text: read_day(text, today=today, ahead=True))
        until = self.read("lock_until", lambda text: read_day(text, today=today, ahead=True))
        if not self.is_valid():
            return None
        titles = [" ".join(title.split()) for title in data["trainings"].split(",")]
        trained = {"ya": True, "tidak": False}.get(data["is_trained"])
        return StaffInput(
            name=" ".join(data["name"].split()),
            profession=data["profession"],
            number=tidy_number(data["number"]),
            education=data["education"],
            employment=data["employment"],
            is_trained=trained,
            trainings=tuple(title for title in titles if title),
            started_on=start,
            contract_ends_on=end,
            birth_year=data["birth_year"],
            units=tuple(data["units"]),
            lock=data["lock"],
            lock_until=until if data["lock"] else None,
            note=" ".join(data["note"].split()),
            practitioner_id=(
                uuid.UUID(data["practitioner_id"]) if data["practitioner_id"] else None
            ),
        )


def staff_initial(member: StaffMember) -> dict[str, Any]:
    """Return what the form of a person starts with."""
    return {
        "facility": str(member.facility_id),
        "name": member.name,
        "number": member.number,
        "profession": member.profession,
        "education": member.education,
        "employment": member.employment,
        "is_trained": {True: "ya", False: "tidak", None: ""}[member.is_trained],
        "trainings": ", ".join(member.trainings),
        "started_on": day_text(member.started_on),
        "contract_ends_on": day_text(member.contract_ends_on),
        "birth_year": "" if member.birth_year is None else str(member.birth_year),
        "units": member.units,
        "lock": member.lock,
        "lock_until": day_text(member.lock_until),
        "note": member.note,
        "practitioner_id": str(member.practitioner_id or ""),
        "version": member.version,
    }


def day_text(day: date | None) -> str:
    """Return a day as it is typed: 01/03/2010."""
    return "" if day is None else f"{day:%d/%m/%Y}"


class MoveForm(RegisterForm):
    """A move, somebody leaving, or coming back."""

    to = forms.ChoiceField(label=gettext_lazy("Ke"), required=False)
    on = forms.CharField(label=gettext_lazy("Terhitung mulai tanggal"), required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("Alasan"),
        required=False,
        choices=[("", gettext_lazy("pilih")), *MoveReason.choices],
    )
    decree = forms.CharField(label=gettext_lazy("Nomor SK"), required=False)
    note = forms.CharField(label=gettext_lazy("Catatan"), required=False)

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("pilih")), *targets]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A move needs to say where to, and when."""
        data = super().clean() or {}
        if not data.get("to") and "to" not in self.errors:
            self.add_error("to", _("Pilih tujuannya."))
        day = self.read("on", lambda text: read_day(text, today=get_here().today()))
        if day is None and "on" not in self.errors:
            self.add_error("on", _("Isi tanggalnya, misalnya 01/03/2026."))
        return {**data, "day": day}


class ProfileForm(RegisterForm):
    """What planning must know of a facility."""

    name = forms.CharField(label=gettext_lazy("Nama Puskesmas"), required=False)
    category = forms.ChoiceField(
        label=gettext_lazy("Wilayah kerja"), required=False, choices=[EMPTY, *AreaCategory.choices]
    )
    is_inpatient = forms.ChoiceField(
        label=gettext_lazy("Rawat inap"), required=False, choices=YES_NO
    )
    pustu = WholeNumber(label=gettext_lazy("Jumlah Pustu"), required=False)
    villages = WholeNumber(label=gettext_lazy("Jumlah desa/kelurahan"), required=False)
    population = WholeNumber(label=gettext_lazy("Penduduk"), required=False)
    visits_per_year = WholeNumber(label=gettext_lazy("Kunjungan setahun"), required=False)
    as_of = forms.IntegerField(label=gettext_lazy("Data tahun"), required=False)
    lat = Degrees(
        label=gettext_lazy("Lintang"),
        required=False,
        help_text=gettext_lazy("derajat, misalnya -8.1814"),
    )
    lon = Degrees(
        label=gettext_lazy("Bujur"),
        required=False,
        help_text=gettext_lazy("derajat, misalnya 113.6920"),
    )
    point_quality = forms.ChoiceField(
        label=gettext_lazy("Mutu titik"), required=False, choices=[EMPTY, *PointQuality.choices]
    )
    note = forms.CharField(label=gettext_lazy("Sumber dan catatan"), required=False)

    def typed(self) -> ProfileInput:
        """Return what was typed."""
        data = {k: v for k, v in self.cleaned_data.items() if k not in ("version", "name")}
        data["is_inpatient"] = {"ya": True, "tidak": False}.get(data["is_inpatient"])
        data["note"] = " ".join(data["note"].split())
        return ProfileInput(**data)


def profile_initial(row: FacilityProfile) -> dict[str, Any]:
    """Return what the form of a profile starts with; numbers as text, so that none is grouped."""
    values = {name: getattr(row, name) for name in ProfileForm.base_fields if name != "name"}
    values["is_inpatient"] = {True: "ya", False: "tidak", None: ""}[row.is_inpatient]
    return {name: "" if value is None else str(value) for name, value in values.items()}
