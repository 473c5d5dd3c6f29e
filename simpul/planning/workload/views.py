"""`/perencanaan/waktu`: what was done, how long it took, norms and targets, and their history."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from simpul.domain.timing import in_words
from simpul.foundation.core.errors import Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may
from simpul.planning.workload import closely, selectors
from simpul.planning.workload.closely import CloseUp, Part
from simpul.planning.workload.comparing import compare_times
from simpul.planning.workload.forms import PeriodForm, TimeForm, read_period
from simpul.planning.workload.models import Purpose, Source
from simpul.planning.workload.proposals import Proposal, propose_fresh
from simpul.planning.workload.services import TimeWish, set_time
from simpul.planning.workload.tallies import Period


def asked_period(request: HttpRequest, by: Actor) -> tuple[Period, str]:
    """Return the period of the page's address; the last ninety days where none is readable."""
    usual = selectors.default_period(by=by)
    form = PeriodForm(request.GET)
    first, last = read_period(form)
    last = last or usual.last
    first = first or min(usual.first, last)
    return selectors.check_period(first, last), form.cleaned_data.get("unit") or ""


def _kept(period: Period, unit: str = "") -> str:
    values = {"dari": period.first.isoformat(), "sampai": period.last.isoformat()}
    return urlencode(values | ({"unit": unit} if unit else {}))


@require_GET
def times(request: HttpRequest) -> HttpResponse:
    """Each activity of each unit: volume, measured, observed, target and norm side by side."""
    by = acting(request)
    period, unit = asked_period(request, by)
    loads = selectors.list_loads(by=by, period=period, unit=unit)
    groups: dict[str, list[dict[str, Any]]] = {}
    for load in loads:
        groups.setdefault(load.unit_name, []).append(shown(load))
    context = {
        "groups": list(groups.items()),
        "period": period,
        "unit": unit,
        "units": [(one.code, one.name) for one in get_here().units.values()],
        "query": _kept(period, unit),
        "may_observe": may(by, "input", "observation"),
        "unset": sum(1 for load in loads if load.is_work and load.norm is None),
    }
    return render(request, "workload/times.html", context)


def shown(load: selectors.Load) -> dict[str, Any]:
    """A load with its times in words."""
    timing, observed = load.timing, load.observed
    return {
        "load": load,
        "median": words(timing.median),
        "mean": words(timing.mean),
        "quartiles": _between(timing.q1, timing.q3),
        "norm": words(load.norm.seconds) if load.norm else "",
        "target": words(load.target.seconds if load.target else load.sop_seconds),
        "observed": words(observed.timing.median) if observed else "",
        "last_observed": words(observed.last_seconds) if observed else "",
        "proposed": words(load.proposal.seconds),
        "is_new": load.norm is None and load.proposal.seconds is not None,
    }


def words(seconds: Any) -> str:
    """Return a length in words; nothing for None."""
    return "" if seconds is None else in_words(seconds)


def _between(low: Any, high: Any) -> str:
    return "" if low is None else f"{in_words(low)} – {in_words(high)}"


@require_http_methods(["GET", "POST"])
def one_time(request: HttpRequest, unit: str, activity: str, category: str) -> HttpResponse:
    """One activity closely: by hour, by person, its history; and the form that sets a time."""
    by = acting(request)
    period, _unit = asked_period(request, by)
    close = closely.get_close_up(
        by=by, period=period, unit=unit, activity=activity, category=category
    )
    if request.method == "POST":
        try:
            _accept(request, by, close.load, period)
        except Refused as refusal:
            return _detail(request, by, close, period, refusal=refusal)
        messages.success(request, _("Waktu ditetapkan; yang sebelumnya tetap ada di riwayat."))
        address = reverse("waktu-rinci", args=[unit, activity, category])
        return redirect(f"{address}?{_kept(period)}")
    return _detail(request, by, close, period)


