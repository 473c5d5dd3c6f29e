"""What each verb of `start.py` does once the Python is new enough."""

import os
import shutil
import sys
from pathlib import Path

import environment
from processes import ROOT, Stop, become, run

__all__ = [
    "Stop",
    "bench",
    "check",
    "demo",
    "demo_district",
    "fix",
    "lock",
    "messages",
    "screenshots",
    "serve",
    "setup",
    "test",
]

SIZES = ("small", "medium", "large", "empty")
SOURCES = ("simpul", "tests", "tools", "benchmarks")


def demo(rest: list[str]) -> int:
    """Serve a made-up Puskesmas; its data stay in SIMPUL_DATA (./data/demo)."""
    python = environment.prepare(dev=False)
    size, port = os.environ.get("SIZE") or "small", os.environ.get("PORT") or "8000"
    if size not in SIZES:
        raise Stop(f"SIZE={size} tidak dikenal. Pilih: {', '.join(SIZES)}. Belum ada yang diubah.")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise Stop(f"PORT={port} bukan nomor port (1-65535). Belum ada yang diubah.")
    env = {**_site(), "PORT": port}
    env.setdefault("SIMPUL_DATA", str(ROOT / "data" / "demo"))
    return become([python, "-m", "simpul", "demo", "--size", size, *rest], env=env)


def demo_district(rest: list[str]) -> int:
    """Serve a made-up Dinas and three Puskesmas; their data stay in ./data/demo-district."""
    python = environment.prepare(dev=False)
    env = _site()
    env.setdefault("SIMPUL_DATA", str(ROOT / "data" / "demo-district"))
    return become([python, "-m", "simpul", "demo-district", *rest], env=env)


def serve(rest: list[str]) -> int:
    """Serve the real site."""
    python = environment.prepare(dev=False)
    return become([python, "-m", "simpul", "serve", *rest], env=_site())


def _site() -> dict[str, str]:
    """The environment of a server, which runs in the project's folder wherever we were called."""
    env, data = dict(os.environ), os.environ.get("SIMPUL_DATA")
    if data:
        env["SIMPUL_DATA"] = str(Path(data).expanduser().absolute())
    else:
        env.pop("SIMPUL_DATA", None)
    return env


def setup(rest: list[str]) -> int:
    """Prepare `.venv` and stop there."""
    environment.prepare(dev="--dev" in rest)
    return 0


def test(rest: list[str]) -> int:
    """Run every test and say last what was left out."""
    import suite

    return suite.main(environment.prepare(dev=True), rest)


def check(rest: list[str]) -> int:
    """Run every check that is not a test."""
    import checks

    return checks.main(environment.prepare(dev=True), rest)


def fix(rest: list[str]) -> int:
    """Let the formatters repair what they can; the rest is shown by `check`."""
    environment.prepare(dev=True)
    paths = rest or [name for name in SOURCES if (ROOT / name).is_dir()]
    ruff = environment.program("ruff")
    status = run([ruff, "check", "--fix", *paths])
    return run([ruff, "format", *paths]) or status


def bench(rest: list[str]) -> int:
    """Measure the budgets, with a PostgreSQL server beside SQLite where there is one."""
    import services

    python = environment.prepare(dev=True)
    with services.services() as found:
        env = {**os.environ, **found.environment()}
        status = run([python, "-m", "benchmarks", *rest], env=env)
        if rest:  # something of the walk was asked for by name
            return status
        status = run([python, "-m", "benchmarks.planning"], env=env) or status
        status = run([python, "-m", "benchmarks.morning"], env=env) or status
        environment.install_yardsticks()
        return run([python, "-m", "benchmarks.matching"], env=env) or status


def screenshots(rest: list[str]) -> int:
    """Make the pictures of the README again: the journeys take them on their way."""
    import services
    import suite

    python = environment.prepare(dev=True)
    with services.services() as found:
        if not found.chromium:
            raise Stop("Chromium tidak ada, jadi gambar tidak dapat dibuat. Gambar lama tetap ada.")
        env = suite.clean_environment(found.environment())
        env["SIMPUL_SCREENSHOTS"] = str(ROOT / "docs" / "pictures")
        return run([python, "-m", "pytest", "-m", "browser", "tests/journeys", *rest], env=env)


def messages(rest: list[str]) -> int:
    """Collect the interface's sentences and compile their translations."""
    python = environment.prepare(dev=True)
    return run([python, ROOT / "tools" / "messages.py", *rest])


def lock(rest: list[str]) -> int:
    """Lock the requirements again, for every platform, with hashes and without an index address."""
    if not shutil.which("uv"):
        raise Stop(
            "Mengunci ulang memerlukan uv (misalnya: pipx install uv). Kunci lama tetap berlaku.\n"
            "Locking needs uv; the locks were not changed."
        )
    compile_lock = ["uv", "pip", "compile", "--quiet", "--generate-hashes", "--universal"]
    compile_lock += ["--python-version", "3.11", "--no-emit-index-url", *rest]
    inside = (("runtime", ""), ("dev", "runtime"), ("bench", "dev"))
    for name, outer in inside:
        within = ["-c", f"requirements/{outer}.lock"] if outer else []
        source, target = f"requirements/{name}.in", f"requirements/{name}.lock"
        print(f"· {source} → {target}", flush=True)
        status = run([*compile_lock, source, *within, "-o", target])
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit("Jalankan: python tools/start.py")
