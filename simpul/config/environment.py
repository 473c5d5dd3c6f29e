"""Typed readers of environment variables; a bad value stops the start with a clear sentence."""

import os
import secrets
from pathlib import Path
from typing import Any

from simpul.foundation.core.databases import FILE, NoAddress, describe_address, describe_file

TRUE, FALSE = {"1", "true", "yes", "ya"}, {"0", "false", "no", "tidak", ""}


class BadSetting(SystemExit):
    """An environment variable holds something that cannot be meant."""


def read_bool(name: str, default: bool) -> bool:
    """Read a yes/no variable."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise BadSetting(f"{name}={value!r}: tulis 1 atau 0.")


def read_int(name: str, default: int) -> int:
    """Read a whole number."""
    value = os.environ.get(name)
    if value is None or not value.strip():
        return default
    try:
        return int(value)
    except ValueError:
        raise BadSetting(f"{name}={value!r}: tulis bilangan bulat.") from None


def read_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Read one of some words."""
    value = os.environ.get(name, default).strip() or default
    if value not in choices:
        raise BadSetting(f"{name}={value!r}: pilih salah satu dari {', '.join(choices)}.")
    return value


def data_folder() -> Path:
    """Return the folder of everything that must be kept, making it if needed."""
    folder = Path(os.environ.get("SIMPUL_DATA") or "data").expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise BadSetting(
            f"SIMPUL_DATA={folder}: folder tidak dapat dibuat ({problem.strerror})."
        ) from None
    return folder


def secret_key(folder: Path) -> str:
    """Return this site's secret, made once and kept beside the data, readable by its owner only."""
    given = os.environ.get("SIMPUL_SECRET_KEY")
    if given:
        return given
    path = folder / "secret.key"
    if not path.exists():
        _keep_first(path, secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


def _keep_first(path: Path, text: str) -> None:
    """Write a file that is whole from its first instant; one that is already there stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def database(folder: Path) -> dict[str, Any]:
    """Return Django's description of the database: the file in the folder, or PostgreSQL."""
    url = os.environ.get("SIMPUL_DATABASE_URL", "").strip()
    if not url:
        return describe_file(folder / FILE)
    try:
        return describe_address(url)
    except NoAddress:
        raise BadSetting(
            "SIMPUL_DATABASE_URL: tulis postgresql://pengguna:sandi@tuan-rumah:port/nama."
        ) from None