def _accept(request: HttpRequest, by: Actor, load: selectors.Load, period: Period) -> None:
    form = TimeForm(request.POST)
    form.is_valid()
    source = form.cleaned_data.get("source", "")
    wish = TimeWish(
        purpose=form.cleaned_data.get("purpose", ""),
        unit=load.unit,
        activity=load.code,
        category=load.category,
        seconds=form.total_seconds(),
        source=source,
        reason=form.cleaned_data.get("reason", ""),
        evidence=closely.evidence_for(load, source, period),
        seen_revision=form.cleaned_data.get("seen_revision") or 0,
    )
    set_time(wish, by=by)


def _detail(
    request: HttpRequest,
    by: Actor,
    close: CloseUp,
    period: Period,
    *,
    refusal: Refused | None = None,
) -> HttpResponse:
    load = close.load
    fresh = propose_fresh(load.how, load.timing, load.target, load.observed, period)
    context = {
        **shown(load),
        "period": period,
        "query": _kept(period),
        "unit_query": _kept(period, load.unit),
        "hours": [_part(part) for part in close.hours],
        "people": [_part(part) for part in close.people or ()],
        "steps": _steps(load),
        "history": closely.list_history(
            by=by, unit=load.unit, activity=load.code, category=load.category
        ),
        "forms": [
            _form(Purpose.NORM, load, fresh, request, refusal),
            _form(Purpose.TARGET, load, fresh, request, refusal),
        ],
        "fresh": fresh,
        "fresh_words": words(fresh.seconds),
        "may_set": may(by, "input", "planning"),
        "refusal": refusal,
    }
    return render(
        request, "workload/one_time.html", context, status=refusal.status if refusal else 200
    )


def _part(part: Part) -> dict[str, Any]:
    return {
        "label": part.label,
        "acts": part.timing.acts,
        "n": part.timing.n,
        "median": words(part.timing.median),
        "mean": words(part.timing.mean),
        "quartiles": _between(part.timing.q1, part.timing.q3),
    }


def _steps(load: selectors.Load) -> list[dict[str, Any]]:
    if load.observed is None:
        return []
    return [
        {
            "name": step.name,
            "n": step.timing.n,
            "mean": words(step.timing.mean),
            "median": words(step.timing.median),
        }
        for step in load.observed.steps
    ]


def _form(
    purpose: Purpose,
    load: selectors.Load,
    fresh: Proposal,
    request: HttpRequest,
    refusal: Refused | None,
) -> dict[str, Any]:
    """What one of the two forms shows: what was typed where it was refused, else the proposal."""
    current = load.norm if purpose == Purpose.NORM else load.target
    seconds = (
        fresh.seconds
        if purpose == Purpose.NORM
        else (current.seconds if current else load.sop_seconds)
    )
    whole = None if seconds is None else round(seconds)
    values = {
        "purpose": purpose.value,
        "title": _("Tetapkan norma waktu") if purpose == Purpose.NORM else _("Tetapkan target"),
        "revision": current.revision if current else 0,
        "minutes": "" if whole is None else str(whole // 60),
        "seconds": "" if whole is None else str(whole % 60),
        "source": fresh.source if purpose == Purpose.NORM and fresh.source else Source.TYPED.value,
        "reason": "",
        "errors": {},
        "sources": [
            (source.value, source.label)
            for source in Source
            if purpose == Purpose.NORM or source == Source.TYPED
        ],
    }
    if refusal is not None and request.POST.get("purpose") == purpose:
        for name in ("minutes", "seconds", "source", "reason"):
            values[name] = request.POST.get(name, "")[:400]
        values["errors"] = {p.where: str(p.message) for p in refusal.errors}
    return values


@require_GET
def compared(request: HttpRequest) -> HttpResponse:
    """Observed and journal times of the same acts."""
    by = acting(request)
    period, _unit = asked_period(request, by)
    rows = [
        {
            "row": row,
            "observed": words(row.observed.median),
            "journal": words(row.journal.median),
            "difference": _signed(row.difference),
        }
        for row in compare_times(by=by, period=period)
    ]
    context = {"rows": rows, "period": period, "query": _kept(period)}
    return render(request, "workload/compared.html", context)


def _signed(seconds: Any) -> str:
    if seconds is None:
        return ""
    sign = "+" if seconds > 0 else "−" if seconds < 0 else ""
    return f"{sign}{in_words(abs(seconds))}"
