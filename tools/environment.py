"""The `.venv` of this folder: made once, installed from hashed locks, renewed with them."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from processes import ROOT, Stop, apt_install, may_install, output_of

VENV = ROOT / ".venv"
MARKER = VENV / "simpul-installed.json"
LOCKS = {name: ROOT / "requirements" / f"{name}.lock" for name in ("runtime", "dev")}


def program(name: str) -> Path:
    """A program of the environment, such as python or ruff."""
    return VENV / ("Scripts" if os.name == "nt" else "bin") / (name + ".exe" * (os.name == "nt"))


def prepare(*, dev: bool) -> Path:
    """Make the environment ready and give back its Python; quick when nothing changed."""
    hashes = {name: _fingerprint(lock) for name, lock in LOCKS.items()}
    wanted = "dev" if dev else "runtime"
    works = output_of([program("python"), "-c", ""]) is not None
    marker = _read_marker() if works else {}
    if marker.get(wanted) == hashes[wanted] and marker.get("runtime") == hashes["runtime"]:
        return program("python")
    if not works:
        _make()
    print(
        f"· Memasang pustaka dari requirements/{wanted}.lock (sekali ini, beberapa menit)", end=""
    )
    print(f" · installing the locked {wanted} packages", flush=True)
    MARKER.unlink(missing_ok=True)  # an interrupted install must not look finished
    _install(LOCKS[wanted])
    # The development lock holds the runtime lock; the other way round it may have become stale.
    MARKER.write_text(json.dumps(hashes if dev else {"runtime": hashes["runtime"]}))
    print("· Siap · ready", flush=True)
    return program("python")


def install_yardsticks() -> bool:
    """Add what `make bench` measures the matcher beside; False, and said, where that fails."""
    lock = ROOT / "requirements" / "bench.lock"
    wanted, marker = _fingerprint(lock), _read_marker()
    if marker.get("bench") == wanted:
        return True
    print("· Memasang pembanding dari requirements/bench.lock", end="")
    print(" · installing the locked yardsticks", flush=True)
    try:
        _install(lock)
    except Stop as trouble:
        print(f"{trouble}\n· Pengukuran berjalan tanpa pembanding · measuring without them")
        return False
    MARKER.write_text(json.dumps({**marker, "bench": wanted}))
    return True


def _fingerprint(lock: Path) -> str:
    """Stands for the content of a lock; the same on Linux and on Windows."""
    return hashlib.sha256(lock.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _read_marker() -> dict[str, str]:
    """What was installed last, or nothing where that is not known."""
    try:
        known = json.loads(MARKER.read_text())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _make() -> None:
    """Make `.venv`, or make it again where its Python has gone."""
    print("· Menyiapkan lingkungan Python di .venv · preparing .venv", flush=True)
    if importlib.util.find_spec("ensurepip") is None and not _uv():
        _install_venv_package()
    if importlib.util.find_spec("ensurepip") is not None:
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    else:
        command = ["uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop(f".venv tidak dapat dibuat · .venv could not be made:\n{_last(done)}")


def _install_venv_package() -> None:
    """Debian and Ubuntu keep `ensurepip` in a package of its own; bring it or name it."""
    exact = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if may_install():
        print(f"· Memasang {exact} dengan apt-get", flush=True)
        if apt_install(exact) or apt_install("python3-venv"):
            importlib.invalidate_caches()
            return
    raise Stop(
        "Python di komputer ini tidak membawa modul 'ensurepip', jadi .venv belum dapat dibuat.\n"
        "Belum ada yang diubah. Pada Debian atau Ubuntu jalankan sekali:\n\n"
        f"    sudo apt update && sudo apt install {exact}\n\n"
        "lalu ulangi perintah ini. · This Python lacks 'ensurepip'; run the line above once."
    )


def _uv() -> bool:
    """Whether uv is here and works (a shim may be there without it)."""
    return shutil.which("uv") is not None and output_of(["uv", "--version"]) is not None


def _install(lock: Path) -> None:
    """Install exactly what the lock says: known hashes, ready-made wheels, nothing compiled."""
    exactly = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    if _uv():
        target = ["uv", "pip", "install", "--quiet", "--python", str(program("python"))]
        if subprocess.run([*target, *exactly], capture_output=True, check=False).returncode == 0:
            return
        print("· uv tidak berhasil; memakai pip · uv did not manage, using pip", flush=True)
    python = str(program("python"))
    if output_of([python, "-m", "pip", "--version"]) is None:
        subprocess.run([python, "-m", "ensurepip"], capture_output=True, check=False)
    pip = [python, "-m", "pip", "install", "--quiet", "--no-input", "--progress-bar", "off"]
    done = subprocess.run(
        [*pip, "--disable-pip-version-check", *exactly],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise Stop(
            "Pustaka belum terpasang lengkap; data tidak tersentuh.\n"
            "Periksa sambungan internet, lalu ulangi perintah ini.\n"
            f"The packages could not be installed:\n{_last(done)}"
        )


def _last(done: subprocess.CompletedProcess[str]) -> str:
    """The end of what a failed command said."""
    return "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
