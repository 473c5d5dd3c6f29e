"""What a unit diagnoses most: the codes of its last 90 days, read in one statement.

Kept for ten minutes in each process; a list that is ten minutes old is as good as a new one.
"""

import time
import uuid
from datetime import timedelta

from django.db.models import Count

from simpul.foundation.core.clock import now
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require
from simpul.service.care.models import Condition

DAYS = 90
MOST = 12
KEEP_SECONDS = 600.0
_kept: dict[tuple[uuid.UUID, str], tuple[float, tuple[str, ...]]] = {}


def favourite_codes(unit: str, *, by: Actor) -> tuple[str, ...]:
    """Return the ICD-10 codes a unit signed most often lately, the most frequent first."""
    require(by, "view", "clinical")
    key = (by.facility_id, unit)
    kept = _kept.get(key)
    if kept is not None and time.monotonic() - kept[0] < KEEP_SECONDS:
        return kept[1]
    since = now() - timedelta(days=DAYS)
    codes = tuple(
        Condition.objects.filter(
            # Ids begin with the instant of birth, so the recent ones are one stretch of the key.
            id__gte=uuid.UUID(int=int(since.timestamp() * 1000) << 80),
            owner=by.facility_id,
            entry__unit=unit,
            entry__is_current=True,
            entry__is_error=False,
        )
        .values("code")
        .annotate(times=Count("id"))
        .order_by("-times", "code")
        .values_list("code", flat=True)[:MOST]
    )
    if len(_kept) > 200:
        _kept.clear()
    _kept[key] = (time.monotonic(), codes)
    return codes


def forget_favourites() -> None:
    """Read the lists anew next time."""
    _kept.clear()
