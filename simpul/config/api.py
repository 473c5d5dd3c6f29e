"""The API under /api/v1, made of each step's router; what is the same for every call is here."""

import sys
from collections.abc import Callable
from copy import deepcopy
from functools import cached_property, wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from simpul import __version__
from simpul.config.status import get_status
from simpul.foundation.core.errors import NotHere, NotSignedIn, Refused, SimpulError
from simpul.foundation.facilities.selectors import is_set_up
from simpul.foundation.staff.api import AUTH, Malformed, answer, at_home
from simpul.foundation.staff.api_description import describe, finish
from simpul.foundation.staff.api_reading import CarefulParser, refusal_of, unread_body
from simpul.planning.allocation.api import router as allocation
from simpul.planning.gap.api import router as gap
from simpul.planning.gap.distribution_api import router as staff_distribution
from simpul.planning.studies.api import router as studies
from simpul.service.care.api import router as care
from simpul.service.completeness.api import router as completeness
from simpul.service.distribution.api import router as distribution
from simpul.service.distribution.calling.api import router as calling
from simpul.service.filing.api import router as filing
from simpul.service.patients.api import router as patients
from simpul.service.patients.importing.api import router as importing
from simpul.service.patients.merging.api import router as merging
from simpul.service.patients.numbers.api import router as numbers
from simpul.service.registration.api import router as registration
from simpul.service.registration.booking.api import router as booking
from simpul.service.registration.placement.api import router as placement
from simpul.web.middleware import (
    StorageBusy,
    error_response,
    problem,
    wants_problem_document,
)

DESCRIPTION = """\
Pelayanan dari pendaftaran sampai penyimpanan berkas, untuk program: aturan, hak, dan jurnalnya \
sama dengan halaman.

**Masuk.** `Authorization: Bearer TOKEN`, dibuat dengan `simpul token create`. Halaman memakai \
sesinya; penulisan dari halaman membawa `X-CSRFToken`.

**Sekali jalan.** Penulisan menerima `Idempotency-Key`. Kunci dan isi yang sama mendapat jawaban \
yang sama dengan `Idempotent-Replayed: true` dan tidak dikerjakan lagi; isi lain dengan kunci itu \
ditolak (422). Jawaban 4xx tidak memakai kuncinya.

**Versi.** Perubahan membawa `If-Match` berisi ETag yang dilihat. Bila orang lain sudah mengubah, \
jawabannya 412 dengan kedua isi.

**Daftar** berbentuk `{items, next}`; `next` dikirim kembali sebagai `cursor`, `null` berarti habis.

**Penolakan** berupa `application/problem+json` (RFC 9457): `code` tetap untuk program, `detail` \
untuk orang, `errors` untuk tiap isian.
"""

TAGS = (
    ("Pasien", "Siapa ini: mencari, membaca, mendaftarkan, memperbaiki."),
    ("Impor", "Daftar pasien lama: dicoba, lalu disimpan, dengan putusan tiap baris."),
    ("Riwayat", "Kunjungan-kunjungan sebelumnya."),
    ("Penempatan", "Saran poli."),
    ("Janji", "Pesanan tempat sebelum datang, jam buka dan kuota."),
    ("Kunjungan", "Mendaftarkan kunjungan dan mengantar rekamnya."),
    ("Antrean", "Memanggil dan melayani."),
    ("Rekam", "Catatan bertanda tangan, kelengkapan, pengembalian."),
    ("Berkas", "Map kertas."),
    ("Perencanaan", "Hitungan tenaga: masukan di badan permintaan, hasil di jawaban."),
    ("Sistem", "Apakah semuanya baik."),
)

PREFIX = "/api/v1/"
JSON_TYPES = ("", "application/json", "application/merge-patch+json")

View = Callable[..., HttpResponseBase]


class WrongKind(SimpulError):
    """The method or the content type does not fit the address."""

    def __init__(self, message: str, code: str, status: int) -> None:
        super().__init__(message, code)
        self.status = status


