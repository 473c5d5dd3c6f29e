"""Starting the server loads nothing that only planning and reports need."""

import os
import subprocess
import sys

import pytest

from tests.architecture.house import ROOT

HEAVY = ("highspy", "numpy", "typst", "xlsxwriter", "python_calamine")
START = """
import sys, django
django.setup()
import simpul.config.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
from simpul.config.api import api
api.document
print(*sorted(set(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every module a server has loaded when all of its addresses are known."""
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "simpul.config.settings",
            "SIMPUL_DATA": str(tmp_path_factory.mktemp("data")),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_pages_are_loaded(loaded: set[str]):
    assert "simpul.planning.maps.urls" in loaded


@pytest.mark.parametrize("library", HEAVY)
def test_a_heavy_library_waits_until_it_is_asked_for(loaded: set[str], library: str):
    assert library not in loaded
