"""`simpul sync`: the line from this server to the Dinas."""

import argparse
from pathlib import Path
from typing import Any

from simpul.cli.output import busy, give, say

#: `once` ends with this when not everything went, or something waits for a person.
UNFINISHED = 1
MOST_STEPS = 100_000


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "sync",
        help="hubungan ke Dinas: keadaan, kirim sekarang, daftar, berkas USB",
        description=(
            "Yang ditulis di sini dikirim sendiri ke Dinas oleh `simpul serve`. Perintah ini\n"
            "untuk melihat keadaannya, mengirim sekarang, mendaftar, atau membawa berkas lewat USB."
        ),
    )
    acts = reader.add_subparsers(title="perintah", metavar="PERINTAH", required=True)
    status = acts.add_parser(
        "status",
        help="apa yang sudah dan belum diterima Dinas",
        description="Menampilkan yang sudah dan belum diterima Dinas. Tidak mengubah apa pun.",
    )
    status.set_defaults(run=show)
    once = acts.add_parser(
        "once",
        help="kirim semua yang menunggu, sekarang",
        description="Mengirim semua yang menunggu tanpa memberi jalan kepada loket, lalu selesai.",
    )
    once.set_defaults(run=send_now)
    enrol = acts.add_parser(
        "enrol",
        help="daftarkan server ini ke Dinas",
        description=(
            "Mendaftarkan server ini ke Dinas dengan kode dari petugas Dinas. Di server baru yang\n"
            "masih kosong, kode pengganti membuat server ini menjadi Puskesmas itu dan datanya\n"
            "diambil kembali dari Dinas."
        ),
    )
    enrol.add_argument("code", metavar="KODE", help="kode sekali pakai dari Dinas")
    enrol.add_argument("--hub", metavar="ALAMAT", required=True, help="https://… server Dinas")
    enrol.add_argument(
        "--ca",
        metavar="BERKAS",
        type=Path,
        help="percaya hanya pada sertifikat induk ini (PEM), bila Dinas memakai buatan sendiri",
    )
    enrol.set_defaults(run=enrol_here)
    export = acts.add_parser(
        "export",
        help="tulis kiriman ke berkas untuk USB",
        description=(
            "Menulis semua yang belum diterima Dinas ke satu berkas yang hanya terbuka di Dinas.\n"
            "Bawa ke Dinas; jawabannya dibawa kembali dan dibaca dengan: simpul sync import BERKAS"
        ),
    )
    export.add_argument("file", metavar="BERKAS", type=Path, help="berkas baru, atau folder USB")
    export.set_defaults(run=write_file)
    bring = acts.add_parser(
        "import",
        help="baca berkas dari USB",
        description=(
            "Di Dinas: membaca kiriman Puskesmas dan menulis berkas jawaban di sebelahnya.\n"
            "Di Puskesmas: membaca jawaban Dinas. Diulang pun aman."
        ),
    )
    bring.add_argument("file", metavar="BERKAS", type=Path, help="berkas dari USB")
    bring.set_defaults(run=read_file)
    for one in (status, once, enrol, export, bring):
        one.add_argument("--json", action="store_true", help="jawaban sebagai JSON")


def _load() -> None:
    from simpul.cli.preparing import load_django

    load_django()


def show(given: argparse.Namespace) -> int:
    """Say where the conversation stands."""
    _load()
    facts = _facts()
    if given.json:
        give(facts)
        return 0
    if not facts["enrolled"]:
        say("Server ini belum terdaftar di Dinas. Mendaftar: simpul sync enrol KODE --hub ALAMAT")
        return 0
    print(f"Dinas: {facts['hub']} ({facts['url']})")
    if facts["waiting"]:
        since = facts["waiting_since"]
        older = f", tertua {since:%Y-%m-%d %H.%M} UTC" if since else ""
        print(f"Menunggu dikirim: {facts['waiting']} catatan{older}")
    else:
        print("Semua yang ditulis di sini sudah diterima Dinas.")
    if facts["parked"]:
        print(f"Menunggu di Dinas untuk diperiksa: {facts['parked']}")
    if facts["line"]["sentence"]:
        print(facts["line"]["sentence"])
    return 0