class Api(NinjaAPI):
    """Ninja's API whose every answer, also a refusal, has the shape that is described."""

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        """The addresses, each behind `_at_the_edge`, and one for those that do not exist."""
        found, app_name, namespace = super().urls
        patterns: list[URLResolver | URLPattern] = []
        for pattern in found:
            if isinstance(pattern, URLPattern) and pattern.name != "api-root":
                is_document = pattern.name == "openapi-json"
                view = require_safe(pattern.callback) if is_document else pattern.callback
                pattern.callback = _at_the_edge(view)
                patterns.append(pattern)
        return [*patterns, re_path(r"^.*$", unknown, name="unknown")], app_name, namespace

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document, complete; made once, for it never changes while running."""
        return finish(deepcopy(dict(super().get_openapi_schema(path_prefix=PREFIX))))

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """Return the complete document."""
        return self.document


def _at_the_edge(view: View) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            refusal = _refuse(
                request,
                WrongKind(
                    _("Alamat ini tidak menerima cara itu. Tidak ada yang berubah."),
                    "method_not_allowed",
                    405,
                ),
            )
            refusal["Allow"] = response["Allow"]
            return refusal
        return response

    return checked


def unknown(request: HttpRequest) -> HttpResponse:
    """Any address below the API that does not exist."""
    return _refuse(
        request,
        NotHere(_("Alamat ini tidak ada. Daftar alamat ada di /api/docs."), "not_found"),
    )


class JsonOnly(CarefulParser):
    """Reads a body only when it says that it is JSON."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body, or refuse its kind."""
        if request.content_type not in JSON_TYPES:
            raise WrongKind(
                _("Kirim isi sebagai application/json. Tidak ada yang disimpan."), "not_json", 415
            )
        return super().parse_body(request)


api = Api(
    title="Simpul",
    version=__version__,
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    auth=AUTH,
    parser=JsonOnly(),
    openapi_extra={"tags": [{"name": name, "description": text} for name, text in TAGS]},
)


def _refuse(request: HttpRequest, error: SimpulError) -> HttpResponse:
    return problem(error, instance=request.path)


@api.exception_handler(SimpulError)
def _refused(request: HttpRequest, error: SimpulError) -> HttpResponse:
    return _refuse(request, error)


@api.exception_handler(ValidationError)
def _does_not_fit(request: HttpRequest, trouble: ValidationError) -> HttpResponse:
    return _refuse(request, refusal_of(trouble))


@api.exception_handler(HttpError)
def _unread(request: HttpRequest, trouble: HttpError) -> HttpResponse:
    return _refuse(request, unread_body(trouble))


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, trouble: AuthenticationError) -> HttpResponse:
    return _refuse(
        request,
        NotSignedIn(
            _("Token atau sesi tidak berlaku, jadi tidak ada yang dikerjakan. Masuk lagi."),
            "not_signed_in",
        ),
    )


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, trouble: RequestDataTooBig) -> HttpResponse:
    return _refuse(
        request,
        WrongKind(
            _("Isi permintaan terlalu besar. Tidak ada yang disimpan; kirim sebagian-sebagian."),
            "body_too_large",
            413,
        ),
    )


@api.exception_handler(DataError)
def _not_storable(request: HttpRequest, trouble: DataError) -> HttpResponse:
    # Every field has its limit; this is the net below them.
    return _refuse(
        request,
        Refused(_("Ada isian yang tidak dapat disimpan. Tidak ada yang berubah."), "not_storable"),
    )


@api.exception_handler(Exception)
def _unforeseen(request: HttpRequest, trouble: Exception) -> HttpResponse:
    raise trouble  # The middleware and Django know what to do; no trace may leave the house.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself cannot read (handler400): a problem document for programs."""
    if not wants_problem_document(request):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return _too_large(request, exception)
    return _refuse(
        request,
        Malformed(
            _("Permintaan ini tidak terbaca. Tidak ada yang berubah; kirim lagi."), "malformed"
        ),
    )


