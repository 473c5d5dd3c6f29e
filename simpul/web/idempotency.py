"""Every write can be sent twice with the same key and happens once.

The key comes in the header `Idempotency-Key` (programs, htmx) or the field `op` (plain forms).
The key is taken, the act done and the answer kept in ONE transaction: after a crash at any
instant either all three exist or none. A repeat gets the kept answer with `Idempotent-Replayed`.
"""

import hashlib
import json
import uuid
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Refused
from simpul.foundation.core.models import IdempotencyKey
from simpul.web.middleware import Errors, GetResponse, error_response

KEEP_DAYS = 30
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
KEPT_HEADERS = ("Content-Type", "Location", "ETag", "HX-Redirect", "HX-Trigger", "HX-Retarget")
#: Signing in and out is not an act on data, and must count each wrong try.
LEFT_OUT = ("/masuk", "/keluar", "/mulai")


class OncePerKey:
    """Middleware around the view: take the key, do the act, keep the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.errors = Errors(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = self._key(request)
        actor = getattr(request, "actor", None)
        if key is None or actor is None or request.path.startswith(LEFT_OUT):
            return self.get_response(request)
        if not 8 <= len(key) <= 80 or not key.isprintable():
            return error_response(
                request,
                Refused(
                    _("Kunci pengulangan harus 8–80 huruf. Tidak ada yang disimpan."),
                    "idempotency_key_malformed",
                ),
            )
        try:
            return self._once(request, actor.account_id, key)
        except DatabaseError as failure:
            # Outside the transaction, where the page that says so can be read and written again.
            # A full disk shows itself only at the commit, which no view ever sees.
            answer = self.errors.process_exception(request, failure)
            if answer is None:
                raise
            return answer

    def _once(self, request: HttpRequest, account: uuid.UUID, key: str) -> HttpResponse:
        fingerprint = self._fingerprint(request)
        request.once_per_key = True  # type: ignore[attr-defined]
        with transaction.atomic():
            if not self._take(account, key, fingerprint):
                return self._replay(request, account, key, fingerprint)
            response = self.get_response(request)
            failure: DatabaseError | None = getattr(request, "database_failure", None)
            if failure is not None:
                raise failure
            if response.status_code >= 400 or response.streaming:
                # Nothing happened, so a repeat may try again.
                transaction.set_rollback(True)
                return response
            self._keep(account, key, response)
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Keep a failure of the database for the outside of our transaction (see `__call__`)."""
        if not isinstance(exception, DatabaseError) or not hasattr(request, "once_per_key"):
            return None
        request.database_failure = exception  # type: ignore[attr-defined]
        return HttpResponse(status=503)  # never sent

    @staticmethod
    def _key(request: HttpRequest) -> str | None:
        if request.method not in WRITES:
            return None
        header = request.headers.get("Idempotency-Key")
        if header is not None:
            return header.strip()
        if request.content_type in FORMS:
            return request.POST.get("op") or None
        return None

    @staticmethod
    def _fingerprint(request: HttpRequest) -> str:
        if request.method == "POST" and request.content_type in FORMS:
            # Sent again, a form may carry another boundary and another mask of the CSRF token.
            fields = [item for item in request.POST.lists() if item[0] != "csrfmiddlewaretoken"]
            body = repr(sorted(fields)).encode()
        else:
            body = request.body
        head = f"{request.method} {request.get_full_path()}\n".encode()
        return hashlib.sha256(head + body).hexdigest()

    @staticmethod
    def _take(account: uuid.UUID, key: str, fingerprint: str) -> bool:
        """Insert the key; False when it is taken (waits for a twin that is still at work)."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_idempotencykey (account, key, fingerprint, headers, body, at) "
                "VALUES (%s, %s, %s, '{}', %s, %s) ON CONFLICT (account, key) DO NOTHING",
                [_uuid(account), key, fingerprint, b"", _instant()],
            )
            return bool(cursor.rowcount)

    @staticmethod
    def _keep(account: uuid.UUID, key: str, response: HttpResponse) -> None:
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE core_idempotencykey SET status = %s, headers = %s, body = %s "
                "WHERE account = %s AND key = %s",
                [response.status_code, json.dumps(headers), response.content, _uuid(account), key],
            )

    @staticmethod
    def _replay(
        request: HttpRequest, account: uuid.UUID, key: str, fingerprint: str
    ) -> HttpResponse:
        kept = IdempotencyKey.objects.get(account=account, key=key)
        if kept.fingerprint != fingerprint:
            return error_response(
                request,
                Refused(
                    _(
                        "Kunci pengulangan ini sudah dipakai untuk isian lain. Yang lama aman; "
                        "kirim isian baru dengan kunci baru."
                    ),
                    "idempotency_key_reused",
                ),
            )
        response = HttpResponse(bytes(kept.body), status=kept.status or 200)
        for name, value in kept.headers.items():
            response[name] = value
        response["Idempotent-Replayed"] = "true"
        return response


def _uuid(value: uuid.UUID) -> uuid.UUID | str:
    return value if connection.vendor == "postgresql" else str(value).replace("-", "")


def _instant() -> datetime:
    moment = now()
    return moment if connection.vendor == "postgresql" else moment.replace(tzinfo=None)


def prune_keys() -> int:
    """Forget answers older than 30 days; return how many went."""
    limit = now() - timedelta(days=KEEP_DAYS)
    return IdempotencyKey.objects.filter(at__lt=limit).delete()[0]
