"""Which time is proposed for an activity, and the evidence that is kept with it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.timing import Timing, say_left_out
from simpul.planning.workload.models import Source, UnitTime
from simpul.planning.workload.observations import Observed
from simpul.planning.workload.tallies import Period

#: So many measured acts at least before their time is proposed.
ENOUGH = 10
#: So many observations at least before they are preferred to a gap of the journal.
SEEN_ENOUGH = 5


@dataclass(frozen=True)
class Proposal:
    """A time per act, from where it comes, and the evidence for it (ready for JSON).

    `source` is "accepted" (set by a person), "journal", "observation", "target", or "" for none.
    """

    seconds: Decimal | None
    source: str
    provenance: str
    evidence: dict[str, Any] = field(default_factory=dict)


def propose(
    how: str,
    timing: Timing,
    norm: UnitTime | None,
    target: UnitTime | None,
    observed: Observed | None,
    period: Period,
) -> Proposal:
    """What somebody has set, else what was measured, else observed, else the target."""
    if norm is not None:
        said = _("Norma waktu yang ditetapkan %(day)s (revisi %(n)s), dari %(source)s.") % {
            "day": say_day(norm.set_at.date()),
            "n": norm.revision,
            "source": Source(norm.source).label,
        }
        return Proposal(norm.seconds, "accepted", said, norm.evidence)
    return propose_fresh(how, timing, target, observed, period)


def propose_fresh(
    how: str,
    timing: Timing,
    target: UnitTime | None,
    observed: Observed | None,
    period: Period,
) -> Proposal:
    """Return what would be proposed if nothing had been set yet."""
    figure = timing.median if how == "gap" else timing.mean
    is_measured = figure is not None and timing.n >= ENOUGH
    is_seen = observed is not None and observed.timing.n >= SEEN_ENOUGH
    # A gap holds the waiting too, so somebody who watched the work knows better.
    if observed is not None and (not is_measured or (how == "gap" and is_seen)):
        return Proposal(
            observed.timing.mean,
            "observation",
            _("Rata-rata %(n)s pengamatan, terakhir %(day)s.")
            % {"n": observed.timing.n, "day": say_day(observed.last_at.date())},
            observed.evidence(),
        )
    if is_measured:
        return Proposal(
            figure,
            "journal",
            _("%(figure)s dari %(n)s tindakan yang terukur di jurnal, %(from)s–%(to)s.")
            % {
                "figure": _("Median") if how == "gap" else _("Rata-rata"),
                "n": timing.n,
                "from": say_day(period.first),
                "to": say_day(period.last),
            },
            evidence_of(timing, period, "median" if how == "gap" else "mean"),
        )
    if target is not None:
        said = _("Waktu target %(day)s; belum cukup pengukuran.") % {
            "day": say_day(target.set_at.date())
        }
        return Proposal(target.seconds, "target", said, target.evidence)
    return Proposal(None, "", _("Belum ada pengukuran, pengamatan, atau target."))


def evidence_of(timing: Timing, period: Period, figure: str) -> dict[str, Any]:
    """Return a measurement as it is kept with the time that was set on it."""
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "figure": figure,
        **figures_of(timing),
        "left_out": say_left_out(timing),
    }


def figures_of(timing: Timing) -> dict[str, Any]:
    """Return the figures of a timing as JSON takes them, in seconds to two places."""
    values = {name: getattr(timing, name) for name in ("median", "mean", "q1", "q3")}
    return {
        "n": timing.n,
        "acts": timing.acts,
        **{k: None if v is None else str(round(v, 2)) for k, v in values.items()},
    }


def say_day(day: date) -> str:
    """Return a day as it stands in a sentence."""
    return f"{day:%d-%m-%Y}"
