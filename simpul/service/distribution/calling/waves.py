"""Sound as samples: reading, joining and levelling 16-bit mono WAV."""

import array
import io
import sys
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

#: The loudest sample of a sentence, so that recordings and the machine's voice are alike and
#: nothing is clipped.
PEAK = 0.85 * 32_767
PAUSE_SECONDS = 0.12
#: A word of a recording is short; a film that somebody put there by mistake is not read.
MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class Sound:
    """Samples of one channel."""

    rate: int
    samples: "array.array[int]"

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate

    @property
    def peak(self) -> int:
        """The loudest sample."""
        return max((abs(one) for one in self.samples), default=0)


def read_sound(data: bytes) -> Sound | None:
    """Return a 16-bit mono WAV as samples; None when it is anything else."""
    try:
        with wave.open(io.BytesIO(data), "rb") as found:
            if (found.getnchannels(), found.getsampwidth()) != (1, 2) or not found.getnframes():
                return None
            rate, frames = found.getframerate(), found.readframes(found.getnframes())
    except (wave.Error, EOFError):
        return None
    samples = array.array("h")
    samples.frombytes(frames[: len(frames) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return Sound(rate, samples) if samples else None


def read_file(path: Path) -> Sound | None:
    """Return the sound of a file; None when it is missing or no 16-bit mono WAV."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return read_sound(path.read_bytes())
    except OSError:
        return None


def join(sounds: Iterable[Sound]) -> Sound | None:
    """Return the sounds one after the other with a short pause; None when their rates differ."""
    parts = list(sounds)
    if not parts or len({part.rate for part in parts}) != 1:
        return None
    rate = parts[0].rate
    pause = array.array("h", bytes(2 * int(rate * PAUSE_SECONDS)))
    joined = array.array("h")
    for part in parts:
        joined.extend(part.samples)
        joined.extend(pause)
    return Sound(rate, joined)


def level(sound: Sound) -> Sound:
    """Return the sound with its loudest sample at `PEAK`; silence stays silence."""
    peak = sound.peak
    if not peak:
        return sound
    factor = PEAK / peak
    return Sound(sound.rate, array.array("h", (int(one * factor) for one in sound.samples)))


def write_sound(sound: Sound) -> bytes:
    """Return the bytes of a WAV."""
    samples = sound.samples
    if sys.byteorder == "big":
        samples = array.array("h", samples)
        samples.byteswap()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(samples.tobytes())
    return out.getvalue()
