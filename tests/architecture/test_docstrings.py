"""Every folder explains itself, and so does every file that holds a rule."""

import ast
from pathlib import Path

import pytest

from tests.architecture.house import PACKAGE, named, python_files

# Django asks for these folders by name; there is nothing of ours to say about them.
PLUMBING = {"management", "commands"}


def must_explain_itself(path: Path) -> bool:
    """Packages, the rules of the field, and what an app reads and writes."""
    parts = path.relative_to(PACKAGE).parts
    if path.name == "__init__.py":
        return path.parent.name not in PLUMBING
    return "domain" in parts or bool({"services", "selectors"} & {path.stem, *parts})


MODULES = [path for path in python_files() if must_explain_itself(path)]


def test_there_are_modules_to_look_at():
    stems = {path.stem for path in MODULES}

    assert {"__init__", "identity", "services", "selectors"} <= stems


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_the_module_says_what_it_does(path: Path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert docstring, f"{named(path)} has no docstring"
    assert len(docstring.split()) >= 3, f"{named(path)}: say what it does"


def public_functions(path: Path) -> list[ast.FunctionDef | ast.ClassDef]:
    """What a module offers to others."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]


@pytest.mark.parametrize("path", [path for path in MODULES if "domain" in path.parts], ids=named)
def test_each_rule_of_the_field_says_what_it_answers(path: Path):
    silent = [node.name for node in public_functions(path) if not ast.get_docstring(node)]

    assert silent == []
