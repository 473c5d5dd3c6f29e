"""What is on a piece of paper, before anybody knows which paper: lines, codes, a rule, a mark.

One model for the queue slip, the hand-over slip, the patient card, the file label and the tracer;
`pdf` sets it by Typst and `escpos` writes it for a thermal printer, so that both say the same.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """What can be printed; a printer is told which of these it is for."""

    SLIP = "slip", _("Slip antrean")
    HAND_OVER = "hand-over", _("Slip antar")
    CARD = "card", _("Kartu berobat")
    FILE_LABEL = "file-label", _("Label map")
    TRACER = "tracer", _("Tracer rak")
    TEST = "test", _("Halaman uji")


Align = Literal["left", "center"]
Symbology = Literal["qr", "code128"]
#: What a scanner types back must be what was meant: plain signs only, never a control character.
_PAYLOAD = re.compile(r"[ -~]{1,80}")


@dataclass(frozen=True)
class Line:
    """Some words; `size` 1 (body) to 4 (the number of a slip)."""

    text: str
    size: int = 1
    bold: bool = False
    align: Align = "left"


@dataclass(frozen=True)
class Code:
    """A code for a scanner. `caption` stands under it, for whoever has none."""

    payload: str
    symbology: Symbology = "qr"
    caption: str = ""

    def __post_init__(self) -> None:
        if not _PAYLOAD.fullmatch(self.payload):
            raise ValueError("a code holds 1 to 80 plain signs")


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Mark:
    """Large digits on a colour, as on the edge of a folder; paper without colour shows digits."""

    text: str
    colour: str


Block = Line | Code | Rule | Mark


@dataclass(frozen=True)
class Document:
    """One piece of paper."""

    kind: DocumentKind
    title: str
    blocks: tuple[Block, ...]

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes on it."""
        return tuple(block for block in self.blocks if isinstance(block, Code))

    def to_text(self) -> str:
        """Return the document as it waits for its printer."""
        blocks = [{"is": type(block).__name__, **asdict(block)} for block in self.blocks]
        return json.dumps({"kind": self.kind.value, "title": self.title, "blocks": blocks})

    @staticmethod
    def from_text(text: str) -> "Document":
        """Return the document that `to_text` wrote."""
        read: dict[str, Any] = json.loads(text)
        blocks = tuple(_BLOCKS[block.pop("is")](**block) for block in read["blocks"])
        return Document(DocumentKind(read["kind"]), read["title"], blocks)


_BLOCKS: dict[str, Any] = {one.__name__: one for one in (Line, Code, Rule, Mark)}
