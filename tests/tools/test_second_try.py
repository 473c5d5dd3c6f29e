"""A test by the clock that failed is run once more; what stands afterwards."""

import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    import suite

    yield suite
    for name in ("suite", "services", "processes"):
        sys.modules.pop(name, None)


def test_what_passes_alone_counts_and_is_told(suite):
    first = suite.Counts(passed=8, failed=2, failures=["a::x", "b::y"])
    found = suite.after_second_try(first, suite.Counts(passed=2, passes={"a::x", "b::y"}))
    assert (found.passed, found.failed, found.failures) == (10, 0, [])
    assert found.second_try == ["a::x", "b::y"]


def test_what_fails_again_has_failed(suite):
    first = suite.Counts(passed=8, failed=2, failures=["a::x", "b::y"])
    again = suite.Counts(passed=1, failed=1, failures=["b::y"], passes={"a::x"})
    found = suite.after_second_try(first, again)
    assert (found.passed, found.failed, found.failures) == (9, 1, ["b::y"])


def test_what_was_not_run_again_has_failed(suite):
    first = suite.Counts(passed=8, failed=1, failures=["a::x"])
    assert suite.after_second_try(first, suite.Counts()).failures == ["a::x"]
    assert suite.after_second_try(first, suite.Counts(broken=True)).broken


def test_only_parts_that_watch_a_clock_are_tried_again(suite):
    class Found:
        chromium = "/usr/bin/chromium"
        postgres_url = "postgresql://x"

    tried = {part.name: part.by_the_clock for part in suite.parts(Found())}
    assert [name for name, again in tried.items() if not again] == ["SQLite", "PostgreSQL"]
    assert len(tried) == 4
