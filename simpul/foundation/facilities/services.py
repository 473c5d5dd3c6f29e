"""Writing facilities: set up the house with its standard units, change a unit."""

import uuid

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import OwnedModel
from simpul.foundation.facilities.models import (
    STANDARD_UNITS,
    Facility,
    ServiceUnit,
    check_prefix,
    unit_id,
)


def new_facility(name: str, *, timezone: str, **codes: str) -> Facility:
    """Return the unsaved facility this program runs in; `codes` are its official numbers."""
    facility = Facility(id=uuid7(), name=name, is_here=True, timezone=timezone, **codes)
    facility.owner = facility.id
    return facility


def standard_units(facility: Facility) -> list[OwnedModel]:
    """Return the unsaved service units every Puskesmas starts with."""
    return [
        ServiceUnit(
            id=unit_id(facility.id, code),
            facility=facility,
            code=code,
            name=name,
            cluster=cluster,
            prefix=prefix,
            order=order,
            takes_patients=takes_patients,
        )
        for order, (code, name, cluster, prefix, takes_patients) in enumerate(STANDARD_UNITS)
    ]


def check_unit_prefix(facility: uuid.UUID, code: str, prefix: str) -> None:
    """Refuse a queue letter that is malformed or another unit's."""
    try:
        check_prefix(prefix)
    except ValidationError as problem:
        message = str(problem.messages[0])
        raise Refused(message, "prefix_malformed", errors=_at("prefix", message)) from None
    other = (
        ServiceUnit.objects.filter(facility_id=facility, prefix=prefix).exclude(code=code).first()
    )
    if other is not None:
        message = _("Huruf %(prefix)s sudah dipakai %(unit)s. Pilih huruf lain.") % {
            "prefix": prefix,
            "unit": other.name,
        }
        raise Refused(message, "prefix_taken", errors=_at("prefix", message))


def _at(where: str, message: str) -> tuple[Problem, ...]:
    return (Problem(where, "refused", message),)
