"""`simpul certificate`: the house's own certificates, shown and made anew."""

import argparse
from pathlib import Path
from typing import Any

from simpul.cli.output import give, say


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "certificate",
        help="sertifikat https server ini",
        description=(
            "Sertifikat dibuat sendiri oleh `simpul serve` di folder tls dari data. Komputer lain\n"
            "memasangnya satu kali lewat halaman /pasang-sertifikat."
        ),
    )
    acts = reader.add_subparsers(title="tindakan", metavar="TINDAKAN", dest="act", required=True)
    show = acts.add_parser("show", help="tampilkan sidik jari, alamat, dan masa berlaku")
    show.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    show.set_defaults(run=run_show)
    renew = acts.add_parser("renew", help="buat lagi sertifikat server")
    renew.add_argument(
        "--authority",
        action="store_true",
        help="buat juga induknya; sesudahnya setiap komputer harus memasang lagi",
    )
    renew.add_argument("--json", action="store_true", help="jawaban sebagai JSON")
    renew.set_defaults(run=run_renew)


def run_show(given: argparse.Namespace) -> int:
    """Show what there is."""
    from simpul.cli.certificates import site_folder

    return _tell(site_folder(), as_json=given.json)


def run_renew(given: argparse.Namespace) -> int:
    """Make the server's certificate (and the authority) anew."""
    from simpul.cli.certificates import renew, site_folder

    data = site_folder()
    renew(data, authority=given.authority)
    status = _tell(data, as_json=given.json)
    if not given.json:
        say("Mulai lagi `simpul serve` agar sertifikat baru dipakai.")
        if given.authority:
            say("Pasang lagi sertifikat di setiap komputer: halaman /pasang-sertifikat.")
    return status


def _tell(data: Path, *, as_json: bool) -> int:
    from simpul.cli.certificates import files_in, read_facts

    facts = read_facts(data)
    if facts is None:
        sentence = "Belum ada sertifikat. `simpul serve` membuatnya saat pertama dijalankan."
        if as_json:
            give({"ok": False, "code": "certificate_missing", "message": sentence})
        else:
            say(sentence)
        return 1
    if as_json:
        give(
            {
                "ok": True,
                "fingerprint": facts.fingerprint,
                "authority_file": str(files_in(data).authority),
                "authority_ends": facts.authority_ends.isoformat(),
                "server_ends": facts.server_ends.isoformat(),
                "days_left": facts.days_left,
                "names": list(facts.names),
                "addresses": list(facts.addresses),
                "missing": list(facts.missing),
            }
        )
        return 0
    print(f"Sidik jari SHA-256  {facts.fingerprint}")
    print(f"Berkas untuk dipasang  {files_in(data).authority}")
    print(f"Berlaku sampai  {facts.server_ends:%d-%m-%Y} (induk {facts.authority_ends:%d-%m-%Y})")
    print(f"Alamat  {', '.join((*facts.names, *facts.addresses))}")
    if facts.missing:
        say(
            f"Belum termasuk: {', '.join(facts.missing)}. `simpul serve` membuatnya lagi saat "
            "dijalankan."
        )
    return 0
