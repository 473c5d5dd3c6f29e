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
            "Memeriksa basis data, cakram, jurnal dan jam. Tidak mengubah apa pun.\n"
            "Status 1 bila ada yang perlu diperbaiki."
        ),
    )
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Check everything and say it."""
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.cli.checkup import examine

    with busy("Memeriksa …"):
        findings = examine()
    bad = [finding for finding in findings if finding.level == "bad"]
    if given.json:
        give(
            {
                "ok": not bad,
                "findings": [
                    {
                        "name": f.name,
                        "level": f.level,
                        "sentence": f.sentence,
                        "remedy": f.remedy,
                    }
                    for f in findings
                ],
            }
        )
        return 1 if bad else 0
    for finding in findings:
        print(f"{SIGNS[finding.level]} {finding.sentence}")
        if finding.remedy:
            print(f"    → {finding.remedy}")
    say(f"{len(bad)} hal perlu diperbaiki." if bad else "Semua baik.")
    return 1 if bad else 0
