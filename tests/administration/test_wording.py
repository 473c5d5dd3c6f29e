"""Every act that anything writes into the journal has words a person understands."""

import ast
from collections.abc import Iterator
from pathlib import Path

import simpul
from simpul.foundation.administration.wording import ACTS, READINGS, act_text

PACKAGE = Path(simpul.__file__).parent
#: Functions whose first (or second) constant names an act.
RECORDERS = {"record", "_record"}


def written_acts() -> Iterator[tuple[str, str]]:
    """Each constant act given to the journal, with the file that gives it."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name not in RECORDERS:
                continue
            for argument in node.args[:2]:
                choices = (
                    [argument.body, argument.orelse]
                    if isinstance(argument, ast.IfExp)
                    else [argument]
                )
                for choice in choices:
                    if isinstance(choice, ast.Constant) and isinstance(choice.value, str):
                        yield choice.value, path.name


def test_acts_are_found_at_all():
    assert {"written", "called", "unit-changed", "read"} <= {act for act, _file in written_acts()}


def test_every_act_has_words():
    silent = sorted({(act, file) for act, file in written_acts() if act not in ACTS})

    assert silent == []


def test_a_reading_says_what_was_read():
    assert act_text("read", "journal") == "membuka jurnal pasien ini"
    assert act_text("read", "history") != act_text("read", "record")
    assert act_text("read", "something new") == f"membuka {READINGS['record']}"


def test_an_act_without_words_shows_its_code():
    assert act_text("teleported") == "teleported"
