"""`simpul import fhir`: a FHIR R4 bundle of another program."""

import argparse
from typing import Any

from simpul.cli.given_files import MOST_NAMED, person_named, read_whole
from simpul.cli.output import give, progress, say


def describe(kinds: Any) -> None:
    """Say what the command does and takes."""
    reader = kinds.add_parser(
        "fhir",
        help="Bundle FHIR R4 dari program lain",
        description=(
            "Memasukkan Bundle FHIR R4: Patient, Encounter, Condition, Observation, dan\n"
            "AllergyIntolerance dibaca; jenis lain disimpan seperti aslinya. Berkas yang sama\n"
            "boleh diulang: tidak ada yang bertambah. Yang mirip orang di sini menunggu keputusan\n"
            "di halaman Impor. Status 1 bila ada yang ditolak atau menunggu."
        ),
    )
    reader.add_argument("file", metavar="BERKAS", help="Bundle FHIR R4 (JSON)")
    reader.add_argument("--source", required=True, metavar="ASAL", help="dari mana berkas ini")
    reader.add_argument("--by", required=True, metavar="PENGGUNA", help="atas nama pengguna ini")
    reader.add_argument("--dry-run", action="store_true", help="periksa saja, jangan disimpan")
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Take the bundle in and say what became of each resource."""
    from simpul.cli.preparing import load_django

    load_django()
    from simpul.exchange.fhir.reading import read_bundle
    from simpul.exchange.fhir.taking_in import REFUSED, WAITING, take_in

    by = person_named(given.by)
    resources = read_bundle(read_whole(given.file))
    with progress() as tell:
        report = take_in(
            resources,
            source=given.source,
            by=by,
            dry_run=given.dry_run,
            tell=lambda done, total: tell("Resource", done, total),
        )
    odd = [one for one in report.outcomes if one.verdict in (REFUSED, WAITING) or one.why]
    if given.json:
        give(
            {
                "ok": not odd,
                "dry_run": report.dry_run,
                "counts": report.counts(),
                "odd": [
                    {"entry": one.place, "type": one.kind, "verdict": one.verdict, "why": one.why}
                    for one in odd
                ],
            }
        )
    else:
        for kind, verdicts in report.counts().items():
            say(f"{kind}: " + ", ".join(f"{many} {verdict}" for verdict, many in verdicts.items()))
        for one in odd[:MOST_NAMED]:
            say(f"  entri {one.place} {one.kind}: {one.verdict}. {one.why}")
        if len(odd) > MOST_NAMED:
            say(f"  … dan {len(odd) - MOST_NAMED} lagi; --json menyebut semuanya.")
        if report.dry_run:
            say("Hanya diperiksa; tidak ada yang disimpan.")
    return 1 if any(one.verdict in (REFUSED, WAITING) for one in report.outcomes) else 0
