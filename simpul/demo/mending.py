"""Incomplete made-up records: sent back by the record room, mended by the clinician days later."""

from datetime import datetime

from simpul.demo.bulk import Bulk
from simpul.demo.visits import Written, ask_allergy
from simpul.service.care.models import EntryKind
from simpul.service.completeness.models import RecordStatus

REASON = "Melengkapi rekam yang dikembalikan"


def give_back(bulk: Bulk, written: Written, *, at: datetime, officer: str) -> None:
    """The record room sends a record back with what is missing."""
    walk = written.walk
    this = bulk.act(at, officer)
    for missing in written.deficiencies:
        this.update(missing, returned_at=this.instant, returned_by=officer)
    this.record(
        "returned",
        unit=walk.unit,
        patient=walk.person.id,
        encounter=walk.encounter.id,
        detail={"paper": 0, "has_note": False},
    )


def mend(bulk: Bulk, written: Written, *, at: datetime) -> None:
    """The clinician completes the record; the analysis runs again."""
    walk, plan, check = written.walk, written.plan, written.check
    if check is None or check["status"] == RecordStatus.COMPLETE:
        return
    if plan.flaw == "allergy" and not walk.person.asked_allergy:
        ask_allergy(bulk, walk.person, at=at, by=plan.clinician)
    this = bulk.act(at, plan.clinician.id)
    if plan.flaw in ("plan", "objective") and walk.soap is not None:
        this.update(walk.soap, is_current=False)
        walk.write_entry(
            this,
            EntryKind.SOAP,
            walk.whole_note,
            plan.clinician,
            replaces_id=walk.soap.id,
            revision=2,
            reason=REASON,
        )
    elif plan.flaw == "vitals":
        walk.write_vitals(this, plan.clinician)
    elif plan.flaw == "diagnosis":
        walk.write_items(this, EntryKind.CONDITION, walk.diagnoses(), plan.clinician)
    elif plan.flaw == "consent" and walk.procedures is not None:
        items = [{**item, "consent_given": True} for item in walk.procedures["body"]["items"]]
        this.update(walk.procedures, is_current=False)
        walk.write_items(
            this,
            EntryKind.PROCEDURE,
            items,
            plan.clinician,
            replaces_id=walk.procedures.id,
            revision=2,
            reason=REASON,
        )
    for missing in written.deficiencies:
        this.update(missing, mended_at=this.instant)
    this.update(
        check,
        status=RecordStatus.COMPLETE.value,
        percent=100,
        results=[],
        checked_at=this.instant,
        completed_at=this.instant,
    )
    this.record(
        "record-mended",
        unit=walk.unit,
        patient=walk.person.id,
        encounter=walk.encounter.id,
        detail={"percent": 100, "missing": []},
    )
