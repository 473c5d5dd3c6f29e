"""The edge of the API that every step shares: who asks, what is answered, where a list goes on.

A call of a step reads top to bottom: who acts, what was sent, the service, the answer. Answers
are plain dictionaries written at once; their schemas only describe them (`api_description`).
What is sent and cannot be read is told by `api_reading`.
"""

import base64
import binascii
import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf
from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json

from simpul.foundation.core.errors import NotAllowed, Problem, Refused, SimpulError
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require_home

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_PAGE = 100


class Sent(BaseModel):
    """What a program sends. A name that is not known is refused: a slip must not lose a value."""

    model_config = ConfigDict(extra="forbid")


class BearerToken(HttpBearer):
    """A program's token; `WhoActs` has already found whose it is."""

    openapi_description = "Token program: `simpul token create --user NAMA`."

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return who the token acts for; None when it is unknown, revoked or too old."""
        return getattr(request, "actor", None)


class SessionCookie(APIKeyCookie):
    """A signed-in person's page: the same cookie, and for writes the page's CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME
    openapi_description = "Sesi halaman; penulisan membawa kepala `X-CSRFToken`."

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return who is signed in; a write without the page's token is refused."""
        if "Authorization" in request.headers:
            return None
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or request.method in SAFE_METHODS:
            return actor
        if check_csrf(request) is not None:
            raise NotAllowed(
                _(
                    "Permintaan ini tidak membawa tanda dari halaman Simpul, jadi tidak ada yang "
                    "disimpan. Muat ulang halaman, atau pakai token."
                ),
                "csrf",
            )
        return actor

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Not used: `__call__` looks at the session that Django has opened."""
        return getattr(request, "actor", None)


AUTH = (BearerToken(), SessionCookie())


class NeedsVersion(SimpulError):
    """An edit without the version it was made on."""

    status = 428


class Malformed(SimpulError):
    """A request that cannot be read at all."""

    status = 400


def at_home(request: HttpRequest) -> Actor:
    """Return who acts, refusing an account of another facility.

    For calls that show or make things of this house as a whole; where one thing is asked for by
    its id, the selectors answer that it is not here.
    """
    by = acting(request)
    require_home(by)
    return by


def answer(
    content: Mapping[str, Any] | None,
    *,
    status: int = 200,
    version: int | None = None,
    location: str = "",
) -> HttpResponse:
    """Return a JSON answer; `version` becomes the ETag that `If-Match` sends back."""
    # Ids and instants are most of an answer, and this writes them without Python's help.
    body = to_json(content, fallback=str)
    response = HttpResponse(body, status=status, content_type="application/json")
    if version is not None:
        response["ETag"] = f'"{version}"'
    if location:
        response["Location"] = location
    return response


def seen_version(request: HttpRequest) -> int:
    """Return the version an edit was made on, from `If-Match`."""
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        raise NeedsVersion(
            _(
                "Perubahan perlu header If-Match berisi versi yang Anda lihat (ETag), supaya "
                "perubahan orang lain tidak tertimpa. Belum ada yang diubah: baca dahulu datanya."
            ),
            "if_match_required",
        )
    # A compressing server in between makes the tag weak (W/"3"); the version is the same.
    tag = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', header)
    if tag is None:
        raise Malformed(
            _('Header If-Match berisi versi seperti pada ETag, misalnya "3".'),
            "if_match_malformed",
        )
    return int(tag[1])


def cursor_after(last: uuid.UUID) -> str:
    """Return the opaque text with which the next page goes on after a thing."""
    return base64.urlsafe_b64encode(last.bytes).decode().rstrip("=")


def read_cursor(cursor: str) -> uuid.UUID | None:
    """Return the id a cursor goes on after; None for the first page."""
    if not cursor:
        return None
    try:
        return uuid.UUID(bytes=base64.b64decode(f"{cursor}==", altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise unknown_cursor() from None


def unknown_cursor() -> Refused:
    """The refusal of a cursor that this list has not given, or whose thing is gone from it."""
    return Refused(
        _("Halaman lanjutan ini tidak dikenal lagi. Mulai dari halaman pertama, tanpa cursor."),
        "cursor_unknown",
        errors=(Problem("cursor", "unknown", _("Pakai isi next dari jawaban sebelumnya.")),),
    )


def check_unit(code: str, *, where: str = "unit") -> str:
    """Return the code of a unit named in a body, refusing one that this house does not have."""
    if code and code not in get_here().units:
        raise Refused(
            _(
                "Unit itu tidak ada di Puskesmas ini. Pilih unit dari daftar; tidak ada yang "
                "diubah."
            ),
            "unit_unknown",
            errors=(Problem(where, "unknown", _("Pilih unit dari daftar.")),),
        )
    return code
