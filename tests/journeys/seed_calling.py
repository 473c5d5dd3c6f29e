"""A waiting room: the small Puskesmas with people waiting at two polis, and a short voice.

The voice is the site's own recordings, plain tones: a real sentence would keep the tests waiting.
"""

import array
import math

import django

from tests.journeys import seed

WAITING = {"umum": 4, "gigi": 1}


def main() -> None:
    """Make the house, register the visits, record the words."""
    seed.main()
    django.setup()
    from simpul.foundation.staff.models import Account
    from simpul.foundation.staff.selectors import get_actor
    from simpul.service.distribution.services import register_visit
    from simpul.service.patients.models import Patient
    from simpul.service.registration.services import VisitWish

    desk = get_actor(Account.objects.get(username="loket1").id)
    assert desk is not None
    grown = iter(Patient.objects.filter(mrn__gt="000008").order_by("mrn")[:9])
    for unit, count in WAITING.items():
        for _ in range(count):
            wish = VisitWish(patient_id=next(grown).id, unit=unit, override_reason="uji")
            register_visit(wish, by=desk)
    _record()


def _record() -> None:
    from simpul.service.distribution.calling.voice import file_name, folder
    from simpul.service.distribution.calling.waves import Sound, write_sound

    words = ["nomor", "antrean", "a", "c", "satu", "dua", "tiga", "empat", "menuju", "poli"]
    samples = (int(9_000 * math.sin(math.tau * 440 * n / 22_050)) for n in range(1_500))
    sound = write_sound(Sound(22_050, array.array("h", samples)))
    (folder() / "rekaman").mkdir(parents=True)
    for word in (*words, "umum", "gigi"):
        (folder() / "rekaman" / file_name(word)).write_bytes(sound)


if __name__ == "__main__":
    main()
