"""The sound of a call: understandable, kept, the site's own first, and never the server's death."""

import array
import math
import sys
import time
import wave
from importlib.util import find_spec
from pathlib import Path

import pytest

from simpul.service.distribution.calling import espeak, voice
from simpul.service.distribution.calling.waves import PEAK, Sound, read_file, write_sound
from simpul.service.distribution.speech import call_parts, call_sentence, spoken_place

needs_voice = pytest.mark.skipif(
    find_spec("espeakng_loader") is None, reason="the voice is an optional extra"
)


@pytest.fixture(autouse=True)
def place(settings, tmp_path, monkeypatch) -> Path:
    settings.DATA = tmp_path
    monkeypatch.setattr(voice, "_silent_until", 0.0)
    return tmp_path / "suara"


def tone(seconds: float, *, rate: int = 22_050, loud: int = 9_000) -> bytes:
    """A recorded word of the tests: a plain tone."""
    samples = (
        int(loud * math.sin(2 * math.pi * 440 * n / rate)) for n in range(int(rate * seconds))
    )
    return write_sound(Sound(rate, array.array("h", samples)))


def record(place: Path, parts: list[str], **kind: int) -> None:
    (place / "rekaman").mkdir(parents=True, exist_ok=True)
    for part in parts:
        for word in part.split():
            (place / "rekaman" / voice.file_name(word)).write_bytes(tone(0.2, **kind))


class TestWords:
    def test_the_sentence_names_number_unit_and_room(self):
        assert call_sentence("A", 17, "Poli Umum", "Ruang 2") == (
            "Nomor antrean A, tujuh belas, menuju Poli Umum, Ruang dua."
        )

    def test_it_stays_indonesian_on_an_english_screen(self):
        from django.utils import translation

        with translation.override("en"):
            assert call_sentence("B", 4, "KIA") == "Nomor antrean B, empat, menuju KIA."

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("Ruang 8 (luar)", "Ruang delapan"),
            ("R12", "R dua belas"),
            ("Pendaftaran & Rekam Medis", "Pendaftaran dan Rekam Medis"),
            ("<b>Ruang</b>", "b Ruang b"),
        ],
    )
    def test_a_place_is_said_as_people_say_it(self, name, said):
        assert spoken_place(name) == said


@needs_voice
class TestTheMachinesVoice:
    def test_a_call_can_be_understood_by_its_figures(self, place):
        """Long enough to be words, loud, not clipped, not silent, no long hole in it."""
        name = voice.sound_of_call("A", 17, "Poli Umum", "Ruang 2")

        sound = read_file(place / name)
        assert sound is not None
        assert 4.0 < sound.seconds < 8.0
        assert sound.rate >= 16_000
        assert 0.8 * PEAK < sound.peak <= 32_000
        loud = math.sqrt(sum(one * one for one in sound.samples) / len(sound.samples))
        assert loud > 1_500  # -27 dB of full scale
        tenth = sound.rate // 10
        quiet = [
            max(abs(one) for one in sound.samples[at : at + tenth]) < 300
            for at in range(0, len(sound.samples) - tenth, tenth)
        ]
        longest = max(len(run) for run in "".join(".#"[q] for q in quiet).split("."))
        assert longest < 12

    def test_the_same_sentence_is_made_once(self, place):
        first = voice.sound_of_call("A", 1, "Poli Umum")
        made = (place / first).stat().st_ino

        assert voice.sound_of_call("A", 1, "Poli Umum") == first
        assert (place / first).stat().st_ino == made
        assert voice.sound_of_call("A", 2, "Poli Umum") != first

    def test_it_is_served_to_the_television(self, house, client):
        name = voice.sound_of_call("A", 1, "Poli Umum")

        answer = client.get(f"/tv/suara/{name}")

        assert answer.status_code == 200
        assert answer["Content-Type"] == "audio/wav"
        assert b"".join(answer.streaming_content)[:4] == b"RIFF"


