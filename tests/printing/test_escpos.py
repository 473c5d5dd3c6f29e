"""What reaches a thermal printer: plain signs, codes, a cut; nothing a name could smuggle in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.foundation.printing.document import Code, Document, DocumentKind, Line, Mark, Rule
from simpul.foundation.printing.escpos import COLUMNS, plain_text, to_escpos, wrap
from tests.printing.paper import read_paper


def document(*blocks: object) -> Document:
    return Document(DocumentKind.TEST, "uji", blocks)  # type: ignore[arg-type]


@pytest.mark.parametrize("paper", [58, 80])
def test_text_codes_and_cut_arrive(paper):
    sent = to_escpos(
        document(
            Line("A17", size=4, bold=True, align="center"),
            Line("Poli Umum · Ruang 1", size=2),
            Rule(),
            Mark("25", "violet"),
            Code("AQ:0123456789ABCDEF"),
            Code("BK:004512", "code128", "BK:004512"),
        ),
        paper=paper,
    )
    read = read_paper(sent)

    assert "A17\nPoli Umum - Ruang 1\n" in read.text
    assert "25\n" in read.text
    assert read.qr == ["AQ:0123456789ABCDEF"]
    assert read.bars == ["BK:004512"]
    assert (read.cuts, read.other) == (1, b"")
    assert sent.startswith(b"\x1b@")


def test_the_square_code_is_the_one_python_escpos_would_send():
    printers = pytest.importorskip("escpos.printer")
    dummy = printers.Dummy()
    dummy.qr("AQ:0123456789ABCDEF", size=6, native=True, ec=1)

    sent = to_escpos(document(Code("AQ:0123456789ABCDEF")), paper=58)

    theirs = dummy.output
    assert theirs[theirs.index(b"\x1d(k") :].rstrip(b"\n") in sent


SMUGGLED = [
    "SITI\x1b@\x1bi",
    "BUDI\x1dV\x00",
    "AGUS\x10\x04\x01",
    "RATNA\x00\x07\x0c\r\n",
    "JOKO\x9b\x85",
    "DEWI\u2028\u202e",
]


@pytest.mark.parametrize("name", SMUGGLED)
def test_a_name_cannot_hold_a_command(name):
    read = read_paper(to_escpos(document(Line(name)), paper=58))

    assert read.other == b""
    assert read.cuts == 1
    assert name[:4] in read.text


@given(st.text(max_size=200), st.sampled_from([58, 80]), st.integers(1, 4))
def test_no_text_at_all_reaches_the_printer_raw(text, paper, size):
    read = read_paper(to_escpos(document(Line(text, size=size)), paper=paper))

    assert read.other == b""
    assert read.cuts == 1
    assert read.widest <= COLUMNS[paper]


@given(st.text(max_size=120))
def test_plain_text_is_plain(text):
    assert all(" " <= sign <= "~" for sign in plain_text(text))


def test_names_stay_readable():
    assert plain_text("Nur’aini Zubaïdah – ± 35 th") == "Nur'aini Zubaidah - +- 35 th"


@given(st.lists(st.text(alphabet="ABCDEFGH", min_size=1, max_size=60), max_size=8))
def test_wrapping_loses_no_letter(words):
    lines = wrap(" ".join(words), 32)

    assert all(len(line) <= 32 for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(words)


def test_bars_too_wide_for_the_roll_are_left_out_and_the_square_stays():
    payload = "RM:" + "123456789" * 4 + "123"
    read = read_paper(to_escpos(document(Code(payload), Code(payload, "code128")), paper=58))

    assert read.qr == [payload]
    assert read.bars == []


@pytest.mark.parametrize("payload", ["", "AQ:\x1b@", "RM:é", "A" * 81])
def test_a_code_holds_plain_signs_only(payload):
    with pytest.raises(ValueError, match="plain signs"):
        Code(payload)


@given(st.text(max_size=60), st.sampled_from(["qr", "code128"]))
def test_a_document_waits_as_text_and_comes_back_the_same(text, symbology):
    one = document(
        Line(text, 2, True, "center"), Rule(), Code("AQ:1", symbology, text), Mark("7", "red")
    )

    assert Document.from_text(one.to_text()) == one
