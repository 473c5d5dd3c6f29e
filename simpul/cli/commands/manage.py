"""`simpul manage …`: Django's own commands, for developers."""

from collections.abc import Sequence


def run(words: Sequence[str]) -> int:
    """Hand the words to Django."""
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["simpul manage", *words])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
