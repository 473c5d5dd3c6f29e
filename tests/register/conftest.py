"""People and places of the register's tests: the house, another Puskesmas, and some staff."""

import io
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.models import Facility
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.acts import act
from simpul.foundation.register.inputs import StaffInput
from simpul.foundation.register.models import StaffMember
from simpul.foundation.register.services import add_member
from simpul.foundation.staff.actor import Actor

Hire = Callable[..., StaffMember]


def make_facility(house: Here, name: str) -> Facility:
    """Return another Puskesmas of the district, kept by this house."""
    facility = Facility(id=uuid7(), name=name, is_here=False)
    with act(by=None, facility=house.id) as this:
        this.create(facility)
    return facility


@pytest.fixture
def other(house: Here) -> Facility:
    """Puskesmas Tetangga."""
    return make_facility(house, "Puskesmas Tetangga")


@pytest.fixture
def hire(house: Here, district_officer: Actor) -> Hire:
    """Put somebody on the staff of the house (or of `facility`)."""

    def make(
        name: str = "Siti Contoh",
        profession: str = "perawat",
        *,
        facility: uuid.UUID | None = None,
        **more: Any,
    ) -> StaffMember:
        more.setdefault("employment", "pns")
        typed = StaffInput(name=name, profession=profession, **more)
        return add_member(facility or house.id, typed, by=district_officer)

    return make


def workbook(*rows: tuple[Any, ...], sheet: str = "Tenaga") -> bytes:
    """Return an XLSX file with these rows; dates become date cells."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(line, column, cell, day)
            else:
                page.write(line, column, cell)
    book.close()
    return buffer.getvalue()


def text_file(*lines: str) -> bytes:
    """Return a CSV file of these lines."""
    return "\r\n".join(lines).encode()
