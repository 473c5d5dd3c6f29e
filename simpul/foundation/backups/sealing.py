"""Packing and sealing: tar in zstd in age, and back.

Nothing of our own in the format, so that a copy can be opened without Simpul as well:
`age -d -i KEY FILE | zstd -d | tar x`. The packed stream begins with two zstd frames that tools
skip: the first holds the length of the whole, by which a cut file is told from an altered one;
the second fills age's first piece, so that the length can be read as soon as anything can.
"""

import io
import os
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

import pyrage
import zstandard
from pyrage import x25519

from simpul.foundation.backups.durable import BLOCK
from simpul.foundation.backups.manifest import FORMAT, Manifest
from simpul.foundation.core.errors import Refused

MANIFEST = "manifest.json"
LEVEL = 6
#: zstd's first "skippable frame": magic, length of content, content.
_SKIPPED = bytes.fromhex("502a4d18")
_LENGTH = b'{"simpul":1,"bytes":%020d}'
_HEAD = len(_SKIPPED) + 4 + len(_LENGTH % 0)
#: age cuts its payload into pieces of 64 KiB, each with a tag, after a nonce.
_PIECE, _TAG, _NONCE = 65536, 16, 16


class Damaged(Refused):
    """The file is not what was written: cut, altered, or never one of ours."""


class WrongKey(Refused):
    """This key does not open this file."""


class _Side:
    """One end of pyrage's stream; keeps the system's own complaint, which pyrage makes text of."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.trouble: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self.file.read(size)
        except OSError as trouble:
            self.trouble = trouble
            raise

    def write(self, block: bytes) -> int:
        try:
            return self.file.write(block)
        except OSError as trouble:
            self.trouble = trouble
            raise

    def flush(self) -> None:
        try:
            self.file.flush()
        except OSError as trouble:
            self.trouble = trouble
            raise


def pack(manifest: Manifest, members: Iterable[tuple[str, Path]], target: Path) -> None:
    """Write the manifest and the files into one compressed file."""
    with target.open("wb") as raw:
        raw.write(_SKIPPED + len(_LENGTH % 0).to_bytes(4, "little") + _LENGTH % 0)
        raw.write(_SKIPPED + _PIECE.to_bytes(4, "little") + bytes(_PIECE))
        compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
        with (
            compressor.stream_writer(raw, closefd=False) as squeezed,
            tarfile.open(fileobj=squeezed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            text = manifest.to_bytes()
            tar.addfile(_entry(MANIFEST, len(text)), io.BytesIO(text))
            for name, path in members:
                with path.open("rb") as file:
                    tar.addfile(_entry(name, path.stat().st_size), file)
        length = raw.tell()
        raw.seek(len(_SKIPPED) + 4)
        raw.write(_LENGTH % length)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def seal(packed: Path, target: Path, recipients: list[x25519.Recipient]) -> None:
    """Encrypt a packed file and wait until it is on the disk."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with packed.open("rb") as source, os.fdopen(descriptor, "wb") as file:
        sink = _Side(file)
        try:
            pyrage.encrypt_io(source, sink, recipients)
        except pyrage.EncryptError:
            if sink.trouble is not None:
                raise sink.trouble from None
            raise
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            # What is read back next shall come from the disk, not from memory.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def unseal(sealed: Path, packed: Path, identity: x25519.Identity) -> None:
    """Decrypt a copy; WrongKey or Damaged with a sentence of their own."""
    with sealed.open("rb") as source, packed.open("wb") as file:
        sink = _Side(file)
        try:
            pyrage.decrypt_io(source, sink, [identity])
            file.flush()
            return
        except OSError as trouble:
            # pyrage gives a bad seal this type too; a real one was seen by our end.
            if sink.trouble is not None:
                raise sink.trouble from None
            reason = str(trouble)
        except pyrage.DecryptError as trouble:
            if sink.trouble is not None:
                raise sink.trouble from None
            reason = str(trouble)
        file.flush()
    if "no matching keys" in reason.lower():
        raise WrongKey(
            f"Kunci ini tidak membuka {sealed.name}: cadangan itu disegel untuk kunci lain. "
            "Pakai kunci pemulihan yang dibuat sebelum cadangan itu. Tidak ada yang diubah.",
            "wrong_key",
        )
    raise _damage(sealed, packed)


