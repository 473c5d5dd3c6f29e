"""The gap and the map of a nation: 10,300 facilities × 13 professions from the staff register.

`python -m benchmarks.planning_gap` makes its own SQLite (kept beside the other made-up data), fills
facilities, profiles and about 200,000 people by bulk insert, and asks for the table of the gap and
for the data of the map as their pages do. The domain alone is measured too, from rows in memory.
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.processes import ROOT, environment

FACILITIES = 10_300
SEED = 20261122
BUDGET_SECONDS = 1.0
PROFESSIONS = (
    "dokter", "dokter_gigi", "perawat", "bidan", "kesmas", "kesling", "gizi", "farmasi", "atlm",
    "terapis_gigi", "perekam_medis", "admin", "pekarya",
)  # fmt: skip
#: How many of each a facility has at most.
MOST = (3, 2, 9, 10, 2, 2, 2, 2, 2, 1, 2, 3, 2)
CATEGORIES = ("perkotaan", "pedesaan", "pedesaan", "terpencil", "sangat_terpencil")
ROUNDS = 5


def main() -> int:
    """Make the register if it is not there, measure in a process of its own, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planning_gap")
    parser.add_argument("--facilities", type=int, default=FACILITIES)
    parser.add_argument("--inside", choices=("fill", "measure"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        import django

        django.setup()
        found = fill(options.facilities) if options.inside == "fill" else measure()
        json.dump(found, sys.stdout)
        return 0
    print(json.dumps(run(options.facilities), indent=1, ensure_ascii=False))
    return 0


def run(facilities: int = FACILITIES) -> dict[str, Any]:
    """Return the figures; the register is filled once for each number of facilities."""
    folder = data.cache_folder() / f"gap-{facilities}"
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"· filling a register of {facilities:,} facilities, once", file=sys.stderr)
        _migrate(folder)
        _inside("fill", folder, facilities)
        (folder / "made").touch()
    # Kept data may be older than the program's tables.
    _migrate(folder)
    found: dict[str, Any] = _inside("measure", folder, facilities)
    return found | {"budget_seconds": BUDGET_SECONDS}


def _migrate(folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0"],
        cwd=ROOT, env=environment(folder), check=True,
    )  # fmt: skip


def _inside(part: str, folder: Path, facilities: int) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.planning_gap", "--inside", part,
         "--facilities", str(facilities)],
        cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def measure() -> dict[str, Any]:
    """Ask for gap and map a few times each; the best and the worst are told."""
    from simpul.domain.gap import gap_study
    from simpul.domain.norms_shipped import PERMENKES_75_2014, SHIPPED
    from simpul.foundation.facilities.selectors import get_here
    from simpul.foundation.register.models import StaffMember
    from simpul.foundation.staff.models import Account, Role
    from simpul.foundation.staff.selectors import get_actor
    from simpul.planning.gap.selectors import register_facilities
    from simpul.planning.maps.gaps import Wish, get_district

    account = Account.objects.get(practitioner__roles__role=Role.DISTRICT)
    by = get_actor(account.id)
    if by is None:
        raise SystemExit("nobody may ask")
    wish = Wish(PERMENKES_75_2014, get_here().today())
    rows = register_facilities(by=by)
    known = [each for each in rows if each.category]
    found: dict[str, Any] = {
        "facilities": len(rows),
        "people": StaffMember.objects.count(),
        "gap_and_map": _seconds(lambda: get_district(wish, by=by)),
        "register": _seconds(lambda: register_facilities(by=by)),
        "domain": {
            code: _seconds(partial(gap_study, known, norm)) for code, norm in SHIPPED.items()
        },
        "short": gap_study(rows, PERMENKES_75_2014).sums.shortage,
    }
    return found | {"memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}


def _seconds(work: Callable[[], object]) -> dict[str, float]:
    taken, cpu = [], []
    for _round in range(ROUNDS):
        began, busy = time.perf_counter(), time.process_time()
        work()
        taken.append(round(time.perf_counter() - began, 3))
        cpu.append(round(time.process_time() - busy, 3))
    return {"best": min(taken), "worst": max(taken), "cpu_best": min(cpu)}


def fill(facilities: int) -> dict[str, Any]:
    """Make a district officer, the facilities, their profiles and people."""
    from django.db import connection

    from simpul.foundation.administration.services import (
        NewAccount,
        open_account,
        set_up_facility,
    )
    from simpul.foundation.core.ids import uuid7
    from simpul.foundation.facilities.models import Facility, FacilityProfile
    from simpul.foundation.facilities.selectors import get_here
    from simpul.foundation.register.models import StaffMember

    set_up_facility("Dinas Ukur")
    open_account(
        NewAccount(name="Dinas", username="dinas", password=None, roles=("petugas_dinas",))
    )
    owner, draw = get_here().id, random.Random(SEED)

    def stamped(row: Any) -> Any:
        row.owner, row.version, row.change = owner, 1, uuid7()
        return row

    def people(place: uuid.UUID) -> Iterator[StaffMember]:
        for code, most in zip(PROFESSIONS, MOST, strict=True):
            for number in range(draw.randint(0, most)):
                status = draw.choice(("pns", "pppk", "blud", "kontrak", "honorer"))
                name = f"{code} {number}"
                person = StaffMember(
                    facility_id=place, name=name, sort_name=name.upper(), profession=code,
                    employment=status,
                )  # fmt: skip
                yield stamped(person)

    for start in range(0, facilities, 1000):
        numbers = range(start, min(start + 1000, facilities))
        places = [stamped(Facility(name=f"Puskesmas {n:05d}", is_here=False)) for n in numbers]
        Facility.objects.bulk_create(places, batch_size=500)
        profiles = [
            FacilityProfile(
                facility=place,
                category=draw.choice(CATEGORIES),
                is_inpatient=draw.random() < 0.4,
                pustu=draw.randint(0, 5),
                villages=draw.randint(3, 14),
                population=draw.randint(8_000, 60_000),
                lat=draw.uniform(-9.5, 4.5),
                lon=draw.uniform(95.5, 140.5),
                point_quality="point",
            )
            for place in places
        ]
        FacilityProfile.objects.bulk_create([stamped(one) for one in profiles], batch_size=500)
        staff = [person for place in places for person in people(place.id)]
        StaffMember.objects.bulk_create(staff, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {}


if __name__ == "__main__":
    raise SystemExit(main())
