"""What the pages of merging send: ids, which side each value is taken from, a version."""

import uuid
from collections.abc import Mapping

from simpul.service.patients.merging.fields import GROUPS

SIDES = ("first", "second")


def read_id(text: str) -> uuid.UUID | None:
    """Return an id of an address or a form; None for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def read_version(text: str) -> int:
    """Return the version a form was filled from; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def read_taken(post: Mapping[str, str], *, survivor_is_first: bool) -> set[str]:
    """Return the groups of fields whose value comes from the record that does not survive."""
    other = "second" if survivor_is_first else "first"
    return {group.key for group in GROUPS if post.get(f"field_{group.key}") == other}
