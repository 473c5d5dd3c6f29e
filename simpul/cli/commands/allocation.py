"""`simpul allocation`: who could move where, from a file; needs no database."""

import argparse
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from simpul.cli.given_files import read_given, read_given_norm, refuse_file
from simpul.cli.output import busy, give, say


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "allocation",
        help="usulan pemindahan tenaga antar-fasilitas, dari berkas",
        description=(
            "Mengusulkan pemindahan: kekurangan berbobot paling sedikit, lalu pemindahan paling\n"
            "sedikit, lalu jarak (garis lurus). Tidak ada fasilitas yang menjadi lebih kurang.\n"
            "Berkas CSV, XLSX atau JSON seperti pada perintah gap; boleh ditambah kolom\n"
            "“dokter terkunci” (tidak dapat dipindahkan), “dokter kebutuhan” (sebagai ganti\n"
            "standar), dan “lingkup” (orang tidak dipindahkan ke luarnya).\n"
            "Tidak memakai basis data. Baris yang ditolak disebut; statusnya lalu 1."
        ),
    )
    reader.add_argument("file", metavar="BERKAS", help="berkas tabel, atau - untuk masukan baku")
    reader.add_argument(
        "--norm",
        metavar="STANDAR",
        help="dsp-2004, permenkes-75-2014, skm, atau berkas JSON; tanpa ini: kolom kebutuhan",
    )
    reader.add_argument(
        "--count",
        choices=("all", "asn"),
        default="all",
        help="all: semua tenaga; asn: ASN saja (bawaan: all)",
    )
    reader.add_argument(
        "--weight",
        type=_weight,
        action="append",
        default=[],
        metavar="PROFESI=BOBOT",
        help="bobot satu kekurangan, misalnya dokter=3 (bawaan: 1); boleh diulang",
    )
    reader.add_argument(
        "--hires",
        type=_hires,
        metavar="ORANG",
        help="jatah pengangkatan (bawaan: semua yang tak terisi diusulkan)",
    )
    reader.add_argument(
        "--farthest-km", type=_km, metavar="KM", help="jarak pemindahan terjauh, garis lurus"
    )
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read, solve, say; 1 when a row or the file was refused."""
    from simpul.domain.findings import Meaningless
    from simpul.planning.allocation.calculation import Wish, calculate
    from simpul.planning.allocation.reading import read_allocation_file
    from simpul.planning.intake.tables import Unusable
    from simpul.planning.norms.reading import NormRefused

    wish = Wish(dict(given.weight), given.hires, given.farthest_km, given.count)
    try:
        norm = read_given_norm(given.norm) if given.norm is not None else None
        rows = read_allocation_file(read_given(given.file), given.file)
        with busy("Mencari pemindahan …"):
            answer = calculate(rows, norm, wish)
    except Unusable as why:
        return refuse_file(why.code, why.message, as_json=given.json)
    except Meaningless as why:
        return refuse_file(why.code, f"{why.where}: {why.message}", as_json=given.json)
    except NormRefused as why:
        return refuse_file("norm_refused", str(why), as_json=given.json)
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


def _weight(text: str) -> tuple[str, Decimal]:
    from simpul.domain.professions import find_profession

    name, _sign, number = text.partition("=")
    code = find_profession(name)
    try:
        weight = Decimal(number.replace(",", "."))
    except InvalidOperation:
        weight = Decimal(0)
    if code is None or not weight.is_finite() or not 0 < weight <= 1000:
        raise argparse.ArgumentTypeError(f"tulis seperti dokter=3, bukan {text}")
    return code, weight


def _hires(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise argparse.ArgumentTypeError(f"{text} bukan jumlah orang")
    return int(text)


def _km(text: str) -> float:
    try:
        km = float(text.replace(",", "."))
    except ValueError:
        km = -1.0
    if not 0 <= km <= 40_000:
        raise argparse.ArgumentTypeError(f"{text} bukan jarak dalam km")
    return km


def _print(answer: Mapping[str, Any]) -> None:
    """Print the proposal for people: the sentence, the moves, what moving cannot fill."""
    if answer["norm"]:
        print(f"{answer['norm']['name']} · sumber: {answer['norm']['source']}")
    print(answer["summary"])
    if answer["moves"]:
        print("\nPemindahan")
    for move in answer["moves"]:
        km = move["distance_km"]
        far = "" if km is None else f" ({km:.1f} km garis lurus)".replace(".", ",")
        way = f"{move['from_facility']} → {move['to_facility']}"
        print(f"  {move['count']} {move['name']}: {way}{far}")
    print(f"\n{'Profesi':<32} {'kurang':>7} {'terisi':>7} {'sisa':>6}  keterangan")
    for line in answer["professions"]:
        print(
            f"{line['name'][:32]:<32} {line['shortage']:>7} {line['filled']:>7} "
            f"{line['unfilled']:>6}  {line['why']}"
        )
    for title, places in (("Pengangkatan", answer["hires"]), ("Tetap kosong", answer["unfilled"])):
        if places:
            print(f"\n{title}")
        for place in places:
            print(f"  {place['count']} {place['name']}: {place['facility']}")
    for finding in answer["findings"]:
        say(f"· {finding['where']}: {finding['message']}")
