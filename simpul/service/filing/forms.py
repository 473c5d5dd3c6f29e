"""Shape of what the record room sends: a scan, a return with its paper items, a month, a rule."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from simpul.foundation.facilities.selectors import get_here
from simpul.service.filing.services import MODES

TRACE = "trace"

#: What is most often missing on paper. The beginnings differ, because a deficiency is known by
#: the beginning of its sentence.
PAPER_ITEMS = (
    _("Nama dan paraf pemberi pelayanan"),
    _("Tanggal dan jam pelayanan"),
    _("Anamnesis dan pemeriksaan"),
    _("Diagnosa"),
    _("Persetujuan tindakan bertanda tangan"),
    _("Hasil laboratorium yang ditempel"),
    _("Tulisan tidak terbaca"),
    _("Lembar tertukar atau hilang"),
)


class ScanForm(forms.Form):
    """One scan or typed record number, and what it means."""

    label = forms.CharField(required=False, max_length=200, strip=True)
    mode = forms.ChoiceField(choices=[(m, m) for m in (*MODES, TRACE)], required=False)
    unit = forms.CharField(required=False, max_length=20)
    encounter = forms.UUIDField(required=False)
    confirm = forms.BooleanField(required=False)


class ReturnForm(forms.Form):
    """What is missing on paper: ticked from the list, or written."""

    items = forms.MultipleChoiceField(
        choices=lambda: [(str(item), item) for item in PAPER_ITEMS], required=False
    )
    other = forms.CharField(required=False, max_length=120)

    def paper_items(self) -> list[str]:
        """Return the sentences for the deficiencies."""
        written = " ".join(self.cleaned_data["other"].split())
        return [*self.cleaned_data["items"], *([written] if written else [])]


class ShelfForm(forms.Form):
    """Where a folder belongs."""

    shelf = forms.CharField(required=False)


class RuleForm(forms.Form):
    """Is a rule on, and in which units."""

    is_active = forms.BooleanField(required=False)
    units = forms.MultipleChoiceField(
        choices=lambda: [(unit.code, unit.name) for unit in get_here().units.values()],
        required=False,
    )


def read_month(text: str) -> date:
    """Return the first day of the month `2026-07`; the present month for anything else."""
    year, _dash, month = text.partition("-")
    try:
        return date(int(year), int(month), 1)
    except (ValueError, OverflowError):
        return get_here().today().replace(day=1)


def last_day(month: date) -> date:
    """Return the last day of a month given by its first."""
    if (month.year, month.month) == (date.max.year, date.max.month):
        return date.max
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
