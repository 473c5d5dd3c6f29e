"""Everything `make check` looks at; each step is named and timed, and none hides the next."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import environment
from messages import LEFT_OUT
from processes import ROOT, Command

CONCISE = ("--output-format", "concise")
SOURCES = ("simpul", "tests", "tools", "benchmarks")


@dataclass(frozen=True)
class Step:
    """One check and the commands it consists of."""

    name: str
    commands: tuple[Command, ...]


def steps(python: Path) -> list[Step]:
    """The checks, quick ones first."""
    program = environment.program
    sources = [name for name in SOURCES if any((ROOT / name).rglob("*.py"))]
    django = [python, "-m", "django"]
    settings = ["--settings", "simpul.config.settings"]
    return [
        Step("format", ([program("ruff"), "format", "--check", *CONCISE, *sources],)),
        Step("lint", ([program("ruff"), "check", *CONCISE, *sources],)),
        Step("imports", ([program("lint-imports"), "--no-logo"],)),
        # Looked at, not laid out: djlint's own layout adds white space inside buttons and rows,
        # which is seen and sent, and it needs two rounds to agree with itself.
        Step(
            "templates",
            (
                [program("djlint"), "simpul", "--lint"],
                [python, ROOT / "tools" / "templates.py"],
            ),
        ),
        Step("locks", ([python, ROOT / "tools" / "locks.py"],)),
        Step("documents", ([python, ROOT / "tools" / "documents.py"],)),
        Step("django", ([*django, "check", "--fail-level", "WARNING", *settings],)),
        Step("migrations", ([*django, "makemigrations", "--check", "--dry-run", *settings],)),
        Step("messages", ([python, ROOT / "tools" / "messages.py", "--check"],)),
        Step("types", ([program("mypy")],)),
    ]


def main(python: Path, rest: list[str]) -> int:
    """Run the steps (or only those named), show what failed, and sum up."""
    chosen = [step for step in steps(python) if not rest or step.name in rest]
    if not chosen:
        names = ", ".join(step.name for step in steps(python))
        print(f"Tidak ada langkah itu. Yang ada · steps: {names}", file=sys.stderr)
        return 2
    failed, left_out, began = [], [], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="simpul-check-") as data:
        # A check must not look at, or make, the data of a real site.
        env = {**os.environ, "SIMPUL_DATA": data, "PYTHONPATH": str(ROOT)}
        env.pop("SIMPUL_DATABASE_URL", None)
        for step in chosen:
            print(f"▸ {step.name:<12}", end="", flush=True)
            step_began = time.monotonic()
            ended = [_run(command, env) for command in step.commands]
            wrong = [said for status, said in ended if status not in (0, LEFT_OUT)]
            unseen = [said for status, said in ended if status == LEFT_OUT]
            took = time.monotonic() - step_began
            mark = "✕ GAGAL · failed" if wrong else "– dilewati · left out" if unseen else "✓"
            print(f"{mark}  {took:.1f} s", flush=True)
            if wrong or unseen:
                (failed if wrong else left_out).append(step.name)
                print("\n".join(wrong + unseen), flush=True)
    return _sum_up(len(chosen), failed, left_out, time.monotonic() - began)


def _sum_up(number: int, failed: list[str], left_out: list[str], seconds: float) -> int:
    """The last line, and the exit status it stands for."""
    unseen = f"; dilewati · left out: {', '.join(left_out)}" if left_out else ""
    if failed:
        print(f"\n✕ {len(failed)} dari {number} langkah gagal · steps failed: ", end="")
        print(f"{', '.join(failed)}{unseen} ({seconds:.1f} s)")
        return 1
    print(f"\n✓ {number - len(left_out)} dari {number} langkah baik · all good", end="")
    print(f"{unseen} ({seconds:.1f} s)")
    return 0


def _run(command: Command, env: dict[str, str]) -> tuple[int, str]:
    """How a command ended and what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        env=env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout.rstrip()


if __name__ == "__main__":
    sys.exit("Jalankan: python tools/start.py check")
