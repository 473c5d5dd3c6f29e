"""Bringing outlines and populations in, and deciding which village a name means."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import NotAllowed, NotHere, Refused
from simpul.foundation.facilities.models import Village
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.register.selectors import sees_district
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.planning.maps.geojson import Outline, plain_name
from simpul.planning.maps.models import Region, VillagePopulation
from simpul.planning.maps.naming import core_name
from simpul.planning.maps.populations import PopulationRow

Tell = Callable[[str, int, int], None]
_BATCH = 200
_WRITTEN = (
    "name", "level", "parent", "shape", "area_km2", "label_lon", "label_lat", "source",
    "imported_at",
)  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do."""

    new: int
    changed: int
    same: int
    unmatched: tuple[str, ...] = ()
    dry_run: bool = False

    @property
    def total(self) -> int:
        """Everything that was read."""
        return self.new + self.changed + self.same


def import_regions(
    outlines: Sequence[Outline],
    *,
    by: Actor | None,
    source: str,
    dry_run: bool = False,
    tell: Tell | None = None,
) -> Imported:
    """Store outlines by code; one that is there already is replaced. All of them or none.

    `by=None` is whoever stands at the server's own command line.
    """
    require_importer(by)
    known = {
        code: (name, level, shape)
        for code, name, level, shape in Region.objects.filter(
            code__in=[one.code for one in outlines]
        ).values_list("code", "name", "level", "shape")
    }
    states = [_state(one, known) for one in outlines]
    result = Imported(
        states.count("new"), states.count("changed"), states.count("same"), dry_run=dry_run
    )
    if dry_run:
        return result
    at = now()
    with act(by=by, facility=None if by else get_here().id) as this:
        for start in range(0, len(outlines), _BATCH):
            part = outlines[start : start + _BATCH]
            Region.objects.bulk_create(
                [_region(one, source, at) for one in part],
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=list(_WRITTEN),
            )
            if tell is not None:
                tell(_("batas wilayah"), start + len(part), len(outlines))
        this.record(
            "regions-imported",
            subject="regions",
            detail={"new": result.new, "changed": result.changed, "same": result.same},
        )
    return result


def import_populations(
    rows: Sequence[PopulationRow], *, by: Actor | None, source: str, dry_run: bool = False
) -> Imported:
    """Store populations by village and year; a name that is not known waits to be matched."""
    require_importer(by)
    wanted = _Matching().populations(rows, source)
    unmatched = tuple(one.name for one in wanted if not one.code)
    years = {row.year for row in rows}
    there = {_key(one): one for one in VillagePopulation.objects.filter(year__in=years)}
    new, changed, same = [], [], 0
    for one in wanted:
        # The same village a second time is an update, also when it is not matched yet.
        old = there.get(
            (one.code or f"{plain_name(one.district)}/{plain_name(one.name)}", one.year)
        )
        if old is None:
            new.append(one)
        elif (old.population, old.lat, old.lon) == (one.population, one.lat, one.lon):
            same += 1
        else:
            one.pk = old.pk
            changed.append(one)
    result = Imported(len(new), len(changed), same, unmatched, dry_run=dry_run)
    if dry_run:
        return result
    with act(by=by, facility=None if by else get_here().id) as this:
        VillagePopulation.objects.bulk_create(new, batch_size=_BATCH)
        VillagePopulation.objects.bulk_update(
            changed, ["population", "name", "district", "lat", "lon", "source"], batch_size=_BATCH
        )
        this.record(
            "populations-imported",
            subject="populations",
            detail={"new": result.new, "changed": result.changed, "same": result.same},
        )
    return result


