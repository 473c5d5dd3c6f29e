"""Reads ESC/POS bytes as a printer does: the text, the codes, the sizes, the cut."""

from dataclasses import dataclass, field

ESC, GS = 0x1B, 0x1D


@dataclass
class Paper:
    """What came out of the printer. `other` is every byte that is no plain sign and no command."""

    text: str = ""
    qr: list[str] = field(default_factory=list)
    bars: list[str] = field(default_factory=list)
    widest: int = 0
    cuts: int = 0
    other: bytes = b""


def read_paper(sent: bytes) -> Paper:  # noqa: C901 - one branch a command
    """Take the bytes apart; a command this does not know fails."""
    paper, at, times = Paper(), 0, 1
    line = 0
    stored = ""
    while at < len(sent):
        byte = sent[at]
        if byte == ESC:
            command = sent[at + 1]
            assert command in b"@taEd", f"ESC {command:02x}"
            at += 2 if command == ord("@") else 3
        elif byte == GS and sent[at + 1] == ord("V"):
            paper.cuts += 1
            at += 4
        elif byte == GS and sent[at + 1] == ord("!"):
            times = (sent[at + 2] >> 4) + 1
            at += 3
        elif byte == GS and sent[at + 1] in b"hwH":
            at += 3
        elif byte == GS and sent[at + 1] == ord("k"):
            size = sent[at + 3]
            payload = sent[at + 4 : at + 4 + size]
            assert payload[:2] == b"{B"
            paper.bars.append(payload[2:].decode())
            at += 4 + size
        elif byte == GS and sent[at + 1 : at + 3] == b"(k":
            size = sent[at + 3] + 256 * sent[at + 4]
            body = sent[at + 5 : at + 5 + size]
            if body[:3] == b"1P0":
                stored = body[3:].decode()
            elif body[:2] == b"1Q":
                paper.qr.append(stored)
            at += 5 + size
        else:
            if byte == 0x0A:
                paper.text += "\n"
                line = 0
            elif 0x20 <= byte <= 0x7E:
                paper.text += chr(byte)
                line += times
                paper.widest = max(paper.widest, line)
            else:
                paper.other += bytes([byte])
            at += 1
    return paper
