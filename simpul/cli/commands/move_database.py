"""`simpul move-database`: from the file to PostgreSQL and back, checked row by row."""

import argparse
from typing import Any

from simpul.cli.output import give, progress, say


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "move-database",
        help="pindahkan basis data: berkas SQLite ↔ PostgreSQL",
        description=(
            "Menyalin seluruh data ke basis data lain yang kosong, lalu membandingkannya baris\n"
            "demi baris. Yang lama tidak diubah dan tetap dipakai sampai Anda sendiri beralih.\n"
            "Hentikan `simpul serve` dahulu. Terputus di tengah jalan: ulangi perintahnya.\n\n"
            "Tujuan: sqlite (berkas di SIMPUL_DATA), sqlite:BERKAS, atau\n"
            "postgresql://pengguna:sandi@tuan-rumah:port/nama"
        ),
    )
    reader.add_argument("--to", required=True, metavar="TUJUAN", help="ke mana (lihat di atas)")
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Move, compare, and say how to switch."""
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.cli.moving.move import Moved, move
    from simpul.cli.moving.places import read_place

    place = read_place(given.to)
    say(f"Memindahkan ke {place.label} …")
    with progress() as tell:
        moved: Moved = move(place, tell)
    if given.json:
        give(
            {
                "ok": True,
                "target": place.label,
                "rows": moved.rows,
                "cleared_cut_off_try": moved.cleared,
                "missing_guards": list(moved.missing_guards),
                "tables": {
                    name: {"rows": digest.rows, "hash": digest.text}
                    for name, digest in moved.digests.items()
                },
            }
        )
        return 0
    if moved.cleared:
        say("Sisa percobaan sebelumnya yang terputus sudah dibersihkan.")
    if moved.missing_guards:
        say(f"Penjaga yang tadinya hilang dipasang lagi: {', '.join(moved.missing_guards)}.")
    say(f"Selesai: {len(moved.digests)} tabel, {moved.rows} baris, sama di kedua sisi.")
    say("Yang lama tidak diubah. Beralih sekarang, sebelum ada yang menulis di yang lama:")
    for step in _steps(is_file=place.file is not None):
        say(f"  {step}")
    return 0


def _steps(*, is_file: bool) -> tuple[str, ...]:
    if is_file:
        return (
            "1. Hapus SIMPUL_DATABASE_URL dari lingkungan layanan Simpul.",
            "2. Bila berkasnya tidak di SIMPUL_DATA, pindahkan ke sana sebagai simpul.sqlite3.",
            "3. Jalankan `simpul doctor`, lalu `simpul serve`.",
            "4. Jangan menjalankan Simpul lagi pada PostgreSQL yang lama.",
        )
    return (
        "1. Setel SIMPUL_DATABASE_URL dengan alamat yang tadi Anda tulis.",
        "2. Jalankan `simpul doctor`, lalu `simpul serve`.",
        "3. Ganti nama simpul.sqlite3 yang lama agar tidak terpakai lagi; simpan sebagai bukti.",
    )
