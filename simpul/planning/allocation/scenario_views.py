"""Scenarios kept: the list, two to four side by side, rename, put away."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.domain.wisn import METHODS
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import may
from simpul.planning.allocation.models import Scenario
from simpul.planning.allocation.scenarios import (
    MOST_COMPARED,
    archive_scenario,
    find_scenarios,
    list_scenarios,
    rename_scenario,
)
from simpul.planning.allocation.whatif_asking import read_id


@require_GET
def scenarios(request: HttpRequest) -> HttpResponse:
    """The list, newest first, or those put away."""
    by = acting(request)
    archived = request.GET.get("arsip") == "1"
    rows = [
        {"scenario": row, "is_own": row.owner == by.facility_id, "lines": _lines(row)}
        for row in list_scenarios(by=by, archived=archived)
    ]
    context = {
        "rows": rows,
        "archived": archived,
        "may_change": may(by, "correct", "planning"),
        "most": MOST_COMPARED,
    }
    return render(request, "allocation/scenarios.html", context)


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four scenarios side by side, as they were when they were kept."""
    by = acting(request)
    ids = [found for text in request.GET.getlist("s")[:20] if (found := read_id(text))]
    chosen = find_scenarios(list(dict.fromkeys(ids)), by=by)
    variants = {need["variant"] for row in chosen if (need := row.outcome.get("need")) is not None}
    context = {
        "chosen": chosen,
        "table": _table(chosen),
        "variants": [METHODS[code].label for code in sorted(variants) if code in METHODS],
        "too_many": len(set(ids)) > MOST_COMPARED,
        "most": MOST_COMPARED,
    }
    return render(request, "allocation/compare.html", context)


@require_POST
def rename(request: HttpRequest, scenario: uuid.UUID) -> HttpResponse:
    """Give a scenario another name."""
    by = acting(request)
    seen = request.POST.get("seen", "")
    row = rename_scenario(
        scenario,
        request.POST.get("nama", ""),
        by=by,
        seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None,
    )
    messages.success(request, _("Nama skenario menjadi “%(name)s”.") % {"name": row.name})
    return redirect("skenario")


@require_POST
def archive(request: HttpRequest, scenario: uuid.UUID) -> HttpResponse:
    """Put a scenario away, or take it out again."""
    by = acting(request)
    away = request.POST.get("kembali") != "1"
    row = archive_scenario(scenario, by=by, away=away)
    said = _("“%(name)s” diarsipkan.") if away else _("“%(name)s” dikembalikan ke daftar.")
    messages.success(request, said % {"name": row.name})
    return redirect("skenario")


#: What is compared: which answer, which figure, its words.
def _figures() -> tuple[tuple[str, str, str], ...]:
    return (
        ("need", "fte", _("Kebutuhan (orang)")),
        ("need", "posts", _("Kebutuhan dibulatkan")),
        ("need", "staff", _("Tenaga yang ada")),
        ("need", "shortage", _("Kurang terhadap beban kerja")),
        ("gap", "shortage", _("Kurang terhadap standar")),
        ("gap", "surplus", _("Lebih terhadap standar")),
        ("wait", "mean", _("Rata-rata menunggu (menit)")),
        ("wait", "p90", _("9 dari 10 menunggu paling lama (menit)")),
        ("wait", "load", _("Beban loket")),
        ("wait", "overtime", _("Selesai sesudah tutup (menit)")),
    )


def _table(chosen: list[Scenario]) -> list[dict[str, Any]]:
    """Return a row a figure, a cell a scenario; a figure that no scenario has is left out."""
    rows = []
    for part, figure, label in _figures():
        cells = []
        for row in chosen:
            pair = (row.outcome.get(part) or {}).get(figure)
            cells.append({"before": pair[0], "after": pair[1]} if pair else None)
        if any(cells):
            rows.append({"label": label, "cells": cells})
    return rows


def _lines(row: Scenario) -> list[str]:
    """Return what a scenario shows in a few words."""
    said = []
    need, gap, wait = (row.outcome.get(part) for part in ("need", "gap", "wait"))
    if need:
        said.append(
            _("kebutuhan %(before)s → %(after)s orang")
            % {"before": _comma(need["fte"][0]), "after": _comma(need["fte"][1])}
        )
    if gap:
        said.append(
            _("kurang %(before)d → %(after)d terhadap standar")
            % {"before": gap["shortage"][0], "after": gap["shortage"][1]}
        )
    if wait:
        said.append(
            _("menunggu %(before)s → %(after)s menit")
            % {"before": _comma(wait["mean"][0]), "after": _comma(wait["mean"][1])}
        )
    return said


def _comma(value: float) -> str:
    return str(value).replace(".", ",")
