"""The program's own log of the last weeks, written so that it can be given to strangers.

A line holds when, how serious, which part, the sentence as it stands in the source, and for an
exception its kind and the lines of code it passed. What was filled into the sentence, and what the
exception says, is left out: a database names the row it refuses, and a row is a patient.
"""

import logging
import re
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

BYTES = 500_000
LEFT_OUT = "(kalimat tidak disertakan)"
#: What a number of a person could look like, should one ever stand in a sentence of the source.
DIGITS = re.compile(r"\d{4,}")


class WithoutValues(logging.Formatter):
    """Write a record without anything that was filled in."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and one for each line of code an exception passed."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        lines = [f"{at} {record.levelname} {record.name} {self._sentence(record)}"]
        if record.exc_info and record.exc_info[0] is not None:
            kind, _value, trace = record.exc_info
            lines[0] += f" [{kind.__module__}.{kind.__name__}]"
            while trace is not None:
                code = trace.tb_frame.f_code
                place = "/".join(Path(code.co_filename).parts[-3:])
                lines.append(f"    {place}:{trace.tb_lineno} {code.co_name}")
                trace = trace.tb_next
        return "\n".join(lines)

    def _sentence(self, record: logging.LogRecord) -> str:
        """A sentence with gaps is the source's own; one without may have been filled before."""
        is_ours = record.name.split(".")[0] == "simpul"
        if not isinstance(record.msg, str) or not (record.args or is_ours):
            return LEFT_OUT
        return DIGITS.sub("…", record.msg.replace("\n", " "))


class KeptLog(RotatingFileHandler):
    """A file in the data folder that never grows past a megabyte."""

    def __init__(self, filename: str) -> None:
        super().__init__(filename, maxBytes=BYTES, backupCount=1, encoding="utf-8", delay=True)
        self.setFormatter(WithoutValues())

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; a full disk or a missing folder must not stop what is being logged."""
        try:
            Path(self.baseFilename).parent.mkdir(mode=0o700, exist_ok=True)
            super().emit(record)
        except OSError:
            return

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Stay silent: the line went to standard error as well."""


def read_lines(folder: Path) -> list[str]:
    """Return what is kept, oldest first."""
    lines: list[str] = []
    for name in ("simpul.log.1", "simpul.log"):
        path = folder / name
        if path.exists():
            lines += path.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines
