"""Reading observations: what an observer may time, and the figures of what was timed."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.timing import Rule, Timing, measure_all
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotHere
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import Action, require, require_home
from simpul.planning.workload.models import Observation, ObservedActivity
from simpul.planning.workload.tallies import DAY, Period, instant

#: An observer stops the clock: nothing is trimmed.
UNTRIMMED = Rule(longest=10**9, least=10**9)
#: Of each activity so many of the newest observations are taken.
MOST = 2000


@dataclass(frozen=True)
class StepFigure:
    """One step of an activity: its name, how often it was timed, and its mean as in the table."""

    name: str
    timing: Timing


@dataclass(frozen=True)
class Observed:
    """The observations of one activity."""

    activity: ObservedActivity
    timing: Timing
    last_at: datetime
    last_seconds: float
    first_at: datetime
    steps: tuple[StepFigure, ...]

    def evidence(self) -> dict[str, Any]:
        """Return the figures as they are kept with a time that was set on them."""
        figures = {name: getattr(self.timing, name) for name in ("median", "mean", "q1", "q3")}
        return {
            "from": self.first_at.date().isoformat(),
            "to": self.last_at.date().isoformat(),
            "figure": "mean",
            "n": self.timing.n,
            "acts": self.timing.acts,
            **{k: None if v is None else str(round(v, 2)) for k, v in figures.items()},
            "observed_activity": str(self.activity.id),
        }


def summarise_observations(
    activities: Iterable[ObservedActivity], *, period: Period | None = None, timezone: str = "UTC"
) -> dict[uuid.UUID, Observed]:
    """Return the figures of the observations of each activity (of a period, or of all time)."""
    known = {one.id: one for one in activities}
    rows = Observation.objects.filter(activity_id__in=known)
    if period is not None:
        first, end = instant(period.first, timezone), instant(period.last + DAY, timezone)
        rows = rows.filter(started_at__gte=first, started_at__lt=end)
    found: dict[uuid.UUID, list[tuple[datetime, float, list[dict[str, Any]]]]] = {}
    values = rows.order_by("-started_at").values_list(
        "activity_id", "started_at", "seconds", "steps"
    )
    for activity, at, seconds, steps in values[: MOST * max(1, len(known))]:
        of_activity = found.setdefault(activity, [])
        if len(of_activity) < MOST:
            of_activity.append((at, float(seconds), steps))
    return {
        activity: Observed(
            known[activity],
            measure_all((max(1, round(s)) for _at, s, _steps in seen), UNTRIMMED),
            last_at=seen[0][0],
            last_seconds=seen[0][1],
            first_at=seen[-1][0],
            steps=_steps_of(known[activity], [steps for _at, _s, steps in seen]),
        )
        for activity, seen in found.items()
    }


def _steps_of(
    activity: ObservedActivity, timed: list[list[dict[str, Any]]]
) -> tuple[StepFigure, ...]:
    figures = []
    for name in activity.steps:
        seconds = [
            max(1, round(float(step["seconds"])))
            for steps in timed
            for step in steps
            if step["name"] == name
        ]
        figures.append(StepFigure(name, measure_all(seconds, UNTRIMMED)))
    return tuple(figures)


def require_observer(by: Actor, action: Action) -> None:
    """Refuse who may not observe in this house."""
    require(by, action, "observation")
    require_home(by)


def list_activities(*, by: Actor, with_hidden: bool = False) -> list[ObservedActivity]:
    """Return what may be observed in this person's facility."""
    require_observer(by, "view")
    rows = ObservedActivity.objects.filter(owner=by.facility_id)
    return list(rows if with_hidden else rows.filter(is_active=True))


def get_activity(activity: uuid.UUID, *, by: Actor) -> ObservedActivity:
    """Return one activity of this person's facility."""
    require_observer(by, "view")
    row = ObservedActivity.objects.filter(id=activity, owner=by.facility_id).first()
    if row is None:
        raise NotHere(_("Kegiatan ini tidak ada di sini."), "activity_unknown")
    return row


def count_observations(*, by: Actor) -> int:
    """Return how many observations of the last thirty days this person sent."""
    require_observer(by, "view")
    return Observation.objects.filter(
        owner=by.facility_id,
        observer=by.practitioner_id,
        started_at__gte=now() - timedelta(days=30),
    ).count()
