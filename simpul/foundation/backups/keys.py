"""The recovery key, made once, and the server's own key for reading its copies back.

Each copy is sealed (age, X25519) to two recipients. The *recovery key* opens it anywhere: the
facility keeps it on paper or a stick, away from the server; here only its public half stays. Until
it has been taken out once it waits in `recovery.key`, because it must be made somewhere, and
everything says so loudly. The *proof key* lies on this server for good and serves to read each
copy back and to prove it by a trial restore: whoever has it has the server, and so the data
itself. Neither private key is ever part of a copy. ADR 0019.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyrage import IdentityError, x25519

from simpul.foundation.backups.durable import write_whole
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, Refused

PUBLIC, PRIVATE, PROOF = "recovery.pub", "recovery.key", "proof.key"
SIGN = "AGE-SECRET-KEY-1"


@dataclass(frozen=True)
class KeyState:
    """How the recovery key stands: its public half, and whether the private one is still here."""

    recipient: str
    is_on_server: bool
    exported_at: datetime | None

    @property
    def tail(self) -> str:
        """The last letters of the public half, by which people tell keys apart."""
        return self.recipient[-6:]


def ensure_keys(data: Path) -> bool:
    """Make the keys of a site that has none; True when the recovery key was made just now."""
    if not (data / PROOF).exists():
        write_whole(data / PROOF, f"{x25519.Identity.generate()}\n".encode())
    if (data / PUBLIC).exists():
        return False
    if (data / PRIVATE).exists():
        # Cut between the two writes: the private half is there, so the public one follows.
        _note_public(data, read_identity(data / PRIVATE), exported_at=None)
        return False
    new_recovery_key(data)
    return True


def new_recovery_key(data: Path) -> None:
    """Make a new recovery key for the copies to come; older copies open with the older key."""
    identity = x25519.Identity.generate()
    write_whole(data / PRIVATE, _file_of(identity))
    _note_public(data, identity, exported_at=None)


def _note_public(data: Path, identity: x25519.Identity, *, exported_at: str | None) -> None:
    known = {"recipient": str(identity.to_public()), "exported_at": exported_at}
    write_whole(data / PUBLIC, json.dumps(known).encode(), mode=0o644)


def _file_of(identity: x25519.Identity) -> bytes:
    """The key as a file that `age` itself reads too."""
    public = identity.to_public()
    return (
        "# Kunci pemulihan Simpul. Tanpa kunci ini cadangan tidak dapat dibuka oleh siapa pun.\n"
        "# Simpan di luar server: kertas atau flashdisk di lemari terkunci.\n"
        f"# public key: {public}\n{identity}\n"
    ).encode()


def key_state(data: Path) -> KeyState:
    """Say how the recovery key stands; an empty recipient before the first start."""
    try:
        known = json.loads((data / PUBLIC).read_text(encoding="utf-8"))
        exported = known.get("exported_at")
        return KeyState(
            recipient=str(known["recipient"]),
            is_on_server=(data / PRIVATE).exists(),
            exported_at=datetime.fromisoformat(exported) if exported else None,
        )
    except (OSError, ValueError, KeyError):
        return KeyState("", (data / PRIVATE).exists(), None)


def recipients(data: Path) -> list[x25519.Recipient]:
    """Return to whom copies of this site are sealed: the recovery key, then the proof key."""
    ensure_keys(data)
    proof = read_identity(data / PROOF).to_public()
    return [x25519.Recipient.from_str(key_state(data).recipient), proof]


def proof_identity(data: Path) -> x25519.Identity:
    """Return the key with which this server reads its own copies back."""
    ensure_keys(data)
    return read_identity(data / PROOF)


def read_identity(path: Path) -> x25519.Identity:
    """Read a private key from a file; Refused with a sentence when there is none in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Refused(f"Berkas kunci {path} tidak ada. Tidak ada yang diubah.", "no_key") from None
    except (OSError, UnicodeDecodeError):
        text = ""
    for line in text.splitlines():
        if line.strip().upper().startswith(SIGN):
            try:
                return x25519.Identity.from_str(line.strip().upper())
            except IdentityError:
                break
    raise Refused(
        f"Berkas {path} bukan kunci pemulihan, atau kuncinya salah ketik. Isinya harus satu baris "
        f"yang diawali {SIGN}… . Tidak ada yang diubah.",
        "bad_key",
    )


def export_key(data: Path, target: Path) -> None:
    """Write the recovery key to a file elsewhere, read it back, then take it off this server."""
    identity = _waiting(data)
    place = target.expanduser().absolute()
    if place.is_dir():
        place = place / "kunci-pemulihan-simpul.txt"
    if data.resolve() in place.resolve().parents:
        raise Refused(
            f"{place} ada di dalam folder data server ini. Kunci harus disimpan di luar server: "
            "tulis ke flashdisk. Tidak ada yang diubah.",
            "key_in_data",
        )
    if place.exists():
        raise Conflict(
            f"{place} sudah ada dan tidak ditimpa. Pilih nama lain. Tidak ada yang diubah.",
            "file_exists",
        )
    write_whole(place, _file_of(identity))
    if str(read_identity(place)) != str(identity):
        raise Conflict(
            f"Kunci di {place} terbaca lain dari yang ditulis; flashdisk itu mungkin rusak. "
            "Kunci masih ada di server ini. Ulangi dengan flashdisk lain.",
            "key_not_written",
        )
    forget_private(data)


def show_key(data: Path) -> str:
    """Return the recovery key as the one line to write down; it stays until `forget_private`."""
    return str(_waiting(data))


def _waiting(data: Path) -> x25519.Identity:
    if (data / PRIVATE).exists():
        return read_identity(data / PRIVATE)
    state = key_state(data)
    if not state.recipient:
        raise Conflict(
            "Kunci pemulihan belum dibuat. Jalankan dahulu: simpul migrate", "no_key_yet"
        )
    raise Conflict(
        f"Kunci pemulihan (…{state.tail}) sudah dibawa keluar dari server ini dan tidak ada lagi "
        "di sini. Bila hilang: simpul backup key --new membuat kunci baru untuk cadangan "
        "berikutnya; cadangan lama tetap hanya terbuka dengan kunci lama.",
        "key_exported",
    )


def forget_private(data: Path) -> None:
    """Take the private half off this server and note when that was.

    It is written over first; on a flash disk that is no promise, which ADR 0019 says.
    """
    path = data / PRIVATE
    identity = read_identity(path)
    _note_public(data, identity, exported_at=now().isoformat(timespec="seconds"))
    with suppress(OSError), path.open("r+b") as file:
        file.write(b"#" * path.stat().st_size)
        file.flush()
        os.fsync(file.fileno())
    path.unlink(missing_ok=True)
