"""A study from what the service did: volumes and times of the journal, people who did it.

What the journal cannot know (leave, training, support work) is taken from the last study of the
same units or assumed, and each assumption is written into the study, so that a reader sees it
beside the result.
"""

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from simpul.domain.wisn import VARIANTS, figure
from simpul.foundation.core.errors import Refused
from simpul.foundation.register.selectors import StaffFilter, list_staff_of
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.studies.figures import stored
from simpul.planning.studies.models import Origin, Study, StudyVersion
from simpul.planning.studies.screen import unit_names
from simpul.planning.studies.selectors import list_studies
from simpul.planning.studies.services import NewStudy, NewVersion, create_study
from simpul.planning.workload.selectors import (
    ActivityLoad,
    CategoryLoad,
    Period,
    list_loads,
    yearly_workload,
)

#: Role of the journal → profession of the register, where the two are not the same word.
_PROFESSIONS = {Role.LABORATORY.value: "atlm"}
#: Six days a week; national holidays and leave as usual, hours so that a week has 37.5.
_ASSUMED_TIME: dict[str, int | str] = {
    "working_days": 312,
    "annual_leave": 12,
    "training": 0,
    "public_holidays": 16,
    "absence": 0,
    "hours_per_day": "6.25",
}


def study_from_service(wish: NewStudy, *, by: Actor, variant: str) -> Study:
    """Open a study of the year and units asked for from the service data, with its first version.

    Refused when the journal of that year holds nothing that was timed.
    """
    require(by, "input", "planning")
    require_home(by)
    facility = wish.facility or by.facility_id
    if variant not in VARIANTS:
        variant = "who_wisn"
    if wish.year is None:
        raise Refused(
            _("Tulis tahun dengan empat angka, misalnya 2026. Studi belum dibuat."),
            "year_unreadable",
        )
    before = _last_study(wish, facility, by)
    gathered = _Gathered(before, variant, registered=_registered(wish, facility, by))
    targets = _targets(wish, facility, by)
    for unit in wish.units or ("",):
        load = yearly_workload(by=by, year=wish.year, unit=unit, facility=facility)
        gathered.say(*load.assumptions)
        for category in load.categories:
            gathered.add(category, targets, several_units=len(wish.units) != 1)
    categories, extras = gathered.finished()
    if not categories:
        raise Refused(
            _(
                "Jurnal tahun %(year)d belum memuat kegiatan yang terukur untuk %(units)s. Studi "
                "belum dibuat: pilih tahun atau unit lain, mulai kosong, atau salin studi lain."
            )
            % {"year": wish.year, "units": unit_names(wish.units)},
            "no_service_data",
        )
    title = wish.title.strip() or _("WISN %(units)s") % {"units": unit_names(wish.units)}
    new = NewVersion(
        input={"variant": variant, "rounding": "who", "categories": categories},
        extras={"categories": extras, "assumptions": gathered.assumptions},
        origin=Origin.SERVICE,
        note=_("Dari data pelayanan tahun %(year)d.") % {"year": wish.year},
    )
    made = NewStudy(
        title=title[:120],
        year=wish.year,
        units=wish.units,
        facility=facility,
        series=None if before is None else before.study.series,
    )
    return create_study(made, by=by, first=new)


