"""Says one sentence with eSpeak NG and writes it as WAV; runs alone, in a process of its own.

    python espeak.py < sentence > sound.wav

eSpeak NG is a C library under GPL-3.0-or-later that Simpul does not link: it is loaded here, in a
process that holds nothing else, so that whatever it does to its memory the server goes on. Knows
nothing of Simpul and of Django. Status 3: the library or its Indonesian voice is not installed.
"""

import ctypes
import io
import sys
import wave

SYNCHRONOUS = 2
UTF8 = 1
RATE, VOLUME, PITCH, RANGE, WORD_GAP = 1, 2, 3, 4, 7
#: Words a minute and pitch, chosen by ear for a noisy room (docs/adr/0017-voice.md); the gap
#: between words is in tens of milliseconds.
SPEED, HEIGHT, MELODY, GAP = 135, 42, 60, 3
NOT_INSTALLED = 3

Samples = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


def say(sentence: str) -> tuple[int, bytes]:
    """Return samples a second and the 16-bit samples of a sentence."""
    import espeakng_loader  # type: ignore[import-untyped]

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = str(espeakng_loader.get_data_path()).encode()
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, data, 0x8000)
    if rate <= 0 or library.espeak_SetVoiceByName(b"id") != 0:
        raise ImportError("no Indonesian voice")
    said = bytearray()

    def take(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int) -> int:
        if samples and count > 0:
            said.extend(ctypes.string_at(samples, count * 2))
        return 0

    callback = Samples(take)
    library.espeak_SetSynthCallback(callback)
    for parameter, value in (
        (RATE, SPEED),
        (VOLUME, 100),
        (PITCH, HEIGHT),
        (RANGE, MELODY),
        (WORD_GAP, GAP),
    ):
        library.espeak_SetParameter(parameter, value, 0)
    text = sentence.encode()
    library.espeak_Synth(text, ctypes.c_size_t(len(text) + 1), 0, 1, 0, UTF8, None, None)
    library.espeak_Synchronize()
    return rate, bytes(said)


def main() -> int:
    """Read a sentence, write its sound."""
    sentence = sys.stdin.buffer.read(2_000).decode()
    try:
        rate, samples = say(sentence)
    except (ImportError, OSError):
        return NOT_INSTALLED
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    sys.stdout.buffer.write(sound.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
