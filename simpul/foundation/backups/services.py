"""What a person does on the page of the copies."""

from simpul.foundation.backups.beside import begin
from simpul.foundation.backups.catalogue import Copy
from simpul.foundation.backups.selectors import get_copy
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home


def ask_for_copy(*, by: Actor) -> None:
    """Have a copy made now; a second one while one is made does nothing."""
    _ask("make", "backup-asked", by=by)


def ask_for_proof(*, by: Actor) -> None:
    """Have the newest copy proven by a trial restore now."""
    _ask("prove", "backup-proof-asked", by=by)


def _ask(what: str, recorded: str, *, by: Actor) -> None:
    require(by, "input", "backup")
    require_home(by)
    with act(by=by) as this:
        this.record(recorded)
    begin(what)


def take_away(name: str, *, by: Actor) -> Copy:
    """Hand out a copy, still sealed; the journal says to whom."""
    copy = get_copy(name, by=by, action="input")
    with act(by=by) as this:
        this.record("backup-taken", detail={"copy_at": copy.at.isoformat()})
    return copy
