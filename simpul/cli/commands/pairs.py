"""`simpul pairs`: find records that look like one person, for the record room to decide."""

import argparse
from typing import Any

from simpul.cli.output import give, progress, say

#: The search tells how far it has come after so many seconds.
SECONDS_A_STEP = 2.0
STEPS = 1000


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "pairs",
        help="cari pasien yang tampak tercatat dua kali",
        description=(
            "Mencari pasangan rekam yang tampak orang yang sama, untuk diputuskan petugas rekam\n"
            "medis. Tidak ada yang digabungkan. Yang sudah diputuskan tidak muncul lagi.\n"
            "Boleh dihentikan kapan saja; pencarian berikutnya melanjutkan."
        ),
    )
    reader.add_argument(
        "--again", action="store_true", help="cari dari awal; keputusan yang ada tetap berlaku"
    )
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Search until everybody was looked at, and say what is open."""
    from simpul.cli.preparing import apply_migrations, load_django

    load_django()
    apply_migrations()
    from simpul.foundation.core.errors import Refused
    from simpul.foundation.facilities.selectors import is_set_up
    from simpul.service.patients.matching.pairs import begin_again, find_pairs
    from simpul.service.patients.matching.selectors import count_open

    if not is_set_up():
        raise Refused(
            "Puskesmas belum disiapkan, jadi belum ada pasien yang dapat dicari. "
            "Mulai dengan: simpul account create",
            "not_set_up",
        )
    if given.again:
        begin_again()
    with progress() as tell:
        before = None
        while True:
            now = find_pairs(
                seconds=SECONDS_A_STEP,
                tell=lambda share: tell("Mencari pasangan", int(share * STEPS), STEPS),
            )
            if now == before:
                break
            before = now
    counted = count_open()
    if given.json:
        give({"ok": True, "compared": now.compared, "left_out": now.left_out, "pairs": counted})
        return 0
    say(
        f"{counted['certain']} hampir pasti sama, {counted['possible']} mungkin sama, "
        f"{counted['household']} serumah (mungkin orang lain)."
    )
    if now.left_out:
        say(
            f"{now.left_out} kelompok terlalu umum untuk dibandingkan; orangnya dicari "
            "lewat ciri lain."
        )
    return 0
