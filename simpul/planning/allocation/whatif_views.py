"""`/perencanaan/bagaimana-jika`: move the levers, see need, gap and wait; keep a scenario."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.domain.professions import PROFESSIONS, profession_name
from simpul.domain.whatif import ChangedCategory
from simpul.foundation.core.errors import Refused
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may
from simpul.planning.allocation.scenarios import get_scenario, save_scenario
from simpul.planning.allocation.views import is_part
from simpul.planning.allocation.whatif_asking import (
    LIMITS,
    SHIFT_ROWS,
    Typed,
    activity_options,
    as_query,
    read_id,
)
from simpul.planning.allocation.whatif_outcome import WhatIf, what_if
from simpul.planning.studies.selectors import list_comparable

LONGEST_QUERY = 8_000


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The levers and what they show; `skenario` opens a kept one."""
    by = acting(request)
    sent: QueryDict = request.GET
    scenario = None
    wanted = read_id(sent.get("skenario", ""))
    if wanted is not None:
        scenario = get_scenario(wanted, by=by)
        sent = as_query(scenario.levers)
    context = _context(what_if(Typed(sent), by=by), by)
    context["scenario"] = scenario
    template = "allocation/_whatif.html" if is_part(request) else "allocation/whatif.html"
    return render(request, template, context)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what is on the screen under a name."""
    by = acting(request)
    typed = QueryDict(request.POST.get("isian", "")[:LONGEST_QUERY])
    try:
        row = save_scenario(request.POST.get("nama", ""), typed, by=by)
    except Refused as refused:
        context = _context(what_if(Typed(typed), by=by), by)
        context["refused"] = refused
        context["name"] = request.POST.get("nama", "")[:200]
        return render(request, "allocation/whatif.html", context, status=422)
    messages.success(request, _("Skenario “%(name)s” disimpan.") % {"name": row.name})
    return redirect("skenario")


def _context(asked: WhatIf, by: Actor) -> dict[str, Any]:
    typed = asked.typed
    return {
        "asked": asked,
        "typed": typed,
        "studies": list_comparable(by=by),
        "norms": [(norm.code, norm.name) for norm in asked.norms.values()],
        "places": [(str(each.id), each.name) for each in asked.places],
        "volume": _slider(typed, "volume", "volume"),
        "leave": _slider(typed, "cuti", "cuti"),
        "servers": _slider(typed, "loket_tambah", "loket_tambah"),
        "categories": _categories(asked),
        "shifts": _shift_rows(asked),
        "people": [
            {
                **_slider(typed, f"tambah_{code}", "tambah"),
                "label": PROFESSIONS[code].short if code in PROFESSIONS else code,
            }
            for code in (asked.other_norm or asked.norm).professions
        ],
        "patterns": _patterns(asked),
        "need_rows": [_need_row(row) for row in asked.need.categories] if asked.need else [],
        "gap_rows": _gap_rows(asked),
        "query": typed.sent.urlencode(),
        "may_save": may(by, "input", "planning"),
    }


def _slider(typed: Typed, name: str, kind: str) -> dict[str, Any]:
    least, most, step = LIMITS[kind]
    return {
        "name": name,
        "value": typed.texts.get(name, "") or "0",
        "errors": typed.errors.get(name, ""),
        "least": str(least),
        "most": str(most),
        "step": step,
    }


def _categories(asked: WhatIf) -> list[dict[str, Any]]:
    if asked.study is None:
        return []
    names = [each.name for each in asked.study.categories]
    return [
        {
            "name": name,
            "at": at,
            "staff": _slider(asked.typed, f"orang_{at}", "orang"),
            "closed": bool(asked.typed.texts.get(f"tutup_{at}") or asked.typed.text(f"tutup_{at}")),
            "to": asked.typed.text(f"ke_{at}"),
            "others": [(str(n), other) for n, other in enumerate(names) if n != at],
        }
        for at, name in enumerate(names)
    ]


def _shift_rows(asked: WhatIf) -> list[dict[str, Any]]:
    if asked.study is None or len(asked.study.categories) < 2:
        return []
    typed = asked.typed
    return [
        {
            "row": row,
            "activities": activity_options(asked.study),
            "activity": typed.text(f"alih_kegiatan_{row}"),
            "targets": [(str(n), c.name) for n, c in enumerate(asked.study.categories)],
            "target": typed.text(f"alih_ke_{row}"),
            "share": _slider(typed, f"alih_bagian_{row}", "bagian"),
            "minutes": typed.text(f"alih_menit_{row}"),
            "minutes_errors": typed.errors.get(f"alih_menit_{row}", ""),
        }
        for row in SHIFT_ROWS
    ]


def _patterns(asked: WhatIf) -> list[tuple[str, str]]:
    return [
        ("pagi", _("ramai di pagi hari (50, 30, 20 %)")),
        ("rata", _("merata")),
        ("jurnal", _("seperti jurnal empat minggu terakhir")),
    ]


def _need_row(row: ChangedCategory) -> dict[str, Any]:
    return {
        "name": row.name,
        "before": row.before,
        "after": row.after,
        "change": row.need_change,
        "rises": row.need_change > 0,
        "falls": row.need_change < 0,
    }


def _gap_rows(asked: WhatIf) -> list[dict[str, Any]]:
    if asked.gap is None:
        return []
    before = {gap.profession: gap for gap in asked.gap.before.gaps}
    after = {gap.profession: gap for gap in asked.gap.after.gaps}
    rows = []
    for code in dict.fromkeys([*before, *after]):
        old, new = before.get(code), after.get(code)
        if (old is None or old.standard is None) and (new is None or new.standard is None):
            continue
        rows.append({"name": profession_name(code), "before": old, "after": new})
    return rows
