"""`simpul doctor`: is this installation well? A sentence and a remedy for each thing."""

import argparse
from typing import Any

from simpul.cli.output import busy, give, say

SIGNS = {"ok": "✓", "note": "·", "bad": "✕"}


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "doctor",
        help="periksa kesehatan pemasangan",
        description=(
            "Memeriksa basis data, kecepatan menulis, cakram, sertifikat, jurnal, jam, kiriman\n"
            "ke Dinas dan cadangan. Tidak mengubah apa pun. Status 1 bila ada yang perlu\n"
            "diperbaiki."
        ),
    )
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.add_argument(
        "--free-ballast",
        action="store_true",
        help="cakram penuh: lepas ruang darurat agar pendaftaran berjalan lagi",
    )
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Check everything and say it."""
    if given.free_ballast:
        return _free(as_json=given.json)
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.cli.checkup.facts import examine

    with busy("Memeriksa …"):
        findings = examine()
    bad = [finding for finding in findings if finding.level == "bad"]
    if given.json:
        give({"ok": not bad, "findings": [finding.as_data() for finding in findings]})
        return 1 if bad else 0
    for finding in findings:
        print(f"{SIGNS[finding.level]} {finding.sentence}")
        if finding.consequence:
            print(f"    {finding.consequence}")
        if finding.remedy:
            print(f"    → {finding.remedy}")
    say(f"{len(bad)} hal perlu diperbaiki." if bad else "Tidak ada yang perlu diperbaiki.")
    return 1 if bad else 0


def _free(*, as_json: bool) -> int:
    """Give up the ballast. On a full disk nothing else may be touched before, Django neither."""
    from simpul.cli.certificates import site_folder
    from simpul.foundation.core import ballast

    freed = ballast.free(site_folder())
    if as_json:
        give({"ok": bool(freed), "freed": freed})
    elif freed:
        say(f"{freed // 1_000_000} MB dilepas. Pendaftaran berjalan lagi tanpa memulai ulang.")
        say("Kosongkan cakram hari ini juga; ruang darurat dibuat lagi sendiri bila sudah lapang.")
    else:
        say("Ruang darurat tidak ada atau sudah dilepas. Tidak ada yang diubah.")
        say("Kosongkan ruang dengan memindahkan berkas lain dari cakram ini.")
    return 0 if freed else 1
