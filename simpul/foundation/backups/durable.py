"""Files that are whole or not there, whatever happens while they are written."""

import hashlib
import os
import secrets
from pathlib import Path

BLOCK = 1 << 20
#: How a file is called that is still being written; leftovers are removed by this ending.
UNFINISHED = ".part"


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Put a file in place in one step: after a power cut there is the old one or the new one."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        settle_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def settle_file(path: Path) -> None:
    """Wait until the content of a file is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk (Windows does so by itself)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, read from the file again."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
