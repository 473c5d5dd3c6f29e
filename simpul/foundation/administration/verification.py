"""The check of the journal from the page: short journals at once, long ones from the command."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import NotAllowed
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.chain import ChainFault, verify_chain
from simpul.foundation.journal.selectors import last_entry_id
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import require

#: Above this a page would wait for longer than a person likes to.
INLINE_ENTRIES = 50_000


@dataclass(frozen=True)
class Verified:
    """The answer of a check; `too_long` when it must be run from the command line."""

    entries: int
    faults: tuple[ChainFault, ...]
    too_long: bool

    @property
    def is_whole(self) -> bool:
        """Was everything read, and nothing found?"""
        return not self.too_long and not self.faults


def verify_journal(*, by: Actor) -> Verified:
    """Walk the chain for the head of the facility; the check itself is an entry afterwards."""
    require(by, "view", "journal")
    if Role.HEAD not in by.roles:
        raise NotAllowed(
            _("Keutuhan jurnal diperiksa oleh kepala Puskesmas. Jurnal tetap dapat Anda baca."),
            "journal_check_by_head",
        )
    newest = last_entry_id()
    if newest >= INLINE_ENTRIES:
        return Verified(entries=newest, faults=(), too_long=True)
    report = verify_chain()
    with act(by=by) as this:
        this.record(
            "journal-checked",
            detail={"entries": report.entries, "faults": len(report.faults)},
        )
    return Verified(entries=report.entries, faults=report.faults, too_long=False)
