"""The table of weights is what the tool writes: the same text for the same seed."""

import importlib.util
import runpy
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool on little data, with a path of its own to import by."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    path = ROOT / "tools" / "estimate_matching.py"
    spec = importlib.util.spec_from_file_location("estimate_matching", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PEOPLE", 600)
    few = {"ONE_PERSON": 500, "STRANGERS": 1500, "HOUSEHOLD": 500}
    monkeypatch.setattr(module, "PAIRS", few)
    return module


def test_written_twice_it_is_the_same_file_and_one_that_python_reads(tool, tmp_path, monkeypatch):
    texts = []
    for name in ("one.py", "two.py"):
        target = tmp_path / name
        monkeypatch.setattr(tool, "WEIGHTS", target)
        monkeypatch.setattr(tool, "ROOT", tmp_path)
        monkeypatch.setattr(sys, "argv", ["estimate_matching.py", "--write"])
        assert tool.main() == 0
        texts.append(target.read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    table = runpy.run_path(str(tmp_path / "one.py"))
    assert set(table["ONE_PERSON"]) == set(tool.LEVELS)
    assert table["ONE_PERSON"]["name"]["same"] > 10 * table["STRANGERS"]["name"]["same"]
    assert min(table["NAME_SHARES"].values()) >= table["RAREST_SHARE"]
    assert max(table["NAME_SHARES"].values()) > 10 * table["SAME_NAME_SHARE"]


def test_nothing_is_written_unasked(tool, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tool, "WEIGHTS", ROOT / "simpul" / "domain" / "matching_weights.py")
    before = tool.WEIGHTS.read_bytes()
    monkeypatch.setattr(sys, "argv", ["estimate_matching.py"])
    assert tool.main() == 0
    assert tool.WEIGHTS.read_bytes() == before
    assert "ONE_PERSON: share" in capsys.readouterr().out


def test_the_table_in_use_names_its_data_and_seed(tool):
    text = tool.WEIGHTS.read_text(encoding="utf-8")
    assert "do not edit by hand" in text
    assert f"seed {tool.SEED}" in text