def _facts() -> dict[str, Any]:
    from dataclasses import asdict

    from simpul.exchange.sync.link import read_hub, read_line
    from simpul.exchange.sync.selectors import standing

    hub, place, line = read_hub(), standing(), read_line()
    return {
        "enrolled": hub is not None,
        "hub": hub.name if hub else "",
        "url": hub.url if hub else "",
        "waiting": place.waiting,
        "waiting_since": place.waiting_since,
        "acked_at": place.acked_at,
        "parked": place.parked,
        "stopped": place.stopped,
        "returning": place.returning,
        "line": {**asdict(line), "sentence": line.sentence},
    }


def send_now(given: argparse.Namespace) -> int:
    """Send until nothing waits, or until something is in the way."""
    _load()
    from django.conf import settings

    from simpul.exchange.sync.enrolment import require_hub
    from simpul.exchange.sync.sending import Sender

    require_hub()
    sender = Sender(folder=Path(settings.DATA), gives_way=False)
    with busy("Mengirim ke Dinas …"):
        sender.drain(most_steps=MOST_STEPS)
    facts = _facts()
    is_done = not facts["waiting"] and facts["line"]["state"] == "good"
    if given.json:
        give({"ok": is_done, **facts})
    elif is_done:
        say("Semua yang ditulis di sini sudah diterima Dinas.")
    else:
        say(f"Masih menunggu: {facts['waiting']} catatan. {facts['line']['sentence']}".strip())
    return 0 if is_done else UNFINISHED


def enrol_here(given: argparse.Namespace) -> int:
    """Enrol this installation."""
    _load()
    from simpul.cli.preparing import apply_migrations
    from simpul.exchange.sync.enrolment import enrol
    from simpul.foundation.core.errors import Refused

    authority = ""
    if given.ca is not None:
        authority = given.ca.read_text(encoding="ascii", errors="replace")
        if "BEGIN CERTIFICATE" not in authority:
            raise Refused(
                f"{given.ca} bukan sertifikat (PEM). Belum ada yang diubah.", "ca_refused"
            )
    apply_migrations()
    with busy("Mendaftar ke Dinas …"):
        hub = enrol(given.code, given.hub, authority=authority)
    if given.json:
        give({"ok": True, "hub": hub.name, "url": hub.url})
    else:
        say(f"Terdaftar di {hub.name}. Pengiriman berjalan sendiri dalam satu menit.")
    return 0


def write_file(given: argparse.Namespace) -> int:
    """Write what waits into a sealed file."""
    _load()
    from simpul.exchange.sync.carrying import write_shipment

    path, count = write_shipment(given.file)
    if given.json:
        give({"ok": True, "file": str(path) if path else None, "changes": count})
    elif path is None:
        say("Tidak ada yang menunggu; semua sudah diterima Dinas. Berkas tidak dibuat.")
    else:
        say(f"{count} catatan ditulis ke {path}. Bawa ke Dinas; hanya Dinas yang dapat membukanya.")
    return 0


def read_file(given: argparse.Namespace) -> int:
    """Read a shipment (at the hub) or its answer (at a facility)."""
    _load()
    from simpul.exchange.sync.sealing import ANSWER_SUFFIX

    content = given.file.read_bytes()
    if given.file.suffix == ANSWER_SUFFIX:
        from simpul.exchange.sync.carrying import take_answer

        count = take_answer(content)
        if given.json:
            give({"ok": True, "acked": count})
        else:
            say(f"Jawaban Dinas dibaca: diterima sampai nomor {count}.")
        return 0
    from django.conf import settings

    from simpul.exchange.hub.carrying import take_shipment
    from simpul.foundation.core.errors import Refused

    if settings.SIMPUL_ROLE != "hub":
        raise Refused(
            "Ini berkas kiriman, dan hanya Dinas yang dapat membacanya. Tidak ada yang diubah.",
            "not_a_hub",
        )
    taken = take_shipment(content)
    answer = given.file.with_suffix(ANSWER_SUFFIX)
    answer.write_bytes(taken.answer)
    if given.json:
        give({"ok": taken.is_whole, "node": taken.node, "ack": taken.ack, "answer": str(answer)})
    else:
        say(f"Diterima sampai nomor {taken.ack}. Bawa {answer} kembali ke Puskesmas itu.")
        if not taken.is_whole:
            say(f"Tidak semuanya masuk ({taken.why}); jawaban itu memberi tahu dari mana diulang.")
    return 0 if taken.is_whole else UNFINISHED