class TestWhenThereIsNone:
    def helper(self, monkeypatch, tmp_path, program: str) -> None:
        path = tmp_path / "helper.py"
        path.write_text(program)
        monkeypatch.setattr(espeak, "__file__", str(path))

    @pytest.mark.parametrize(
        "program",
        [
            "import sys; sys.exit(3)",
            "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
            "print('no sound')",
            "",
        ],
    )
    def test_a_helper_that_fails_or_crashes_takes_nobody_with_it(
        self, program, monkeypatch, tmp_path, place
    ):
        self.helper(monkeypatch, tmp_path, program)

        assert voice.sound_of_call("A", 1, "Poli Umum") == ""
        assert not list(place.glob("*.wav"))

    def test_one_that_hangs_is_left_after_some_seconds(self, monkeypatch, tmp_path):
        self.helper(monkeypatch, tmp_path, "import time; time.sleep(60)")
        monkeypatch.setattr(voice, "SECONDS_TO_SPEAK", 0.5)
        begun = time.monotonic()

        assert voice.sound_of_call("A", 1, "Poli Umum") == ""
        assert time.monotonic() - begun < 10

    def test_it_is_not_asked_again_at_once(self, monkeypatch, tmp_path):
        mark = tmp_path / "asked"
        self.helper(monkeypatch, tmp_path, f"open({str(mark)!r}, 'a').write('x')")
        for _ in range(3):
            voice.sound_of_call("A", 1, "Poli Umum")

        assert mark.read_text() == "x"
        assert not voice.has_voice()

    def test_no_disk_left_is_no_voice_and_no_half_file(self, monkeypatch, place):
        record(place, call_parts("A", 1, "KIA"))
        monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))

        assert voice.sound_of_call("A", 1, "KIA") == ""
        assert not [one for one in place.iterdir() if one.is_file()]


class TestOwnRecordings:
    def test_they_are_used_when_every_word_is_there(self, place, monkeypatch):
        monkeypatch.setattr(voice, "_speak", lambda _sentence: pytest.fail("not needed"))
        record(place, call_parts("A", 17, "Poli Umum", "Ruang 2"))

        sound = read_file(place / voice.sound_of_call("A", 17, "Poli Umum", "Ruang 2"))

        # nomor antrean a tujuh belas menuju poli umum ruang dua: ten words of 0.2 s, and pauses
        assert sound is not None
        assert 2.0 < sound.seconds < 4.0
        assert sound.peak <= PEAK + 1

    def test_a_whole_phrase_goes_before_its_words(self, place):
        record(place, call_parts("A", 1, "Poli Umum"))
        long = place / "rekaman" / "poli-umum.wav"
        long.write_bytes(tone(3))

        sound = read_file(place / voice.sound_of_call("A", 1, "Poli Umum"))

        assert sound is not None
        assert sound.seconds > 3

    def test_one_word_missing_the_machine_says_all(self, place, monkeypatch):
        said: list[str] = []
        monkeypatch.setattr(voice, "_speak", said.append)
        record(place, call_parts("A", 1, "Poli Umum"))
        (place / "rekaman" / "satu.wav").unlink()

        voice.sound_of_call("A", 1, "Poli Umum")

        assert said == ["Nomor antrean A, satu, menuju Poli Umum."]

    def test_recordings_that_do_not_fit_are_left_aside(self, place, monkeypatch):
        monkeypatch.setattr(voice, "_speak", lambda _sentence: None)
        record(place, call_parts("A", 1, "KIA"))
        (place / "rekaman" / "kia.wav").write_bytes(tone(0.2, rate=8_000))

        assert voice.sound_of_call("A", 1, "KIA") == ""

    def test_a_word_recorded_anew_makes_a_new_sound(self, place):
        record(place, call_parts("A", 1, "KIA"))
        before = voice.sound_of_call("A", 1, "KIA")
        time.sleep(0.01)
        (place / "rekaman" / "kia.wav").write_bytes(tone(0.4))

        assert voice.sound_of_call("A", 1, "KIA") != before


def test_only_so_many_are_kept_and_the_oldest_go(place, monkeypatch):
    monkeypatch.setattr(voice, "MOST_KEPT", 3)
    names = []
    for number in range(1, 6):
        record(place, call_parts("A", number, "KIA"))
        names.append(voice.sound_of_call("A", number, "KIA"))
        time.sleep(0.01)

    assert {path.name for path in place.glob("*.wav")} == set(names[-3:])


def test_the_helper_knows_nothing_of_the_server():
    """It runs alone: its file imports the standard library and, late, the voice."""
    source = Path(espeak.__file__).read_text()

    assert "import simpul" not in source
    assert "from simpul" not in source
    assert "django" not in source.replace("of Django", "")
    assert "espeakng_loader" not in sys.modules


def test_a_file_that_is_no_sound_is_none(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(b"RIFF nothing")
    stereo = tmp_path / "y.wav"
    with wave.open(str(stereo), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(b"\0" * 400)

    assert read_file(path) is None
    assert read_file(stereo) is None
    assert read_file(tmp_path / "missing.wav") is None
