"""What is said when the line to the Dinas fails: what happened, what is safe, what to do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: What stops until a person acts.
STOPS = {
    "suspect": gettext_lazy(
        "Dinas menahan kiriman karena tampak ada dua server dengan identitas Puskesmas ini. Semua "
        "data aman di sini. Hubungi petugas Dinas agar memutuskan."
    ),
    "revoked": gettext_lazy(
        "Dinas mencabut izin server ini untuk mengirim. Semua data aman di sini. Hubungi petugas "
        "Dinas; bila server ini memang dipakai, minta kode pendaftaran baru."
    ),
    "node": gettext_lazy(
        "Dinas tidak mengenal server ini. Semua data aman di sini. Minta kode pendaftaran dari "
        "Dinas, lalu jalankan: simpul sync enrol KODE --hub ALAMAT."
    ),
    "signature": gettext_lazy(
        "Dinas tidak dapat memeriksa tanda tangan server ini. Semua data aman di sini. Minta kode "
        "pendaftaran baru dari Dinas."
    ),
    "upgrade": gettext_lazy(
        "Versi Simpul di sini terlalu lama bagi Dinas. Semua data aman di sini dan dikirim sesudah "
        "Simpul diperbarui."
    ),
    "pruned": gettext_lazy(
        "Dinas meminta catatan lama yang sudah tidak disimpan di sini. Semua data aman. Hubungi "
        "petugas IT Dinas."
    ),
    "not-a-hub": gettext_lazy(
        "Yang menjawab di alamat Dinas bukan server Dinas. Semua data aman di sini. Periksa "
        "alamatnya dengan petugas Dinas."
    ),
}
#: What time mends, by the reason why there was no answer.
CAUSES = {
    "route": gettext_lazy("Server Dinas tidak dapat dihubungi dari sini."),
    "name": gettext_lazy("Alamat server Dinas tidak dikenal; internet mungkin putus."),
    "certificate": gettext_lazy("Sertifikat server Dinas tidak dapat dipercaya."),
    "line": gettext_lazy("Hubungan ke Dinas terputus di tengah jalan."),
    "answer": gettext_lazy("Yang menjawab di alamat Dinas bukan server Simpul."),
}
HUB_BUSY = gettext_lazy("Server Dinas sedang sibuk atau dalam perbaikan.")


def cause_of(why: str) -> str:
    """Return in one sentence why there was no answer."""
    return str(CAUSES.get(why, HUB_BUSY))


def sentence_of(state: str, why: str) -> str:
    """Return what to tell people about a line in this state; nothing about a good one."""
    if state == "stopped":
        known = STOPS.get(why)
        return (
            str(known)
            if known is not None
            else _(
                "Dinas menolak kiriman (%(why)s). Semua data aman di sini. Beri tahu petugas IT, "
                "dan sebutkan kata dalam kurung itu."
            )
            % {"why": why}
        )
    if state == "broken":
        return _("%(cause)s Semua data aman di sini dan dikirim sendiri begitu tersambung.") % {
            "cause": cause_of(why)
        }
    return ""
