"""`/sistem`: is the server well; each red line has its cause, its harm to patients, and one act."""

import logging
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import __version__
from simpul.cli.checkup.facts import look
from simpul.cli.checkup.finding import Finding
from simpul.config.system import screens
from simpul.config.system.package import make_package
from simpul.config.system.runbooks import list_runbooks, read_runbook
from simpul.foundation.core import ballast
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

logger = logging.getLogger("simpul.system")


@dataclass(frozen=True)
class Line:
    """A finding with the address of its act."""

    finding: Finding
    url: str


def _person(request: HttpRequest) -> Actor:
    by = acting(request)
    require(by, "view", "system")
    require_home(by)
    return by


@require_GET
def system(request: HttpRequest) -> HttpResponse:
    """Everything at a glance; what is not well comes first."""
    by = _person(request)
    findings = look()
    bad = [_line(one) for one in findings if one.level == "bad"]
    return render(
        request,
        "system/page.html",
        {
            "bad": bad,
            "notes": [_line(one) for one in findings if one.level == "note"],
            "well": [one for one in findings if one.level == "ok"],
            "computers": screens.seen_computers(by=by),
            "screens": screens.seen_screens(),
            "runbooks": list_runbooks(),
            "version": __version__,
            "tab": "system",
        },
    )


def _line(finding: Finding) -> Line:
    if finding.act is None:
        return Line(finding, "")
    argument = [finding.act.argument] if finding.act.argument else []
    try:
        return Line(finding, reverse(finding.act.place, args=argument))
    except NoReverseMatch:
        return Line(finding, "")


@require_POST
def give_room(request: HttpRequest) -> HttpResponse:
    """Give up the ballast. Nothing may be written before that: the disk is full.

    So the form carries no once-only key; a repeat finds nothing left to give up.
    """
    by = _person(request)
    require(by, "input", "system")
    freed = ballast.free(Path(settings.DATA))
    try:
        with act(by=by) as this:
            this.record("room-freed", detail={"bytes": freed})
    except DatabaseError:
        logger.warning("the freed room could not be noted in the journal")
    if freed:
        sentence = _(
            "%(size)s MB dilepas; pendaftaran dapat berjalan lagi. Kosongkan cakram hari ini juga."
        ) % {"size": freed // 1_000_000}
        messages.success(request, sentence)
    else:
        messages.warning(
            request, _("Ruang darurat sudah dilepas sebelumnya. Kosongkan cakram sekarang.")
        )
    return redirect("sistem")


@require_GET
def help_package(request: HttpRequest) -> HttpResponse:
    """A zip for whoever helps from far away; without any patient's data."""
    _person(request)
    answer = HttpResponse(make_package(), content_type="application/zip")
    day = get_here().day_of(now())
    answer["Content-Disposition"] = f'attachment; filename="paket-bantuan-{day:%Y%m%d}.zip"'
    return answer


@require_GET
def runbook_page(request: HttpRequest, page: str) -> HttpResponse:
    """One page for a bad day, to read and to print."""
    _person(request)
    found = read_runbook(page)
    if found is None:
        raise NotHere(_("Halaman ini tidak ada."), "runbook_unknown")
    title, body = found
    return render(
        request,
        "system/runbook.html",
        {"title": title, "body": body, "runbooks": list_runbooks(), "page": page},
    )
