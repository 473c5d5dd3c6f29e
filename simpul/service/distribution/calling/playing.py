"""The queue of calls of a floor: a television takes the next one, and says when it was heard.

Whoever takes a call has it for `LEASE`. A television that dies in the middle of a sentence says
nothing, its time runs out, and the call is taken again, by it or by another one. Nothing counts as
heard before a television has said so.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere, Refused
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.rows import fetch_values
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.service.distribution.calling.models import CallAnnouncement, CallState, Heard
from simpul.service.distribution.calling.timing import FRESH, LEASE, MOST_TIMES, SILENT_WAITS


@dataclass(frozen=True)
class Unheard:
    """A call of a floor that no television has finished yet."""

    id: uuid.UUID
    state: str
    asked_at: datetime
    leased_until: datetime | None
    times: int
    prefix: str
    number: int
    unit: str
    room: str
    lease: uuid.UUID | None

    def is_sounding(self, moment: datetime) -> bool:
        """Does a television say it now?"""
        until = self.leased_until
        return self.state == CallState.PLAYING and until is not None and until > moment

    def may_be_taken(self, moment: datetime) -> bool:
        """Is it young enough, and not begun in vain too often?"""
        return self.asked_at >= moment - FRESH and self.times < MOST_TIMES


#: What is being said now stays in, also when the patient has come in meanwhile; what only waits
#: falls out then, and with a skip, a redirection or a cancelled visit.
_UNHEARD = """
    SELECT a.id, a.state, a.asked_at, a.leased_until, a.times, t.prefix, t.number, a.unit, a.room,
           a.lease
    FROM calling_callannouncement a
    JOIN distribution_distribution d ON d.id = a.distribution_id
    JOIN distribution_ticket t ON t.id = a.ticket_id
    WHERE a.owner = %s AND a.floor = %s AND a.state IN ('waiting', 'playing')
      AND (a.state = 'playing' OR (a.asked_at >= %s AND d.called_at IS NOT NULL
                                   AND d.stage IN ('saved', 'shown', 'opened')))
    ORDER BY a.asked_at, a.id
"""


def list_unheard(floor: int) -> list[Unheard]:
    """Return the calls of a floor in the order in which they are heard, in one statement."""
    found = fetch_values(_UNHEARD, "u-tt-----u", [get_here().id, floor, now() - FRESH])
    return [Unheard(*values) for values in found]


def take_turn(
    floor: int, *, has_sound: bool, held: uuid.UUID | None = None
) -> tuple[Unheard, uuid.UUID] | None:
    """Take the oldest call of this floor that may be heard now; None while another one sounds.

    Returns the call with the lease that allows to say that it was heard. A television that was
    loaded anew in the middle of a sentence shows the lease it still holds and begins again.
    """
    moment = now()
    unheard = list_unheard(floor)
    sounding = next((call for call in unheard if call.is_sounding(moment)), None)
    if sounding is not None:
        if held is None or sounding.lease != held or not sounding.may_be_taken(moment):
            return None
        again = CallAnnouncement.objects.filter(id=sounding.id, lease=held).update(
            leased_until=moment + LEASE, times=F("times") + 1
        )
        return (sounding, held) if again else None
    for call in unheard:
        if not call.may_be_taken(moment):
            continue
        if not has_sound and moment - call.asked_at < SILENT_WAITS:
            # A television with sound may be on this floor; it is asked first.
            return None
        lease = _lease(call.id, floor, moment)
        return None if lease is None else (call, lease)
    return None


def _lease(call: uuid.UUID, floor: int, moment: datetime) -> uuid.UUID | None:
    """Make the call this television's; None when another was quicker."""
    lease = uuid7()
    try:
        with transaction.atomic():
            # One whose television went silent gives the floor free.
            CallAnnouncement.objects.filter(
                owner=get_here().id,
                floor=floor,
                state=CallState.PLAYING,
                leased_until__lte=moment,
            ).update(state=CallState.WAITING)
            taken = CallAnnouncement.objects.filter(id=call, state=CallState.WAITING).update(
                state=CallState.PLAYING,
                playing_at=moment,
                leased_until=moment + LEASE,
                lease=lease,
                times=F("times") + 1,
            )
    except IntegrityError:
        # Another television of the floor began in the same moment; the constraint held.
        return None
    return lease if taken else None


def note_heard(call: uuid.UUID, lease: uuid.UUID, how: str) -> bool:
    """A television has finished this call; False when that was known already.

    A word that comes late (the line was cut meanwhile) still counts, as long as nobody else has
    taken the call.
    """
    if how not in Heard.values:
        raise Refused(_("Cara pengumuman tidak dikenal; tidak ada yang dicatat."), "heard_unknown")
    with act(by=None, facility=get_here().id) as this:
        row = (
            CallAnnouncement.objects.select_for_update(of=("self",))
            .select_related("distribution")
            .filter(id=call, owner=get_here().id, lease=lease)
            .first()
        )
        if row is None:
            raise NotHere(
                _("Panggilan ini sudah diambil layar lain atau tidak ada. Tidak ada yang dicatat."),
                "call_unknown",
            )
        if row.state == CallState.HEARD:
            return False
        row.state, row.heard_at, row.heard_how = CallState.HEARD, this.at, how
        row.save(update_fields=["state", "heard_at", "heard_how"])
        detail: dict[str, Any] = {"how": how, "floor": row.floor}
        this.record(
            "announced",
            unit=row.unit,
            patient=row.distribution.patient_id,
            encounter=row.distribution.encounter_id,
            subject=f"distribution:{row.distribution_id}",
            detail=detail,
        )
    return True
