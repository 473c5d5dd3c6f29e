"""From facts to findings. Nothing here asks a clock, a disk or a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from simpul.cli.checkup.finding import Act, Finding, Level

#: Older ones can damage a database when two connections write and checkpoint at one instant.
SAFE_SQLITE = (3, 51, 3)
SLOW_FSYNC = 25.0  # milliseconds; one registration costs one
CLOCK_AHEAD = timedelta(minutes=2)
CLOCK_APART = 300.0  # seconds
RENEW_DAYS = 60
AUTHORITY_DAYS = 90
WAITS_LONG = timedelta(hours=1)
WAITS_TOO_LONG = timedelta(hours=24)
NEVER_KEPT = "yang-tidak-boleh"


def runbook(slug: str, label: str = "") -> Act:
    """Lead to one of the pages for bad days."""
    return Act(label or _("Cara mengatasinya"), "sistem-darurat", slug)


def judge_engine(vendor: str, version: str, number: Sequence[int] = ()) -> Finding:
    """The database program and its known traps."""
    if vendor != "sqlite":
        return Finding("database", "ok", f"PostgreSQL {version}.")
    if tuple(number) >= SAFE_SQLITE:
        return Finding("database", "ok", f"SQLite {version}.")
    return Finding(
        "database",
        "note",
        _(
            "SQLite %(version)s: di bawah 3.51.3 ada cacat pada catatan tulisnya. Simpul "
            "menghindarinya dengan menulis bergiliran."
        )
        % {"version": version},
        _("Jangan membuka berkas basis data dengan program lain selagi Simpul berjalan."),
    )


def judge_durability(vendor: str, first: str, second: str) -> Finding:
    """SQLite: journal mode and synchronous level. PostgreSQL: fsync and synchronous_commit."""
    lost = _("Kunjungan yang baru disimpan dapat hilang bila listrik padam.")
    if vendor == "sqlite":
        if first.lower() == "wal" and int(second) >= 2:
            sentence = _("Yang tersimpan tahan listrik padam (WAL, synchronous=FULL).")
            return Finding("durability", "ok", sentence)
        return Finding(
            "durability",
            "bad",
            _("SQLite memakai journal_mode=%(mode)s, synchronous=%(level)s: data dapat hilang.")
            % {"mode": first, "level": second},
            _("Pindahkan folder data ke cakram setempat (bukan folder jaringan), lalu mulai lagi."),
            lost,
            runbook(NEVER_KEPT),
        )
    if first == "on" and second != "off":
        return Finding("durability", "ok", _("Yang tersimpan tahan listrik padam."))
    return Finding(
        "durability",
        "bad",
        _("PostgreSQL memakai fsync=%(fsync)s, synchronous_commit=%(commit)s: data dapat hilang.")
        % {"fsync": first, "commit": second},
        _("Nyalakan keduanya di postgresql.conf, lalu muat ulang PostgreSQL."),
        lost,
        runbook(NEVER_KEPT),
    )


def judge_writing(milliseconds: float | None) -> Finding:
    """How long a durable write takes."""
    if milliseconds is None:
        return Finding("fsync", "note", _("Kecepatan menulis belum diukur."))
    shown = f"{milliseconds:.1f}".replace(".", ",")
    if milliseconds <= SLOW_FSYNC:
        sentence = _("Menulis tahan padam butuh %(time)s ms.") % {"time": shown}
        return Finding("fsync", "ok", sentence)
    return Finding(
        "fsync",
        "note",
        _("Menulis tahan padam butuh %(time)s ms: menyimpan terasa lambat saat ramai.")
        % {"time": shown},
        _("Pakai SSD untuk folder data."),
        _("Antrean di loket memanjang pada jam sibuk."),
    )


@dataclass(frozen=True)
class DiskFacts:
    """One disk as the backups' room sees it, and the ballast on it."""

    place: str
    level: Level
    sentence: str
    remedy: str
    ballast_held: int = 0
    ballast_wanted: int = 0


