"""`simpul restore`: bring a copy back, on an empty machine or over what is there."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simpul.cli.output import give, progress, say
from simpul.foundation.core.errors import Refused

if TYPE_CHECKING:
    from simpul.foundation.backups.restoring import Prepared


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "restore",
        help="pulihkan dari cadangan",
        description=(
            "Memulihkan Simpul dari berkas cadangan, di komputer kosong atau di atas yang ada.\n"
            "Sebelum apa pun diubah: seluruh isi diperiksa, disebut apa yang akan hilang, dan\n"
            "nama Puskesmas diminta diketik. Yang ada sekarang disimpan di sebelum-pulih-….\n"
            "Hentikan dahulu `simpul serve`."
        ),
    )
    reader.add_argument("file", metavar="BERKAS", type=Path, help="berkas cadangan (.simpul)")
    reader.add_argument(
        "--key-file", metavar="BERKAS", type=Path, required=True, help="kunci pemulihan"
    )
    reader.add_argument(
        "--yes", metavar="NAMA", help="nama Puskesmas, sebagai ganti mengetiknya di terminal"
    )
    reader.add_argument(
        "--dry-run", action="store_true", help="periksa dan sebut yang akan hilang, lalu berhenti"
    )
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Check, say what would be lost, ask, put in place."""
    from django.conf import settings

    from simpul.cli.preparing import load_django

    load_django()
    from simpul.foundation.backups.losses import say_losses
    from simpul.foundation.backups.restoring import prepare, put_in_place

    data = Path(settings.DATA)
    with progress() as tell, prepare(given.file, given.key_file, data, tell) as prepared:
        manifest = prepared.manifest
        say(
            f"Cadangan {manifest.facility or 'Simpul'}, dibuat {prepared.made_at:%d-%m-%Y %H.%M}: "
            f"{len(manifest.tables)} tabel, {prepared.rows} baris, semuanya utuh."
        )
        losses = ""
        if prepared.facility_now:
            losses = say_losses(prepared.losses, manifest.at, manifest.timezone)
            say(losses)
        if given.dry_run:
            if given.json:
                give({"ok": True, **_facts(prepared, losses)})
            say("Baru diperiksa. Tidak ada yang diubah.")
            return 0
        _confirm(prepared, given.yes)
        done = put_in_place(prepared, tell)
    if given.json:
        give({"ok": True, **_facts(prepared, losses), "before": done.before})
    else:
        say(f"Dipulihkan: {done.rows} baris, jurnal utuh ({done.journal_entries} entri).")
        if done.before:
            say(f"Yang ada sebelumnya disimpan utuh di {done.before}; hapus bila sudah yakin.")
        say("Semua orang masuk lagi dengan akun mereka. Jalankan: simpul serve")
    return 0


def _facts(prepared: "Prepared", losses: str) -> dict[str, Any]:
    return {
        "facility": prepared.manifest.facility,
        "at": prepared.manifest.at.isoformat(),
        "rows": prepared.rows,
        "losses": losses,
        "lost": {**prepared.losses.made, "others": prepared.losses.others},
    }


def _confirm(prepared: "Prepared", typed: str | None) -> None:
    """Let the person type the facility's name, where there is something to lose."""
    from simpul.foundation.backups.restoring import name_matches

    name = prepared.facility_now
    if not name:
        return
    if typed is None and sys.stdin.isatty():
        say(f"Ketik nama Puskesmas ini untuk memulihkan ({name}), kosong untuk batal: ")
        typed = input()
    if typed is None:
        raise Refused(
            f'Tambahkan --yes "{name}" bila Anda yakin. Tidak ada yang diubah.', "not_confirmed"
        )
    if not name_matches(typed, name):
        raise Refused(f"Nama yang diketik bukan “{name}”. Tidak ada yang diubah.", "not_confirmed")
