"""SQLite is told how its tables are filled, so that it need not guess."""

import pytest
from django.db import connection

from simpul.foundation.facilities.selectors import Here
from simpul.web.upkeep import refresh_statistics


@pytest.mark.django_db
def test_the_planner_knows_the_tables(house: Here) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL counts by itself")
    refresh_statistics()

    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'facilities_serviceunit'")
        counted = {row[0].split()[0] for row in cursor.fetchall()}
    assert counted == {str(len(house.units))}
