"""Main pages on the wire: the document as it is sent (compressed), and what a first visit adds.

Styles, scripts and fonts have names that never mean anything else, so a browser fetches them once
and keeps them for a year; the document is what every visit costs.
"""

import gzip
import http.client
import re
import time
from typing import Any

import brotli

from benchmarks.figures import spread
from benchmarks.operations import Request

#: label → role and address of each main page. {visit} is a visit of today.
PAGES = {
    "page loket": ("pendaftaran", "/loket"),
    "page pasien baru": ("pendaftaran", "/pasien/baru"),
    "page kunjungan": ("pendaftaran", "/kunjungan"),
    "page poli": ("dokter", "/poli/umum"),
    "page rekam": ("dokter", "/rekam/{visit}"),
    "page rm": ("perekam_medis", "/rm"),
    "page klpcm": ("perekam_medis", "/rm/klpcm"),
    "page tv": ("dokter", "/tv"),
    "page jurnal": ("kepala", "/jurnal"),
    "page pengaturan": ("kepala", "/pengaturan"),
}
#: Pages of a chief's moment; the others are opened all day long and take part in the busy hour.
SELDOM = frozenset({"page klpcm", "page jurnal", "page pengaturan"})
ROUNDS = 7
#: Browsers ask for brotli only over https; in a LAN without certificates it is gzip.
ACCEPTED = {"Accept-Encoding": "gzip"}
ASSET = re.compile(rb'(?:href|src)="(/static/[^"#]+)["#]')


def requests(visit: str, *, seldom: bool = True) -> list[Request]:
    """Return one request for each page; without those that are opened seldom if so wished."""
    return [
        (label, "GET", address.format(visit=visit), None)
        for label, (_role, address) in PAGES.items()
        if seldom or label not in SELDOM
    ]


def headers(of_roles: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the header lines of each page: the session of the role that opens it."""
    return {label: of_roles[f"page {role}"] for label, (role, _address) in PAGES.items()}


def weigh(port: int, headers: dict[str, list[str]], visit: str) -> dict[str, Any]:
    """Return status, bytes and time alone of each page, and what a first visit fetches with it."""
    found: dict[str, Any] = {}
    assets: dict[str, int] = {}
    for label, _method, target, _body in requests(visit):
        wanted = dict(line.split(": ", 1) for line in headers[label])
        taken = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            status, coding, sent = _get(port, target, {**wanted, **ACCEPTED})
            taken.append((time.perf_counter() - began) * 1000)
        document = _open(coding, sent)
        names = set(ASSET.findall(document))
        for name in names:
            if name.decode() not in assets:
                assets[name.decode()] = len(_get(port, name.decode(), ACCEPTED)[2])
        found[label] = {
            "status": status,
            "alone": spread(taken),
            "sent": len(sent),
            "document": len(document),
            "first_visit": len(sent) + sum(assets[name.decode()] for name in names),
        }
    return {"pages": found, "assets": assets}


def _get(port: int, target: str, headers: dict[str, str]) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", target, headers=headers)
    answer = connection.getresponse()
    try:
        return answer.status, answer.headers.get("Content-Encoding", ""), answer.read()
    finally:
        connection.close()


def _open(coding: str, sent: bytes) -> bytes:
    if coding == "gzip":
        return gzip.decompress(sent)
    return brotli.decompress(sent) if coding == "br" else sent
