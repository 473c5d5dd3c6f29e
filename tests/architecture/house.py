"""Where the package's files are, for the tests that read them as text."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "simpul"


def python_files() -> list[Path]:
    """Every module of the package that a person writes; migrations are written by Django."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def own_files(*endings: str) -> Iterator[Path]:
    """Files of the package with these endings, without what others wrote."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in endings and not {"vendor", "__pycache__"} & set(path.parts):
            yield path


def named(path: Path) -> str:
    """A path as it is said in a message."""
    return path.relative_to(ROOT).as_posix()
