"""A document as ESC/POS bytes, for thermal printers of 58 and 80 mm.

Written here rather than by python-escpos: a dozen commands are needed, every byte that reaches the
printer can be read in this file, and that package keeps its printer database as a pickle in a
shared temporary folder and takes half a second to load. A test compares the bytes of the QR code
with the package's.

Text is reduced to plain signs: accents are dropped, everything else is a question mark, and a
control character never leaves this file. So no code page has to be right, and no name can hold a
command.
"""

import unicodedata

from simpul.foundation.printing.barcodes import QUIET, code128_modules
from simpul.foundation.printing.document import Align, Code, Document, Line, Mark, Rule

ESC, GS = b"\x1b", b"\x1d"
#: Characters of font A and dots in a line, by paper width in millimetres.
COLUMNS = {58: 32, 80: 48}
DOTS = {58: 384, 80: 576}

_BEGIN = ESC + b"@" + ESC + b"t\x00"  # as switched on; code page PC437
_CUT = ESC + b"d\x04" + GS + b"V\x42\x00"  # four lines on, then a partial cut
#: GS ! n: width in the high half, height in the low one.
_SIZES = {1: (b"\x00", 1), 2: (b"\x01", 1), 3: (b"\x11", 2), 4: (b"\x33", 4)}
_PLAIN = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "·": "-",
    "…": "...",
    "×": "x",
    "±": "+-",
    "≤": "<=",
    "≥": ">=",
}


def plain_text(text: str) -> str:
    """Return the text in printable ASCII; control characters become spaces."""
    signs = []
    for sign in unicodedata.normalize("NFKD", "".join(_PLAIN.get(one, one) for one in text)):
        if unicodedata.combining(sign):
            continue
        if " " <= sign <= "~":
            signs.append(sign)
        elif unicodedata.category(sign)[0] in "CZ":
            signs.append(" ")
        else:
            signs.append("?")
    return " ".join("".join(signs).split())


def wrap(text: str, width: int) -> list[str]:
    """Break at spaces; a word longer than the line is broken too, for nothing may be cut off."""
    lines, line = [], ""
    for word in text.split():
        while len(word) > width:
            room = width - len(line) - 1 if line else width
            if room < 1:
                lines.append(line)
                line = ""
                continue
            line = f"{line} {word[:room]}".strip()
            word = word[room:]
            lines.append(line)
            line = ""
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def to_escpos(document: Document, *, paper: int) -> bytes:
    """Return everything the printer is sent for one document, its cut included."""
    columns, dots = COLUMNS[paper], DOTS[paper]
    parts = [_BEGIN]
    for block in document.blocks:
        match block:
            case Line():
                parts.append(_line(block.text, block.size, block.bold, block.align, columns))
            case Mark():
                parts.append(_line(block.text, 3, True, "left", columns))
            case Rule():
                parts.append(b"-" * columns + b"\n")
            case Code():
                parts.append(_code(block, document, dots))
    return b"".join([*parts, _CUT])


def _line(text: str, size: int, bold: bool, align: Align, columns: int) -> bytes:
    plain = plain_text(text)
    mode, times = _SIZES[size]
    if size == 4 and len(plain) > columns // times:
        mode, times = _SIZES[3]
    lines = wrap(plain, columns // times)
    words = "".join(f"{line}\n" for line in lines).encode("ascii")
    place = b"\x01" if align == "center" else b"\x00"
    return (
        ESC + b"a" + place + ESC + b"E" + (b"\x01" if bold else b"\x00") + GS + b"!" + mode + words
    )


def _code(code: Code, document: Document, dots: int) -> bytes:
    calm = ESC + b"a\x01" + ESC + b"E\x00" + GS + b"!\x00"
    if code.symbology == "qr":
        return calm + _qr(code.payload.encode("ascii")) + b"\n"
    modules = len(code128_modules(code.payload)) + 2 * QUIET
    width = next((times for times in (3, 2) if modules * times <= dots), 0)
    if not width:
        # Bars of one dot cannot be scanned; the square code beside them says the same.
        return b""
    payload = b"{B" + code.payload.encode("ascii").replace(b"{", b"{{")
    bars = (
        GS + b"h\x50" + GS + b"w" + bytes([width]) + GS + b"H\x00" + GS + b"k\x49"
        + bytes([len(payload)]) + payload
    )  # fmt: skip
    caption = plain_text(code.caption).encode("ascii")
    return calm + bars + b"\n" + (caption + b"\n" if caption else b"")


def _qr(payload: bytes) -> bytes:
    def command(function: bytes) -> bytes:
        size = len(function) + 1
        return GS + b"(k" + bytes([size % 256, size // 256]) + b"1" + function

    return (
        command(b"A2\x00")  # model 2
        + command(b"C\x06")  # six dots a module: 0.75 mm
        + command(b"E1")  # 15 % may be damaged
        + command(b"P0" + payload)
        + command(b"Q0")
    )
