"""The sound of a call: the site's own recordings, else eSpeak NG, else none; kept by sentence.

Recordings lie in `suara/rekaman` of the data folder, one 16-bit mono WAV a word, all with the same
rate: `nomor-antrean.wav`, `a.wav`, `tujuh.wav`, `belas.wav`, `menuju.wav`, `poli-umum.wav`,
`ruang.wav`. A call is said with them when all its words are there. Sounds hold no patient's data:
a number, a unit and a room.
"""

import hashlib
import logging
import os
import re
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from simpul.service.distribution.calling import espeak
from simpul.service.distribution.calling.waves import (
    Sound,
    join,
    level,
    read_file,
    read_sound,
    write_sound,
)
from simpul.service.distribution.speech import call_parts, call_sentence

logger = logging.getLogger("simpul.suara")

#: Belongs to the name of a kept sound: raised when the same sentence is to sound differently.
VERSION = 1
NAME = re.compile(r"[0-9a-f]{32}\.wav")
#: Sounds kept; the ones not used for longest go. About 150 MB.
MOST_KEPT = 600
SECONDS_TO_SPEAK = 8
#: After a failure the helper is left alone for a while: a call must not wait for it each time.
PAUSE_AFTER_FAILURE = 120.0

_lock = threading.Lock()
_silent_until = 0.0


def sound_of_call(prefix: str, number: int, unit_name: str, room: str = "") -> str:
    """Return the file name of the sound of a call, made now if need be; "" when there is none."""
    parts = call_parts(prefix, number, unit_name, room)
    recorded = _recordings_of(parts)
    sentence = call_sentence(prefix, number, unit_name, room)
    name = _name_of(sentence, recorded)
    path = folder() / name
    if path.exists():
        _touch(path)
        return name
    sound = _joined(recorded) if recorded else None
    if sound is None:
        sound = _speak(sentence)
    if sound is None or not sound.peak:
        return ""
    return name if _keep(path, write_sound(level(sound))) else ""


def has_voice() -> bool:
    """Can calls be spoken, as far as is known before trying?"""
    if any((folder() / "rekaman").glob("*.wav")):
        return True
    return find_spec("espeakng_loader") is not None and time.monotonic() >= _silent_until


def find_sound(name: str) -> Path | None:
    """Return a kept sound by its file name."""
    path = folder() / name
    return path if NAME.fullmatch(name) and path.is_file() else None


def folder() -> Path:
    """Where sounds are kept."""
    return Path(settings.DATA) / "suara"


def file_name(words: str) -> str:
    """Return the file a piece of a call is recorded in: `Poli Umum` → `poli-umum.wav`."""
    return "-".join(re.findall(r"[a-z0-9]+", words.casefold())) + ".wav"


def _recordings_of(parts: list[str]) -> list[Path]:
    """Return the recordings of all the parts, each whole or word by word; none if one lacks."""
    recordings = folder() / "rekaman"
    if not recordings.is_dir():
        return []
    found: list[Path] = []
    for part in parts:
        whole = recordings / file_name(part)
        files = [whole] if whole.is_file() else [recordings / file_name(w) for w in part.split()]
        if not files or not all(file.is_file() for file in files):
            return []
        found += files
    return found


def _joined(recorded: list[Path]) -> Sound | None:
    sounds = [read_file(path) for path in recorded]
    whole = [sound for sound in sounds if sound is not None]
    joined = join(whole) if len(whole) == len(sounds) else None
    if joined is None:
        logger.warning("the site's recordings are not 16-bit mono WAV of one rate; not used")
    return joined


def _name_of(sentence: str, recorded: list[Path]) -> str:
    marks = [str(VERSION), sentence, f"{espeak.SPEED} {espeak.HEIGHT} {espeak.MELODY}"]
    # A word recorded anew makes a new sound.
    marks += [f"{path.name} {path.stat().st_mtime_ns}" for path in recorded]
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:32] + ".wav"


def _speak(sentence: str) -> Sound | None:
    """Let the helper process say it; None when it cannot, and then for a while."""
    global _silent_until
    with _lock:
        if time.monotonic() < _silent_until:
            return None
        sound = None
        try:
            done = subprocess.run(  # noqa: S603 - our own file, the sentence goes in by stdin
                [sys.executable, "-I", espeak.__file__],
                input=sentence.encode(),
                capture_output=True,
                timeout=SECONDS_TO_SPEAK,
                check=False,
            )
            sound = read_sound(done.stdout) if done.returncode == 0 else None
        except (OSError, subprocess.TimeoutExpired):
            logger.exception("the voice's helper process did not answer")
        if sound is None:
            _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
            logger.warning("no voice: calls are shown and rung, not spoken")
        return sound


def _keep(path: Path, data: bytes) -> bool:
    """Store a sound whole or not at all, and let the oldest go."""
    draft = path.with_name(f".{path.stem}-{os.getpid()}-{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
        _forget_oldest(path.parent)
    except OSError:
        logger.exception("a sound could not be kept")
        draft.unlink(missing_ok=True)
        return False
    return True


def _forget_oldest(place: Path) -> None:
    kept = sorted(place.glob("*.wav"), key=lambda path: path.stat().st_mtime)
    for path in kept[: max(0, len(kept) - MOST_KEPT)]:
        path.unlink(missing_ok=True)


def _touch(path: Path) -> None:
    try:
        path.touch()
    except OSError:
        return
