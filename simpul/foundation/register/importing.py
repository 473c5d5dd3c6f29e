"""Bringing a staff list into the register: a dry run first, then one act for the whole file."""

import uuid

from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act, lock_head
from simpul.foundation.register.judging import Decided, DryRun, Judge, Known
from simpul.foundation.register.models import StaffMember
from simpul.foundation.register.selectors import get_facility_place, list_facilities
from simpul.foundation.register.services import changed_fields, new_member, put_values
from simpul.foundation.register.sheets import Sheet
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home


def dry_run(
    sheet: Sheet,
    *,
    by: Actor,
    facility: uuid.UUID | None = None,
    decided: Decided | None = None,
) -> DryRun:
    """Judge a file; `facility` is meant where a row names none. Nothing is written."""
    require(by, "input", "register")
    require_home(by)
    places = list_facilities(by=by)
    fallback = None if facility is None else get_facility_place(facility, by=by)
    if fallback is None and len(places) == 1:
        fallback = places[0]
    members = StaffMember.objects.filter(owner=by.facility_id)
    judge = Judge(
        places,
        Known.of(list(members)),
        fallback=fallback,
        decided=decided or {},
        today=get_here().today(),
    )
    return judge.judge(sheet)


def apply_sheet(
    sheet: Sheet,
    *,
    by: Actor,
    facility: uuid.UUID | None = None,
    decided: Decided | None = None,
) -> DryRun:
    """Judge a file again and write its new and changed rows, all in one act; returns the verdicts.

    Refused rows stay out; the same file a second time writes nothing at all.
    """
    require(by, "input", "register")
    require_home(by)
    with act(by=by) as this:
        lock_head()  # two people who bring the same file in write its people once
        judged = dry_run(sheet, by=by, facility=facility, decided=decided)
        new = []
        for verdict in judged.verdicts:
            typed, member = verdict.typed, verdict.member
            if typed is None or verdict.facility is None:
                continue
            if verdict.kind == "new":
                new.append(new_member(verdict.facility, typed))
            elif verdict.kind == "changed" and member is not None:
                this.update(member, *put_values(member, typed, changed_fields(member, typed)))
        this.create(*new)
        if judged.has_work:
            this.record("staff-imported", detail=dict(judged.counts))
    return judged
