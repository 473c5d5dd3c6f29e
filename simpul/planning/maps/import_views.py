"""`/perencanaan/peta/berkas`: outlines, populations, points from a file, checked before kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.planning.intake.tables import Unusable
from simpul.planning.maps.geojson import LEVELS, NotOutlines, read_outlines
from simpul.planning.maps.models import RegionLevel
from simpul.planning.maps.points import import_points, read_points
from simpul.planning.maps.populations import read_populations
from simpul.planning.maps.services import import_populations, import_regions, require_importer

LARGEST = 25_000_000
MOST_NAMED = 50


@require_http_methods(["GET", "POST"])
def peta_berkas(request: HttpRequest) -> HttpResponse:
    """Ask for a file; check it (`laku=periksa`) or keep it (`laku=simpan`)."""
    by = acting(request)
    require_importer(by)
    context: dict[str, Any] = {
        "levels": [("", _("menurut kodenya")), *RegionLevel.choices],
        "year": get_here().today().year,
        "typed": request.POST,
    }
    if request.method == "POST":
        try:
            context["outcome"] = _outcome(request, by)
        except Refused as refusal:
            return render(request, "maps/import.html", context | {"refusal": refusal}, status=422)
    return render(request, "maps/import.html", context)


def _outcome(request: HttpRequest, by: Actor) -> dict[str, Any]:
    sent = request.FILES.get("berkas")
    if sent is None:
        raise _refused("berkas", _("Pilih berkasnya dahulu."))
    if (sent.size or 0) > LARGEST:
        raise _refused("berkas", _("Berkas ini lebih dari 25 MB. Sederhanakan dahulu."))
    dry = request.POST.get("laku") != "simpan"
    name = str(sent.name or "berkas")
    source = " ".join(request.POST.get("sumber", "").split())[:200] or name[:200]
    try:
        if request.POST.get("jenis") == "titik":
            return _points(sent.read(), name, dry=dry, request=request, by=by)
        if request.POST.get("jenis") == "penduduk":
            return _populations(sent.read(), name, source, dry=dry, request=request, by=by)
        return _regions(sent.read(), source, dry=dry, request=request, by=by)
    except (NotOutlines, Unusable) as trouble:
        raise _refused("berkas", trouble.message) from None


def _regions(
    data: bytes, source: str, *, dry: bool, request: HttpRequest, by: Actor
) -> dict[str, Any]:
    level = request.POST.get("tingkat", "")
    read = read_outlines(data, level=level if level in LEVELS else "")
    done = import_regions(read.outlines, by=by, source=source, dry_run=dry)
    refused = [
        _("Wilayah ke-%(n)d %(name)s: %(why)s")
        % {"n": one.number, "name": one.name or _("(tanpa nama)"), "why": one.message}
        for one in read.refused
    ]
    return {"kind": "batas", "done": done, "unmatched": 0, **_listed(refused)}


def _populations(
    data: bytes, name: str, source: str, *, dry: bool, request: HttpRequest, by: Actor
) -> dict[str, Any]:
    text = request.POST.get("tahun", "")
    today = get_here().today().year
    usable = text.isascii() and text.isdigit() and 1900 <= int(text[:5]) <= today + 1
    read = read_populations(data, name, year=int(text) if usable else today)
    done = import_populations(read.rows, by=by, source=source, dry_run=dry)
    refused = [
        _("Baris %(line)d: %(why)s") % {"line": one.line, "why": one.message}
        for one in read.refused
    ]
    return {
        "kind": "penduduk",
        "done": done,
        "unmatched": len(done.unmatched),
        **_listed(refused),
    }


def _points(
    data: bytes, name: str, *, dry: bool, request: HttpRequest, by: Actor
) -> dict[str, Any]:
    read = read_points(data, name)
    takes = bool(request.POST.get("usulan"))
    done = import_points(read.rows, by=by, take_proposals=takes, dry_run=dry)
    refused = [
        _("Baris %(line)d: %(why)s") % {"line": one.line, "why": one.message}
        for one in read.refused
    ]
    return {"kind": "titik", "done": done, "took": takes, **_listed(refused)}


def _listed(refused: list[str]) -> dict[str, Any]:
    return {
        "refused": refused[:MOST_NAMED],
        "refused_count": len(refused),
        "more": max(0, len(refused) - MOST_NAMED),
    }


def _refused(where: str, message: str) -> Refused:
    return Refused(
        _("Tidak ada yang disimpan. %(why)s") % {"why": message},
        "file_refused",
        errors=(Problem(where, "refused", message),),
    )
