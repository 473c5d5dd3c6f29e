"""`simpul wisn FILE`: the staff a workload needs, from JSON, XLSX or CSV; needs no database."""

import argparse
import json
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from simpul.cli.output import give, say


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "wisn",
        help="hitung kebutuhan tenaga menurut beban kerja",
        description=(
            "Menghitung kebutuhan tenaga (WISN WHO, Kepmenkes 81/2004, ABK-Kes, KEP/75) dari\n"
            "berkas JSON, XLSX, atau CSV. Tidak memakai basis data.\n"
            "Status akhir: 0 selesai, 1 ditolak (tempatnya disebut), 2 tidak dimengerti."
        ),
    )
    reader.add_argument(
        "file", nargs="?", metavar="BERKAS", help="kajian; tanda - membaca masukan baku"
    )
    reader.add_argument("--template", metavar="BERKAS.xlsx", help="tulis lembar kosong untuk diisi")
    reader.add_argument(
        "--compare", metavar="BERKAS", help="bandingkan dengan kajian lain (misalnya tahun lalu)"
    )
    reader.add_argument(
        "--spread",
        metavar="PERSEN",
        type=_percent,
        help="rentang ± untuk masukan tanpa rentang sendiri, misalnya 10",
    )
    reader.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    reader.set_defaults(run=calculate_file)


