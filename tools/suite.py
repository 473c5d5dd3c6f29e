"""The whole test suite in its parts: SQLite, browser, faults, then the same on PostgreSQL.

Each part is one pytest run with its own markers. Results are read from JUnit files, so that the
last lines can add all parts up and say aloud what was left out because something is missing.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field, replace
from pathlib import Path

import services
from environment import VENV
from processes import ROOT, run

WORKERS = os.environ.get("SIMPUL_TEST_WORKERS") or str(max(1, min(4, os.cpu_count() or 2)))
PARALLEL = ["-n", WORKERS, "--dist", "loadgroup"]
# These never touch the database, so they say nothing new on a second one.
SAME_ON_ANY_DATABASE = ("tests/domain", "tests/architecture", "tests/docs", "tests/tools")
# A shell's own settings must not reach the tests.
OURS = ("SIMPUL_ROLE", "SIMPUL_DATA", "SIMPUL_DATABASE_URL", "PORT", "SIZE")
NOTHING_COLLECTED = 5
#: More failures than this are no accident of the clock.
MOST_TRIED_AGAIN = 5


@dataclass(frozen=True)
class Part:
    """One run of pytest."""

    name: str
    markers: str
    options: list[str] = field(default_factory=list)
    #: Run by as many workers as there are cores; what is tried again is run by one, alone.
    parallel: bool = False
    postgres: bool = False
    #: Its tests watch a clock (a browser, a kill, a full disk) that a busy machine can spoil.
    by_the_clock: bool = False


@dataclass
class Counts:
    """How the tests of a part ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    second_try: list[str] = field(default_factory=list)
    passes: set[str] = field(default_factory=set)
    broken: bool = False

    def add(self, other: "Counts") -> None:
        """Take the counts of another part in."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.failures += other.failures
        self.second_try += other.second_try
        self.broken |= other.broken
        for why, number in other.left_out.items():
            self.left_out[why] = self.left_out.get(why, 0) + number


def parts(found: services.Services) -> list[Part]:
    """The runs this machine can do, quick ones first."""
    here = "" if found.postgres_url else " and not postgres"
    plan = [Part("SQLite", "not browser and not faults" + here, parallel=True)]
    if found.chromium:
        # A browser and its server keep two cores busy: two of each took as long (1,685 s for 1,864)
        # and a scanner's keys came too slowly to be told from a hand's.
        plan.append(Part("peramban · browser", "browser" + here, by_the_clock=True))
    # Faults measure what survives a kill; beside other tests they would only measure the crowd.
    plan.append(Part("gangguan · faults", "faults and not browser" + here, by_the_clock=True))
    if found.postgres_url:
        skip = [f"--ignore={place}" for place in SAME_ON_ANY_DATABASE]
        # What never touches the program's database, or brings its own, has run above already.
        plan.append(
            Part(
                "PostgreSQL",
                "database and not browser and not faults and not postgres and not sqlite",
                skip,
                parallel=True,
                postgres=True,
            )
        )
    return plan


def clean_environment(extra: dict[str, str]) -> dict[str, str]:
    """The environment of a test run: ours, without what the shell says about a real site."""
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    # The tests start the program hundreds of times. Where nothing may be written beside the sources
    # it would be compiled each time anew, which takes longer than all else it does when it starts.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = str(VENV / "bytecode")
    # Playwright keeps an event loop running in the thread in which Django answers.
    return {**env, "DJANGO_ALLOW_ASYNC_UNSAFE": "1", **extra}


def main(python: Path, rest: list[str]) -> int:
    """Run every part, go on after a failure, add up; 0 only when nothing failed."""
    extra = rest[1:] if rest[:1] == ["--"] else rest
    began, total = time.monotonic(), Counts()
    rows: list[tuple[str, Counts, float]] = []
    with (
        services.services() as found,
        tempfile.TemporaryDirectory(prefix="simpul-uji-") as folder,
    ):
        env = clean_environment(found.environment())
        for number, part in enumerate(parts(found)):
            print(f"\n━━ {part.name} ━━", flush=True)
            part_began, report = time.monotonic(), Path(folder) / f"{number}.xml"
            # A scratch folder of our own, so that nothing stays behind when this ends.
            part_env = {**env, "SIMPUL_DATA": str(Path(folder) / f"data-{number}")}
            if part.postgres:
                part_env["SIMPUL_DATABASE_URL"] = env["SIMPUL_TEST_POSTGRES_URL"]
            command = [python, "-m", "pytest", "-m", part.markers, *part.options]
            workers = PARALLEL if part.parallel else []
            status = run([*command, *workers, f"--junitxml={report}", *extra], env=part_env)
            counts = read_report(report, status)
            if part.by_the_clock and 0 < counts.failed <= MOST_TRIED_AGAIN and not counts.broken:
                print(f"\n━━ {part.name}: {counts.failed} sekali lagi · once more ━━", flush=True)
                again = Path(folder) / f"{number}-again.xml"
                command += ["--last-failed", "--last-failed-no-failures", "none"]
                status = run([*command, f"--junitxml={again}", *extra], env=part_env)
                counts = after_second_try(counts, read_report(again, status))
            rows.append((part.name, counts, time.monotonic() - part_began))
            total.add(counts)
        missing = left_out(python, found, env, extra)
    show(rows, total, missing, time.monotonic() - began)
    return 1 if total.failed or total.broken or not total.passed else 0


def after_second_try(first: Counts, second: Counts) -> Counts:
    """What stands after the failed tests of a part were run once more, alone.

    What passes then is a pass that is said aloud; what fails again, or was not run, has failed.
    """
    still = [name for name in first.failures if name not in second.passes]
    passed = [name for name in first.failures if name in second.passes]
    return replace(
        first,
        passed=first.passed + len(passed),
        failed=len(still),
        failures=still,
        second_try=passed,
        broken=first.broken or second.broken,
    )


def read_report(report: Path, status: int) -> Counts:
    """Count what one run's JUnit file holds; a run that could not write one is broken."""
    counts = Counts(broken=status not in (0, 1, NOTHING_COLLECTED))
    try:
        cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - pytest wrote it a moment ago
    except (OSError, ET.ParseError):
        counts.broken |= status != NOTHING_COLLECTED
        return counts
    for case in cases:
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            counts.failed += 1
            counts.failures.append(f"{case.get('classname')}::{case.get('name')}")
        elif skipped is not None:
            counts.skipped += 1
            why = skipped.get("message") or "tanpa alasan · no reason given"
            counts.left_out[why] = counts.left_out.get(why, 0) + 1
        else:
            counts.passed += 1
            counts.passes.add(f"{case.get('classname')}::{case.get('name')}")
    counts.broken |= status == 1 and not counts.failed
    return counts


