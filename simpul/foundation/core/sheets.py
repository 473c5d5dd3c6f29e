"""Files of a spreadsheet opened: bytes to rows of cells, whatever program saved them.

Nothing is understood here beyond the file itself: which heading means what, and how many rows are
too many, is said by who reads. `Unopened` carries a code only; each reader has its own words for
it. No Django, so that commands which compute without a database can use it too.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

Cell = Any

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
#: The name of the stream a password turns a workbook into, as the compound file spells it.
_LOCKED = "EncryptedPackage".encode("utf-16-le")
#: Signs that no text in any of our encodings holds; a picture or a program has them at once.
_BINARY = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1a")
_LOOKED_AT = 64_000


class Unopened(ValueError):
    """A file that is no table: `code` is unreadable, locked, binary or too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_workbook(data: bytes) -> bool:
    """Do these first bytes belong to a workbook (XLSX, ODS, XLS), not to text?"""
    return data[:2] == _ZIP or data[:4] == _OLE


def check_workbook(data: bytes, *, largest_unpacked: int) -> None:
    """Refuse a workbook that is locked, no archive after all, or huge once unpacked."""
    if data[:4] == _OLE:
        if _LOCKED in data:
            raise Unopened("locked")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError):
        raise Unopened("unreadable") from None
    if size > largest_unpacked:
        raise Unopened("too_large")


def read_workbook(
    data: bytes, *, largest_unpacked: int, most_sheets: int, most_rows: int | None = None
) -> list[tuple[str, list[Sequence[Cell]]]]:
    """Return the first sheets of a workbook by name, each as a list of rows of cells."""
    import python_calamine  # a compiled reader; not at the counter's start

    check_workbook(data, largest_unpacked=largest_unpacked)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        return [
            (name, _rows(book.get_sheet_by_index(number), most_rows))
            for number, name in enumerate(book.sheet_names[:most_sheets])
        ]
    except (python_calamine.CalamineError, OSError, ValueError, RuntimeError):
        raise Unopened("unreadable") from None


def _rows(sheet: Any, most_rows: int | None) -> list[Sequence[Cell]]:
    return list(sheet.to_python(skip_empty_area=False, nrows=most_rows))


def stream_workbook(data: bytes, *, largest_unpacked: int, sheet: str) -> Iterator[Sequence[Cell]]:
    """Yield the rows of one sheet without making all of them at once."""
    import python_calamine

    check_workbook(data, largest_unpacked=largest_unpacked)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        yield from book.get_sheet_by_name(sheet).iter_rows()
    except (python_calamine.CalamineError, OSError, ValueError, RuntimeError):
        raise Unopened("unreadable") from None


def encoding_of(head: bytes) -> str:
    """Return how a text file is encoded: UTF-16 by its mark, UTF-8 where it can be, else cp1252."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        # The last letter of a piece may be cut in two.
        codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def decode(data: bytes) -> str:
    """Return the text of a whole file, in whatever encoding a spreadsheet saved it."""
    return data.decode(encoding_of(data), errors="replace")


def is_binary(head: bytes) -> bool:
    """Is this neither text nor a workbook (a picture, a PDF, a program)?"""
    if is_workbook(head) or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    return head[:5] == b"%PDF-" or any(byte in _BINARY for byte in head[:_LOOKED_AT])


def separate(text: str | IO[str], mark: str) -> Iterator[Sequence[Cell]]:
    """Yield the rows of separated text, an empty one for each line a quoted cell runs over.

    So the place of a row is the line an editor counts. Raises `csv.Error` for a broken file.
    """
    lines: Iterable[str] = io.StringIO(text, newline="") if isinstance(text, str) else text
    reader = csv.reader(lines, delimiter=mark)
    given = 0
    for cells in reader:
        while given < reader.line_num - 1:
            yield ()
            given += 1
        yield cells
        given += 1
