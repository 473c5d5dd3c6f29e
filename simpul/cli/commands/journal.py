"""`simpul journal verify`: was anything in the journal removed, altered or moved?"""

import argparse
from typing import Any

from simpul.cli.output import busy, give, say

MOST_NAMED = 50


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "journal",
        help="periksa jurnal",
        description="Memeriksa jurnal: catatan siapa melakukan apa, kapan, yang tak boleh berubah.",
    )
    acts = reader.add_subparsers(title="perintah", metavar="PERINTAH", required=True)
    verify = acts.add_parser(
        "verify",
        help="periksa apakah jurnal utuh",
        description=(
            "Memeriksa setiap entri jurnal. Yang dihapus, diubah, ditambah atau dipindahkan\n"
            "disebutkan satu per satu, dan perintah ini berakhir dengan status 1."
        ),
    )
    verify.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    verify.set_defaults(run=verify_all)


def verify_all(given: argparse.Namespace) -> int:
    """Walk the chain and name every fault."""
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.foundation.journal.chain import verify_chain

    with busy("Memeriksa jurnal …"):
        report = verify_chain()
    if given.json:
        give(
            {
                "ok": not report.faults,
                "entries": report.entries,
                "faults": [
                    {"seq": f.seq, "kind": f.kind, "message": f.message} for f in report.faults
                ],
            }
        )
    elif not report.faults:
        say(f"Jurnal utuh: {report.entries} entri diperiksa.")
    else:
        say(f"Jurnal TIDAK utuh: {len(report.faults)} kelainan pada {report.entries} entri.")
        for fault in report.faults[:MOST_NAMED]:
            say(f"  {fault.message}")
        if len(report.faults) > MOST_NAMED:
            say(f"  … dan {len(report.faults) - MOST_NAMED} lagi (semua: --json)")
        say("Jangan mengubah apa pun. Salin folder data ini sebagai bukti, lalu laporkan.")
    return 1 if report.faults else 0
