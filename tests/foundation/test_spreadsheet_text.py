"""What somebody typed is never calculated by a spreadsheet that opens our CSV."""

import pytest

from simpul.foundation.core.spreadsheets import as_text


@pytest.mark.parametrize("typed", ["=1+1", "+62812", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_begins_like_a_formula_is_kept_a_text(typed: str):
    assert as_text(typed) == f"'{typed}"


@pytest.mark.parametrize("typed", ["", "Siti Aminah", "1,5", "Poli-Umum", "'=1"])
def test_everything_else_stays_as_it_is(typed: str):
    assert as_text(typed) == typed
