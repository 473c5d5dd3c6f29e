"""`simpul distribution`: how staff are distributed, from a table with one person a row."""

import argparse
from datetime import UTC, date, datetime
from typing import Any

from simpul.cli.given_files import read_given, refuse_file
from simpul.cli.output import give, say

MOST_NAMED = 20
_TITLES = (
    ("education", "Pendidikan"),
    ("employment", "Status kepegawaian"),
    ("trained", "Pernah pelatihan"),
)


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "distribution",
        help="sebaran tenaga dari sebuah tabel",
        description=(
            "Menghitung sebaran tenaga: pendidikan, status kepegawaian, pelatihan, masa kerja;\n"
            "n, N, persen, sebaran, dan paling sedikit–paling banyak per fasilitas.\n"
            "Masukan CSV, XLSX, atau JSON, satu baris satu orang, dengan kolom facility,\n"
            "education, employment, trained, years_of_service atau started_on (atau nama\n"
            "Indonesianya: puskesmas, pendidikan, status, pelatihan, masa kerja, mulai).\n"
            "Tidak memakai basis data. Baris yang ditolak disebut; statusnya lalu 1."
        ),
    )
    reader.add_argument("file", metavar="BERKAS", help="tabel tenaga")
    reader.add_argument(
        "--as-of",
        type=_day,
        metavar="TANGGAL",
        help="masa kerja dihitung sampai hari ini, misalnya 2016-06-30 (bawaan: hari ini)",
    )
    reader.add_argument(
        "--facilities",
        metavar="BERKAS",
        help="tabel semua fasilitas dengan population, need, group: untuk Gini, Lorenz, Theil",
    )
    reader.add_argument(
        "--facility-count",
        type=_count,
        metavar="BANYAK",
        help="banyak fasilitas, bila yang tanpa tenaga tidak ada di tabel",
    )
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Read, describe, print; 1 when a row or the file was refused."""
    from simpul.planning.gap.distribution_files import ReadBases, read_bases_file, read_people_file
    from simpul.planning.gap.distribution_result import distribution_json
    from simpul.planning.intake.tables import Unusable

    as_of = given.as_of or datetime.now(UTC).astimezone().date()
    bases = ReadBases((), ())
    try:
        read = read_people_file(read_given(given.file), given.file, as_of=as_of)
        if given.facilities:
            bases = read_bases_file(read_given(given.facilities), given.facilities)
    except Unusable as trouble:
        return refuse_file(trouble.code, trouble.message, as_json=given.json)
    result = distribution_json(
        read, as_of=as_of, facilities=bases.facilities, facility_count=given.facility_count
    )
    result["refused"] += [
        {"line": one.line, "where": one.where, "code": one.code, "message": one.message}
        for one in bases.refused
    ]
    refused = bool(result["refused"]) or not read.people
    if given.json:
        give({"ok": not refused, **result})
    else:
        _tell(result)
    return 1 if refused else 0


def _tell(result: dict[str, Any]) -> None:
    print(f"{result['people']} orang, {result['per_facility']['facilities']} fasilitas")
    for name, title in _TITLES:
        aspect = result[name]
        print(f"\n{title} (n = {aspect['n']}, N = {aspect['N']})")
        for row in (*aspect["rows"], aspect["missing"]):
            value = "belum diisi" if row["value"] is None else row["value"]
            print(
                f"  {value:<32} {row['n']:>6}  {_comma(row['percent']):>7} %   "
                f"per fasilitas {row['facility_min']}–{row['facility_max']}"
            )
    print(f"\nMasa kerja (tahun): {_spread(result['years_of_service'])}")
    print(f"Orang per fasilitas: {_spread(result['per_facility'])}")
    for against, name in (("population", "penduduk"), ("need", "kebutuhan")):
        found = result["equity"][against]
        if found:
            theil = found["theil"]
            print(
                f"Terhadap {name}: Gini {_comma(found['gini'])}, Theil {_comma(theil['total'])} "
                f"(antar {_comma(theil['between'])}, dalam {_comma(theil['within'])})"
            )
    print("Persen dan rata-rata dibulatkan biasa, dua desimal.")
    for finding in result["findings"]:
        say(f"  {finding['where']}: {finding['message']}")
    for row in result["refused"][:MOST_NAMED]:
        say(f"  Baris {row['line']} ditolak ({row['where']}): {row['message']}")
    if len(result["refused"]) > MOST_NAMED:
        say(f"  … dan {len(result['refused']) - MOST_NAMED} baris lagi (semua: --json)")


def _spread(spread: dict[str, Any]) -> str:
    if spread["mean"] is None:
        return "belum ada datanya"
    sd = "–" if spread["sd"] is None else _comma(spread["sd"])
    return (
        f"n {spread['n']}, rata-rata {_comma(spread['mean'])}, simpangan baku {sd}, median "
        f"{_comma(spread['median'])} ({_comma(spread['q1'])}–{_comma(spread['q3'])}), "
        f"{_comma(spread['min'])} sampai {_comma(spread['max'])}"
    )


def _comma(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} bukan tanggal (misalnya 2016-06-30)") from None


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} bukan bilangan bulat")
