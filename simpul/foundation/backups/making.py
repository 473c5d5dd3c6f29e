"""Making a copy: cut, pack, seal, read back, put in place.

Nothing is called a copy before it was read back from the disk and found to be what was cut. A
process that dies on the way leaves a scratch folder and an unfinished file; the next run removes
both.
"""

import hashlib
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from simpul.foundation.backups import keys
from simpul.foundation.backups.catalogue import Copy, facts_of, keep_facts, list_copies
from simpul.foundation.backups.cutting import take_cut
from simpul.foundation.backups.durable import (
    UNFINISHED,
    hash_of,
    settle_file,
    settle_folder,
)
from simpul.foundation.backups.locks import one_at_a_time
from simpul.foundation.backups.manifest import Manifest
from simpul.foundation.backups.places import (
    ENDING,
    SCRATCH,
    copies_folder,
    data_folder,
    kept_files,
    slug,
)
from simpul.foundation.backups.running import tell_progress
from simpul.foundation.backups.sealing import (
    Damaged,
    copy_stream,
    pack,
    seal,
    unpack,
    unseal,
)
from simpul.foundation.backups.tables import Tell
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, Refused

#: What must stay free for the people who work while a copy is made.
LEAST_LEFT = 300_000_000
STEPS = 6


def make_copy(
    *,
    data: Path | None = None,
    to: Path | None = None,
    tell: Tell | None = None,
    at: datetime | None = None,
) -> Copy:
    """Make one copy, in the data folder or in `to`; returns it checked.

    Conflict while another process is at it; OSError when the disk is full; nothing is left behind.
    """
    with one_at_a_time(data) as free:
        if not free:
            raise Conflict(
                _("Pencadangan lain sedang berjalan. Tunggu sampai selesai."), "backup_running"
            )
        tidy(data)
        return make_copy_alone(data=data, to=to, tell=tell, at=at)


def make_copy_alone(
    *,
    data: Path | None = None,
    to: Path | None = None,
    tell: Tell | None = None,
    at: datetime | None = None,
) -> Copy:
    """The same for who holds the lock already."""
    home = data_folder(data)
    target = copies_folder(home) if to is None else _given_folder(to)
    keys.ensure_keys(home)
    require_room(home)

    def say(what: str, done: int, total: int) -> None:
        tell_progress(what, done, total, home)
        if tell is not None:
            tell(_("Mencadangkan"), done, total)

    with scratch_folder(home) as scratch:
        say(_("Menyalin basis data"), 0, STEPS)
        cut = take_cut(scratch, tell)
        say(_("Menyalin berkas lain"), 1, STEPS)
        members = [(cut.path.name, cut.path), *_copy_files(home, scratch)]
        say(_("Menghitung sidik"), 2, STEPS)
        manifest = replace(
            cut.manifest,
            at=at or cut.manifest.at,
            files={name: hash_of(path) for name, path in members},
        )
        packed = scratch / "packed"
        say(_("Memampatkan"), 3, STEPS)
        pack(manifest, members, packed)
        for _name, path in members:
            path.unlink()  # the disk may be nearly full
        final = _free_name(target, manifest)
        draft = target / f".{final.name}{UNFINISHED}"
        try:
            say(_("Menyegel"), 4, STEPS)
            seal(packed, draft, keys.recipients(home))
            packed.unlink()
            say(_("Membaca kembali"), 5, STEPS)
            digest = read_back(draft, scratch, manifest, home)
            copy = facts_of(
                draft, manifest, sha256=digest, recipient=keys.key_state(home).recipient
            )
            copy = replace(copy, path=final, name=final.name, checked_at=now())
            # The facts come first: facts without a file are nothing, a file without facts is lost.
            keep_facts(copy)
            draft.replace(final)
            settle_folder(target)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        say(_("Selesai"), STEPS, STEPS)
        return copy


def read_back(sealed: Path, scratch: Path, manifest: Manifest | None, data: Path) -> str:
    """Open a sealed file with this server's own key and compare every part; return its SHA-256."""
    opened = scratch / "opened"
    try:
        unseal(sealed, opened, keys.proof_identity(data))
        found = compare_parts(opened)
        if manifest is not None and found != manifest:
            raise Damaged(
                _(
                    "Cadangan yang dibaca kembali tidak sama dengan yang ditulis. Ulangi; bila "
                    "terulang, ganti cakramnya."
                ),
                "not_read_back",
            )
    finally:
        opened.unlink(missing_ok=True)
    return hash_of(sealed)


