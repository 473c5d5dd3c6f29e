"""What Django is told about a database: the file in the data folder, or a PostgreSQL address."""

from pathlib import Path
from typing import Any
from urllib.parse import ParseResult, parse_qsl, unquote, urlparse

FILE = "simpul.sqlite3"


class NoAddress(ValueError):
    """The text is not the address of a PostgreSQL database."""


def describe_file(path: Path) -> dict[str, Any]:
    """Describe a database file."""
    return {
        "ENGINE": "simpul.foundation.core.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            # FULL: a commit that was answered survives a power cut. The checkpoint is the
            # server's own (see `web.upkeep`), inside the write gate.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-2000; "
                "PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def describe_address(url: str) -> dict[str, Any]:
    """Describe the PostgreSQL database at an address; NoAddress when it cannot be meant."""
    parts = urlparse(url)
    known = parts.scheme in {"postgres", "postgresql"} and bool(parts.path.strip("/"))
    if not known or not _has_possible_port(parts):
        raise NoAddress(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _has_possible_port(parts: ParseResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False
