"""Shape of what the planning pages of times and observations send."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Problem, Refused


class PeriodForm(forms.Form):
    """The period and the unit a page is about."""

    dari = forms.DateField(required=False)
    sampai = forms.DateField(required=False)
    unit = forms.SlugField(required=False, max_length=20)


class TimeForm(forms.Form):
    """A norm or target: minutes and seconds, from where, and why."""

    purpose = forms.CharField(max_length=6)
    source = forms.CharField(max_length=11)
    minutes = forms.CharField(required=False, max_length=12)
    seconds = forms.CharField(required=False, max_length=12)
    reason = forms.CharField(required=False, max_length=400, strip=True)
    seen_revision = forms.IntegerField(required=False, min_value=0)

    def total_seconds(self) -> Decimal:
        """Return the time; Refused where what was typed is no number."""
        minutes = read_number(self.data.get("minutes", ""), "minutes")
        seconds = read_number(self.data.get("seconds", ""), "seconds")
        return minutes * 60 + seconds


class ActivityForm(forms.Form):
    """An activity with its steps, one in each line."""

    name = forms.CharField(required=False, max_length=200, strip=True)
    unit = forms.CharField(required=False, max_length=20)
    category = forms.CharField(required=False, max_length=20)
    steps = forms.CharField(required=False, max_length=4000)
    target = forms.CharField(required=False, max_length=12)
    journal_activity = forms.CharField(required=False, max_length=40)
    is_active = forms.BooleanField(required=False)
    version = forms.IntegerField(required=False, min_value=0)


def read_number(typed: str, where: str) -> Decimal:
    """Return a number typed with a comma or a point; nothing is 0."""
    text = typed.strip().replace(",", ".")
    if not text:
        return Decimal(0)
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value < 100_000:
        raise Refused(
            _("“%(typed)s” bukan angka waktu. Tulis misalnya 3 atau 3,5; belum ada yang disimpan.")
            % {"typed": typed[:12]},
            "time_unreadable",
            errors=(Problem(where, "number", _("Tulis angka.")),),
        )
    return value


def read_period(form: PeriodForm) -> tuple[date | None, date | None]:
    """Return both days, None where nothing readable was typed."""
    form.is_valid()
    return form.cleaned_data.get("dari"), form.cleaned_data.get("sampai")
