"""The what-if form: what was typed, what it means as levers, what cannot be read."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from simpul.domain.queueing import Arrivals, Desk, Service, Shift
from simpul.domain.whatif import EVERYTHING, Closure, Levers, TaskShift
from simpul.domain.wisn import Entitlement, Study
from simpul.planning.intake.cells import Unreadable, read_decimal

SHIFT_ROWS = (1, 2)
#: Shares of a day's arrivals over its hours, first to last third.
PATTERNS: dict[str, tuple[float, ...]] = {"pagi": (0.5, 0.3, 0.2), "rata": (1 / 3, 1 / 3, 1 / 3)}
#: Name → least, most, step, as the sliders have them; a number may be typed as well.
LIMITS: dict[str, tuple[Decimal, Decimal, str]] = {
    "volume": (Decimal(-50), Decimal(100), "5"),
    "cuti": (Decimal(-12), Decimal(30), "1"),
    "orang": (Decimal(-5), Decimal(10), "1"),
    "bagian": (Decimal(0), Decimal(100), "5"),
    "alih_menit": (Decimal("0.1"), Decimal(600), "any"),
    "tambah": (Decimal(-20), Decimal(20), "1"),
    "datang": (Decimal(0), Decimal(1000), "1"),
    "menit": (Decimal("0.1"), Decimal(120), "any"),
    "loket": (Decimal(1), Decimal(20), "1"),
    "loket_tambah": (Decimal(-5), Decimal(5), "1"),
}
WHOLE = frozenset({"orang", "tambah", "loket", "loket_tambah"})


@dataclass
class Typed:
    """Reads fields, keeping the text of each and the reason where one cannot be used."""

    sent: QueryDict
    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a field as typed."""
        text = self.texts[name] = self.sent.get(name, "").strip()[:60]
        return text

    def number(self, name: str, kind: str) -> Decimal | None:
        """Return a number within the limits of its kind; None where nothing or nothing usable."""
        least, most, _step = LIMITS[kind]
        try:
            number = read_decimal(self.text(name))
        except Unreadable:
            number = None
            self.errors[name] = _limits(least, most)
        if number is None:
            return None
        if not least <= number <= most or (kind in WHOLE and number != int(number)):
            self.errors[name] = _limits(least, most, whole=kind in WHOLE)
            return None
        return number

    def whole(self, name: str, kind: str) -> int:
        """Return a whole number, 0 where nothing is typed."""
        return int(self.number(name, kind) or 0)

    def place(self, name: str, count: int) -> int | None:
        """Return the place in a list that was chosen."""
        text = self.text(name)
        if text.isascii() and text.isdigit() and len(text) < 5 and int(text) < count:
            return int(text)
        return None

    def minute(self, name: str, default: str) -> int:
        """Return a time of day ("07:30") in minutes."""
        text = self.text(name) or default
        self.texts[name] = text
        hour, colon, minute = text.replace(".", ":").partition(":")
        if colon and hour.isdigit() and minute.isdigit() and len(text) <= 5:
            at = int(hour) * 60 + int(minute)
            if at < 24 * 60:
                return at
        self.errors[name] = _("Tulis jam seperti 07:30.")
        hour, _colon, minute = default.partition(":")
        return int(hour) * 60 + int(minute)


def _limits(least: Decimal, most: Decimal, *, whole: bool = False) -> str:
    text = _("Tulis bilangan bulat %(least)s sampai %(most)s.") if whole else ""
    text = text or _("Tulis angka %(least)s sampai %(most)s.")
    return text % {"least": str(least).replace(".", ","), "most": str(most).replace(".", ",")}


def read_levers(typed: Typed, study: Study | None, professions: Sequence[str]) -> Levers:
    """Return the levers; only what was moved is in them."""
    volume = typed.number("volume", "volume")
    names = [] if study is None else [each.name for each in study.categories]
    closures = []
    new_staff = {}
    for at, name in enumerate(names):
        more = typed.whole(f"orang_{at}", "orang")
        if typed.text(f"tutup_{at}"):
            to = typed.place(f"ke_{at}", len(names))
            closures.append(Closure(name, None if to is None else names[to]))
        elif more:
            new_staff[name] = more
    people = {
        code: more for code in professions if (more := typed.whole(f"tambah_{code}", "tambah"))
    }
    return Levers(
        volume={EVERYTHING: volume} if volume else {},
        leave={} if study is None else _leave(typed, study),
        new_staff=new_staff,
        shifts=() if study is None else _shifts(typed, study),
        closures=tuple(closures),
        new_people={code: more for code, more in people.items() if more},
        desk_servers=typed.whole("loket_tambah", "loket_tambah"),
    )


