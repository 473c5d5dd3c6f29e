"""Papers as PDF, set by Typst with the fonts it carries itself.

Text goes in as data and is never read as markup. No system fonts and a fixed time stamp: the same
document gives the same bytes on every machine.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from simpul.foundation.printing.barcodes import draw_code
from simpul.foundation.printing.document import Code, Document, Line, Mark, Rule

Paper = Literal["58", "80", "card", "a5", "labels"]
_LAYOUT = Path(__file__).with_name("paper.typ")


def write_pdf(documents: Sequence[Document], *, paper: Paper) -> bytes:
    """Return the documents as one PDF: a page each, or (`labels`) 24 to a sheet of A4."""
    import typst  # a large library; the counter's server needs it only when somebody prints

    made = typst.compile(
        _layout(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"job": as_data(documents, paper)},
        timestamp=0,
    )
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return _LAYOUT.read_bytes()


def as_data(documents: Sequence[Document], paper: Paper) -> str:
    """Return what the layout is given, as JSON."""
    job = {
        "paper": paper,
        "title": documents[0].title if documents else "",
        "documents": [[_block(block) for block in one.blocks] for one in documents],
    }
    return json.dumps(job, ensure_ascii=False)


def _block(block: Line | Code | Rule | Mark) -> dict[str, object]:
    match block:
        case Line():
            return {
                "is": "line",
                "text": block.text,
                "size": block.size,
                "bold": block.bold,
                "align": block.align,
            }
        case Code():
            drawn = str(draw_code(block))
            return {"is": block.symbology, "svg": drawn, "caption": block.caption}
        case Mark():
            return {"is": "mark", "text": block.text, "colour": block.colour}
        case Rule():
            return {"is": "rule"}