def server_fault(request: HttpRequest) -> HttpResponse:
    """Our own fault (handler500): a problem document for programs, without any detail.

    A database that does not answer before the view is reached is no fault, and said as elsewhere.
    """
    cause = sys.exc_info()[1]
    if isinstance(cause, OperationalError):
        return error_response(request, StorageBusy())
    if not wants_problem_document(request):
        return defaults.server_error(request)
    return _refuse(
        request,
        WrongKind(
            _(
                "Ada kesalahan pada Simpul, jadi yang ini belum disimpan. Data lain aman. Coba "
                "sekali lagi; bila berulang, beri tahu petugas IT."
            ),
            "server_fault",
            500,
        ),
    )


class HealthOut(BaseModel):
    """Does the house answer and can it read its database?"""

    status: str
    set_up: bool
    version: str


class NeedsPersonOut(BaseModel):
    """How much waits for a person."""

    late_distributions: int
    incomplete_records: int
    delinquent_records: int
    overdue_files: int


class JournalOut(BaseModel):
    """Whether the newest entries of the journal hold."""

    ok: bool
    entries: int
    checked: int


class DistrictLineOut(BaseModel):
    """How sending to the Dinas stands."""

    enrolled: bool
    line: str
    waiting: int
    waiting_since: str | None
    received_at: str | None
    parked: int


class BackupStateOut(BaseModel):
    """The newest copy, and the last proof that one can be restored."""

    newest: str | None
    proven: str | None
    late: bool


class DiskOut(BaseModel):
    """One disk: bytes, and the days until it is full where that can be foretold."""

    place: str
    total: int
    free: int
    days_left: int | None


class ServerFindingOut(BaseModel):
    """What is not well at the server: the cause, what it means for patients, what helps."""

    name: str
    level: str
    sentence: str
    consequence: str
    remedy: str


class StatusOut(BaseModel):
    """What needs a person."""

    status: str
    facility: str
    at: str
    needs_person: NeedsPersonOut
    journal: JournalOut
    district: DistrictLineOut
    backup: BackupStateOut
    disks: list[DiskOut]
    server: list[ServerFindingOut]


@api.get(
    "/health",
    auth=None,
    tags=["Sistem"],
    **describe(
        "health",
        "Apakah hidup",
        description="Tanpa masuk: server menjawab dan dapat membaca basis datanya.",
        returns=HealthOut,
        example={"status": "ok", "set_up": True, "version": __version__},
    ),
)
def health(request: HttpRequest) -> HttpResponse:
    """Answer, having read the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return answer({"status": "ok", "set_up": is_set_up(), "version": __version__})


@api.get(
    "/status",
    tags=["Sistem"],
    **describe(
        "status",
        "Apa yang membutuhkan orang",
        description="Untuk petugas IT, kepala Puskesmas, dan Dinas.",
        returns=StatusOut,
        example={
            "status": "attention",
            "facility": "Puskesmas Contoh",
            "at": "2026-11-22T01:14:03+00:00",
            "needs_person": {
                "late_distributions": 1,
                "incomplete_records": 14,
                "delinquent_records": 2,
                "overdue_files": 3,
            },
            "journal": {"ok": True, "entries": 48211, "checked": 100},
            "district": {
                "enrolled": True,
                "line": "good",
                "waiting": 37,
                "waiting_since": "2026-11-22T01:12:40+00:00",
                "received_at": "2026-11-22T01:12:31+00:00",
                "parked": 0,
            },
            "backup": {
                "newest": "2026-11-21T14:00:00+00:00",
                "proven": "2026-11-01T14:20:00+00:00",
                "late": False,
            },
            "disks": [
                {
                    "place": "data",
                    "total": 250000000000,
                    "free": 97000000000,
                    "days_left": 812,
                }
            ],
            "server": [],
        },
    ),
)
def status(request: HttpRequest) -> HttpResponse:
    """Return the counts of what needs a person."""
    return answer(get_status(by=at_home(request)))


for step in (patients, registration, distribution, care, completeness, filing):
    api.add_router("", step)
for room in (merging, numbers, importing, placement, booking, calling):
    api.add_router("", room)
for room in (studies, gap, staff_distribution, allocation):
    api.add_router("/planning", room)
