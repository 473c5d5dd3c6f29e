"""The help package: what somebody far away needs to see, and nothing about any patient.

What the doctor says, which versions run, and the kept log, which was written without values in the
first place (`simpul.config.kept_log`). No table of the database is read for it but those of facts.
"""

import io
import json
import platform
import sqlite3
import sys
import zipfile
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.utils.translation import override

from simpul import __version__
from simpul.cli.checkup.facts import look
from simpul.config.kept_log import read_lines
from simpul.foundation.core.clock import now

README = """Paket bantuan Simpul

keadaan.json   jawaban pemeriksaan kesehatan server (seperti `simpul doctor`)
versi.json     versi program dan basis data
catatan.log    catatan program: waktu, bagian, jenis kejadian; tanpa isi

Paket ini tidak memuat nama, NIK, nomor RM, atau isi rekam pasien mana pun.
"""


def make_package() -> bytes:
    """Return the zip."""
    buffer = io.BytesIO()
    with override("id"), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("baca-saya.txt", README)
        package.writestr("keadaan.json", _json([one.as_data() for one in look()]))
        package.writestr("versi.json", _json(versions()))
        package.writestr("catatan.log", "\n".join(read_lines(Path(settings.DATA) / "log")) + "\n")
    return buffer.getvalue()


def versions() -> dict[str, Any]:
    """Return which programs run."""
    return {
        "at": now().isoformat(timespec="seconds"),
        "simpul": __version__,
        "role": settings.SIMPUL_ROLE,
        "python": sys.version.split()[0],
        "django": django.get_version(),
        "database": connection.vendor,
        "sqlite": sqlite3.sqlite_version,
        "system": platform.platform(),
    }


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, default=str)