def _percent(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", ".").removesuffix("%"))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value < 100:
        raise argparse.ArgumentTypeError(f"{text} bukan persen dari 0 sampai di bawah 100")
    return value


class NoStudy(Exception):
    """A file that is no study at all; the text says why."""


def calculate_file(given: argparse.Namespace) -> int:
    """Compute the study of a file, or write the template."""
    from simpul.domain.findings import Meaningless
    from simpul.planning.studies.calculations import NotUnderstood

    if not given.file and not given.template:
        return not_understood("tulis nama berkas, atau --template BERKAS.xlsx", given.json)
    if given.template:
        return _template(Path(given.template), as_json=given.json)
    try:
        if given.compare:
            return _compare(given.file, given.compare, as_json=given.json)
        return _one(given.file, given.spread, as_json=given.json)
    except NoStudy as trouble:
        return not_understood(str(trouble), given.json)
    except NotUnderstood as trouble:
        return refuse(
            [(each.where, each.code, each.message) for each in trouble.troubles], given.json
        )
    except Meaningless as trouble:
        return refuse([(trouble.where, trouble.code, trouble.message)], given.json)


def _template(path: Path, *, as_json: bool) -> int:
    from simpul.planning.studies.workbook import write_template

    if path.exists():
        message = f"{path} sudah ada dan tidak ditimpa. Pakai nama lain."
        if as_json:
            give({"ok": False, "code": "file_exists", "message": message})
        say(message)
        return 1
    path.write_bytes(write_template())
    if as_json:
        give({"ok": True, "template": str(path)})
    else:
        say(f"Lembar kosong ditulis: {path}. Isi, lalu: simpul wisn {path}")
    return 0


def _one(name: str, spread: Decimal | None, *, as_json: bool) -> int:
    from simpul.planning.studies.calculations import wisn_of

    result = wisn_of(read_input(name), spread=spread)
    if as_json:
        give(result)
    else:
        _show(result)
    return 0


def _compare(name: str, other: str, *, as_json: bool) -> int:
    from simpul.domain.wisn import calculate, compare
    from simpul.planning.studies.calculations import read_study
    from simpul.planning.studies.result_json import comparison_json

    first, second = (calculate(read_study(read_input(each))) for each in (other, name))
    told = comparison_json(compare(first, second))
    if as_json:
        give(told)
        return 0
    for finding in told["findings"]:
        print(f"! {finding['where']}: {finding['message']}")
    for row in told["categories"]:
        print(
            f"{row['name']}: {_two(row['first_fte'])} → {_two(row['second_fte'])} orang"
            + (f" ({_two(row['change'], signed=True)})" if row["change"] is not None else "")
        )
    print(f"Seluruhnya berubah {_two(told['change'], signed=True)} orang.")
    return 0


def read_input(name: str) -> object:
    """Return what a file holds in the fixed input format; NoStudy when it holds none."""
    from simpul.planning.intake.tables import Unusable
    from simpul.planning.studies.workbook import is_workbook, read_workbook

    data = read_bytes(name)
    if not is_workbook(name, data):
        return parse_json(data, name)
    try:
        return read_workbook(data, name)
    except Unusable as trouble:
        raise NoStudy(f"{name}: {trouble.message}") from None


def read_bytes(name: str) -> bytes:
    """Return the bytes of a file, or of standard input."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise NoStudy(f"berkas {name} tidak ada") from None


def parse_json(data: bytes, name: str) -> object:
    """Return JSON with its numbers exact."""
    try:
        return json.loads(
            data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=lambda text: text
        )
    except UnicodeDecodeError:
        raise NoStudy(f"{name}: bukan JSON UTF-8, XLSX, atau CSV") from None
    except json.JSONDecodeError as trouble:
        raise NoStudy(
            f"{name}: bukan JSON yang utuh (baris {trouble.lineno}, kolom {trouble.colno})"
        ) from None
    except (RecursionError, ValueError):
        raise NoStudy(f"{name}: bukan JSON yang dapat dibaca") from None


def not_understood(why: str, as_json: bool) -> int:
    """Say that nothing could be read; status 2."""
    if as_json:
        give({"ok": False, "code": "not_understood", "message": why})
    say(f"Belum dimengerti: {why}.")
    say("Belum ada yang dihitung. Bantuan: tambahkan --help")
    return 2


def refuse(troubles: list[tuple[str, str, str]], as_json: bool) -> int:
    """Name every place that was refused; status 1."""
    if as_json:
        give(
            {
                "ok": False,
                "code": troubles[0][1] if len(troubles) == 1 else "request_refused",
                "message": f"{len(troubles)} isian perlu diperbaiki.",
                "errors": [
                    {"where": where, "code": code, "message": message}
                    for where, code, message in troubles
                ],
            }
        )
    say(f"Belum dihitung: {len(troubles)} isian perlu diperbaiki.")
    for where, _code, message in troubles:
        say(f"  {where or 'isi berkas'}: {message}")
    return 1


def _show(result: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, emoji=False, markup=False, soft_wrap=True)
    title = result["name"] or "Kajian kebutuhan tenaga"
    console.print(f"{title}: {result['method']['label']}, dibulatkan {result['rounding_label']}")
    table = Table(show_lines=False)
    for heading in ("Kategori", "Ada", "Perlu", "Orang", "Selisih", "Rasio", "Beban"):
        table.add_column(heading, justify="left" if heading in {"Kategori", "Beban"} else "right")
    for row in [*result["categories"], {**result["totals"], "name": "Seluruhnya"}]:
        table.add_row(
            row["name"],
            _short(row["staff"]),
            _two(row["required_fte"]),
            str(row["required_staff"]),
            _short(row["difference"]),
            _two(row["ratio"]),
            row["pressure_label"],
        )
    console.print(table)
    for row in result["categories"]:
        console.print(f"\n{row['name']}: {row['summary']}")
        for sentence in row["sentences"][:-1]:
            console.print(f"  {sentence}")
    if result["sensitivity"] and result["sensitivity"]["influences"]:
        console.print(f"\nRentang: {result['sensitivity']['total']['sentence']}")
        console.print(result["sensitivity"]["sentence"])
    findings = [f for row in result["categories"] for f in row["findings"]] + result["findings"]
    if not result["rounding_is_verified"]:
        console.print(f"\nCatatan {result['rounding_label']}: {result['rounding_note']}")
    if findings:
        console.print(f"\nTemuan ({len(findings)}):")
    show_findings(findings)


def show_findings(findings: list[dict[str, str]]) -> None:
    """Print findings with their place and the corrected figure."""
    signs = {"error": "✗", "warning": "!", "info": "i"}
    for finding in findings:
        line = f"{signs[finding['severity']]} {finding['where']}: {finding['message']}"
        if finding["corrected"]:
            line += f" → {finding['corrected']}"
        print(line)


def _two(value: float | None, *, signed: bool = False) -> str:
    if value is None:
        return "–"
    text = f"{value:+.2f}" if signed else f"{value:.2f}"
    return text.replace(".", ",")


def _short(value: float) -> str:
    return f"{value:g}".replace(".", ",")