def judge_disk(disk: DiskFacts) -> Finding:
    """How much room is left, and for how long; with the ballast as the first help."""
    name = "disk" if disk.place == "data" else f"disk_{disk.place}"
    if disk.level == "ok":
        return Finding(name, "ok", disk.sentence)
    if disk.place != "data":
        return Finding(
            name,
            disk.level,
            disk.sentence,
            disk.remedy,
            _("Bila penuh, cadangan kedua berhenti; pelayanan tetap jalan."),
            Act(_("Buka halaman cadangan"), "cadangan"),
        )
    act = runbook("disk-penuh")
    if disk.level == "bad" and disk.ballast_held:
        act = Act(_("Lepas ruang darurat"), "sistem-ruang", is_done_there=True)
    return Finding(
        name,
        disk.level,
        disk.sentence,
        disk.remedy,
        _("Bila penuh, pendaftaran berhenti sampai ada ruang lagi."),
        act,
    )


def judge_ballast(held: int, wanted: int) -> Finding:
    """The room kept for the hour in which the disk is full."""
    if not wanted:
        return Finding("ballast", "ok", _("Ruang darurat dimatikan (SIMPUL_BALLAST_MB=0)."))
    if held >= wanted:
        sentence = _("Ruang darurat siap: %(size)s MB.") % {"size": held // 1_000_000}
        return Finding("ballast", "ok", sentence)
    return Finding(
        "ballast",
        "note",
        _(
            "Ruang darurat (%(size)s MB) belum ada; server membuatnya sendiri bila sisa cakram "
            "empat kali itu."
        )
        % {"size": wanted // 1_000_000},
    )


@dataclass(frozen=True)
class ClockFacts:
    """What the clock can be compared with."""

    moment: datetime
    newest: datetime | None = None
    shown: str = ""
    jump: float | None = None
    jumped_at: str = ""
    hub_ahead: float | None = None


def judge_clock(clock: ClockFacts) -> Finding:
    """Against the journal, the hub, and the time this machine has been running."""
    harm = _("Waktu kunjungan, urutan antrean dan umur pasien tercatat salah.")
    remedy = _("Betulkan tanggal dan jam komputer, sebaiknya disetel otomatis dari jaringan.")
    act = runbook("jam-salah")
    if clock.newest is not None and clock.newest > clock.moment + CLOCK_AHEAD:
        sentence = _("Jam komputer ini mundur: catatan terakhir bertanggal sesudah sekarang.")
        return Finding("clock", "bad", sentence, remedy, harm, act)
    if clock.hub_ahead is not None and abs(clock.hub_ahead) > CLOCK_APART:
        behind = clock.hub_ahead > 0
        sentence = (
            _("Jam komputer ini %(minutes)s menit lebih lambat daripada jam Dinas.")
            if behind
            else _("Jam komputer ini %(minutes)s menit lebih cepat daripada jam Dinas.")
        ) % {"minutes": round(abs(clock.hub_ahead) / 60)}
        return Finding("clock", "bad", sentence, remedy, harm, act)
    if clock.jump:
        sentence = _("Jam komputer ini bergeser %(minutes)s menit (%(at)s).") % {
            "minutes": round(abs(clock.jump) / 60),
            "at": clock.jumped_at,
        }
        return Finding("clock", "note", sentence, _("Periksa bahwa jamnya sekarang benar."), harm)
    if not clock.shown:
        sentence = _("Puskesmas belum disiapkan.")
        return Finding("clock", "note", sentence, _("Jalankan: simpul serve"))
    sentence = _("Waktu setempat %(at)s.") % {"at": clock.shown}
    return Finding("clock", "ok", sentence)


@dataclass(frozen=True)
class CertificateFacts:
    """When the server's certificate and the authority's end, and what is missing on it."""

    server_days: int
    server_ends: str
    authority_days: int
    authority_ends: str
    missing: tuple[str, ...] = ()


def judge_certificates(facts: CertificateFacts | None) -> list[Finding]:
    """The server's certificate renews itself; the authority's must be installed by hand."""
    if facts is None:
        sentence = _("Belum ada sertifikat https di server ini.")
        return [Finding("certificate", "note", sentence)]
    return [_judge_server(facts), _judge_authority(facts)]


def _judge_server(facts: CertificateFacts) -> Finding:
    closed = _("Loket dan poli tidak dapat membuka Simpul sesudah itu.")
    again = _("Mulai lagi `simpul serve` agar dibuat yang baru.")
    act = runbook("sertifikat-kedaluwarsa")
    if facts.server_days < 0:
        sentence = _("Sertifikat https berakhir %(date)s; peramban menolak membuka Simpul.")
    elif facts.server_days < RENEW_DAYS:
        sentence = _("Sertifikat https berakhir %(date)s, %(days)s hari lagi.")
    elif facts.missing:
        return Finding(
            "certificate",
            "note",
            _("Sertifikat https belum memuat %(names)s.") % {"names": ", ".join(facts.missing)},
            _("Mulai lagi `simpul serve` agar alamat itu ikut."),
        )
    else:
        sentence = _("Sertifikat https berlaku sampai %(date)s.")
        return Finding("certificate", "ok", sentence % {"date": facts.server_ends})
    told = sentence % {"date": facts.server_ends, "days": facts.server_days}
    return Finding("certificate", "bad", told, again, closed, act)


def _judge_authority(facts: CertificateFacts) -> Finding:
    closed = _("Loket dan poli tidak dapat membuka Simpul sesudah itu.")
    remedy = _(
        "Pilih hari sepi: `simpul certificate renew --authority`, mulai lagi `simpul serve`, lalu "
        "pasang lagi di setiap komputer."
    )
    act = runbook("sertifikat-kedaluwarsa")
    if facts.authority_days < 0:
        sentence = _("Induk sertifikat berakhir %(date)s.") % {"date": facts.authority_ends}
        return Finding("authority", "bad", sentence, remedy, closed, act)
    if facts.authority_days < AUTHORITY_DAYS:
        sentence = _("Induk sertifikat berakhir %(date)s, %(days)s hari lagi.") % {
            "date": facts.authority_ends,
            "days": facts.authority_days,
        }
        return Finding("authority", "bad", sentence, remedy, closed, act)
    sentence = _("Induk sertifikat berlaku sampai %(date)s.") % {"date": facts.authority_ends}
    return Finding("authority", "ok", sentence)


def judge_tables(steps: int) -> Finding:
    """Is the database of this version?"""
    if not steps:
        return Finding("tables", "ok", _("Basis data sesuai dengan versi ini."))
    return Finding(
        "tables",
        "bad",
        _("Basis data belum disiapkan untuk versi ini (%(steps)s langkah).") % {"steps": steps},
        _("Jalankan: simpul migrate"),
    )


def judge_journal(entries: int, faults: int, first: str = "", *, checked: int = 0) -> Finding:
    """The chain of the journal: all of it, or the newest `checked` entries."""
    if not faults and checked and checked < entries:
        sentence = _("Ujung jurnal utuh (%(checked)s dari %(entries)s entri diperiksa).") % {
            "checked": checked,
            "entries": entries,
        }
        return Finding("journal", "ok", sentence)
    if not faults:
        return Finding(
            "journal", "ok", _("Jurnal utuh (%(entries)s entri).") % {"entries": entries}
        )
    if first:
        sentence = _("Jurnal tidak utuh: %(count)s kelainan, yang pertama: %(first)s.") % {
            "count": faults,
            "first": first,
        }
    else:
        sentence = _("Jurnal tidak utuh pada entri terbaru.")
    return Finding(
        "journal",
        "bad",
        sentence,
        _("Salin folder data sebagai bukti; rinciannya: simpul journal verify"),
        _("Siapa yang membuka atau mengubah rekam pasien tidak dapat dibuktikan lagi."),
        runbook(NEVER_KEPT),
    )


@dataclass(frozen=True)
class LineFacts:
    """How sending to the Dinas stands."""

    is_enrolled: bool
    is_hub: bool = False
    hub: str = ""
    waiting: int = 0
    waits: timedelta | None = None
    since: str = ""
    parked: int = 0
    stopped: str = ""  # the sentence of what only a person can mend
    trouble: str = ""  # the sentence of what mends itself


def judge_line(line: LineFacts) -> list[Finding]:
    """What the Dinas has not got yet, and what it could not take in."""
    if line.is_hub and not line.is_enrolled:
        return [Finding("sync", "ok", _("Server ini yang teratas; tidak mengirim ke mana pun."))]
    if not line.is_enrolled:
        sentence = _("Belum tersambung ke Dinas; semua data ada di server ini saja.")
        remedy = _("Minta kode pendaftaran dari Dinas.")
        return [Finding("sync", "note", sentence, remedy)]
    harm = _("Dinas belum melihat kunjungan terbaru; pelayanan di sini tetap jalan.")
    act = runbook("sambungan-putus")
    found = [_judge_waiting(line, harm, act)]
    if line.parked:
        found.append(
            Finding(
                "parked",
                "note",
                _("%(count)s catatan diterima Dinas tetapi belum dapat dipakai.")
                % {"count": line.parked},
                _("Dinas mencobanya lagi sesudah diperbarui; lihat: simpul sync status"),
                _("Catatan itu belum ikut dalam laporan Dinas; di sini lengkap."),
            )
        )
    else:
        found.append(Finding("parked", "ok", _("Tidak ada catatan yang tertahan di Dinas.")))
    return found


def _judge_waiting(line: LineFacts, harm: str, act: Act) -> Finding:
    if line.stopped:
        return Finding("sync", "bad", line.stopped, _("Hubungi petugas Dinas."), harm, act)
    if not line.waiting:
        sentence = _("Semua sudah diterima Dinas.")
        return Finding("sync", "ok", sentence)
    waits = line.waits or timedelta(0)
    sentence = _("%(count)s catatan menunggu dikirim ke Dinas, tertua %(since)s.") % {
        "count": line.waiting,
        "since": line.since,
    }
    if line.trouble:
        sentence = f"{sentence} {line.trouble}"
    if waits >= WAITS_TOO_LONG:
        remedy = _("Periksa sambungan internet; bila lama, kirim dengan flashdisk.")
        return Finding("sync", "bad", sentence, remedy, harm, act)
    level: Level = "note" if waits >= WAITS_LONG else "ok"
    remedy = _("Terkirim sendiri begitu tersambung.") if level == "note" else ""
    return Finding("sync", level, sentence, remedy)


def judge_held(parked: int, suspects: int) -> list[Finding]:
    """At a hub: what came and cannot be used yet, and who is kept waiting."""
    found = []
    if parked:
        found.append(
            Finding(
                "held",
                "note",
                _("%(count)s catatan dari Puskesmas belum dapat dipakai di sini.")
                % {"count": parked},
                _("Dicoba lagi sendiri sesudah yang ditunggu datang atau versi diperbarui."),
                _("Angka Dinas belum lengkap; di Puskesmas lengkap."),
            )
        )
    else:
        found.append(Finding("held", "ok", _("Semua catatan dari Puskesmas dapat dipakai.")))
    if suspects:
        found.append(
            Finding(
                "suspect",
                "bad",
                _("%(count)s Puskesmas ditahan: tampak ada dua server dengan identitas yang sama.")
                % {"count": suspects},
                _("Pastikan hanya satu yang menyala, lalu: simpul hub decide PUSKESMAS"),
                _("Kunjungan Puskesmas itu tidak sampai ke Dinas; pelayanannya tetap jalan."),
                runbook(NEVER_KEPT),
            )
        )
    return found


def judge_backup(name: str, level: Level, sentence: str, remedy: str) -> Finding:
    """A finding of the backups' room, with what it means and where to act."""
    if level == "ok":
        return Finding(name, level, sentence)
    harms = {
        "backup": _("Bila server rusak, kunjungan sesudah cadangan itu dapat hilang."),
        "backup_proof": _("Belum pasti cadangan dapat mengembalikan data pasien."),
        "backup_key": _("Bila server hilang, data pasien tidak dapat dipulihkan."),
        "backup_second": _("Bila cakram server rusak, cadangannya ikut hilang."),
    }
    act = Act(_("Buka halaman cadangan"), "cadangan")
    return Finding(name, level, sentence, remedy, harms.get(name, ""), act)
