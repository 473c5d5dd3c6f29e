"""What `simpul doctor` looks at."""

import os
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from simpul.foundation.core.clock import now
from simpul.foundation.facilities.models import Facility
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import JournalEntry

#: Older ones can damage a database when two connections write and checkpoint at one instant.
SAFE_SQLITE = (3, 51, 3)
LEAST_FREE = 2_000_000_000
SLOW_FSYNC = 25.0  # milliseconds; one registration costs one
FSYNCS = 7


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, in a sentence, and what to do about it."""

    name: str
    level: Literal["ok", "note", "bad"]
    sentence: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Look at everything, in order; what needs tables waits until they are there."""
    findings = [_engine(), _durability(), _disk(), _fsync(), _certificate(), _tables()]
    if findings[-1].level == "ok":
        looks: tuple[Callable[[], Finding], ...] = (_journal, _clock)
        findings += [look() for look in looks]
    return findings


def _engine() -> Finding:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = str(cursor.fetchone()[0])
        return Finding("database", "ok", f"PostgreSQL {version}.")
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return Finding("database", "ok", f"SQLite {sqlite3.sqlite_version}.")
    return Finding(
        "database",
        "note",
        f"SQLite {sqlite3.sqlite_version}: di bawah 3.51.3 ada cacat pada catatan tulisnya. "
        "Simpul menghindarinya dengan menulis bergiliran.",
        "Jangan membuka berkas basis data dengan program lain selagi Simpul berjalan.",
    )


def _durability() -> Finding:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            fsync, commit = cursor.fetchone()
        if fsync == "on" and commit != "off":
            return Finding("durability", "ok", "Yang tersimpan tahan listrik padam.")
        return Finding(
            "durability",
            "bad",
            f"PostgreSQL memakai fsync={fsync}, synchronous_commit={commit}: data dapat hilang.",
            "Nyalakan keduanya di postgresql.conf, lalu muat ulang PostgreSQL.",
        )
    with connection.cursor() as cursor:
        mode = str(cursor.execute("PRAGMA journal_mode").fetchone()[0]).lower()
        level = int(cursor.execute("PRAGMA synchronous").fetchone()[0])
    if mode == "wal" and level >= 2:
        return Finding(
            "durability", "ok", "Yang tersimpan tahan listrik padam (WAL, synchronous=FULL)."
        )
    return Finding(
        "durability",
        "bad",
        f"SQLite memakai journal_mode={mode}, synchronous={level}: data dapat hilang.",
        "Pindahkan folder data ke cakram setempat (bukan folder jaringan), lalu mulai lagi.",
    )


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA).free
    gigabytes = f"{free / 1e9:.1f}".replace(".", ",")
    if free >= LEAST_FREE:
        return Finding("disk", "ok", f"Ruang cakram tersisa {gigabytes} GB.")
    return Finding(
        "disk",
        "bad",
        f"Ruang cakram tinggal {gigabytes} GB.",
        "Kosongkan ruang atau pindahkan folder data ke cakram yang lebih besar.",
    )


def _certificate() -> Finding:
    """How long the server's certificate lasts; a site without https has none."""
    from simpul.cli.certificates import RENEW_DAYS, read_facts

    facts = read_facts(Path(settings.DATA))
    if facts is None:
        return Finding("certificate", "note", "Belum ada sertifikat https di server ini.")
    until = f"{min(facts.server_ends, facts.authority_ends):%d-%m-%Y}"
    if facts.days_left < 0:
        return Finding(
            "certificate",
            "bad",
            f"Sertifikat https berakhir {until}; peramban menolak membuka Simpul.",
            "Mulai lagi `simpul serve`; bila induknya yang berakhir: "
            "`simpul certificate renew --authority`, lalu pasang lagi di setiap komputer.",
        )
    if facts.days_left < RENEW_DAYS:
        return Finding(
            "certificate",
            "bad",
            f"Sertifikat https berakhir {until}, {facts.days_left} hari lagi.",
            "Mulai lagi `simpul serve` agar dibuat yang baru.",
        )
    if facts.missing:
        return Finding(
            "certificate",
            "note",
            f"Sertifikat https belum memuat {', '.join(facts.missing)}.",
            "Mulai lagi `simpul serve` agar alamat itu ikut.",
        )
    return Finding("certificate", "ok", f"Sertifikat https berlaku sampai {until}.")


def _fsync() -> Finding:
    """Time a small durable write in the data folder."""
    path = Path(settings.DATA) / f".fsync-{os.getpid()}"
    times = []
    try:
        with path.open("wb") as file:
            for _round in range(FSYNCS):
                began = time.perf_counter()
                file.write(b"\0" * 4096)
                file.flush()
                os.fsync(file.fileno())
                times.append((time.perf_counter() - began) * 1000)
    finally:
        path.unlink(missing_ok=True)
    took = statistics.median(times)
    shown = f"{took:.1f}".replace(".", ",")
    if took <= SLOW_FSYNC:
        return Finding("fsync", "ok", f"Menulis tahan padam butuh {shown} ms.")
    return Finding(
        "fsync",
        "note",
        f"Menulis tahan padam butuh {shown} ms: menyimpan terasa lambat saat ramai.",
        "Pakai SSD untuk folder data.",
    )


def _tables() -> Finding:
    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not steps:
        return Finding("tables", "ok", "Basis data sesuai dengan versi ini.")
    return Finding(
        "tables",
        "bad",
        f"Basis data belum disiapkan untuk versi ini ({steps} langkah).",
        "Jalankan: simpul migrate",
    )


def _journal() -> Finding:
    report = verify_chain()
    if not report.faults:
        return Finding("journal", "ok", f"Jurnal utuh ({report.entries} entri).")
    return Finding(
        "journal",
        "bad",
        f"Jurnal tidak utuh: {len(report.faults)} kelainan, yang pertama: "
        f"{report.faults[0].message}.",
        "Salin folder data sebagai bukti; rinciannya: simpul journal verify",
    )


def _clock() -> Finding:
    moment = now()
    facility = Facility.objects.filter(is_here=True).first()
    newest = JournalEntry.objects.order_by("-id").values_list("at", flat=True).first()
    if newest is not None and newest > moment + timedelta(minutes=2):
        return Finding(
            "clock",
            "bad",
            "Jam komputer ini mundur: catatan terakhir bertanggal sesudah sekarang.",
            "Betulkan tanggal dan jam komputer, sebaiknya disetel otomatis dari jaringan.",
        )
    if facility is None:
        return Finding("clock", "note", "Puskesmas belum disiapkan.", "Jalankan: simpul serve")
    here = moment.astimezone(ZoneInfo(facility.timezone))
    label = str(facility.get_timezone_display())
    return Finding("clock", "ok", f"Waktu setempat {here:%d-%m-%Y %H.%M} {label}.")
