"""The style sheet of what is used: reading CSS, keeping and dropping, and that it is up to date."""

import gzip
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "simpul" / "web" / "static"
HEAD = ROOT / "simpul" / "web" / "templates" / "web" / "_head.html"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The tool, from the folder of tools."""
    spec = importlib.util.spec_from_file_location("used_styles", ROOT / "tools" / "used_styles.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["used_styles"] = module
    spec.loader.exec_module(module)
    return module


CSS = """
:root{--a:1px;--b:red;--c:var(--a)}
a{color:red}
.btn,.badge{color:var(--b)}
.btn.btn-sm:not(.btn-ghost){margin:0}
.card[data-x="}"]::after{content:"{;}"}
@media (min-width:3px){.btn{top:0}.modal{top:1px}}
@media print{.modal{display:none}}
@keyframes turn{to{rotate:1turn}}
@keyframes blink{to{opacity:0}}
.spinner{animation:turn 1s}
"""


def pruned(tool: ModuleType, page: str) -> str:
    rules = tool.prune(tool.read(CSS), tool.Words([page]))
    return "".join(rule.text() for rule in tool.drop_unused(rules, ""))


def test_rules_of_classes_that_no_page_has_are_dropped(tool: ModuleType) -> None:
    sheet = pruned(tool, '<b class="btn">')
    assert "a{color:red}" in sheet
    assert ".btn{color:var(--b)}" in sheet
    assert "@media (min-width:3px){.btn{top:0}}" in sheet
    assert not re.search(r"badge|modal|btn-sm|card|spinner", sheet)


def test_what_must_not_be_there_need_not_be_known(tool: ModuleType) -> None:
    assert ".btn.btn-sm:not(.btn-ghost){margin:0}" in pruned(tool, '<b class="btn btn-sm">')


def test_braces_inside_quotes_are_no_braces(tool: ModuleType) -> None:
    sheet = pruned(tool, '<b class="card" data-x>')
    assert '.card[data-x="}"]::after{content:"{;}"}' in sheet


def test_variables_and_animations_stay_only_with_what_uses_them(tool: ModuleType) -> None:
    sheet = pruned(tool, '<b class="btn spinner">')
    assert ":root{--b:red}" in sheet
    assert "@keyframes turn" in sheet
    assert "blink" not in sheet


def test_a_class_that_is_put_together_keeps_all_it_may_become(tool: ModuleType) -> None:
    words = tool.Words(['class="badge-{{ level }}"'])
    assert words.has("badge-danger")
    assert not words.has("badger")


def test_the_sheet_is_made_from_the_templates_of_today(tool: ModuleType) -> None:
    made = tool.USED.read_text(encoding="utf-8")
    assert made == tool.used_sheet(), "run: python tools/used_styles.py"


def test_what_every_page_brings_along_is_light() -> None:
    """Sixty kilobytes are promised for a first visit; five of them are for the page itself."""
    names = re.findall(r"static '([^']+)'", HEAD.read_text(encoding="utf-8"))
    sizes = {name: len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names}
    sizes["vendor/icons.svg"] = len(gzip.compress((STATIC / "vendor/icons.svg").read_bytes(), 9))
    assert sum(sizes.values()) < 55_000, sizes
