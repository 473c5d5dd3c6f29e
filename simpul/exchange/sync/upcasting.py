"""Older shapes of rows brought to the present one; newer ones wait for the upgrade.

A table's present version is `schema_version` of its model (1 unless it says otherwise). When it is
raised, one pure function here says how the data of the version before becomes that of the next.
The last two versions before the present one are taken in.
"""

from collections.abc import Callable
from typing import Any

from django.db import models

from simpul.foundation.core.models import OwnedModel

#: data of one version, operation → data of the next version. Pure: same in, same out.
Upcaster = Callable[[dict[str, Any], str], dict[str, Any]]
OLDEST_BACK = 2

_UPCASTERS: dict[tuple[str, int], Upcaster] = {}


def upcasts(entity: str, version: int) -> Callable[[Upcaster], Upcaster]:
    """Say how data of a table at `version` becomes data at `version + 1`."""

    def keep(function: Upcaster) -> Upcaster:
        _UPCASTERS[entity, version] = function
        return function

    return keep


def present_version(model: type[models.Model]) -> int:
    """Return the version of a table's rows in this program."""
    return model.schema_version if issubclass(model, OwnedModel) else 1


class TooNew(Exception):
    """Written by a newer program: it waits until this one is upgraded."""


class TooOld(Exception):
    """Written by a program whose rows are no longer understood."""


def upcast(
    model: type[models.Model], version: int, operation: str, data: dict[str, Any]
) -> dict[str, Any]:
    """Return the data as this program's version of the table has it."""
    present = present_version(model)
    if version > present:
        raise TooNew
    if version < present - OLDEST_BACK:
        raise TooOld
    for step in range(version, present):
        caster = _UPCASTERS.get((model._meta.label_lower, step))
        if caster is None:
            raise TooOld
        data = caster(dict(data), operation)
    return data
