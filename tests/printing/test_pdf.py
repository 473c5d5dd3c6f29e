"""The PDF of each paper: its size to the millimetre, and the same bytes every time."""

import re

import pytest

from simpul.foundation.printing.barcodes import draw_code
from simpul.foundation.printing.document import Code, Document, DocumentKind, Line, Mark, Rule
from simpul.foundation.printing.pdf import as_data, write_pdf

POINTS = 72 / 25.4
SLIP = Document(
    DocumentKind.SLIP,
    "A17",
    (
        Line("Puskesmas Contoh", bold=True, align="center"),
        Line("A17", size=4, bold=True, align="center"),
        Rule(),
        Line("SITI NURHALIZA KUSUMANINGRUM BINTI ABDURRAHMAN WAHID"),
        Code("AQ:0123456789ABCDEF"),
    ),
)
LABEL = Document(
    DocumentKind.FILE_LABEL,
    "Label map",
    (
        Mark("12", "yellow"),
        Line("RM 00-45-12", size=2, bold=True),
        Line("NAMA YANG PANJANG SEKALI SAMPAI BARIS KEDUA DAN KETIGA JUGA"),
        Code("BK:004512"),
        Code("BK:004512", "code128"),
    ),
)


def boxes(pdf: bytes) -> list[tuple[float, float]]:
    """The size of each page in millimetres."""
    found = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(float(w) / POINTS, float(h) / POINTS) for w, h in found]


@pytest.mark.parametrize(("paper", "width"), [("58", 58), ("80", 80)])
def test_a_roll_has_its_width(paper, width):
    [(found, height)] = boxes(write_pdf([SLIP], paper=paper))

    assert found == pytest.approx(width, abs=0.1)
    assert 50 < height < 130  # as long as what is on it, no longer


def test_a_card_is_a_bank_card():
    [(width, height)] = boxes(write_pdf([LABEL], paper="card"))

    assert (width, height) == (pytest.approx(85.6, abs=0.1), pytest.approx(53.98, abs=0.1))


def test_a_tracer_may_be_a5():
    [(width, height)] = boxes(write_pdf([SLIP], paper="a5"))

    assert (width, height) == (pytest.approx(148, abs=0.2), pytest.approx(210, abs=0.2))


@pytest.mark.parametrize(("many", "sheets"), [(1, 1), (24, 1), (25, 2), (48, 2)])
def test_labels_come_24_to_a_sheet(many, sheets):
    found = boxes(write_pdf([LABEL] * many, paper="labels"))

    assert len(found) == sheets
    assert found[0] == (pytest.approx(210, abs=0.2), pytest.approx(297, abs=0.2))


def test_the_same_document_gives_the_same_bytes():
    assert write_pdf([SLIP], paper="58") == write_pdf([SLIP], paper="58")


@pytest.mark.parametrize(
    "name", ["#eval(1)", "*B* _i_ $x$", "\\ { } [ ] <a> @b", 'a"b', "\x1b@\x00"]
)
def test_a_name_is_never_read_as_markup(name):
    odd = Document(DocumentKind.SLIP, "A17", (Line(name),))

    assert name in as_data([odd], "58").encode().decode("unicode_escape") or name == 'a"b'
    assert len(boxes(write_pdf([odd], paper="58"))) == 1


def test_codes_are_drawn_without_style_and_named():
    for symbology in ("qr", "code128"):
        drawn = str(draw_code(Code("BK:004512", symbology, 'nama "<b>"'), css="x"))

        assert "style=" not in drawn
        assert "<b>" not in drawn
        assert 'role="img"' in drawn
