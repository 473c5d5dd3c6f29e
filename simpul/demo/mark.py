"""What a demo remembers about itself, read at every start.

`NodeState` carries the mark of a demo: its size, and whether it was finished. A folder without the
mark that holds a facility is somebody's real site, and is never touched. What makes a demo is not
loaded for this: a start that finds everything in place does without it.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from simpul.foundation.core.clock import local_day, now
from simpul.foundation.core.errors import Conflict
from simpul.foundation.core.models import NodeState
from simpul.foundation.facilities.selectors import get_here, is_set_up

MARK = "demo"


@dataclass(frozen=True)
class Size:
    """How many patients and past visits a demo has."""

    patients: int
    visits: int


SIZES = {
    "small": Size(400, 900),
    "medium": Size(5_000, 15_000),
    "large": Size(100_000, 300_000),
    "empty": Size(0, 0),
}


@dataclass(frozen=True)
class Mark:
    """What a demo remembers about itself."""

    size: str
    finished: bool
    morning: str = ""
    next_family: int = 0


def read_mark() -> Mark | None:
    """Return the mark of the demo in this database; None when it holds none."""
    row = NodeState.objects.filter(key=MARK).first()
    return None if row is None else Mark(**json.loads(row.value))


def write_mark(mark: Mark) -> None:
    """Remember this about the demo."""
    NodeState.objects.update_or_create(key=MARK, defaults={"value": json.dumps(asdict(mark))})


def refuse_real_site() -> None:
    """Stop before anything is written into a site that is not a demo."""
    if read_mark() is None and is_set_up():
        raise Conflict(
            _(
                "Folder data ini berisi Puskesmas sungguhan, jadi tidak ada yang diubah. Jalankan "
                "`simpul serve`, atau pilih folder lain untuk contoh: SIMPUL_DATA=data/demo."
            ),
            "not_a_demo",
        )


def is_half_made() -> bool:
    """Was the making of a demo stopped in the middle?"""
    mark = read_mark()
    return mark is not None and not mark.finished


def needs_morning(*, at: datetime | None = None) -> bool:
    """Was the last morning of this demo made on an earlier day?"""
    mark = read_mark()
    if mark is None or not mark.finished or not SIZES[mark.size].patients:
        return False
    return mark.morning != local_day(at or now(), get_here().timezone).isoformat()
