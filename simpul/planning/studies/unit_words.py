"""The words of units and periods on the screens of a study, by the codes of `domain.wisn.units`.

The domain knows no gettext, so its own labels stay Indonesian in the sentences it writes.
"""

from django.utils.translation import gettext_lazy as _

TIME_UNITS = {
    "s": _("detik"),
    "min": _("menit"),
    "h": _("jam"),
    "per_hour": _("kegiatan per jam"),
}
PERIODS = {
    "day": _("per hari"),
    "week": _("per minggu"),
    "month": _("per bulan"),
    "year": _("per tahun"),
}
AMOUNT_UNITS = {"hours": _("jam"), "minutes": _("menit"), "percent": _("persen")}


def time_word(code: str) -> str:
    """Return the word of a unit of time: menit."""
    return str(TIME_UNITS.get(code, code))


def per_word(code: str) -> str:
    """Return the word of a period: per tahun."""
    return str(PERIODS.get(code, code))


def amount_word(code: str) -> str:
    """Return the word of an allowance's unit: jam."""
    return str(AMOUNT_UNITS.get(code, code))
