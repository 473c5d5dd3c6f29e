"""Keeping scenarios: save, rename, put away, take out; each one an act in the journal."""

import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotAllowed, NotHere, Problem, Refused
from simpul.foundation.core.ids import uuid7
from simpul.foundation.journal.acts import act
from simpul.foundation.register.selectors import sees_district
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.allocation.models import Scenario
from simpul.planning.allocation.whatif_asking import Typed, as_lists
from simpul.planning.allocation.whatif_outcome import outcome_json, what_if

LONGEST_NAME = 120
MOST_LISTED = 200
MOST_COMPARED = 4


def _visible(by: Actor) -> QuerySet[Scenario]:
    require(by, "view", "planning")
    require_home(by)
    rows = Scenario.objects.select_related("facility", "made_by", "study_version__study")
    return rows if sees_district(by) else rows.filter(facility_id=by.facility_id)


def list_scenarios(*, by: Actor, archived: bool = False) -> list[Scenario]:
    """Return scenarios, newest first."""
    rows = _visible(by).filter(archived_at__isnull=not archived)
    return list(rows.order_by("-made_at", "-id")[:MOST_LISTED])


def get_scenario(scenario: uuid.UUID, *, by: Actor) -> Scenario:
    """Return one scenario; NotHere also when it is another facility's."""
    found = _visible(by).filter(id=scenario).first()
    if found is None:
        raise NotHere(
            _("Skenario ini tidak ada, atau bukan milik Puskesmas Anda. Pilih dari daftar."),
            "scenario_unknown",
        )
    return found


def find_scenarios(ids: list[uuid.UUID], *, by: Actor) -> list[Scenario]:
    """Return the scenarios to compare, in the order asked for, at most four."""
    rows = {row.id: row for row in _visible(by).filter(id__in=ids[:MOST_COMPARED])}
    return [rows[one] for one in ids[:MOST_COMPARED] if one in rows]


@transaction.atomic
def save_scenario(name: str, typed: QueryDict, *, by: Actor) -> Scenario:
    """Keep the levers and what they show now, under a name."""
    require(by, "input", "planning")
    tidy = _name(name)
    asked = what_if(Typed(typed), by=by)
    if asked.need is None and asked.gap is None and asked.wait is None:
        raise Refused(
            _("Belum ada hasil yang dapat disimpan: pilih studi, Puskesmas, atau isi loketnya."),
            "scenario_empty",
            errors=(Problem("nama", "empty", _("Hitung sesuatu lebih dahulu.")),),
        )
    row = Scenario(
        id=uuid7(),
        facility_id=asked.place.id if asked.place else by.facility_id,
        name=tidy,
        study_version=asked.version,
        levers=as_lists(asked.typed.sent),
        outcome=outcome_json(asked),
        made_by_id=by.practitioner_id,
        made_at=now(),
    )
    with act(by=by, at=row.made_at) as this:
        this.create(row)
        this.record("scenario-saved", subject=f"scenario:{row.id}")
    return row


@transaction.atomic
def rename_scenario(
    scenario: uuid.UUID, name: str, *, by: Actor, seen_version: int | None = None
) -> Scenario:
    """Give a scenario another name; its figures stay."""
    row = _own(scenario, by)
    tidy = _name(name)
    if tidy == row.name:
        return row
    row.name = tidy
    with act(by=by) as this:
        this.update(row, "name", seen_version=seen_version)
        this.record("scenario-renamed", subject=f"scenario:{row.id}")
    return row


@transaction.atomic
def archive_scenario(scenario: uuid.UUID, *, by: Actor, away: bool = True) -> Scenario:
    """Put a scenario away, or take it out again; nothing of it is lost."""
    row = _own(scenario, by)
    if (row.archived_at is not None) == away:
        return row
    row.archived_at = now() if away else None
    with act(by=by) as this:
        this.update(row, "archived_at")
        this.record(
            "scenario-archived" if away else "scenario-reopened", subject=f"scenario:{row.id}"
        )
    return row


def _own(scenario: uuid.UUID, by: Actor) -> Scenario:
    require(by, "correct", "planning")
    row = get_scenario(scenario, by=by)
    if row.owner != by.facility_id:
        raise NotAllowed(
            _("Skenario ini dibuat di tempat lain, jadi hanya mereka yang mengubahnya."),
            "scenario_of_others",
        )
    return row


def _name(name: str) -> str:
    tidy = " ".join(name.split())
    if 1 <= len(tidy) <= LONGEST_NAME:
        return tidy
    sentence = _("Beri nama 1–%(most)d huruf, misalnya “Tambah satu petugas loket”.") % {
        "most": LONGEST_NAME
    }
    raise Refused(
        _("Skenario belum disimpan: perbaiki namanya."),
        "scenario_refused",
        errors=(Problem("nama", "length", sentence),),
    )
