"""The `simpul` command.

Each command is a module of `commands` with `describe(add)`, which says in Indonesian what it does
and takes, and `run(given)`, which does it and returns the exit status: 0 done, 1 refused or
failed, 2 not understood. Django is loaded only by a command that runs, so that help comes at once.
"""

import json
import os
import sys
from collections.abc import Sequence

from simpul import __version__
from simpul.cli.commands import (
    account,
    allocation,
    backup,
    certificate,
    cpi,
    demo,
    demo_district,
    distribution,
    doctor,
    gap,
    hub,
    import_,
    journal,
    manage,
    migrate,
    move_database,
    pairs,
    restore,
    serve,
    sync,
    token,
    wisn,
    worker,
)
from simpul.cli.wording import Reader

SETTINGS = "simpul.config.settings"
COMMANDS = (
    serve,
    worker,
    migrate,
    demo,
    demo_district,
    sync,
    hub,
    account,
    token,
    journal,
    doctor,
    backup,
    restore,
    move_database,
    certificate,
    gap,
    distribution,
    import_,
    pairs,
    wisn,
    cpi,
    allocation,
)
STOPPED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if words[:1] == ["manage"]:  # for developers; not in the help
        return manage.run(words[1:])
    reader = _reader()
    if not words:
        reader.print_help()
        return 2
    try:
        given = reader.parse_args(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    return _run(given)


def _reader() -> Reader:
    reader = Reader(
        prog="simpul",
        description="Simpul: sistem informasi Puskesmas.",
        epilog=(
            "Bantuan satu perintah: simpul PERINTAH --help\n"
            "Data disimpan di folder SIMPUL_DATA (bawaan: ./data)."
        ),
    )
    reader.add_argument(
        "--version", action="version", version=f"simpul {__version__}", help="tampilkan versi"
    )
    commands = reader.add_subparsers(
        title="perintah", metavar="PERINTAH", dest="command", required=True
    )
    for command in COMMANDS:
        command.describe(commands)
    return reader


def _run(given: object) -> int:
    debug = os.environ.get("SIMPUL_DEBUG", "").strip().lower() in {"1", "true", "yes", "ya"}
    try:
        status: int = given.run(given)  # type: ignore[attr-defined]
    except KeyboardInterrupt:
        print("\nDihentikan.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except Exception as trouble:
        if debug:
            raise
        return _tell(trouble, as_json=getattr(given, "json", False))
    return status


def _tell(trouble: Exception, *, as_json: bool) -> int:
    """Say what happened in sentences; as JSON as well where data was asked for."""
    from simpul.cli.troubles import explain

    code, sentences = explain(trouble)
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    if as_json:
        print(json.dumps({"ok": False, "code": code, "message": sentences[0]}, ensure_ascii=False))
    return 1