def _leave(typed: Typed, study: Study) -> dict[str, Decimal]:
    """Return the leave of each category: as it is, and so many days more."""
    more = typed.number("cuti", "cuti")
    if not more:
        return {}
    leave = {}
    for each in study.categories:
        now = each.working_time
        # Where hours are set by law the lever does nothing, and the calculation says so.
        base = now.annual_leave if isinstance(now, Entitlement) else Decimal(0)
        leave[each.name] = max(Decimal(0), base + more)
    return leave


def _shifts(typed: Typed, study: Study) -> tuple[TaskShift, ...]:
    found = []
    for row in SHIFT_ROWS:
        share = typed.number(f"alih_bagian_{row}", "bagian")
        minutes = typed.number(f"alih_menit_{row}", "alih_menit")
        target = typed.place(f"alih_ke_{row}", len(study.categories))
        chosen = _activity(typed.text(f"alih_kegiatan_{row}"), study)
        if chosen is None or target is None or not share:
            continue
        source, activity = chosen
        found.append(TaskShift(activity, source, study.categories[target].name, share, minutes))
    return tuple(found)


def _activity(text: str, study: Study) -> tuple[str, str] | None:
    """Read "category.activity" by their places."""
    first, _point, second = text.partition(".")
    if not (first.isdigit() and second.isdigit() and len(text) < 9):
        return None
    if int(first) >= len(study.categories):
        return None
    category = study.categories[int(first)]
    if int(second) >= len(category.activities):
        return None
    return category.name, category.activities[int(second)].name


def activity_options(study: Study) -> list[tuple[str, str]]:
    """Return every activity with its category, for choosing."""
    return [
        (f"{c}.{a}", f"{category.name} › {activity.name}")
        for c, category in enumerate(study.categories)
        for a, activity in enumerate(category.activities)
    ]


def read_desk(typed: Typed, by_hour: Sequence[float] | None = None) -> Desk | None:
    """Return the counter; None where nobody is expected. `by_hour` is the journal's pattern."""
    people = typed.number("datang", "datang")
    opens, closes = typed.minute("buka", "07:30"), typed.minute("tutup", "12:00")
    minutes = typed.number("menit", "menit")
    servers = typed.number("loket", "loket")
    pattern = typed.text("pola")
    if closes - opens < 30:
        typed.errors["tutup"] = _("Tutup paling cepat 30 menit sesudah buka.")
        return None
    if not people or minutes is None:
        return None
    return Desk(
        arrivals=_arrivals(float(people), opens, closes, pattern, by_hour),
        shifts=(Shift(0, closes - opens, int(servers or 1)),),
        service=Service(float(minutes)),
    )


def _arrivals(
    people: float, opens: int, closes: int, pattern: str, by_hour: Sequence[float] | None
) -> tuple[Arrivals, ...]:
    length = closes - opens
    if pattern == "jurnal" and by_hour and sum(by_hour):
        blocks = []
        for hour, seen in enumerate(by_hour):
            start, end = max(opens, hour * 60), min(closes, (hour + 1) * 60)
            if seen and end > start:
                blocks.append((start - opens, end - opens, seen))
        total = sum(seen for _s, _e, seen in blocks)
        if total:
            return tuple(Arrivals(s, e, people * seen / total) for s, e, seen in blocks)
    shares = PATTERNS.get(pattern, PATTERNS["pagi"])
    third = length / len(shares)
    return tuple(
        Arrivals(n * third, (n + 1) * third, people * share) for n, share in enumerate(shares)
    )


def read_id(text: str) -> uuid.UUID | None:
    """Return an id out of an address, None for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def as_lists(sent: QueryDict) -> dict[str, list[str]]:
    """Return a form as it can be stored: only fields that hold something."""
    return {
        name: [value[:60] for value in values if value.strip()]
        for name, values in sent.lists()
        if any(value.strip() for value in values)
    }


def as_query(stored: Mapping[str, Sequence[str]]) -> QueryDict:
    """Return a stored form as it was sent."""
    query = QueryDict(mutable=True)
    for name, values in stored.items():
        query.setlist(str(name), [str(value) for value in values])
    # A scenario kept without a study stays without one; see as_lists.
    query.setdefault("studi", "")
    return query
