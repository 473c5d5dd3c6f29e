"""What the tests need beside Python: Chromium, and a PostgreSQL server of their own.

    python tools/services.py -- COMMAND…     run a command with both in its environment

`SIMPUL_TEST_CHROMIUM` is the browser's program, `SIMPUL_TEST_POSTGRES_URL` an empty database of a
server that exists only as long as the command runs. What is missing is installed where that is
possible (root and apt-get); where not, the variable stays unset and those tests are left out.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import processes

if os.name == "posix":
    import pwd

PREFERRED = 15  # the PostgreSQL of Debian 12, which a Dinas is told to use
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Services:
    """What was found; None where it is missing."""

    chromium: str | None
    postgres_url: str | None

    def environment(self) -> dict[str, str]:
        """The variables by which the tests find them."""
        found = {
            "SIMPUL_TEST_CHROMIUM": self.chromium,
            "SIMPUL_TEST_POSTGRES_URL": self.postgres_url,
        }
        return {name: value for name, value in found.items() if value}


def find_chromium() -> str | None:
    """A browser that really starts (on Ubuntu the name may be there with nothing behind it)."""
    for name in (os.environ.get("SIMPUL_TEST_CHROMIUM"), *BROWSERS):
        path = shutil.which(name) if name else None
        if path and processes.output_of([path, "--version"]):
            return path
    return None


def find_postgres() -> Path | None:
    """The folder of a PostgreSQL server's programs: 15 where it is, else the newest."""
    if os.name != "posix":
        return None
    on_path = shutil.which("initdb")
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    usable = [folder for folder in folders if (folder / "initdb").exists()]
    return max(usable, key=_rank, default=None)


def _rank(folder: Path) -> tuple[bool, int]:
    """The preferred version first, then newer before older."""
    number = re.search(r"(\d+)/bin$", folder.as_posix())
    version = int(number[1]) if number else 0
    return version == PREFERRED, version


def install_missing() -> None:
    """Bring what is missing where nobody has to be asked."""
    chromium, postgres = find_chromium(), find_postgres()
    if (chromium and postgres) or not processes.may_install():
        return
    if not postgres:
        print("· Memasang PostgreSQL untuk uji · installing PostgreSQL", flush=True)
        if not processes.apt_install(f"postgresql-{PREFERRED}"):
            processes.apt_install("postgresql")
    if not chromium:
        print("· Memasang Chromium untuk uji · installing Chromium", flush=True)
        if not processes.apt_install("chromium", "fonts-dejavu-core"):
            processes.apt_install("chromium-browser")


@contextmanager
def services(*, install: bool = True) -> Iterator[Services]:
    """Give Chromium and a fresh PostgreSQL server, and end the server afterwards."""
    if install:
        install_missing()
    with ExitStack() as stack:
        programs = find_postgres()
        url = stack.enter_context(throwaway_postgres(programs)) if programs else None
        yield Services(chromium=find_chromium(), postgres_url=url)


@contextmanager
def throwaway_postgres(programs: Path) -> Iterator[str | None]:
    """A PostgreSQL server in a temporary folder; yields its address, or None if it will not start.

    It keeps its default durability: tests that kill a server need what it acknowledged to be kept.
    """
    account = _server_account()
    # A socket's path may hold 107 characters, so the folder is not made inside a long TMPDIR.
    base = next((place for place in ("/tmp", "/var/tmp") if os.access(place, os.W_OK)), None)  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="simpul-pg-", dir=base))
    server: subprocess.Popen[bytes] | None = None
    try:
        if account:
            shutil.chown(folder, account, pwd.getpwnam(account).pw_gid)
        server, url = _start(programs, folder, account)
        yield url
    finally:
        if server:
            server.send_signal(2)  # "fast": ends what is open, writes a checkpoint, goes
            processes.end(server)
        shutil.rmtree(folder, ignore_errors=True)


def _server_account() -> str | None:
    """Whom the server runs as: ourselves, or somebody else where we are root (it refuses root)."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


def _as(account: str | None, folder: Path) -> dict[str, object]:
    """How a program of the server is started under that account."""
    common: dict[str, object] = {
        "cwd": folder,
        "stdin": subprocess.DEVNULL,
        "stderr": subprocess.STDOUT,
    }
    if account is None:
        return common
    group = pwd.getpwnam(account).pw_gid
    clean = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    return {**common, "user": account, "group": group, "extra_groups": [], "env": clean}


def _start(
    programs: Path, folder: Path, account: str | None
) -> tuple[subprocess.Popen[bytes] | None, str | None]:
    """Make the cluster, start it, make one database in it."""
    data, log = folder / "data", folder / "server.log"
    how = _as(account, folder)
    make = [programs / "initdb", "-D", data, "-U", "simpul", "-A", "trust", "-E", "UTF8"]
    made = subprocess.run(
        [*make, "--locale=C.UTF-8"], stdout=subprocess.PIPE, text=True, check=False, **how
    )
    if made.returncode:
        print(f"· PostgreSQL tidak dapat disiapkan · initdb failed:\n{made.stdout}", flush=True)
        return None, None
    for _ in range(3):  # another program may take the port between our look and the start
        port = _free_port()
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": folder,
            "max_connections": 300,
            "timezone": "UTC",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with log.open("wb") as lines:
            # A session of its own: Ctrl+C must reach the tests first, then us, then the server.
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *options],
                stdout=lines,
                start_new_session=True,
                **how,
            )
        try:
            if _answers(server, programs, port):
                create = [programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "simpul"]
                subprocess.run([*create, "simpul"], check=True, stdout=subprocess.DEVNULL, **how)
                return server, f"postgresql://simpul@127.0.0.1:{port}/simpul"
        except BaseException:
            server.kill()
            server.wait()
            raise
        server.kill()
        server.wait()
    print(f"· PostgreSQL tidak menyala · it did not start:\n{log.read_text()}", flush=True)
    return None, None


def _answers(server: subprocess.Popen[bytes], programs: Path, port: int) -> bool:
    """Wait until the server takes connections; False where it ended or never does."""
    ask = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "simpul"]
    until = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < until:
        if processes.output_of(ask) is not None:
            return True
        time.sleep(0.1)
    return False


def _free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(arguments: list[str]) -> int:
    """Run one command with the services in its environment."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print(__doc__)
        return 2
    with services() as found:
        return processes.run(command, env={**os.environ, **found.environment()}, cwd=Path.cwd())


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
