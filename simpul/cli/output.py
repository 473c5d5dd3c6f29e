"""What commands print: data on standard output, words about it on standard error."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress


def say(sentence: str = "") -> None:
    """Tell the person something."""
    print(sentence, file=sys.stderr, flush=True)


def give(data: dict[str, Any]) -> None:
    """Give data to the program that asked for it."""
    print(json.dumps(data, ensure_ascii=False, default=str), flush=True)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show how far long work has come: a bar in a terminal, a line now and then elsewhere.

    What draws the bar is loaded with the first thing to show: most starts have nothing to show.
    """
    bars: dict[str, Any] = {}
    with ExitStack() as open_bars:
        shown: Any = None

        def tell(what: str, done: int, total: int) -> None:
            nonlocal shown
            if shown is None:
                shown = open_bars.enter_context(_bars())
            if shown.disable:
                if done >= total > 1:
                    say(f"  {what}: {total}")
                return
            if what not in bars:
                bars[what] = shown.add_task(what, total=total)
            shown.update(bars[what], completed=done, total=total)

        yield tell


def _bars() -> "Progress":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, disable=not console.is_terminal)


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Show that something is going on whose length is not known."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield
