"""The line to the hub: which hub this is, and how the line has been lately.

Facts are kept with the rest of the conversation (`SyncState`), so that a screen and `simpul sync
status` say the same as the worker found, also after a restart.
"""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from django.db import transaction

from simpul.exchange.sync import state
from simpul.exchange.sync.troubles import sentence_of
from simpul.foundation.core.clock import now

HUB, LINE = "hub_facts", "link_line"
CLOCK = "link_clock"
#: A difference of the clocks that moved less than this is not written again.
CLOCK_STEP, CLOCK_KEPT = 5.0, 3600.0


@dataclass(frozen=True)
class HubFacts:
    """The hub this installation is enrolled with; what proves it, and what to seal files to."""

    url: str
    name: str
    public_key: str
    seal_key: str
    enrolled_at: str
    #: The certificate authority to trust instead of the system's (PEM); "" for the system's.
    authority: str = ""


@dataclass(frozen=True)
class Line:
    """How the line is: `good`, `broken` (it tries again by itself), or `stopped` (a person acts).

    `why` is a stable code; `since` when it became so.
    """

    state: str = "good"
    why: str = ""
    since: str = ""
    tries: int = 0
    next_at: str = ""
    answered_at: str = ""

    @property
    def sentence(self) -> str:
        """What happened, what is safe, what to do; nothing while all is well."""
        return sentence_of(self.state, self.why)


def read_hub() -> HubFacts | None:
    """Return the hub, or None where this installation is not enrolled."""
    text = state.read(HUB)
    return HubFacts(**json.loads(text)) if text else None


def keep_hub(facts: HubFacts) -> None:
    """Remember the hub."""
    with transaction.atomic():
        state.write(HUB, json.dumps(asdict(facts)))
        state.write("hub_url", facts.url)


def forget_hub() -> None:
    """Be alone again; what was written stays and waits for another enrolment."""
    state.remove(HUB)
    state.remove("hub_url")
    state.remove(LINE)


def read_line() -> Line:
    """Return how the line is."""
    text = state.read(LINE)
    known = {fact.name for fact in fields(Line)}
    told = json.loads(text) if text else {}
    return Line(**{name: value for name, value in told.items() if name in known})


def note_good(at: datetime | None = None) -> None:
    """The hub answered as it should; written once a minute at most."""
    at = at or now()
    before = read_line()
    if before.state == "good" and before.answered_at:
        if (at - datetime.fromisoformat(before.answered_at)).total_seconds() < 60:
            return
        _write(replace(before, answered_at=at.isoformat()))
        return
    _write(Line(since=at.isoformat(), answered_at=at.isoformat()))


def note_trouble(
    *,
    is_stopped: bool,
    why: str,
    next_at: datetime,
    at: datetime | None = None,
) -> None:
    """The hub did not answer as it should."""
    at = at or now()
    before = read_line()
    kind = "stopped" if is_stopped else "broken"
    _write(
        Line(
            state=kind,
            why=why,
            since=before.since if before.state == kind else at.isoformat(),
            tries=before.tries + 1 if before.state != "good" else 1,
            next_at=next_at.isoformat(),
            answered_at=before.answered_at,
        )
    )


@dataclass(frozen=True)
class ClockDifference:
    """How many seconds the hub's clock was ahead of ours when it answered."""

    seconds: float
    at: datetime


def read_clock() -> ClockDifference | None:
    """Return what the hub's last answers said about our clock; None when none did."""
    text = state.read(CLOCK)
    if not text:
        return None
    told = json.loads(text)
    return ClockDifference(float(told["seconds"]), datetime.fromisoformat(told["at"]))


def note_clock(told: object, at: datetime | None = None) -> None:
    """Compare our clock with the `now` of an answer; what cannot be read is no answer."""
    at = at or now()
    try:
        theirs = datetime.fromisoformat(str(told))
    except ValueError:
        return
    if theirs.tzinfo is None:
        return
    seconds = round((theirs - at).total_seconds(), 1)
    before = read_clock()
    is_known = before is not None and (
        abs(before.seconds - seconds) < CLOCK_STEP
        and abs((at - before.at).total_seconds()) < CLOCK_KEPT
    )
    if not is_known:
        state.write(CLOCK, json.dumps({"seconds": seconds, "at": at.isoformat()}))


def _write(line: Line) -> None:
    state.write(LINE, json.dumps(asdict(line)))