def left_out(
    python: Path, found: services.Services, env: dict[str, str], extra: list[str]
) -> list[str]:
    """One sentence for each thing that is missing, with how many tests that cost."""
    said = []
    if not found.chromium:
        number = _count(python, "browser", env, extra)
        said.append(
            f"Chromium tidak ada: {number} uji peramban TIDAK dijalankan "
            f"· no Chromium: {number} browser tests were NOT run"
        )
    if not found.postgres_url:
        number = _count(python, "not browser", env, extra)
        said.append(
            f"PostgreSQL tidak ada: {number} uji hanya dijalankan di SQLite atau dilewati "
            f"· no PostgreSQL: {number} tests ran on SQLite only or were left out"
        )
    return said


def _count(python: Path, markers: str, env: dict[str, str], extra: list[str]) -> int:
    """How many tests carry these markers."""
    command = [python, "-m", "pytest", "--collect-only", "-q", "-m", markers, *extra]
    done = subprocess.run(
        [str(part) for part in command],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return sum("::" in line for line in done.stdout.splitlines())


def show(
    rows: list[tuple[str, Counts, float]], total: Counts, missing: list[str], seconds: float
) -> None:
    """The last lines: each part, what failed, what was left out, and the sum."""
    print("\n" + "═" * 78)
    for name, counts, took in rows:
        mark = "✕" if counts.failed or counts.broken else "✓"
        print(
            f"{mark} {name:<34} {counts.passed:>5} lulus {counts.failed:>4} gagal "
            f"{counts.skipped:>4} dilewati {took:>7.1f} s"
        )
    for failure in total.failures:
        print(f"FAILED {failure}")
    for name in total.second_try:
        print(f"PADA PERCOBAAN KEDUA · only at the second try: {name}")
    if total.broken:
        print("Sebagian uji berhenti sebelum selesai; lihat di atas · a part did not finish")
    for why, number in sorted(total.left_out.items()):
        print(f"SKIPPED [{number}] {why}")
    if missing:
        print("!" * 78)
        for sentence in missing:
            print(f"!! {sentence}")
        print("!" * 78)
    said = [f"{total.failed} failed"] if total.failed else []
    said += [f"{total.passed} passed"]
    said += [f"{total.skipped} skipped"] if total.skipped else []
    said += ["INCOMPLETE"] if missing or total.broken else []
    print(f" {', '.join(said)} in {seconds:.1f}s ".center(78, "="), flush=True)


if __name__ == "__main__":
    sys.exit("Jalankan: python tools/start.py test")
