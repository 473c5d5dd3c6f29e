"""How a computer learns to trust this server: one page for the IT person, and the file itself.

Open without signing in, also at the plain http door: before the certificate is trusted nobody can
sign in at all. Only the authority's certificate is given out, never a key.
"""

import hashlib
import ssl
from datetime import UTC, datetime
from pathlib import Path

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.foundation.core.errors import NotHere


def _authority() -> str:
    """Return the authority's certificate as text; "" where this site has none."""
    try:
        return (Path(settings.DATA) / "tls" / "ca.crt").read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def fingerprint(text: str) -> str:
    """Return the SHA-256 fingerprint of a certificate, as browsers and phones show it."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest().upper()
    return ":".join(digest[place : place + 2] for place in range(0, len(digest), 2))


def _in_lines(text: str) -> list[str]:
    return [text[place : place + 23] for place in range(0, len(text), 24)]


@require_GET
def install(request: HttpRequest) -> HttpResponse:
    """`/pasang-sertifikat`: the steps, the fingerprint to compare, the address as a code."""
    text = _authority()
    address = settings.SIMPUL_INSTALL_ADDRESS
    if not address.startswith("http"):
        address = request.build_absolute_uri(request.path)
    drawing = segno.make(address, error="m", micro=False)
    code = drawing.svg_inline(border=2, svgclass="slip-code", lineclass=None, omitsize=True)
    context = {
        "has_certificate": bool(text),
        # Four short lines are easier to compare on a phone than one of 95 signs.
        "fingerprint": _in_lines(fingerprint(text)) if text else [],
        "address": address,
        "code": mark_safe(code),  # noqa: S308 - the drawing holds segno's own path only
        "today": datetime.now(UTC),
        "is_secure": request.is_secure(),
    }
    return render(request, "web/certificate.html", context)


@require_GET
def authority(request: HttpRequest) -> HttpResponse:
    """`/simpul-ca.crt`: the certificate that computers install."""
    text = _authority()
    if not text:
        raise NotHere(
            _("Server ini berjalan tanpa sertifikat, jadi tidak ada yang perlu dipasang."),
            "certificate_missing",
        )
    response = HttpResponse(text, content_type="application/x-x509-ca-cert")
    response["Content-Disposition"] = 'attachment; filename="simpul-ca.crt"'
    return response
