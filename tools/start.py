"""One way in: prepares what a command of Simpul needs, then runs it.

    python tools/start.py demo        a made-up Puskesmas on this computer
    python tools/start.py serve       the real site
    python tools/start.py help        every verb

Standard library only, so that it runs before anything is installed, on Linux and on Windows.
The Makefile calls nothing else. This file must also parse on an old Python, because it is the one
that says which Python is needed; everything that needs a new one is imported after that check.
"""

import os
import shutil
import signal
import subprocess
import sys

OLDEST = (3, 11)
VERBS = (
    ("demo", "Puskesmas contoh dengan data karangan (SIZE=small|medium|large|empty, PORT=8000)"),
    ("demo-district", "Dinas dan tiga Puskesmas contoh, dengan kunjungan karangan (PORT=8000)"),
    ("serve", "situs yang sebenarnya; pilihan diteruskan ke `simpul serve`"),
    ("setup", "siapkan .venv saja; --dev menambahkan alat pengembang"),
    ("test", "semua uji, pada SQLite dan PostgreSQL; pilihan diteruskan ke pytest"),
    ("check", "bentuk, kaidah, tipe, lapisan, templat, migrasi, terjemahan, dokumen"),
    ("fix", "rapikan apa yang dapat dirapikan sendiri"),
    ("bench", "ukur anggaran waktu (benchmarks/)"),
    ("screenshots", "buat ulang gambar untuk README dari uji peramban"),
    ("messages", "kumpulkan kalimat antarmuka ke simpul/locale dan susun .mo"),
    ("lock", "kunci ulang requirements/*.lock dari *.in (memerlukan uv)"),
)


def use_a_new_enough_python():
    """Go on with a newer Python where this one is too old, or say which one is needed."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(14, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        # The name alone may be an empty shim of a version manager: see whether it starts.
        if newer and os.name != "nt" and subprocess.call([newer, "-c", ""], stderr=-3) == 0:
            os.execv(newer, [newer, __file__, *sys.argv[1:]])  # noqa: S606 - no shell is wanted
    needed, here = ".".join(map(str, OLDEST)), sys.version.split()[0]
    sys.exit(
        f"Simpul memerlukan Python {needed} atau lebih baru; yang dipakai sekarang {here}.\n"
        "Belum ada yang diubah. Pasang Python yang lebih baru, lalu ulangi perintah ini.\n"
        f"Simpul needs Python {needed} or newer; this one is {here}. Nothing was changed."
    )


def show_verbs():
    """List every verb with one line about it."""
    print("python tools/start.py PERINTAH [pilihan]\n")
    for verb, what in VERBS:
        print(f"  {verb:<13} {what}")


def main(arguments):
    """Run one verb and give back its exit status."""
    verb, rest = (arguments[0] if arguments else "help"), list(arguments[1:])
    if verb in ("help", "-h", "--help"):
        show_verbs()
        return 0
    if verb not in dict(VERBS):
        print(f"Perintah '{verb}' tidak dikenal. Yang ada:\n", file=sys.stderr)
        show_verbs()
        return 2
    use_a_new_enough_python()
    import verbs

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    try:
        return getattr(verbs, verb.replace("-", "_"))(rest)
    except KeyboardInterrupt:
        print("\nDihentikan. · Stopped.", file=sys.stderr)
        return 130
    except verbs.Stop as reason:
        print("\n" + str(reason), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
