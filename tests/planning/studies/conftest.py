"""A head with one saved study: the counter of the outpatient clinic, as in the thesis."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simpul.foundation.facilities.selectors import Here
from simpul.foundation.staff.actor import Actor
from simpul.planning.studies.models import Study
from simpul.planning.studies.services import NewStudy, NewVersion, create_study, save_version
from simpul.planning.studies.sheet import posted_sheet
from simpul.planning.studies.sheet_reading import read_sheet

_spec = importlib.util.spec_from_file_location("study_forms", Path(__file__).with_name("forms.py"))
assert _spec is not None
assert _spec.loader is not None
_forms = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_forms)


@pytest.fixture
def filled() -> Callable[..., dict[str, Any]]:
    """What a browser sends for a filled sheet; name what is to differ."""
    return _forms.sheet


@pytest.fixture
def write(filled: Callable[..., dict[str, Any]]) -> Callable[..., Study]:
    """Make a study with one version."""

    def make(
        by: Actor,
        *,
        title: str = "Loket",
        year: int = 2025,
        units: tuple[str, ...] = (),
        **fields: str,
    ) -> Study:
        read = read_sheet(
            posted_sheet(filled(**{k.replace("__", "-"): v for k, v in fields.items()}))
        )
        assert read.problems == []
        wish = NewStudy(title=title, year=year, units=units)
        return create_study(wish, by=by, first=NewVersion(read.input, read.extras))

    return make


@pytest.fixture
def study(house: Here, head: Actor, write: Callable[..., Study]) -> Study:
    """The study of the head, at version 1."""
    return write(head)


@pytest.fixture
def save(filled: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
    """Save another version of a study."""

    def make(study: Study, by: Actor, *, seen: int, **fields: str) -> Any:
        read = read_sheet(
            posted_sheet(filled(**{k.replace("__", "-"): v for k, v in fields.items()}))
        )
        return save_version(study.id, NewVersion(read.input, read.extras), by=by, seen=seen)

    return make
