"""Addresses that exist only in the tests of the once-only keys: each writes one row and then …"""

import json
from collections.abc import Callable

from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path

from simpul.config.urls import urlpatterns as house_urls
from simpul.foundation.core.errors import Refused
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.models import Practitioner


def write(request: HttpRequest) -> Practitioner:
    """Write one row, named by what was sent, in one act."""
    sent = request.POST.get("name") or (json.loads(request.body or b"{}") or {}).get("name", "?")
    row = Practitioner(name=sent)
    with act(by=acting(request)) as this:
        this.create(row)
        this.record("started")
    return row


def answer(request: HttpRequest) -> HttpResponse:
    """Answer with the new row's id, which no second run can make again."""
    row = write(request)
    response = JsonResponse({"id": str(row.id), "name": row.name}, status=201)
    response["Location"] = f"/uji/{row.id}"
    response["ETag"] = '"1"'
    response["HX-Trigger"] = '{"draft-saved": "x"}'
    response["X-Other"] = "not kept"
    return response


def go_on(request: HttpRequest) -> HttpResponse:
    """Write and send to another page, as a plain form does."""
    return redirect(f"/uji/{write(request).id}")


def refuse(request: HttpRequest) -> HttpResponse:
    """Write and then refuse."""
    write(request)
    raise Refused("Belum disimpan: contoh.", "example_refused")


def break_down(request: HttpRequest) -> HttpResponse:
    """Write and then meet a programming mistake."""
    write(request)
    raise RuntimeError("mistake")


def fill_the_disk(request: HttpRequest) -> HttpResponse:
    """Write and then find the disk full."""
    write(request)
    raise OperationalError("database or disk is full")


def fill_the_disk_and_lose_the_transaction(request: HttpRequest) -> HttpResponse:
    """The database itself has given the transaction up: nothing can be read in it any more."""
    write(request)
    transaction.set_rollback(True)
    raise OperationalError("database or disk is full")


def meet_a_busy_database(request: HttpRequest) -> HttpResponse:
    """Write and then wait too long."""
    write(request)
    raise OperationalError("database is locked")


def break_a_rule(request: HttpRequest) -> HttpResponse:
    """Write something that a constraint of the database refuses."""
    write(request)
    raise IntegrityError("UNIQUE constraint failed")


def stream(request: HttpRequest) -> HttpResponseBase:
    """Write and answer bit by bit."""
    row = write(request)
    return StreamingHttpResponse(iter([str(row.id)]))


def read_after_failure(request: HttpRequest) -> HttpResponse:
    """Say whether this request is inside a transaction."""
    return JsonResponse({"in_transaction": connection.in_atomic_block})


VIEWS: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "tulis": answer,
    "lanjut": go_on,
    "tolak": refuse,
    "rusak": break_down,
    "penuh": fill_the_disk,
    "penuh-putus": fill_the_disk_and_lose_the_transaction,
    "sibuk": meet_a_busy_database,
    "langgar": break_a_rule,
    "alir": stream,
    "transaksi": read_after_failure,
}

urlpatterns: list[object] = [
    *(
        path(f"{prefix}{name}", view)
        for prefix in ("uji/", "api/uji/")
        for name, view in VIEWS.items()
    ),
    *house_urls,
]
assert all(isinstance(p, URLPattern) for p in urlpatterns[: len(VIEWS)])
handler404 = "simpul.web.views.not_found"
