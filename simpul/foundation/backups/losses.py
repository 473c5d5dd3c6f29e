"""What would be lost by going back to a copy: everything in the change feed that it has not.

As long as the database is the copy's own future the changes after the copy's last one are counted,
without opening it. Where the two have parted (a restore lies between) the copy has to be open, and
the changes are compared one by one.
"""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import local_day, now
from simpul.foundation.journal.models import Change, JournalEntry, Operation


@dataclass(frozen=True)
class Losses:
    """How many new rows of each kind, and how many other changes, are not in the copy."""

    made: Mapping[str, int] = field(default_factory=dict)
    others: int = 0
    is_known: bool = True

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.made.values()) + self.others


def is_continued(node: uuid.UUID | None, seq: int, digest: str) -> bool:
    """Is the database a later state of the copy whose journal stood there?"""
    if node is None or seq == 0:
        return True
    found = JournalEntry.objects.filter(node=node, seq=seq).values_list("hash", flat=True).first()
    return found == digest


def count_after(change_id: int) -> Losses:
    """Count the changes after the copy's last one."""
    rows = (
        Change.objects.filter(id__gt=change_id)
        .order_by()
        .values_list("entity", "operation")
        .annotate(count=Count("id"))
    )
    return _sorted(Counter({(entity, operation): count for entity, operation, count in rows}))


def count_missing(known: set[str]) -> Losses:
    """Count the changes whose ids are not among the copy's."""
    found: Counter[tuple[str, str]] = Counter()
    rows = Change.objects.order_by("id").values_list("change", "entity", "operation")
    for change, entity, operation in rows.iterator(chunk_size=5000):
        if change.hex not in known:
            found[entity, operation] += 1
    return _sorted(found)


def _sorted(found: Counter[tuple[str, str]]) -> Losses:
    made: dict[str, int] = {}
    others = 0
    for (entity, operation), count in found.items():
        if operation == Operation.CREATE and entity in settings.SIMPUL_COUNTED:
            made[entity] = count
        else:
            others += count
    order = list(settings.SIMPUL_COUNTED)
    return Losses({entity: made[entity] for entity in sorted(made, key=order.index)}, others)


def say_losses(losses: Losses, made_at: datetime, timezone: str) -> str:
    """Say in one sentence what would be lost."""
    if not losses.is_known:
        return _("Berapa yang akan hilang tidak dapat dihitung dari basis data yang sekarang.")
    if not losses.total:
        return _("Tidak ada yang akan hilang: semua yang tersimpan sudah ada di cadangan ini.")
    parts = [f"{count} {settings.SIMPUL_COUNTED[kind]}" for kind, count in losses.made.items()]
    if losses.others:
        parts.append(_("%(count)s perubahan lain") % {"count": losses.others})
    if local_day(made_at, timezone) == local_day(now(), timezone):
        since = _("hari ini")
    else:
        local = made_at.astimezone(ZoneInfo(timezone))
        since = _("sejak %(at)s") % {"at": f"{local:%d-%m-%Y %H.%M}"}
    return _("%(what)s %(since)s belum ada di cadangan ini.") % {
        "what": ", ".join(parts),
        "since": since,
    }