class _Gathered:
    """Categories of one or more units put together, and what had to be assumed."""

    def __init__(
        self,
        before: StudyVersion | None,
        variant: str,
        *,
        registered: Mapping[str, int],
    ) -> None:
        self.before = {} if before is None else _by_name(before)
        self.variant = variant
        self.assumptions: list[str] = []
        self._categories: dict[str, dict[str, Any]] = {}
        self._extras: dict[str, list[dict[str, Any]]] = {}
        self._untimed: list[str] = []
        self._people: dict[str, int] = {}
        self._registered = registered
        self._codes: dict[str, str] = {}
        self._source = before

    def say(self, *sentences: str) -> None:
        """Keep assumptions, each once."""
        self.assumptions += [one for one in sentences if one not in self.assumptions]

    def add(
        self, load: CategoryLoad, targets: Mapping[tuple[str, str, str], Decimal], *,
        several_units: bool,
    ) -> None:  # fmt: skip
        """Take one category of one unit."""
        for act in load.activities:
            name = f"{act.label} · {act.unit_name}" if several_units else act.label
            if act.unit_seconds is None or act.unit_seconds <= 0:
                self._untimed.append(f"{name} ({figure(act.volume)})")
                continue
            category = self._categories.setdefault(load.label, self._new(load))
            category["activities"].append(self._activity(name, act, load.label))
            extra: dict[str, Any] = {"evidence": act.provenance}
            target = targets.get((act.unit, act.code, load.code))
            if target is not None:
                extra["target"] = stored(target)
            self._extras.setdefault(load.label, []).append(extra)
        self._codes[load.label] = load.code
        self._people[load.label] = max(self._people.get(load.label, 0), load.people)

    def finished(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the categories that have an activity, with their extras."""
        if self._untimed:
            self.say(
                _("Belum dihitung karena belum ada waktunya: %(names)s.")
                % {"names": ", ".join(self._untimed)}
            )
        extras = []
        for label, category in self._categories.items():
            category["staff"] = self._staff(label)
            extras.append({"activities": self._extras[label]})
        return list(self._categories.values()), extras

    def _staff(self, label: str) -> object:
        """Return how many there are: as in the last study, in the register, or at work."""
        old = self.before.get(_plain(label))
        if old and old.get("staff"):
            return old["staff"]
        seen = self._people.get(label, 0)
        code = self._codes.get(label, "")
        listed = self._registered.get(_PROFESSIONS.get(code, code), 0)
        words = {"name": label, "count": seen, "listed": listed}
        if listed:
            self.say(
                _(
                    "Petugas yang ada untuk %(name)s: %(listed)d orang menurut daftar tenaga; "
                    "%(count)d orang tercatat mengerjakannya."
                )
                % words
            )
            return listed
        self.say(
            _(
                "Petugas yang ada untuk %(name)s: %(count)d orang, yaitu yang tercatat "
                "mengerjakannya; daftar tenaga tidak memuatnya untuk unit ini."
            )
            % words
        )
        return seen

    def _new(self, load: CategoryLoad) -> dict[str, Any]:
        made: dict[str, Any] = {"name": load.label, "staff": 0, "activities": []}
        old = self.before.get(_plain(load.label))
        if old is not None and self._source is not None:
            self.say(
                _(
                    "Waktu kerja, kelonggaran, cakupan minimum, dan jumlah petugas %(name)s "
                    "diambil dari %(title)s %(year)d versi %(number)d."
                )
                % {
                    "name": load.label,
                    "title": self._source.study.title,
                    "year": self._source.study.year,
                    "number": self._source.number,
                }
            )
        for name in ("allowances", "individual_allowances"):
            made[name] = [] if old is None else old.get(name, [])
        if old is not None and "minimum_cover" in old:
            made["minimum_cover"] = old["minimum_cover"]
        if old is not None and "working_time" in old:
            made["working_time"] = old["working_time"]
        elif self.variant != "abk_kes":
            made["working_time"] = dict(_ASSUMED_TIME)
            self.say(
                _(
                    "Waktu kerja diandaikan 6 hari × 52 minggu = 312 hari, cuti 12, libur 16, jam "
                    "kerja 6,25 sehari (37,5 jam seminggu); pelatihan, sakit, dan izin belum "
                    "dikurangkan. Ganti dengan angka Puskesmas Anda."
                )
            )
        if not made["allowances"]:
            self.say(_("Kelonggaran (rapat, laporan, pelatihan) belum diisi, jadi masih nol."))
        return made

    def _activity(self, name: str, act: ActivityLoad, category: str) -> dict[str, Any]:
        seconds = (act.unit_seconds or Decimal(0)).quantize(Decimal("0.01"))
        time: dict[str, Any] = {"value": stored(seconds), "unit": "s"}
        if act.source == "journal":
            # Half of all acts took between the quartiles: the range the study is tried with.
            low, high = act.timing.q1, act.timing.q3
            if low is not None and 0 < low <= seconds:
                time["low"] = stored(low.quantize(Decimal("0.01")))
            if high is not None and high >= seconds:
                time["high"] = stored(high.quantize(Decimal("0.01")))
        made: dict[str, Any] = {
            "name": name, "unit_time": time, "volume": act.volume, "per": "year",
        }  # fmt: skip
        old = self.before.get(_plain(category), {})
        for known in old.get("activities", []):
            if _plain(known["name"]) == _plain(name) and known.get("per", "year") == "year":
                made["last_year_volume"] = known["volume"]
        return made


def _registered(wish: NewStudy, facility: uuid.UUID, by: Actor) -> Counter[str]:
    """Return how many people of each profession the register has in these units."""
    members = list_staff_of(by=by, wanted=StaffFilter(facility=facility))
    return Counter(
        member.profession
        for member in members
        if not wish.units or set(member.units) & set(wish.units)
    )


def _by_name(version: StudyVersion) -> dict[str, dict[str, Any]]:
    return {_plain(each["name"]): each for each in version.categories()}


def _last_study(wish: NewStudy, facility: uuid.UUID, by: Actor) -> StudyVersion | None:
    """Return the newest version of the last earlier study of the same units, if there is one."""
    earlier = [
        line
        for line in list_studies(by=by, facility=facility, limit=200)
        if line.version is not None
        and wish.year is not None
        and line.year < wish.year
        and set(line.units) == set(wish.units)
    ]
    if not earlier:
        return None
    line = max(earlier, key=lambda one: (one.year, one.id))
    return (
        StudyVersion.objects.select_related("study")
        .filter(study_id=line.id, number=line.latest)
        .first()
    )


def _targets(wish: NewStudy, facility: uuid.UUID, by: Actor) -> dict[tuple[str, str, str], Decimal]:
    """Return the target times this house has set, in seconds, by unit, act and category."""
    if facility != by.facility_id or wish.year is None:
        return {}
    period = Period(date(wish.year, 1, 1), date(wish.year, 12, 31))
    return {
        (load.unit, load.code, load.category): load.target.seconds
        for load in list_loads(by=by, period=period)
        if load.target is not None
    }


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
