"""Argument reading in Indonesian: argparse speaks English, a Puskesmas does not."""

import argparse
import re
from typing import Any, NoReturn

#: What argparse says when a command line cannot be read, and what we say instead.
_SENTENCES = (
    (r"the following arguments are required: (.+)", r"belum lengkap, tambahkan: \1"),
    (r"unrecognized arguments: (.+)", r"tidak dikenal: \1"),
    (
        r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)",
        r"\1: \2 tidak ada. Pilih: \3",
    ),
    (r"argument (.+?): invalid .+? value: (.+)", r"\1: \2 tidak dapat dibaca"),
    (r"argument (.+?): expected (one|at least one) argument.*", r"\1: nilainya belum ditulis"),
    (r"argument (.+?): not allowed with argument (.+)", r"pilih salah satu: \1 atau \2"),
    (r"one of the arguments (.+) is required", r"pilih salah satu: \1"),
    (r"argument (.+?): (.+)", r"\1: \2"),
)


class Reader(argparse.ArgumentParser):
    """An argument parser whose every word is Indonesian."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _Layout)
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self._positionals.title = "yang ditulis"
        self._optionals.title = "pilihan"
        self.add_argument("-h", "--help", action="help", help="tampilkan bantuan ini")

    def error(self, message: str) -> NoReturn:
        """Say what could not be read, and where help is; exit status 2."""
        self.exit(
            2,
            f"Perintah belum dimengerti: {in_indonesian(message)}.\n"
            f"Belum ada yang dikerjakan. Bantuan: {self.prog} --help\n",
        )


class _Layout(argparse.RawDescriptionHelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Any,
        groups: Any,
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "Pemakaian: " if prefix is None else prefix)


def in_indonesian(message: str) -> str:
    """Return argparse's remark in Indonesian; what it never said before stays as it is."""
    for pattern, sentence in _SENTENCES:
        if re.fullmatch(pattern, message):
            return re.sub(pattern, sentence, message)
    return message


def port_number(text: str) -> int:
    """Read a port."""
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} bukan nomor port (1–65535)")
