"""`simpul gap`: staff of facilities against a norm, from a file; needs no database."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simpul.cli.given_files import read_given, read_given_norm, refuse_file
from simpul.cli.output import give, say

NORMS = ("dsp-2004", "permenkes-75-2014", "skm")


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "gap",
        help="kesenjangan tenaga terhadap standar, dari berkas",
        description=(
            "Menghitung kekurangan dan kelebihan tenaga tiap fasilitas dan profesi terhadap\n"
            "sebuah standar. Berkas CSV, XLSX atau JSON: satu baris satu fasilitas, dengan kolom\n"
            "facility, category, satu kolom tiap profesi, bila ada inpatient, pustu, villages.\n"
            "Judul kolom boleh bahasa Indonesia. Sel kosong bukan nol. Tidak memakai basis data.\n"
            "Baris yang ditolak disebut, yang lain tetap dihitung; statusnya lalu 1."
        ),
    )
    reader.add_argument(
        "file", metavar="BERKAS", nargs="?", help="berkas tabel, atau - untuk masukan baku"
    )
    reader.add_argument(
        "--norm",
        metavar="STANDAR",
        help=f"{', '.join(NORMS)}, atau berkas JSON berisi standar lain dengan sumbernya",
    )
    reader.add_argument(
        "--count",
        choices=("all", "asn"),
        default="all",
        help="all: semua tenaga; asn: ASN saja, dari kolom “… ASN” (bawaan: all)",
    )
    reader.add_argument("--template", metavar="BERKAS.xlsx", help="tulis lembar kosong untuk diisi")
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read, calculate, say; 1 when a row or the file was refused."""
    from simpul.planning.gap.calculation import calculate
    from simpul.planning.intake.facilities import read_facility_file
    from simpul.planning.intake.tables import Unusable
    from simpul.planning.norms.reading import NormRefused

    if given.template:
        return _template(Path(given.template), as_json=given.json)
    if not given.file or not given.norm:
        say("Tulis nama berkas dan --norm STANDAR, atau --template BERKAS.xlsx.")
        say("Belum ada yang dikerjakan. Bantuan: simpul gap --help")
        return 2
    try:
        norm = read_given_norm(given.norm)
        rows = read_facility_file(read_given(given.file), given.file)
    except Unusable as why:
        return refuse_file(why.code, why.message, as_json=given.json)
    except NormRefused as why:
        return refuse_file("norm_refused", str(why), as_json=given.json)
    answer = calculate(rows, norm, count=given.count)
    for row in answer["refused"]:
        who = f" ({row['facility']})" if row["facility"] else ""
        say(f"{row['where']}{who}: ditolak. {row['message']}")
    if not answer["facilities"]:
        say("Tidak ada fasilitas yang dapat dihitung.")
    done = bool(answer["facilities"]) and not answer["refused"]
    if given.json:
        give({"ok": done, **answer})
    else:
        _print(answer)
    return 0 if done else 1


def _template(path: Path, *, as_json: bool) -> int:
    """Write an empty sheet with the headings that are read back."""
    from simpul.planning.intake.facilities import write_facility_template

    if path.exists():
        message = f"{path} sudah ada dan tidak ditimpa. Pakai nama lain."
        return refuse_file("file_exists", message, as_json=as_json)
    path.write_bytes(write_facility_template())
    if as_json:
        give({"ok": True, "template": str(path)})
    else:
        say(f"Lembar kosong ditulis: {path}. Isi, lalu: simpul gap {path} --norm skm")
    return 0


def _print(answer: Mapping[str, Any]) -> None:
    """Print the answer as a table for people: shortage and surplus beside each other."""
    norm, totals = answer["norm"], answer["totals"]
    print(f"{norm['name']} · {'semua tenaga' if answer['count'] == 'all' else 'ASN saja'}")
    print(f"Sumber: {norm['source']}")
    width = max((len(row["facility"]) for row in answer["facilities"]), default=9)
    width = max(28, min(width, 40))
    print(f"\n{'Fasilitas':<{width}} {'kurang':>7} {'lebih':>7} {'terisi':>8}")
    for row in answer["facilities"]:
        _print_line(row["facility"][:width].ljust(width), row)
    _print_line("Jumlah".ljust(width), totals)
    print(f"\n{'Profesi':<{width}} {'ada':>6} {'standar':>8} {'kurang':>7} {'lebih':>7}")
    for row in totals["professions"].values():
        print(
            f"{row['name'][:width]:<{width}} {row['have']:>6} {row['standard']:>8} "
            f"{row['shortage']:>7} {row['surplus']:>7}"
        )
    for finding in answer["findings"]:
        say(f"· {finding['where']}: {finding['message']}")
    alike: dict[str, list[Mapping[str, Any]]] = {}
    for row in answer["facilities"]:
        for finding in row["findings"]:
            alike.setdefault(finding["code"], []).append(finding)
    for found in alike.values():
        more = f" (dan {len(found) - 1} hal serupa)" if len(found) > 1 else ""
        say(f"· {found[0]['where']}: {found[0]['message']}{more}")


def _print_line(name: str, row: Mapping[str, Any]) -> None:
    filled = row["filled_percent"]
    shown = "–" if filled is None else f"{filled:.2f}".replace(".", ",") + " %"
    print(f"{name} {row['shortage']:>7} {row['surplus']:>7} {shown:>8}")
