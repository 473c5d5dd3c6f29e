"""`/perencanaan/studi/banding`: two versions or two years side by side."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.domain.wisn import METHODS, VARIANTS
from simpul.foundation.core.errors import NotHere
from simpul.foundation.staff.acting import acting
from simpul.planning.studies.comparison import side_by_side
from simpul.planning.studies.selectors import (
    find_version,
    list_comparable,
    method_words,
    newest_pair,
)


@require_GET
def comparison(request: HttpRequest) -> HttpResponse:
    """Show two versions side by side, or ask which."""
    by = acting(request)
    options = list_comparable(by=by)
    first, second = request.GET.get("a", ""), request.GET.get("b", "")
    if "a" not in request.GET and "b" not in request.GET:
        # Nothing asked yet: the same study a year later is what most come for.
        pair = newest_pair(by=by)
        first, second = ("", "") if pair is None else (str(pair[0]), str(pair[1]))
    values: dict[str, Any] = {"options": options, "a": first, "b": second, "both": None}
    if first and second and first != second:
        one, other = find_version(_uuid(first), by=by), find_version(_uuid(second), by=by)
        if (one.study.year, one.made_at) > (other.study.year, other.made_at):
            one, other = other, one
        known = {str(option[0]) for option in options}
        for version in (one, other):
            if str(version.id) not in known:
                options.append((version.id, _name(version)))
        wanted = request.GET.get("cara", "")
        method = (wanted, other.rounding) if wanted in VARIANTS else None
        both = side_by_side(one, other, labels=_labels(), method=method)
        values |= {
            "both": both,
            "first_method": method_words(one.variant, one.rounding),
            "second_method": method_words(other.variant, other.rounding),
            "by_method": "" if method is None else method_words(*method),
            "a": str(one.id),
            "b": str(other.id),
            "ways": [
                (code, METHODS[code].label)  # type: ignore[index]
                for code in dict.fromkeys((one.variant, other.variant))
            ],
        }
    return render(request, "studies/comparison.html", values)


def _name(version: Any) -> str:
    return _("%(title)s · %(year)d · versi %(number)d") % {
        "title": version.study.title,
        "year": version.study.year,
        "number": version.number,
    }


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotHere(_("Versi itu tidak ada. Pilih dari daftar."), "version_unknown") from None


def _labels() -> dict[str, str]:
    return {
        "hours": _("Waktu kerja tersedia (jam setahun)"),
        "workload_fte": _("Beban kerja kegiatan pokok (orang)"),
        "support": _("Bagian waktu untuk kelonggaran"),
        "required_fte": _("Kebutuhan (orang)"),
        "required_staff": _("Kebutuhan dibulatkan (orang)"),
        "staff": _("Tenaga yang ada (orang)"),
        "minutes": _("waktu (menit)"),
        "volume_per_year": _("kuantitas setahun"),
        "act_fte": _("kebutuhan (orang)"),
    }
