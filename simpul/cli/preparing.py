"""Getting Django, the tables and the static files ready, and nothing that is ready already."""

import hashlib
from pathlib import Path

from simpul import __version__
from simpul.cli.output import say
from simpul.foundation.core.errors import Conflict

STAMP = "static.stamp"
#: Files of libraries that no page of ours names.
NOT_SERVED = ["django_htmx"]


def load_django() -> None:
    """Load the program's parts."""
    import django

    django.setup()
    from django.conf import settings

    from simpul.foundation.backups.replacing import finish_interrupted

    if finish_interrupted(Path(settings.DATA)):
        say("Pemulihan yang terputus sudah diselesaikan.")


def apply_migrations() -> int:
    """Bring the tables to this version; returns how many steps that took."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    _refuse_half_moved()
    executor = MigrationExecutor(connection)
    loader = executor.loader
    ours = {label for label, _name in loader.disk_migrations}
    newer = [
        key
        for key in loader.applied_migrations
        if key[0] in ours and key not in loader.disk_migrations
    ]
    if newer:
        names = ", ".join(f"{label}.{name}" for label, name in sorted(newer)[:3])
        raise Conflict(
            f"Basis data ini dari versi Simpul yang lebih baru ({names}). Tidak ada yang diubah; "
            "pasang versi yang lebih baru itu, lalu ulangi.",
            "database_newer",
        )
    steps = len(executor.migration_plan(loader.graph.leaf_nodes()))
    if steps:
        say(f"Menyiapkan basis data: {steps} langkah …")
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    _renew_derived()
    _ensure_recovery_key()
    return steps


def _ensure_recovery_key() -> None:
    """Make the recovery key at the first start, and say so until it has been taken away."""
    from django.conf import settings

    from simpul.foundation.backups.keys import ensure_keys, key_state

    data = Path(settings.DATA)
    ensure_keys(data)
    if key_state(data).is_on_server and not settings.SIMPUL_DEMO:
        say(
            "PENTING: kunci pemulihan cadangan masih di server ini. Pindahkan ke flashdisk:\n"
            "  simpul backup key --export FOLDER-FLASHDISK"
        )


def _refuse_half_moved() -> None:
    """What a cut-off move left behind must not be taken for a new house."""
    from simpul.cli.moving.places import is_half_moved

    if is_half_moved():
        raise Conflict(
            "Basis data ini sisa pemindahan yang terputus, jadi tidak dipakai. Data yang asli "
            "masih utuh di tempat lama: ulangi `simpul move-database` dari sana, atau pakai "
            "yang lama.",
            "half_moved",
        )


def _renew_derived() -> None:
    """Make anew what is derived from the rows by rules that this version changed."""
    from simpul.cli.output import progress
    from simpul.planning.workload.tallies import keep_missing_months
    from simpul.service.patients.index import KEYS, renew_index
    from simpul.service.patients.matching.keys import renew_keys

    with progress() as tell:
        renew_index(lambda done, total: tell("Indeks nama", done, total))
        renew_keys(KEYS, lambda done, total: tell("Kunci pencocokan", done, total))
        keep_missing_months(lambda done, most: tell("Beban kerja bulanan", done, most))


def collect_static() -> bool:
    """Copy and compress static files into the data folder when they have changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list(NOT_SERVED), key=lambda found: found[0]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(STAMP)
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest.hexdigest():
        return False
    say("Menyiapkan berkas tampilan …")
    # Names carry the content's digest, so an open page keeps finding the files it was made with.
    call_command(
        "collectstatic",
        verbosity=0,
        interactive=False,
        skip_checks=True,
        ignore_patterns=NOT_SERVED,
    )
    stamp.write_text(digest.hexdigest(), encoding="ascii")
    return True
