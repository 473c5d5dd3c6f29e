"""From what went wrong to sentences: what happened, what is safe, what to do."""

import errno

from simpul.foundation.core.errors import SimpulError

_NOT_PREPARED = ("no such table", "does not exist", "no such column")


def explain(trouble: Exception) -> tuple[str, list[str]]:
    """Return a stable code and the sentences for a person."""
    if isinstance(trouble, SimpulError):
        return trouble.code, [
            trouble.message,
            *(f"  {p.where}: {p.message}" for p in trouble.errors),
        ]
    text = str(trouble).splitlines()[0] if str(trouble) else ""
    if isinstance(trouble, OSError):
        return _of_system(trouble)
    if type(trouble).__module__.startswith(("django.db", "sqlite3", "psycopg")):
        return _of_database(text)
    return "unexpected", [
        f"Berhenti karena hal yang tidak terduga ({type(trouble).__name__}: {text}).",
        "Data yang sudah tersimpan aman. Jalankan lagi dengan SIMPUL_DEBUG=1 untuk rinciannya.",
    ]


def _of_system(trouble: OSError) -> tuple[str, list[str]]:
    where = f" ({trouble.filename})" if trouble.filename else ""
    if trouble.errno == errno.ENOSPC:
        return "storage_full", [
            f"Penyimpanan penuh{where}. Data yang sudah tersimpan aman; "
            "kosongkan ruang, lalu ulangi."
        ]
    if trouble.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "no_access", [
            f"Tidak boleh menulis di sana{where}. Periksa pemilik folder SIMPUL_DATA, lalu ulangi."
        ]
    return "system", [
        f"Sistem menolak: {trouble.strerror or trouble}{where}. Belum ada yang diubah."
    ]


def _of_database(text: str) -> tuple[str, list[str]]:
    low = text.lower()
    if any(sign in low for sign in _NOT_PREPARED):
        return "not_migrated", [
            "Basis data belum disiapkan atau dari versi lain. Jalankan dahulu: simpul migrate"
        ]
    if "full" in low or "no space" in low:
        return "storage_full", [
            "Penyimpanan penuh. Data yang sudah tersimpan aman; kosongkan ruang, lalu ulangi."
        ]
    if "malformed" in low or "not a database" in low:
        return "damaged", [
            "Berkas basis data rusak atau bukan basis data. Jangan dihapus: salin dahulu folder "
            "SIMPUL_DATA, lalu pulihkan dari cadangan."
        ]
    return "database", [
        f"Basis data tidak dapat dipakai: {text}.",
        "Belum ada yang diubah. Periksa SIMPUL_DATA atau SIMPUL_DATABASE_URL, lalu ulangi.",
    ]
