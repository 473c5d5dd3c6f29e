"""Sign-in, first start, home, the live feed's address, health."""

import uuid

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import (
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.foundation.administration.services import FirstStart, make_first_account
from simpul.foundation.core.errors import NotAllowed, NotHere, Refused
from simpul.foundation.facilities.selectors import get_here, is_set_up
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may
from simpul.web.live import Stream, feed, stream_events
from simpul.web.middleware import error_response
from simpul.web.signin import tries_left


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """`/masuk`: name and PIN or password."""
    if not is_set_up():
        return redirect("first-start")
    context: dict[str, object] = {
        "next": request.POST.get("next") or request.GET.get("next") or "",
        "username": request.POST.get("username", "").strip().lower(),
        "facility": get_here().name,
    }
    status = 200
    if request.method == "POST":
        name = str(context["username"])
        account = authenticate(request, username=name, password=request.POST.get("password", ""))
        if account is not None:
            login(request, account)
            return redirect(_safe_next(request) or "/")
        left = tries_left(request, name)
        status = 403
        context["form_error"] = (
            ngettext(
                "Nama atau PIN belum cocok. Sisa %(left)d kali; setelah itu minta petugas IT.",
                "Nama atau PIN belum cocok. Sisa %(left)d kali; setelah itu minta petugas IT.",
                left,
            )
            % {"left": left}
            if left
            else _(
                "Terlalu sering belum cocok, jadi akun ini dikunci 15 menit di komputer ini. "
                "Tunggu, atau minta petugas IT membukanya."
            )
        )
    return render(request, "web/login.html", context, status=status)


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else ""


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """`/keluar`: the next person takes over; drafts stay with their owner."""
    logout(request)
    return redirect("sign-in")


@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
def first_start(request: HttpRequest) -> HttpResponse:
    """`/mulai`: make the facility and its first account; closed for ever afterwards."""
    if is_set_up():
        return redirect("sign-in")
    values = {
        field: request.POST.get(field, "").strip()
        for field in ("facility_name", "name", "username", "timezone")
    }
    if request.method != "POST":
        return render(request, "web/first_start.html", {"values": values})
    try:
        make_first_account(
            FirstStart(
                facility_name=values["facility_name"],
                name=values["name"],
                username=values["username"],
                timezone=values["timezone"] or "Asia/Jakarta",
                password=request.POST.get("password", ""),
                password_again=request.POST.get("password_again", ""),
            )
        )
    except Refused as refusal:
        context = {
            "values": values,
            "form_error": refusal.message,
            "problems": refusal.errors,
            "field_errors": {p.where: str(p.message) for p in refusal.errors},
        }
        return render(request, "web/first_start.html", context, status=422)
    return redirect("sign-in")


@require_GET
def live(request: HttpRequest) -> HttpResponseBase:
    """`/live?topics=queue:umum,tv`: server-sent events of the journal."""
    topics = frozenset(t for t in request.GET.get("topics", "").split(",") if t)
    actor: Actor | None = getattr(request, "actor", None)
    if not topics or len(topics) > 20:
        raise Refused(_("Sebutkan 1–20 topik, misalnya topics=queue:umum."), "topics_missing")
    if topics != {"tv"}:
        actor = acting(request)
        for topic in topics:
            _check_topic(actor, topic)
    after = _number(request.headers.get("Last-Event-ID") or request.GET.get("after"))
    stream = Stream(
        facility=get_here().id if actor is None else actor.facility_id,
        topics=topics,
        with_ids=actor is not None,
        units=frozenset() if actor is None else _units_served(actor, topics),
    )
    # Counted are the streams that run; one that was asked for and never read counts nothing.
    if feed.count() >= settings.SIMPUL_MAX_STREAMS:
        return HttpResponse(
            _("Terlalu banyak layar terbuka. Layar ini mencoba lagi sendiri."),
            status=503,
            headers={"Retry-After": "5"},
            content_type="text/plain; charset=utf-8",
        )
    return StreamingHttpResponse(
        stream_events(stream, after=after),
        content_type="text/event-stream",
        # Identity: a compressor in between would hold events back until its buffer is full.
        headers={"Content-Encoding": "identity", "X-Accel-Buffering": "no"},
    )


def _check_topic(actor: Actor, topic: str) -> None:
    kind, _colon, rest = topic.partition(":")
    allowed = (
        (topic == "tv")
        or (topic == "visits" and may(actor, "view", "encounter"))
        or (kind == "queue" and bool(rest) and may(actor, "view", "queue"))
        or (kind == "encounter" and _is_uuid(rest) and may(actor, "view", "encounter"))
    )
    if not allowed:
        raise NotAllowed(_("Layar ini bukan untuk peran Anda."), "topic_not_allowed")


def _units_served(actor: Actor, topics: frozenset[str]) -> frozenset[str]:
    """The units of the house whose queue this person works: their open screen."""
    return frozenset(
        unit
        for unit in get_here().units
        if f"queue:{unit}" in topics and may(actor, "input", "queue", unit=unit)
    )


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 18 else None


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """`/health`: does the house answer and can it read its database?"""
    return JsonResponse({"status": "ok", "set_up": is_set_up()})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old page, or a cookie that was cleared."""
    error = NotAllowed(
        _(
            "Halaman ini sudah lama terbuka, jadi belum ada yang disimpan. Isian Anda masih di "
            "layar: muat ulang halaman, draf dipulihkan, lalu simpan lagi."
        ),
        "csrf",
    )
    return error_response(request, error)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Any address that does not exist."""
    error = NotHere(_("Halaman ini tidak ada. Kembali ke halaman awal."), "not_found")
    return error_response(request, error)
