"""The same act observed with a phone and measured from the journal, with what the gap may mean."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from simpul.domain.timing import Timing, in_words, measure
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.planning.workload.activities import ACTIVITIES, GAP, Activity
from simpul.planning.workload.models import ObservedActivity
from simpul.planning.workload.observations import summarise_observations
from simpul.planning.workload.selectors import place_of, unit_name
from simpul.planning.workload.tallies import Period, get_tally

#: Below this share of the observed time the two figures are said to agree.
AGREE = Decimal("0.10")


@dataclass(frozen=True)
class Comparison:
    """The same activity observed with a phone and measured from the journal."""

    label: str
    unit_name: str
    how: str
    observed: Timing
    journal: Timing
    difference: Decimal | None
    share: Decimal | None
    sentence: str


def compare_times(*, by: Actor, period: Period) -> list[Comparison]:
    """Return each observed activity beside the journal's measurement of the same act."""
    require(by, "view", "planning")
    place, timezone = place_of(by)
    tally = get_tally(place, period, timezone=timezone)
    activities = [
        one
        for one in ObservedActivity.objects.filter(owner=place, is_active=True)
        if one.journal_activity in ACTIVITIES
    ]
    observed = summarise_observations(activities, period=period, timezone=timezone)
    found = []
    for one in activities:
        seen = observed.get(one.id)
        counts: Counter[int | None] = Counter()
        for done, more in tally.items():
            if done.activity == one.journal_activity and done.unit == one.unit:
                counts.update(more)
        activity = ACTIVITIES[one.journal_activity]
        journal = measure(counts, activity.rule)
        timing = seen.timing if seen else measure({}, GAP)
        found.append(_compare(one, activity, timing, journal))
    return found


def _compare(
    one: ObservedActivity, activity: Activity, observed: Timing, journal: Timing
) -> Comparison:
    difference = share = None
    if observed.median is None and journal.median is None:
        sentence = _("Belum diamati dan belum terukur di jurnal pada masa ini.")
    elif observed.median is None:
        sentence = _("Belum diamati pada masa ini.")
    elif journal.median is None:
        sentence = _("Belum terukur di jurnal pada masa ini.")
    else:
        difference = journal.median - observed.median
        share = difference / observed.median if observed.median else None
        sentence = _say_difference(difference, share, activity, observed, journal)
    return Comparison(
        one.name,
        unit_name(one.unit),
        activity.how,
        observed,
        journal,
        difference,
        share,
        sentence,
    )


def _say_difference(
    difference: Decimal,
    share: Decimal | None,
    activity: Activity,
    observed: Timing,
    journal: Timing,
) -> str:
    values = {
        "difference": in_words(abs(difference)),
        "observed": observed.n,
        "journal": journal.n,
    }
    if share is not None and abs(share) <= AGREE:
        return (
            _(
                "Median %(observed)s pengamatan dan %(journal)s tindakan jurnal hanya berbeda "
                "%(difference)s: keduanya saling menguatkan."
            )
            % values
        )
    if difference < 0:
        return (
            _(
                "Jurnal %(difference)s lebih pendek: sebagian pekerjaan yang diamati terjadi "
                "sebelum atau sesudah yang tercatat, atau pengamatan membuat orang lebih teliti."
            )
            % values
        )
    if activity.how == "gap":
        return (
            _(
                "Jurnal %(difference)s lebih panjang: jarak antartindakan memuat juga menunggu "
                "pasien berikutnya. Pengamatan lebih dekat dengan waktu kerja."
            )
            % values
        )
    return (
        _(
            "Jurnal %(difference)s lebih panjang: “mulai” ditekan lebih awal atau “selesai” "
            "ditekan lebih lambat daripada kerjanya, atau yang diamati pasien yang mudah."
        )
        % values
    )