def match_village(population: int, *, code: str, by: Actor) -> VillagePopulation:
    """Say which village an unmatched name means."""
    require_importer(by)
    with transaction.atomic():
        row = VillagePopulation.objects.select_for_update().filter(pk=population, code="").first()
        if row is None:
            raise NotHere(
                _("Nama ini sudah dicocokkan atau tidak ada lagi. Muat ulang daftarnya."),
                "population_unknown",
            )
        if code not in dict(village_names()):
            raise Refused(
                _("Desa dengan kode itu tidak ada. Pilih dari daftar; tidak ada yang diubah."),
                "village_unknown",
            )
        if VillagePopulation.objects.filter(code=code, year=row.year).exists():
            raise Refused(
                _("Desa itu sudah punya jumlah penduduk untuk tahun ini. Tidak ada yang diubah."),
                "village_taken",
            )
        with act(by=by) as this:
            row.code = code
            row.save(update_fields=["code"])
            this.record("village-matched", subject=f"village:{code}", detail={"year": row.year})
    return row


def village_names() -> list[tuple[str, tuple[str, str]]]:
    """Return the code, name and kecamatan of every village known: from outlines, then the list."""
    parents = dict(Region.objects.filter(level="kecamatan").values_list("code", "name"))
    outlined = {
        code: (name, parents.get(parent, parent))
        for code, name, parent in Region.objects.filter(level="desa").values_list(
            "code", "name", "parent"
        )
    }
    listed = {
        code: (name, district)
        for code, name, district in Village.objects.values_list("code", "name", "district")
    }
    return list({**listed, **outlined}.items())


def require_importer(by: Actor | None) -> None:
    """Refuse everybody but the Dinas; `None` stands at the server's own command line."""
    if by is None:
        return
    require(by, "input", "planning")
    require_home(by)
    if not sees_district(by):
        raise NotAllowed(
            _("Peta dan penduduk disiapkan oleh Dinas. Tidak ada yang diubah."), "district_only"
        )


def _state(outline: Outline, known: dict[str, tuple[str, str, object]]) -> str:
    there = known.get(outline.code)
    if there is None:
        return "new"
    shape = [[[list(corner) for corner in ring] for ring in part] for part in outline.shape]
    return "same" if there == (outline.name, outline.level, shape) else "changed"


def _region(outline: Outline, source: str, at: datetime) -> Region:
    return Region(
        code=outline.code,
        name=outline.name,
        level=outline.level,
        parent=outline.parent,
        shape=outline.shape,
        area_km2=outline.area_km2,
        label_lon=outline.label[0],
        label_lat=outline.label[1],
        source=source[:200],
        imported_at=at,
    )


def _key(row: VillagePopulation) -> tuple[str, int]:
    """The same village a second time is an update, also while it is not matched."""
    return row.code or f"{plain_name(row.district)}/{plain_name(row.name)}", row.year


class _Matching:
    """Finds the village a row means: by code, by a name decided before, by the only such name."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[tuple[str, str]]] = {}
        for code, (name, district) in village_names():
            self.by_name.setdefault(core_name(name), []).append((code, core_name(district)))
        self.decided = {
            (core_name(name), core_name(district)): code
            for code, name, district in VillagePopulation.objects.exclude(code="").values_list(
                "code", "name", "district"
            )
        }

    def populations(self, rows: Iterable[PopulationRow], source: str) -> list[VillagePopulation]:
        """Return the rows unsaved; of two that would be one village the second stays open."""
        taken: set[tuple[str, int]] = set()
        found = []
        for row in rows:
            code = row.code or self._code(row)
            if code and (code, row.year) in taken:
                code = ""
            taken.add((code, row.year))
            found.append(
                VillagePopulation(
                    code=code,
                    name=row.name,
                    district=row.district,
                    year=row.year,
                    population=row.population,
                    lat=row.lat,
                    lon=row.lon,
                    source=source[:200],
                )
            )
        return found

    def _code(self, row: PopulationRow) -> str:
        name, district = core_name(row.name), core_name(row.district)
        candidates = self.by_name.get(name, [])
        if district:
            candidates = [one for one in candidates if one[1] == district]
        if len(candidates) == 1:
            return candidates[0][0]
        return self.decided.get((name, district), "")