def compare_parts(packed: Path) -> Manifest:
    """Hash every part of a packed file and compare with its manifest."""
    seen: dict[str, str] = {}

    def take(name: str, file: IO[bytes]) -> None:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
        seen[name] = digest.hexdigest()

    manifest = unpack(packed, take)
    if seen != manifest.files:
        wrong = sorted(n for n in {*seen, *manifest.files} if seen.get(n) != manifest.files.get(n))
        raise Damaged(
            _("Isi cadangan tidak utuh: %(names)s. Pakai cadangan lain.")
            % {"names": ", ".join(wrong[:3])},
            "part_altered",
        )
    return manifest


def _copy_files(data: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    """Copy the files beside the database, as they are now."""
    for number, (name, path) in enumerate(kept_files(data)):
        copied = scratch / f"file-{number}"
        try:
            with path.open("rb") as source, copied.open("wb") as target:
                copy_stream(source, target)
        except FileNotFoundError:  # removed meanwhile: it is not wanted any more
            continue
        yield name, copied


def _given_folder(folder: Path) -> Path:
    place = folder.expanduser().absolute()
    if place.is_dir():
        return place
    raise Refused(
        f"Folder {place} tidak ada. Pasang cakramnya atau buat foldernya, lalu ulangi. "
        "Belum ada yang dicadangkan.",
        "no_folder",
    )


def _free_name(folder: Path, manifest: Manifest) -> Path:
    local = manifest.at.astimezone(ZoneInfo(manifest.timezone))
    stem = f"simpul-{slug(manifest.facility)}-{local:%Y%m%d-%H%M%S}"
    for number in range(1, 1000):
        name = stem if number == 1 else f"{stem}-{number}"
        path = folder / f"{name}{ENDING}"
        if not path.exists():
            return path
    return folder / f"{stem}-{secrets.token_hex(4)}{ENDING}"


@contextmanager
def scratch_folder(data: Path) -> Iterator[Path]:
    """Give a folder for what lies open for a moment, readable by the program's user alone."""
    folder = copies_folder(data) / f"{SCRATCH}{secrets.token_hex(6)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tidy(data: Path | None = None, *, other: Path | None = None) -> None:
    """Remove what a process that died left behind; only while holding the lock."""
    folder = copies_folder(data)
    for leftover in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for place in (folder, other):
        if place is None:
            continue
        with suppress(OSError):
            for draft in place.glob(f".simpul-*{ENDING}{UNFINISHED}"):
                draft.unlink(missing_ok=True)
            for facts in place.glob(f"simpul-*{ENDING}.json"):
                if not facts.with_name(facts.name.removesuffix(".json")).exists():
                    facts.unlink(missing_ok=True)


def require_room(data: Path) -> None:
    """Refuse before anything is written when the copy would not fit."""
    newest = next(iter(list_copies(data)), None)
    sealed = newest.bytes if newest is not None else _database_bytes() // 3
    need = _database_bytes() + 3 * sealed + LEAST_LEFT
    free = shutil.disk_usage(data).free
    if free >= need:
        return
    raise Refused(
        _(
            "Ruang cakram tinggal %(free)s MB, sedangkan mencadangkan butuh %(need)s MB. Tidak ada "
            "yang dihapus dan data tetap aman; kosongkan ruang, lalu cadangkan lagi."
        )
        % {"free": free // 1_000_000, "need": need // 1_000_000},
        "no_room",
    )


def _database_bytes() -> int:
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        parts = [Path(name), Path(f"{name}-wal")]
        return sum(part.stat().st_size for part in parts if part.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def copy_to(copy: Copy, folder: Path) -> Copy:
    """Put a copy into another folder too: written, read back, renamed."""
    target = folder / copy.name
    if target.exists() and target.stat().st_size == copy.bytes and hash_of(target) == copy.sha256:
        return replace(copy, path=target)
    draft = folder / f".{copy.name}{UNFINISHED}"
    try:
        with copy.path.open("rb") as source, draft.open("wb") as file:
            copy_stream(source, file)
        settle_file(draft)
        if hash_of(draft) != copy.sha256:
            raise Damaged(
                _("Salinan di %(folder)s terbaca lain dari yang ditulis. Ganti cakram itu.")
                % {"folder": str(folder)},
                "second_damaged",
            )
        there = replace(copy, path=target)
        keep_facts(there)
        draft.replace(target)
        settle_folder(folder)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return there
