"""A finding: something doubtful in what was typed or printed, with its place and the right figure.

A finding never changes a result by itself; the reader decides. What has no meaning at all is not a
finding but is refused with `Meaningless`.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One doubt: a stable code, how bad, where, what is wrong in words, the corrected figure.

    `where` names the place as the reader knows it ("kategori Loket › kegiatan Pasien baru");
    `corrected` is the figure that would be right, as text with its unit, or "" where none is known.
    """

    code: str
    severity: Severity
    where: str
    message: str
    corrected: str = ""


class Meaningless(ValueError):
    """An input that has no meaning in the method, so there is no result (support of 100 % …)."""

    def __init__(self, code: str, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.code = code
        self.where = where
        self.message = message
