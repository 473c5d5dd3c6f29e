"""`/rm/klpcm`: the figures of a month, on the page, on paper, and for a spreadsheet."""

import csv
import io
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.domain.dates import format_date
from simpul.foundation.core.spreadsheets import as_text
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.service.filing.figures import GroupFigure, MonthFigures, month_figures
from simpul.service.filing.forms import last_day, read_month

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


@require_GET
def klpcm(request: HttpRequest) -> HttpResponse:
    """The month asked for, with the way to the ones beside it."""
    month = read_month(request.GET.get("bulan", ""))
    figures = month_figures(month, last_day(month), by=acting(request))
    after = last_day(month) + timedelta(days=1) if month.year < 9999 else month
    before = (month - timedelta(days=1)).replace(day=1) if month.year > 1 else month
    context = {
        "figures": figures,
        "month": f"{month:%Y-%m}",
        "month_name": f"{MONTHS[month.month - 1]} {month.year}",
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}" if after <= get_here().today() else "",
    }
    return render(request, "filing/klpcm.html", context)


@require_GET
def klpcm_csv(request: HttpRequest) -> HttpResponse:
    """The same numbers as a file: semicolons and a byte-order mark, as Indonesian Excel reads."""
    month = read_month(request.GET.get("bulan", ""))
    figures = month_figures(month, last_day(month), by=acting(request))
    name = f"klpcm-{month:%Y-%m}.csv"
    return HttpResponse(
        "\ufeff" + _as_csv(figures),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _as_csv(figures: MonthFigures) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    period = f"{format_date(figures.start)} – {format_date(figures.end)}"
    writer.writerow([_("KLPCM"), as_text(get_here().name), period])
    writer.writerow([])
    writer.writerow([_("Komponen"), _("Butir"), _("Tidak lengkap"), _("Persen")])
    for item in figures.items:
        writer.writerow([item.component, as_text(item.label), item.missing, _percent(item.share)])
    for title, groups in (
        (_("Unit"), figures.units),
        (_("Pemberi pelayanan"), figures.people),
    ):
        writer.writerow([])
        writer.writerow(
            [
                title,
                _("Rekam"),
                _("Lengkap saat ditutup"),
                _("Persen"),
                _("Belum lengkap sampai kini"),
            ]
        )
        for group in (*groups, figures.whole):
            writer.writerow(_row(group))
    return buffer.getvalue()


def _row(group: GroupFigure) -> list[object]:
    return [
        as_text(group.name),
        group.total,
        group.complete,
        _percent(group.share),
        group.still_open,
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".replace(".", ",")
