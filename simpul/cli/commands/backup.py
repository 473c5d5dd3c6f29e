"""`simpul backup`: a copy of everything, sealed; the recovery key; the trial restore."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simpul.cli.output import busy, give, progress, say
from simpul.foundation.core.errors import Refused

if TYPE_CHECKING:
    from simpul.foundation.backups.catalogue import Copy


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "backup",
        help="cadangkan semua data, urus kunci pemulihan",
        description=(
            "Membuat cadangan utuh selagi orang bekerja: disalin, diperiksa, dimampatkan,\n"
            "disegel, lalu dibaca kembali. Tanpa --to disimpan di folder data dan tempat kedua.\n"
            "Cadangan hanya terbuka dengan kunci pemulihan, yang disimpan di luar server."
        ),
    )
    reader.add_argument(
        "--to", metavar="FOLDER", type=Path, help="folder tujuan, misalnya flashdisk"
    )
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=make)
    acts = reader.add_subparsers(title="perintah", metavar="PERINTAH")
    _describe_key(acts)
    listing = acts.add_parser(
        "list", help="daftar cadangan", description="Menyebut cadangan yang ada di folder data."
    )
    listing.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    listing.set_defaults(run=list_all)
    check = acts.add_parser(
        "check",
        help="periksa satu berkas cadangan",
        description=(
            "Membuka satu berkas cadangan dan memeriksa setiap bagiannya, tanpa memulihkan.\n"
            "Dengan --key-file terbukti pula bahwa kunci pemulihan yang disimpan membukanya."
        ),
    )
    check.add_argument("file", metavar="BERKAS", type=Path, help="berkas cadangan")
    check.add_argument("--key-file", metavar="BERKAS", type=Path, help="kunci pemulihan")
    check.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    check.set_defaults(run=check_file)
    proof = acts.add_parser(
        "prove",
        help="uji pulih cadangan terbaru",
        description=(
            "Memulihkan cadangan terbaru ke tempat coba dan membandingkannya baris demi baris.\n"
            "Data yang dipakai tidak disentuh. Status 1 bila ada yang berbeda."
        ),
    )
    proof.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    proof.set_defaults(run=prove_newest)


def _describe_key(acts: Any) -> None:
    key = acts.add_parser(
        "key",
        help="kunci pemulihan: keadaan, ekspor, ganti",
        description=(
            "Kunci pemulihan dibuat saat pertama kali dijalankan. Pindahkan sekali ke luar\n"
            "server; sesudah itu ia tidak ada lagi di server: hanya Anda dapat membuka cadangan."
        ),
    )
    how = key.add_mutually_exclusive_group()
    how.add_argument(
        "--export", metavar="BERKAS", type=Path, help="tulis kunci ke sini, hapus dari server"
    )
    how.add_argument(
        "--show", action="store_true", help="tampilkan kunci untuk disalin, hapus dari server"
    )
    how.add_argument("--new", action="store_true", help="buat kunci baru (yang lama hilang)")
    key.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    key.set_defaults(run=key_act)


def _data() -> Path:
    from django.conf import settings

    from simpul.cli.preparing import load_django

    load_django()
    return Path(settings.DATA)


def make(given: argparse.Namespace) -> int:
    """Make a copy now."""
    data = _data()
    from simpul.foundation.backups.making import make_copy
    from simpul.foundation.backups.running import last_failure
    from simpul.foundation.backups.schedule import run_now

    with progress() as tell:
        copy = make_copy(to=given.to, tell=tell) if given.to else run_now(tell=tell)
    second = None if given.to else last_failure("second", data)
    if given.json:
        give({"ok": True, **_facts(copy), "second": second.sentence if second else None})
    else:
        say(f"Cadangan dibuat dan sudah dibaca kembali: {copy.path}")
        if second is not None:
            say(f"Perhatian: {second.sentence}")
        _warn_of_key(data)
    return 0


def _facts(copy: "Copy") -> dict[str, Any]:
    return {
        "file": str(copy.path),
        "at": copy.at.isoformat(),
        "bytes": copy.bytes,
        "sha256": copy.sha256,
        "facility": copy.facility,
        "journal": copy.journal_seq,
        "checked_at": copy.checked_at and copy.checked_at.isoformat(),
        "proven_at": copy.proven_at and copy.proven_at.isoformat(),
        "places": copy.places,
    }


def _warn_of_key(data: Path) -> None:
    from simpul.foundation.backups.keys import key_state

    if key_state(data).is_on_server:
        say(
            "PENTING: kunci pemulihan masih di server ini. Bila server rusak, cadangan tidak dapat "
            "dibuka.\n  Pindahkan ke flashdisk: simpul backup key --export FOLDER-FLASHDISK"
        )


def key_act(given: argparse.Namespace) -> int:
    """Say how the recovery key stands, take it out, or make a new one."""
    data = _data()
    from simpul.foundation.backups import keys

    made = keys.ensure_keys(data)
    if given.new:
        _confirm_new(data)
        keys.new_recovery_key(data)
        made = True
    if given.export is not None:
        keys.export_key(data, given.export)
        _say_exported(data, given, f"Kunci pemulihan ditulis ke {given.export}")
        return 0
    if given.show:
        return _show(data, given)
    state = keys.key_state(data)
    if given.json:
        give(
            {
                "ok": not state.is_on_server,
                "recipient": state.recipient,
                "is_on_server": state.is_on_server,
                "exported_at": state.exported_at and state.exported_at.isoformat(),
            }
        )
        return 0
    if made:
        say("Kunci pemulihan baru dibuat.")
    if state.is_on_server:
        _warn_of_key(data)
    else:
        when = f"{state.exported_at:%d-%m-%Y}" if state.exported_at else "dahulu"
        say(f"Kunci pemulihan (…{state.tail}) dipindahkan ke luar server ini pada {when}.")
    return 0


def _say_exported(data: Path, given: argparse.Namespace, sentence: str) -> None:
    from simpul.foundation.backups.keys import key_state

    state = key_state(data)
    if given.json:
        give({"ok": True, "recipient": state.recipient, "is_on_server": state.is_on_server})
        return
    say(f"{sentence} dan dihapus dari server ini (…{state.tail}).")
    say("Cabut flashdisknya, simpan di lemari terkunci, dan buat satu salinan di tempat lain.")
    say("Tanpa kunci itu tidak seorang pun dapat membuka cadangan, juga pembuat Simpul.")


def _show(data: Path, given: argparse.Namespace) -> int:
    """Show the key once; it leaves the server when its end has been typed back."""
    from simpul.foundation.backups import keys

    key = keys.show_key(data)
    if not sys.stdin.isatty():
        raise Refused(
            "--show menunggu jawaban di terminal. Pakai --export BERKAS. Tidak ada yang diubah.",
            "no_terminal",
        )
    print(key)
    say("Salin seluruhnya ke kertas. Lalu ketik enam huruf terakhirnya (kosong: batal): ")
    if input().strip().upper() != key[-6:]:
        say("Belum dipindahkan: kunci masih ada di server ini.")
        return 1
    keys.forget_private(data)
    _say_exported(data, given, "Kunci pemulihan sudah disalin")
    return 0


def _confirm_new(data: Path) -> None:
    from simpul.foundation.backups.keys import key_state

    if key_state(data).is_on_server:
        raise Refused(
            "Kunci yang sekarang masih ada di server ini dan belum dibawa, jadi tidak perlu yang "
            "baru. Pindahkan: simpul backup key --export FOLDER-FLASHDISK. Tidak ada yang diubah.",
            "key_waits",
        )
    say(
        "Cadangan berikutnya memakai kunci baru. Cadangan yang sudah ada tetap hanya terbuka "
        "dengan kunci lama: jangan dibuang."
    )


def list_all(given: argparse.Namespace) -> int:
    """Name the copies."""
    _data()
    from zoneinfo import ZoneInfo

    from simpul.foundation.backups.catalogue import list_copies

    copies = list_copies()
    if given.json:
        give({"ok": True, "copies": [_facts(copy) for copy in copies]})
        return 0
    for copy in copies:
        local = copy.at.astimezone(ZoneInfo(copy.timezone))
        marks = "diuji pulih" if copy.proven_at else "utuh"
        megabytes = f"{copy.bytes / 1e6:.1f}".replace(".", ",")
        print(f"{local:%d-%m-%Y %H.%M}  {megabytes:>8} MB  {marks:<11}  {copy.path}")
    if not copies:
        say("Belum ada cadangan. Buat: simpul backup")
    return 0


def check_file(given: argparse.Namespace) -> int:
    """Open one file and check every part of it."""
    data = _data()
    from zoneinfo import ZoneInfo

    from simpul.foundation.backups.keys import proof_identity, read_identity
    from simpul.foundation.backups.making import compare_parts, scratch_folder
    from simpul.foundation.backups.sealing import unseal

    if not given.file.is_file():
        raise Refused(f"Berkas {given.file} tidak ada.", "no_file")
    identity = read_identity(given.key_file) if given.key_file else proof_identity(data)
    with busy("Memeriksa …"), scratch_folder(data) as scratch:
        opened = scratch / "opened"
        unseal(given.file, opened, identity)
        manifest = compare_parts(opened)
    rows = sum(one.rows for one in manifest.tables.values())
    if given.json:
        give(
            {
                "ok": True,
                "facility": manifest.facility,
                "at": manifest.at.isoformat(),
                "version": manifest.version,
                "engine": manifest.engine,
                "rows": rows,
                "with_recovery_key": given.key_file is not None,
            }
        )
        return 0
    local = manifest.at.astimezone(ZoneInfo(manifest.timezone))
    say(
        f"Utuh: {manifest.facility or 'Simpul'}, {local:%d-%m-%Y %H.%M}, {rows} baris, "
        f"Simpul {manifest.version}."
    )
    if given.key_file is None:
        say("Dibuka dengan kunci server ini. Kunci pemulihan diperiksa dengan --key-file.")
    return 0


def prove_newest(given: argparse.Namespace) -> int:
    """Restore the newest copy into a scratch place and compare it."""
    _data()
    from simpul.foundation.backups.schedule import prove_now

    with progress() as tell:
        proof = prove_now(tell=tell)
    if given.json:
        give(
            {
                "ok": not proof.faults,
                "tables": proof.tables,
                "rows": proof.rows,
                "compared": proof.compared,
                "faults": proof.faults,
            }
        )
    elif not proof.faults:
        say(
            f"Terbukti dapat dipulihkan: {proof.tables} tabel, {proof.rows} baris, "
            f"{proof.compared} dibandingkan dengan yang dipakai."
        )
    else:
        for fault in proof.faults:
            say(fault)
    return 1 if proof.faults else 0