def _damage(sealed: Path, packed: Path) -> Damaged:
    """Say how a file that does not open is damaged."""
    real, meant = sealed.stat().st_size, _meant_size(sealed, packed)
    if meant is not None and real < meant:
        return Damaged(
            f"{sealed.name} terpotong: {real} dari {meant} bita. Salin lagi dari tempat asalnya, "
            "atau pakai cadangan lain. Tidak ada yang diubah.",
            "file_cut",
        )
    if _begins_as_age(sealed) and real <= _PIECE:  # every copy is longer than age's first piece
        return Damaged(
            f"{sealed.name} terpotong: hanya {real} bita yang ada. Salin lagi dari tempat asalnya, "
            "atau pakai cadangan lain. Tidak ada yang diubah.",
            "file_cut",
        )
    if not _begins_as_age(sealed):
        return Damaged(
            f"{sealed.name} bukan cadangan Simpul, atau awalnya rusak. Periksa nama berkasnya. "
            "Tidak ada yang diubah.",
            "not_a_copy",
        )
    return Damaged(
        f"{sealed.name} berubah sejak dibuat (segelnya tidak cocok). Salin lagi dari tempat "
        "asalnya, atau pakai cadangan lain. Tidak ada yang diubah.",
        "file_altered",
    )


def _begins_as_age(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(22) == b"age-encryption.org/v1\n"


def _meant_size(sealed: Path, packed: Path) -> int | None:
    """Return the size the whole file must have, from the part that could be opened."""
    with packed.open("rb") as file:
        head = file.read(_HEAD)
    with sealed.open("rb") as file:
        opening = file.read(4096)
    mark = opening.find(b"\n--- ")
    end = opening.find(b"\n", mark + 1) if mark >= 0 else -1
    if end < 0:
        return None
    try:
        length = int(head[-21:-1])
    except ValueError:
        return None
    pieces = max(1, -(-length // _PIECE))
    return end + 1 + _NONCE + length + pieces * _TAG


def unpack(
    packed: Path,
    take: Callable[[str, IO[bytes]], None],
) -> Manifest:
    """Go through a packed file: its manifest is returned, each other member is given to `take`."""
    manifest: Manifest | None = None
    try:
        with packed.open("rb") as raw:
            reader: Any = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
            with tarfile.open(fileobj=reader, mode="r|") as tar:
                for entry in tar:
                    file = tar.extractfile(entry)
                    if file is None:
                        continue
                    if entry.name == MANIFEST:
                        manifest = _read_manifest(file.read())
                    elif manifest is None or entry.name not in manifest.files:
                        raise _unknown()
                    else:
                        take(entry.name, file)
    except (zstandard.ZstdError, tarfile.TarError, EOFError):
        raise _unknown() from None
    if manifest is None:
        raise _unknown()
    return manifest


def _read_manifest(text: bytes) -> Manifest:
    try:
        manifest = Manifest.from_bytes(text)
    except (ValueError, KeyError, TypeError):
        # A later format may name things otherwise; its number alone is promised to stay.
        raise _newer() if b'"format"' in text else _unknown() from None
    if manifest.format > FORMAT:
        raise _newer()
    return manifest


def _newer() -> Refused:
    return Refused(
        "Cadangan ini dari versi Simpul yang lebih baru. Pasang versi itu, lalu ulangi. "
        "Tidak ada yang diubah.",
        "copy_newer",
    )


def _unknown() -> Damaged:
    return Damaged(
        "Berkas ini terbuka, tetapi isinya bukan cadangan Simpul yang utuh. Pakai cadangan lain. "
        "Tidak ada yang diubah.",
        "not_a_copy",
    )


def copy_stream(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy a stream in blocks."""
    while block := source.read(BLOCK):
        target.write(block)
