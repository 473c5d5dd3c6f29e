"""A list of people imported: minutes, rows a second, memory; and the same list once more.

`python -m benchmarks.importing` writes a damaged list of made-up people (`simpul.demo.people_file`)
as a workbook and imports it with `simpul import people` into an empty SQLite of its own: the trial
over all rows, then the import, as a person would. The second time nothing may be added.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.processes import ROOT, environment
from simpul.demo.people_file import as_csv, as_xlsx, people_rows

SEED = 20261122
TODAY = date(2026, 1, 1)
RESULTS = ROOT / "benchmarks" / "results" / "importing.json"
SET_UP = (
    "import django; django.setup(); "
    "from simpul.foundation.administration.services import set_up_facility; "
    "set_up_facility('Puskesmas Contoh')"
)


def main() -> int:
    """Measure each size, print, keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--csv", action="store_true", help="CSV instead of a workbook")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the JSON goes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="simpul-importing-") as place:
        results: dict[str, Any] = {"machine": machine.facts(Path(place)), "sizes": {}}
        for people in options.people:
            folder = Path(place) / str(people)
            folder.mkdir()
            found = measure(people, folder, as_text=options.csv)
            results["sizes"][str(people)] = found
            print(line(people, found), flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def measure(people: int, folder: Path, *, as_text: bool) -> dict[str, Any]:
    """Import a list into a fresh house twice."""
    env = environment(folder / "data", "")
    (folder / "data").mkdir()
    rows = people_rows(SEED, people, TODAY)
    name = folder / ("list.csv" if as_text else "list.xlsx")
    name.write_bytes(as_csv(rows) if as_text else as_xlsx(rows))
    size = name.stat().st_size
    del rows
    for words in (("-m", "simpul", "migrate"), ("-c", SET_UP)):
        subprocess.run([sys.executable, *words], env=env, cwd=ROOT, check=True, capture_output=True)
    first, second = taken_in(name, env), taken_in(name, env)
    if {"new", "incomplete"} & {verdict for verdict, many in second["counts"].items() if many}:
        raise SystemExit(f"the second import added people: {second['counts']}")
    return {"bytes": size, "first": first, "again": second}


def taken_in(name: Path, env: dict[str, str]) -> dict[str, Any]:
    """Run the command; seconds, memory at the most, and what it says."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "simpul", "import", "people", str(name), "--json"],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    answer = process.stdout.read() if process.stdout else b""
    _pid, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"the import ended with {status}: {answer[-500:]!r}")
    said = json.loads(answer)
    return {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "megabytes": round(used.ru_maxrss / 1024),
        "rows": said["rows"],
        "counts": said["counts"],
    }


def line(people: int, found: dict[str, Any]) -> str:
    """One size in words."""
    first, again = found["first"], found["again"]
    return (
        f"{people} rows ({found['bytes'] / 1e6:.1f} MB): {first['seconds'] / 60:.1f} minutes, "
        f"{first['rows'] / first['seconds']:.0f} rows a second (trial and import), "
        f"{first['cpu_seconds']:.0f} s of CPU, {first['megabytes']} MB; "
        f"again {again['seconds'] / 60:.1f} minutes, nothing added; "
        f"{first['counts']}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
