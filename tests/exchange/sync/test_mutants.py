"""The model notices when the protocol is weakened: each mutant must be killed.

A mutant is a small patch of the product's code. The seed is fixed, so the gate answers the same
every time; shrinking is left out, because only the death counts.
"""

from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from simpul.exchange.hub import receiving
from simpul.exchange.sync import outgoing
from simpul.exchange.sync.epochs import current_epoch
from tests.exchange.sync.world import District

Patch = Callable[[pytest.MonkeyPatch], None]


def no_overlap_check(patch: pytest.MonkeyPatch) -> None:
    """The hub passes over what it knows by number, without looking whether it is the same."""
    patch.setattr(receiving, "_overlap_agrees", lambda _arrival, _cursor: True)
    patch.setattr(receiving, "_agreed", lambda arrival, _cursor: arrival.after)


def no_dedupe(patch: pytest.MonkeyPatch) -> None:
    """The hub does not ask whether it has a change under another number."""
    patch.setattr(receiving, "_known", lambda _node, _lines: set())


def no_new_epoch(patch: pytest.MonkeyPatch) -> None:
    """The facility goes on under the numbering that the hub has another history of."""
    patch.setattr(outgoing, "_forked", lambda *_what: outgoing.Outcome("new-epoch", why="fork"))


def commit_each_act(patch: pytest.MonkeyPatch) -> None:
    """The hub commits as it goes, and not once for the whole push."""
    patch.setattr(receiving, "transaction", SimpleNamespace(atomic=nullcontext))


def advance_before_answer(patch: pytest.MonkeyPatch) -> None:
    """The facility takes what it has sent for received (and prunes it)."""
    real = outgoing.next_push

    def next_push(**how: Any) -> outgoing.Push | None:
        push = real(**how)
        epoch = current_epoch()
        if push is not None and epoch is not None:
            epoch.acked = push.upto
            epoch.save(update_fields=["acked"])
        return push

    patch.setattr(outgoing, "next_push", next_push)


MUTANTS: tuple[Patch, ...] = (
    no_overlap_check,
    no_dedupe,
    no_new_epoch,
    commit_each_act,
    advance_before_answer,
)


@pytest.mark.django_db
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_weakened_protocol_is_noticed(mutant: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("situs-situs model ini berkas SQLite; sudah diuji di sana")
    mutant(monkeypatch)

    @seed(20260302)
    class Weakened(District):
        pass

    # Any death will do: a broken truth, a refused row, or a conversation that never ends.
    with pytest.raises(Exception):  # noqa: B017, PT011
        run_state_machine_as_test(
            Weakened,
            settings=settings(
                max_examples=60,
                stateful_step_count=12,
                deadline=None,
                phases=[Phase.generate],
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
