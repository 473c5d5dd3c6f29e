"""`/duplikat`: pairs that look like one person, two records beside each other, and the decision.

A decision is a plain post that leads on to the next pair; addresses hold ids only.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.foundation.core.errors import Conflict, NotHere, Refused, SimpulError, Stale
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require, require_home
from simpul.service.patients.matching.models import PairLevel
from simpul.service.patients.matching.selectors import PairCard, count_pairs, list_apart, list_pairs
from simpul.service.patients.merging.decisions import merge_records, undo_merge
from simpul.service.patients.merging.forms import read_id, read_taken, read_version
from simpul.service.patients.merging.selectors import (
    compare_records,
    get_merge,
    list_merges,
)
from simpul.service.patients.merging.services import call_different, reopen_pair
from simpul.service.patients.selectors import find_patients, get_record

SHOWN_PAIRS = 50
SHOWN_FOUND = 8


@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """`/duplikat`: the list of pairs, the surest first; the first one is open beside it."""
    by = acting(request)
    require(by, "view", "merge")
    require_home(by)
    context = _list_context(request, by)
    items = context["pairs"]
    if items:
        context |= _pair_context(items[0].first.id, items[0].second.id, by=by, items=items)
    return render(request, "merging/pairs.html", context)


@require_GET
def compare(request: HttpRequest, first: uuid.UUID, second: uuid.UUID) -> HttpResponse:
    """`/duplikat/<a>/<b>`: two records beside each other, chosen from the list or by search."""
    by = acting(request)
    context = _list_context(request, by) | _pair_context(
        first, second, by=by, survivor=read_id(request.GET.get("utama", ""))
    )
    context |= _pair_reasons(context["pairs"], first, second)
    return render(request, "merging/pairs.html", context)


def _list_context(request: HttpRequest, by: Actor) -> dict[str, Any]:
    level = request.GET.get("tingkat", "")
    page = list_pairs(
        by=by, level=level, cursor=request.GET.get("lanjut", "")[:80], limit=SHOWN_PAIRS
    )
    done = read_id(request.GET.get("selesai", ""))
    return {
        "pairs": page.items,
        "next": page.next,
        "level": level if level in PairLevel.values else "",
        "counts": count_pairs(by=by),
        "done": _merge_or_none(done, by=by) if done else None,
        "different": request.GET.get("beda") == "1",
        "may_decide": may(by, "input", "merge"),
    }


def _merge_or_none(merge: uuid.UUID, *, by: Actor) -> Any:
    try:
        return get_merge(merge, by=by)
    except NotHere:
        return None


def _pair_context(
    first: uuid.UUID,
    second: uuid.UUID,
    *,
    by: Actor,
    survivor: uuid.UUID | None = None,
    items: tuple[PairCard, ...] = (),
) -> dict[str, Any]:
    comparison = compare_records(first, second, by=by, survivor=survivor)
    context: dict[str, Any] = {"comparison": comparison}
    return context | _pair_reasons(items, first, second)


def _pair_reasons(
    items: tuple[PairCard, ...], first: uuid.UUID, second: uuid.UUID
) -> dict[str, Any]:
    """The open pair of the list, why it is there, and the one that comes after it."""
    both = {first, second}
    at = next((n for n, pair in enumerate(items) if {pair.first.id, pair.second.id} == both), None)
    following = None if at is None else next(iter(items[at + 1 :]), None)
    return {"open_pair": None if at is None else items[at], "following": following}


@require_POST
def merge(request: HttpRequest, first: uuid.UUID, second: uuid.UUID) -> HttpResponse:
    """Join the two: the chosen record speaks for the person, with the chosen values."""
    by = acting(request)
    survivor = read_id(request.POST.get("survivor", "")) or first
    kept, other = (second, first) if survivor == second else (first, second)
    try:
        made = merge_records(
            kept,
            other,
            by=by,
            take=read_taken(request.POST, survivor_is_first=kept == first),
            seen_version=read_version(request.POST.get(f"version_{kept}", "")),
        )
    except (Refused, Conflict, Stale) as refusal:
        return _show_again(request, first, second, refusal, by=by)
    return _on(request, selesai=str(made.pk))


def _show_again(
    request: HttpRequest, first: uuid.UUID, second: uuid.UUID, refusal: SimpulError, *, by: Actor
) -> HttpResponse:
    context = _list_context(request, by) | _pair_context(first, second, by=by)
    context |= _pair_reasons(context["pairs"], first, second) | {"refusal": refusal}
    return render(request, "merging/pairs.html", context, status=refusal.status)


@require_POST
def different(request: HttpRequest, first: uuid.UUID, second: uuid.UUID) -> HttpResponse:
    """Two people: remembered, so that the pair is not shown again."""
    call_different(first, second, by=acting(request))
    return _on(request, beda="1")


@require_GET
def apart(request: HttpRequest) -> HttpResponse:
    """`/duplikat/berbeda`: pairs said to be two people, here or at the counter; each reopens."""
    by = acting(request)
    require(by, "view", "merge")
    require_home(by)
    context = {"pairs": list_apart(by=by), "may_decide": may(by, "input", "merge")}
    return render(request, "merging/apart.html", context)


@require_POST
def reopen(request: HttpRequest, first: uuid.UUID, second: uuid.UUID) -> HttpResponse:
    """Think again about two records: they are shown beside each other, undecided."""
    reopen_pair(first, second, by=acting(request))
    return redirect("banding", first=first, second=second)


def _on(request: HttpRequest, **said: str) -> HttpResponse:
    """Go on to the pair that came after, or to the list."""
    following = request.POST.get("following", "").split(",")
    ids = [one for one in (read_id(text) for text in following) if one is not None]
    address = reverse("banding", args=ids) if len(ids) == 2 else reverse("duplikat")
    return redirect(f"{address}?{urlencode(said)}")


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """`/duplikat/pilih`: find two records by search, to be compared."""
    by = acting(request)
    require(by, "input", "merge")
    require_home(by)
    sent = request.POST if request.method == "POST" else request.GET
    asked = [read_id(text) for text in [*sent.getlist("rekam"), sent.get("pilih", "")] if text]
    chosen = [get_record(one, by=by) for one in dict.fromkeys(asked) if one is not None][:2]
    if len(chosen) == 2:
        return redirect("banding", first=chosen[0].id, second=chosen[1].id)
    text = request.POST.get("q", "").replace("\x00", "")[:100]
    found = find_patients(text, by=by, limit=SHOWN_FOUND) if len(text.strip()) > 1 else []
    taken = {card.id for card in chosen}
    context = {
        "chosen": chosen,
        "text": text,
        "found": [hit for hit in found if hit.patient.id not in taken],
    }
    return render(request, "merging/choose.html", context)


@require_GET
def merges(request: HttpRequest) -> HttpResponse:
    """`/penggabungan`: every decision, newest first; each can be undone for ever."""
    by = acting(request)
    require_home(by)
    context = {"merges": list_merges(by=by), "may_decide": may(by, "input", "merge")}
    return render(request, "merging/merges.html", context)


@require_POST
def undo(request: HttpRequest, merge: uuid.UUID) -> HttpResponse:
    """Take one decision back, and say what a person had corrected meanwhile and so stays."""
    by = acting(request)
    undone = undo_merge(merge, by=by)
    context = {
        "merges": list_merges(by=by),
        "may_decide": True,
        "undone": get_merge(merge, by=by),
        "left": undone.left,
        "conflicts": undone.conflicts,
    }
    return render(request, "merging/merges.html", context)
