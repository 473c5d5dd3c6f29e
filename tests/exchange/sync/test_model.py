"""The whole of synchronising as one model, on the product's code; `world` holds rules and truths.

`SIMPUL_MODEL_EXAMPLES` and `SIMPUL_MODEL_STEPS` let it run longer.
"""

import os

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.exchange.sync.world import District

EXAMPLES = int(os.environ.get("SIMPUL_MODEL_EXAMPLES", "20"))
STEPS = int(os.environ.get("SIMPUL_MODEL_STEPS", "30"))


@pytest.mark.django_db
def test_the_district_comes_to_rest_with_nothing_lost() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("situs-situs model ini berkas SQLite; sudah diuji di sana")
    run_state_machine_as_test(
        District,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
