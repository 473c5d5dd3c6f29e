"""Gathering what is judged. `look` is quick enough for a page; `examine` looks at everything.

A page must not wait for a disk or walk a million entries: there the figures measured last and the
journal's newest entries are used.
"""

import sqlite3
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from simpul.cli.checkup import judgement, measures
from simpul.cli.checkup.finding import Finding, Level
from simpul.cli.checkup.journal_end import journal_end
from simpul.exchange.sync.link import read_clock, read_hub, read_line
from simpul.exchange.sync.selectors import standing
from simpul.exchange.sync.troubles import sentence_of
from simpul.foundation.backups.space import outlook
from simpul.foundation.backups.status import status as backup_status
from simpul.foundation.core import ballast
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere
from simpul.foundation.facilities.models import TimeZone
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import JournalEntry


def look() -> list[Finding]:
    """What the page `sistem` and `/status` show: quick, and nothing is written."""
    data = Path(settings.DATA)
    known = measures.read(data)
    end = journal_end()
    return [
        *_line(),
        *_backups(),
        *_disks(data),
        _clock(known),
        *_certificates(data),
        judgement.judge_journal(end.entries, 0 if end.is_whole else 1, checked=end.checked),
        judgement.judge_writing(known.fsync),
        _durability(),
        _engine(),
    ]


def examine() -> list[Finding]:
    """What `simpul doctor` says: everything, in order; what needs tables waits for them."""
    data = Path(settings.DATA)
    known = measures.read(data)
    findings = [
        _engine(),
        _durability(),
        *_disks(data),
        judgement.judge_writing(measures.time_durable_write(data)),
        *_certificates(data),
        _tables(),
    ]
    if findings[-1].level != "ok":
        return findings
    return [*findings, _journal(), _clock(known), *_line(), *_backups()]


def _engine() -> Finding:
    if connection.vendor == "sqlite":
        return judgement.judge_engine("sqlite", sqlite3.sqlite_version, sqlite3.sqlite_version_info)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return judgement.judge_engine(connection.vendor, str(cursor.fetchone()[0]))


def _durability() -> Finding:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            first = cursor.fetchone()[0]
            cursor.execute("PRAGMA synchronous")
            second = cursor.fetchone()[0]
        else:
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            first, second = cursor.fetchone()
    return judgement.judge_durability(connection.vendor, str(first), str(second))


def _disks(data: Path) -> list[Finding]:
    held = ballast.look(data)
    levels: dict[str, Level] = {"note": "note", "bad": "bad"}
    disks = [
        judgement.DiskFacts(
            one.place,
            levels.get(one.level, "ok"),
            one.sentence,
            one.remedy,
            held.held,
            held.wanted,
        )
        for one in outlook(data)
    ]
    return [
        *(judgement.judge_disk(disk) for disk in disks),
        judgement.judge_ballast(held.held, held.wanted),
    ]


def _certificates(data: Path) -> list[Finding]:
    from simpul.cli.certificates import read_facts  # takes time to load; http alone does without

    facts = read_facts(data)
    if facts is None:
        return judgement.judge_certificates(None)
    moment = now()
    return judgement.judge_certificates(
        judgement.CertificateFacts(
            server_days=(facts.server_ends - moment).days,
            server_ends=f"{facts.server_ends:%d-%m-%Y}",
            authority_days=(facts.authority_ends - moment).days,
            authority_ends=f"{facts.authority_ends:%d-%m-%Y}",
            missing=facts.missing,
        )
    )


def _tables() -> Finding:
    executor = MigrationExecutor(connection)
    return judgement.judge_tables(len(executor.migration_plan(executor.loader.graph.leaf_nodes())))


def _journal() -> Finding:
    report = verify_chain()
    first = report.faults[0].message if report.faults else ""
    return judgement.judge_journal(report.entries, len(report.faults), first)


def _clock(known: measures.Measures) -> Finding:
    moment = now()
    newest = JournalEntry.objects.order_by("-id").values_list("at", flat=True).first()
    hub = read_clock()
    try:
        zones = dict(TimeZone.choices)
        zone = get_here().timezone
        shown = f"{_local(moment)} {zones.get(zone, zone)}"
    except NotHere:
        shown = ""
    return judgement.judge_clock(
        judgement.ClockFacts(
            moment=moment,
            newest=newest,
            shown=shown,
            jump=known.jump,
            jumped_at=_local(known.jumped_at) if known.jumped_at else "",
            hub_ahead=None if hub is None else hub.seconds,
        )
    )


def _line() -> list[Finding]:
    hub, is_hub = read_hub(), settings.SIMPUL_ROLE == "hub"
    held = _held() if is_hub else []
    if hub is None:
        alone = judgement.LineFacts(is_enrolled=False, is_hub=is_hub)
        return [*judgement.judge_line(alone), *held]
    line, place = read_line(), standing()
    waits = None if place.waiting_since is None else now() - place.waiting_since
    stopped = line.sentence if line.state == "stopped" else ""
    if place.stopped and not stopped:
        stopped = sentence_of("stopped", place.stopped)
    above = judgement.judge_line(
        judgement.LineFacts(
            is_enrolled=True,
            is_hub=is_hub,
            hub=hub.name,
            waiting=place.waiting,
            waits=waits,
            since=_local(place.waiting_since) if place.waiting_since else _("belum diketahui"),
            parked=place.parked,
            stopped=stopped,
            trouble=line.sentence if line.state == "broken" else "",
        )
    )
    return [*above, *held]


def _held() -> list[Finding]:
    from simpul.exchange.hub.models import HubNode, HubPark

    return judgement.judge_held(
        HubPark.objects.filter(settled_at__isnull=True).count(),
        HubNode.objects.filter(state="suspect").count(),
    )


def _backups() -> list[Finding]:
    levels: dict[str, Level] = {"note": "note", "bad": "bad"}
    return [
        judgement.judge_backup(one.name, levels.get(one.level, "ok"), one.sentence, one.remedy)
        for one in backup_status().findings
    ]


def _local(at: datetime) -> str:
    try:
        zone = get_here().timezone
    except NotHere:
        zone = "UTC"
    return f"{at.astimezone(ZoneInfo(zone)):%d-%m-%Y %H.%M}"
