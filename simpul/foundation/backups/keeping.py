"""Which copies are kept: the newest of each of the last days, weeks and months that have one.

A pure function of the list. What is never given up: the newest copy that was checked, the one
last proven by a trial restore, and whatever is newer than both; so an old copy goes only when a
newer one that can be read is there.
"""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from simpul.foundation.backups.catalogue import Copy
from simpul.foundation.backups.options import Options


def to_remove(copies: Iterable[Copy], options: Options, timezone: str) -> list[Copy]:
    """Return the copies that may go, oldest first."""
    zone = ZoneInfo(timezone)
    newest_first = sorted(copies, key=lambda copy: (copy.at, copy.journal_seq), reverse=True)
    checked = [copy for copy in newest_first if copy.checked_at is not None]
    if not checked:
        return []
    kept = {checked[0].name}
    proven = next((copy for copy in newest_first if copy.proven_at is not None), None)
    if proven is not None:
        kept.add(proven.name)
    # Where the clock was wrong for a while the highest journal is the newest, whatever its date.
    kept.add(max(checked, key=lambda copy: copy.journal_seq).name)
    kept |= {copy.name for copy in newest_first if copy.at > checked[0].at}
    for most, period in (
        (options.daily, "%Y-%m-%d"),
        (options.weekly, "%G-%V"),
        (options.monthly, "%Y-%m"),
    ):
        seen: dict[str, Copy] = {}
        for copy in checked:
            seen.setdefault(copy.at.astimezone(zone).strftime(period), copy)
        kept |= {copy.name for copy in list(seen.values())[:most]}
    return [copy for copy in reversed(newest_first) if copy.name not in kept]
