"""Start other programs, wait for them, and leave none behind."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Command = Sequence[str | Path]


class Stop(Exception):
    """A preparation that cannot go on; the text says what to do."""


def run(command: Command, *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> int:
    """Run to the end in the foreground; when we are stopped, let it end itself first.

    `subprocess.run` kills its child a quarter of a second after Ctrl+C, which is too soon for a
    test run to remove its databases or for a server to finish an answer.
    """
    child = subprocess.Popen([str(part) for part in command], env=env, cwd=cwd)
    try:
        return child.wait()
    except BaseException as reason:
        if not isinstance(reason, KeyboardInterrupt):  # Ctrl+C has reached the child already
            child.terminate()
        end(child)
        raise


def end(child: subprocess.Popen[bytes], *, patience: float = 15) -> None:
    """Wait for a child that was told to end; end it by force when it does not."""
    try:
        child.wait(patience)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        child.wait()


def become(command: Command, *, env: Mapping[str, str]) -> int:
    """Hand this process over to a program that runs until somebody stops it.

    On Linux the program takes our place, so every signal reaches it and nothing stays between.
    Windows has no such thing: there we wait, and leave Ctrl+C to the program.
    """
    words = [str(part) for part in command]
    if os.name != "nt":
        os.chdir(ROOT)
        os.execve(words[0], words, dict(env))  # noqa: S606 - no shell is wanted
    child = subprocess.Popen(words, env=dict(env), cwd=ROOT)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def output_of(command: Command, *, timeout: float = 20) -> str | None:
    """What a small command prints, or None where it is missing or does not work."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def may_install() -> bool:
    """Whether system packages can be installed without asking anybody."""
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> bool:
    """Install Debian packages quietly; False where that does not succeed."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "Acquire::Retries=2", "-o", "DPkg::Lock::Timeout=120"]
    for command in (
        [*apt, "update"],
        [*apt, "install", "-y", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            command,
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        # A package list that could not be refreshed does not always stop the install; go on.
        if done.returncode and "install" in command:
            print("  apt-get: " + (done.stdout.strip().splitlines() or ["?"])[-1])
            return False
    return True
