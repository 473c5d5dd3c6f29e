"""Security headers, who acts, and errors as pages, fragments or problem documents."""

import json
import logging
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from simpul.foundation.core.errors import NotHere, SimpulError
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.selectors import get_actor, get_actor_of_session, get_actor_of_token

logger = logging.getLogger("simpul.web")
READS = frozenset({"GET", "HEAD"})
GetResponse = Callable[[HttpRequest], HttpResponse]

CSP = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class SecurityHeaders:
    """Strict content security policy and its companions on every answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=()")
        if not request.path.startswith("/static/"):
            # Pages hold patient data: no copy in a shared PC's cache.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class ChosenLanguage:
    """Indonesian, unless this person chose English on the `?` page.

    Not what the browser prefers: half of the PCs of a Puskesmas run an English Windows.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class WhoActs:
    """Put the `Actor` on the request: from a bearer token, else from the session."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = self._find(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    @staticmethod
    def _find(request: HttpRequest) -> Actor | None:
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer":
            # A token cannot be sent by a browser on its own, so no CSRF cookie is asked for.
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
            return get_actor_of_token(token.strip())
        # Who may read is remembered for some seconds. Before a write, and where that does not
        # answer (nobody, a new password, a closed account), Django looks for itself.
        account = request.session.get(SESSION_KEY) if request.method in READS else None
        if account is not None:
            seal = str(request.session.get(HASH_SESSION_KEY, ""))
            actor = get_actor_of_session(str(account), seal)
            if actor is not None:
                return actor
        if request.user.is_authenticated:
            return get_actor(uuid.UUID(str(request.user.pk)))
        return None


class LocalTime:
    """Clocks on pages are the facility's own (WIB, WITA, WIT), whatever zone the server keeps."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            zone = get_here().timezone
        except NotHere:
            return self.get_response(request)
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)


class Errors:
    """Turn what went wrong into an answer that says what happened, what is safe, what to do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django for an exception a view let through."""
        if isinstance(exception, SimpulError):
            return error_response(request, exception)
        if isinstance(exception, OperationalError | DatabaseError) and is_disk_full(exception):
            return error_response(request, StorageFull())
        if isinstance(exception, OperationalError):
            logger.exception("database did not answer")
            return error_response(request, StorageBusy())
        return None


class StorageFull(SimpulError):
    """The disk of the server is full: nothing new can be kept."""

    status = 507

    def __init__(self) -> None:
        super().__init__(
            _(
                "Penyimpanan server penuh, jadi yang ini belum disimpan. Data yang sudah tersimpan "
                "aman. Beri tahu petugas IT, lalu tekan simpan sekali lagi."
            ),
            "storage_full",
        )


class StorageBusy(SimpulError):
    """The database did not answer in time."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _(
                "Server sedang sibuk, jadi yang ini belum disimpan. Isian Anda aman di layar; "
                "tunggu sebentar lalu tekan simpan sekali lagi."
            ),
            "storage_busy",
        )


def is_disk_full(exception: Exception) -> bool:
    """Does this database failure mean that nothing more fits?"""
    text = str(exception).lower()
    return any(
        sign in text
        for sign in (
            "disk is full",
            "disk i/o error",
            "no space left",
            "could not extend file",
            "could not write init file",  # a new connection on a full disk (PostgreSQL)
        )
    )


def wants_problem_document(request: HttpRequest) -> bool:
    """Programs get `application/problem+json`, people a page."""
    return request.path.startswith(("/api/", "/fhir/"))


def problem(error: SimpulError, *, instance: str) -> HttpResponse:
    """Return the RFC 9457 document of an error."""
    content: dict[str, object] = {
        "type": f"urn:simpul:{error.code}",
        "title": error.code,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
        "instance": instance,
    }
    if error.errors:
        content["errors"] = [
            {"where": e.where, "code": e.code, "message": str(e.message)} for e in error.errors
        ]
    content.update(error.extra)
    response = HttpResponse(
        json.dumps(content, ensure_ascii=False, default=str),
        status=error.status,
        content_type="application/problem+json",
    )
    if error.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="simpul"'
    if error.status == 503:
        response["Retry-After"] = "2"
    return response


def error_response(request: HttpRequest, error: SimpulError) -> HttpResponse:
    """Return an error in the shape the asker can use."""
    if wants_problem_document(request):
        return problem(error, instance=request.path)
    is_fragment = bool(request.headers.get("HX-Request"))
    if error.status == 401 and not is_fragment:
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
    template = "web/components/_message.html" if is_fragment else "web/refused.html"
    context = {
        "kind": "danger",
        "title": error.message,
        "code": error.code,
        "problems": error.errors,
        "status": error.status,
    }
    response = render(request, template, context, status=error.status)
    if is_fragment:
        response["HX-Retarget"] = "#pesan"
        response["HX-Reswap"] = "innerHTML"
    return response
