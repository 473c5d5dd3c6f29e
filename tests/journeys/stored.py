"""What the site has really stored, read beside the running server."""

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any


def one_id(folder: Path, query: str, *values: Any) -> uuid.UUID:
    """Read the one id a query finds, as it stands in addresses."""
    ((found,),) = rows(folder, query, *values)
    return uuid.UUID(found)


def rows(folder: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Read rows of the site's database; nothing can be written through this."""
    (database,) = folder.glob("*.sqlite3")
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)) as link:
        return link.execute(query, values).fetchall()
