"""What a browser keeps to go on without its server: worker, manifest, shell page, word tables.

None of these holds a patient, a person or a clock, so they are the same for everybody and may lie
in a browser's cache; what is secret is fetched with a log-in and sealed (packet.py, devices.py).
"""

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.selectors import get_here
from simpul.service.distribution.offline.word_tables import word_tables
from simpul.service.patients.models import NoNikReason, Sex
from simpul.service.patients.views import DIFFERENT_REASONS, GUARDIANS
from simpul.service.registration.models import Payer, Priority

#: Scripts of the shell beyond those that every page has; in the order in which they are needed.
SCRIPTS = tuple(
    f"web/offline/{name}.js"
    for name in (
        "names",
        "dates",
        "reading",
        "complaints",
        "placement",
        "numbers",
        "people",
        "candidates",
        "view",
        "qr",
        "slip",
        "listing",
        "visit",
        "newcomer",
        "counter",
        "poli",
        "unlock",
        "shell",
    )
)
WORKER = "web/offline/worker.js"
ICON = "web/icon.svg"
_STATIC_IN_PAGE = re.compile(r'(?:src|href)="(/static/[^"#]+)')
KEPT = {"Cache-Control": "no-cache"}


@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """`/luring`: the counter and the poli that need no server; filled by scripts."""
    return HttpResponse(shell_page(), headers=KEPT)


@require_GET
def tables(request: HttpRequest) -> JsonResponse:
    """`/luring/bahan`: the words by which names, dates and complaints are read."""
    return JsonResponse(word_tables(), headers=KEPT)


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """`/manifest.webmanifest`: the name and the picture under which a browser installs it."""
    return JsonResponse(
        {
            "name": f"Simpul · {_facility()}",
            "short_name": "Simpul",
            "description": _("Loket dan poli Puskesmas; bekerja juga tanpa server."),
            "lang": "id",
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f2f5f6",
            "theme_color": "#0c3c4d",
            "icons": [
                {
                    "src": static(ICON),
                    "sizes": "any",
                    "type": "image/svg+xml",
                    "purpose": "any maskable",
                }
            ],
            "shortcuts": [
                {"name": _("Loket"), "url": "/loket"},
                {"name": _("Poli"), "url": "/poli"},
            ],
        },
        content_type="application/manifest+json",
        headers=KEPT,
    )


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """`/sw.js`: the worker, with the list of what it keeps; another list is another worker."""
    page = shell_page()
    files = sorted({*_STATIC_IN_PAGE.findall(page), static("vendor/icons.svg")})
    files.append(reverse("luring-bahan"))
    code = _worker()
    digest = hashlib.sha256("\n".join([page, *files, code]).encode())
    digest.update(json.dumps(word_tables(), sort_keys=True).encode())
    kept = {"version": digest.hexdigest()[:16], "page": reverse("luring"), "files": files}
    return HttpResponse(
        f"const SHELL = {json.dumps(kept)};\n{code}",
        content_type="text/javascript; charset=utf-8",
        headers={**KEPT, "Service-Worker-Allowed": "/"},
    )


def shell_page() -> str:
    """Return the page as it is kept: without a request, so that nobody's token or name is in it."""
    return render_to_string(
        "offline/shell.html",
        {
            "facility": _facility(),
            "scripts": SCRIPTS,
            "payers": Payer.choices,
            "pregnancies": [("tidak", gettext_lazy("tidak")), ("ya", gettext_lazy("ya"))],
            "priorities": [
                ("", _("Biasa")),
                (Priority.PRIORITY.value, Priority.PRIORITY.label),
                (Priority.EMERGENCY.value, Priority.EMERGENCY.label),
            ],
            "no_units": [],
            "sexes": Sex.choices,
            "no_nik_reasons": NoNikReason.choices,
            "guardians": GUARDIANS,
            "different_reasons": DIFFERENT_REASONS,
        },
    )


@lru_cache(maxsize=1)
def _worker() -> str:
    # As it lies in the program: of the collected files only the hashed names are kept.
    return Path(str(finders.find(WORKER))).read_text(encoding="utf-8")


def _facility() -> str:
    try:
        return get_here().name
    except NotHere:
        return "Simpul"
