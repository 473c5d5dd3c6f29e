"""Files are named after what they hold, and the walk's apps look alike."""

import ast
import re

import pytest

from tests.architecture.house import PACKAGE, ROOT, named, own_files, python_files

# A name that says nothing collects everything.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "managers"}
# What happens must be read where it happens.
HIDDEN_FLOW = {"signals", "receivers"}
STEPS = ("patients", "registration", "distribution", "care", "completeness", "filing")


def test_no_file_or_folder_has_an_empty_name():
    bad = EMPTY_NAMES | HIDDEN_FLOW
    places = [*python_files(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "tools").glob("*.py")]
    found = [
        named(path) for path in places if bad & {path.stem, *path.relative_to(ROOT).parts[:-1]}
    ]

    assert found == []


def test_nothing_listens_to_signals():
    listens = re.compile(r"^\s*(?:@receiver\b|[\w.]+\.connect\(\s*\w+,\s*sender=)", re.M)
    found = [
        named(path) for path in python_files() if listens.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize("step", STEPS)
def test_each_step_reads_and_writes_where_one_looks_for_it(step: str):
    folder = PACKAGE / "service" / step

    for name in ("models", "selectors", "services"):
        assert (folder / f"{name}.py").exists() or (folder / name).is_dir(), f"{step}: no {name}"


@pytest.mark.parametrize("step", STEPS)
def test_writing_functions_cannot_mix_two_things_up(step: str):
    """Beyond the act itself at most two arguments go by place, and never two identifiers."""
    folder = PACKAGE / "service" / step
    modules = [folder / "services.py", *(folder / "services").glob("*.py")]
    positional = []
    for module in modules:
        if not module.exists():
            continue
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            by_place = [a for a in (*node.args.posonlyargs, *node.args.args) if a.arg != "this"]
            kinds = [ast.unparse(a.annotation) for a in by_place if a.annotation]
            if len(by_place) > 2 or sum("UUID" in kind for kind in kinds) > 1:
                positional.append(f"{module.stem}.{node.name}")
    assert positional == []


def test_fragments_are_known_by_their_name():
    """A template without a page around it starts with an underscore, or is a component or base."""
    loose = [
        named(path)
        for path in own_files(".html")
        if "templates" in path.parts
        and not path.name.startswith("_")
        and not re.search(
            r"{%\s*extends\b|<html\b|<!doctype", path.read_text(encoding="utf-8"), re.IGNORECASE
        )
    ]

    assert loose == []


def test_no_table_lives_in_the_web_shell():
    assert not (PACKAGE / "web" / "models.py").exists()
