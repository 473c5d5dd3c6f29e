"""How the copies stand, in sentences: for the page, the doctor, and the district."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from simpul.foundation.backups.catalogue import Copy, list_copies
from simpul.foundation.backups.keys import KeyState, key_state
from simpul.foundation.backups.options import is_there, on_same_disk, read_options
from simpul.foundation.backups.places import data_folder
from simpul.foundation.backups.running import Failure, Progress, last_failure, progress_now
from simpul.foundation.backups.schedule import AHEAD, next_due, timezone
from simpul.foundation.core.clock import now

LATE = timedelta(hours=26)
PROOF_LATE = timedelta(days=40)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, in a sentence, and what to do about it."""

    name: str
    level: str  # ok | note | bad
    sentence: str
    remedy: str = ""


@dataclass(frozen=True)
class Status:
    """Everything there is to say about the copies of this site."""

    newest: Copy | None
    age: timedelta | None
    is_late: bool
    proven_at: datetime | None
    proof_is_late: bool
    last_failure: Failure | None
    key: KeyState
    second_place: str
    second_is_missing: bool
    running: Progress | None
    next_at: datetime
    findings: list[Finding] = field(default_factory=list)


def status(data: Path | None = None, at: datetime | None = None) -> Status:
    """Look at the copies, the keys and the second place."""
    home, moment = data_folder(data), at or now()
    copies = list_copies(home)
    past = [copy for copy in copies if copy.checked_at is not None and copy.at <= moment + AHEAD]
    newest = past[0] if past else None
    age = None if newest is None else max(timedelta(0), moment - newest.at)
    proofs = [copy.proven_at for copy in copies if copy.proven_at is not None]
    proven = max(proofs) if proofs else None
    second = read_options().second
    failures = [last_failure(what, home) for what in ("backup", "second", "proof")]
    known = [failure for failure in failures if failure is not None]
    result = Status(
        newest=newest,
        age=age,
        is_late=age is None or age > LATE,
        proven_at=proven,
        proof_is_late=proven is None or moment - proven > PROOF_LATE,
        last_failure=max(known, key=lambda failure: failure.at) if known else None,
        key=key_state(home),
        second_place=second,
        second_is_missing=bool(second) and not is_there(Path(second)),
        running=progress_now(home),
        next_at=next_due(moment),
    )
    zone = timezone()
    result.findings.extend(
        [
            _of_copy(result, failures[0], zone),
            _of_proof(result, failures[2], zone),
            _of_key(result.key),
            _of_second(result, failures[1]),
        ]
    )
    return result


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%d-%m-%Y %H.%M}"


def _of_copy(found: Status, failure: Failure | None, zone: str) -> Finding:
    if found.newest is None:
        return Finding(
            "backup",
            "bad",
            failure.sentence if failure else _("Belum ada cadangan."),
            _("Cadangkan sekarang: halaman Cadangan, atau simpul backup"),
        )
    last = _("Cadangan terakhir yang utuh: %(at)s.") % {"at": _local(found.newest.at, zone)}
    if found.is_late:
        return Finding(
            "backup",
            "bad",
            f"{last} {failure.sentence}" if failure else last,
            _("Cadangkan sekarang: halaman Cadangan, atau simpul backup"),
        )
    if failure is not None:
        return Finding("backup", "note", f"{last} {failure.sentence}", _("Simpul mencoba lagi."))
    return Finding("backup", "ok", last)


def _of_proof(found: Status, failure: Failure | None, zone: str) -> Finding:
    if failure is not None and failure.code == "proof_failed":
        return Finding(
            "backup_proof", "bad", failure.sentence, _("Cadangkan lagi, lalu: simpul backup prove")
        )
    if found.proven_at is None:
        return Finding(
            "backup_proof",
            "note",
            _("Cadangan belum pernah diuji pulih."),
            _("Uji sekarang: halaman Cadangan, atau simpul backup prove"),
        )
    sentence = _("Terakhir terbukti dapat dipulihkan: %(at)s.") % {
        "at": _local(found.proven_at, zone)
    }
    if found.proof_is_late:
        remedy = _("Uji sekarang: halaman Cadangan, atau simpul backup prove")
        return Finding("backup_proof", "bad", sentence, remedy)
    return Finding("backup_proof", "ok", sentence)


def _of_key(key: KeyState) -> Finding:
    if not key.recipient:
        return Finding("backup_key", "note", _("Kunci pemulihan belum dibuat."), "simpul migrate")
    if key.is_on_server:
        return Finding(
            "backup_key",
            "bad",
            _(
                "Kunci pemulihan masih di server ini. Bila server rusak atau dicuri, kuncinya ikut "
                "hilang dan cadangan tidak dapat dibuka."
            ),
            _("Pindahkan ke flashdisk: simpul backup key --export FOLDER-FLASHDISK"),
        )
    return Finding(
        "backup_key",
        "ok",
        _("Kunci pemulihan (…%(tail)s) disimpan di luar server.") % {"tail": key.tail},
    )


def _of_second(found: Status, failure: Failure | None) -> Finding:
    if not found.second_place:
        return Finding(
            "backup_second",
            "note",
            _("Cadangan hanya ada di server ini. Bila cakramnya rusak, semuanya ikut hilang."),
            _("Isi tempat kedua di halaman Cadangan: cakram lain atau folder komputer lain."),
        )
    if found.second_is_missing:
        return Finding(
            "backup_second",
            "bad",
            _("Tempat cadangan kedua (%(folder)s) tidak terpasang.")
            % {"folder": found.second_place},
            _("Pasang cakramnya; salinan menyusul sendiri."),
        )
    if failure is not None:
        return Finding("backup_second", "bad", failure.sentence, _("Periksa cakram kedua."))
    if on_same_disk(Path(found.second_place)):
        return Finding(
            "backup_second",
            "note",
            _("Tempat cadangan kedua ada di cakram yang sama dengan data."),
            _("Pilih folder di cakram lain atau komputer lain."),
        )
    return Finding("backup_second", "ok", _("Cadangan juga disalin ke tempat kedua."))
