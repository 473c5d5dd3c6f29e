"""A PostgreSQL server of a made-up district's own: kept in a folder, running as long as we do.

Uses the programs of the system's package, as an unprivileged person (PostgreSQL refuses root).
It listens on this computer only, and keeps its usual durability.
"""

import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simpul.cli.output import say
from simpul.foundation.core.errors import Refused

PREFERRED = 15  # of Debian 12, which a Dinas is told to use
STARTS_WITHIN = 60.0


def find_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs: version 15 where it is, else the newest."""
    if os.name != "posix":
        return None
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    usable = [folder for folder in folders if (folder / "postgres").exists()]
    return max(usable, key=_rank, default=None)


def _rank(folder: Path) -> tuple[bool, int]:
    number = re.search(r"(\d+)/bin$", folder.as_posix())
    version = int(number[1]) if number else 0
    return version == PREFERRED, version


@dataclass
class Cluster:
    """A running server and how to reach it."""

    process: "subprocess.Popen[bytes]"
    url: str

    def end(self) -> None:
        """End it in good order: what is open is rolled back, a checkpoint written."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(folder: Path) -> Cluster:
    """Start the server whose cluster is in `folder`, making it first where there is none."""
    programs = find_programs()
    if programs is None:
        raise Refused(
            "Server Dinas memerlukan PostgreSQL, dan di komputer ini tidak ada. Pasang (Debian, "
            "Ubuntu): sudo apt install postgresql-15; atau tunjuk yang sudah ada: "
            "SIMPUL_HUB_DATABASE_URL=postgresql://pengguna:sandi@tuan-rumah/nama. Belum ada yang "
            "diubah.",
            "no_postgres",
        )
    account = _account()
    place = _reachable(folder, account)
    how = _as(account, place)
    cluster = place / "isi"
    if not (cluster / "PG_VERSION").exists():
        say("Menyiapkan PostgreSQL untuk Dinas contoh …")
        make: list[str | Path] = [
            programs / "initdb",
            "-D",
            cluster,
            "-U",
            "simpul",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        made = subprocess.run(  # noqa: S603 - the system's own programs
            [*make, "--locale=C.UTF-8"], stdout=subprocess.PIPE, text=True, check=False, **how
        )
        if made.returncode:
            raise Refused(
                f"PostgreSQL tidak dapat disiapkan di {place}: {made.stdout.strip()[-300:]}",
                "postgres_failed",
            )
    _end_left_over(programs, cluster, how)
    port = _free_port()
    options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
               "timezone": "UTC"}  # fmt: skip
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with (place / "server.log").open("ab") as lines:
        process = subprocess.Popen(  # noqa: S603
            [programs / "postgres", "-D", cluster, *words],
            stdout=lines,
            start_new_session=True,
            preexec_fn=end_with_us(signal.SIGINT),
            **how,
        )
    server = Cluster(process, f"postgresql://simpul@127.0.0.1:{port}/simpul")
    if not _answers(process, programs, port):
        server.end()
        raise Refused(
            f"PostgreSQL Dinas contoh tidak menyala; lihat {place / 'server.log'}.",
            "postgres_failed",
        )
    address = ["-h", "127.0.0.1", "-p", str(port), "-U", "simpul"]
    subprocess.run(  # noqa: S603 - refuses politely where it is there already
        [programs / "createdb", *address, "simpul"],
        stdout=subprocess.DEVNULL,
        check=False,
        **{**how, "stderr": subprocess.DEVNULL},
    )
    return server


def _account() -> str | None:
    """Whom the server runs as: ourselves, or somebody else where we are root."""
    if os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


def _reachable(folder: Path, account: str | None) -> Path:
    """Return the folder, owned by the account; another one where it may not come to it."""
    folder.mkdir(parents=True, exist_ok=True)
    if account is None:
        return folder
    shutil.chown(folder, account)
    if _may_enter(folder, account):
        return folder
    # Below root's own home nobody else may go: a folder whose name follows from the wanted one.
    import hashlib

    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    other = Path("/var/tmp") / f"simpul-dinas-contoh-{name}"  # noqa: S108 - made for one owner
    other.mkdir(mode=0o700, exist_ok=True)
    shutil.chown(other, account)
    return other


def _may_enter(folder: Path, account: str) -> bool:
    test = ["/usr/bin/test", "-w", str(folder)]
    return subprocess.run(test, user=account, check=False).returncode == 0  # noqa: S603


def _as(account: str | None, folder: Path) -> dict[str, Any]:
    """How a program of the server is started under that account."""
    common: dict[str, Any] = {
        "cwd": folder,
        "stdin": subprocess.DEVNULL,
        "stderr": subprocess.STDOUT,
    }
    clean = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    if account is None:
        return {**common, "env": clean}
    import pwd

    group = pwd.getpwnam(account).pw_gid
    return {**common, "user": account, "group": group, "extra_groups": [], "env": clean}


def _end_left_over(programs: Path, cluster: Path, how: dict[str, Any]) -> None:
    """End a server of this cluster that outlived whoever started it."""
    if (cluster / "postmaster.pid").exists():
        subprocess.run(  # noqa: S603
            [programs / "pg_ctl", "-D", cluster, "-m", "fast", "-w", "-t", "20", "stop"],
            stdout=subprocess.DEVNULL,
            check=False,
            **how,
        )


def _answers(process: "subprocess.Popen[bytes]", programs: Path, port: int) -> bool:
    ask: list[str | Path] = [
        programs / "pg_isready",
        "-q",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-U",
        "simpul",
    ]
    until = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < until:
        if subprocess.run(ask, check=False).returncode == 0:  # noqa: S603
            return True
        time.sleep(0.1)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end_with_us(sign: signal.Signals) -> Callable[[], None] | None:
    """Return what a child runs first, so that Linux ends it when we are killed."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return lambda: library.prctl(1, int(sign))  # PR_SET_PDEATHSIG
