"""What the journal says, in the words of the house."""

from django.utils.translation import gettext_lazy as _

#: Act of the journal → what a person reads. An act that is missing here shows its code.
ACTS = {
    "set-up": _("menyiapkan Puskesmas"),
    "patient-registered": _("mendaftarkan pasien baru"),
    "patient-corrected": _("memperbaiki data pasien"),
    "distributed": _("mengirim rekam kunjungan ke unit"),
    "resent": _("mengirim ulang ke layar unit"),
    "shown": _("rekam tampil di layar unit"),
    "opened": _("membuka rekam di unit"),
    "called": _("memanggil pasien"),
    "skipped": _("melewati nomor"),
    "no-show": _("mencatat pasien tidak hadir"),
    "returned-to-queue": _("mengembalikan ke antrean"),
    "returned-by-undo": _("mengembalikan ke antrean semula"),
    "started": _("mulai melayani"),
    "finished": _("selesai melayani"),
    "redirected": _("mengalihkan ke unit lain"),
    "undone": _("mengurungkan pendaftaran"),
    "cancelled": _("membatalkan kunjungan"),
    "written": _("menulis di rekam"),
    "corrected": _("memperbaiki tulisan di rekam"),
    "entered-in-error": _("menandai tulisan sebagai salah tulis"),
    "allergy-noted": _("mencatat alergi"),
    "allergy-none": _("mencatat tidak ada alergi"),
    "closed": _("menutup kunjungan"),
    "record-complete": _("rekam dinyatakan lengkap"),
    "record-incomplete": _("rekam dinyatakan belum lengkap"),
    "record-mended": _("rekam dilengkapi"),
    "returned": _("mengembalikan rekam ke poli"),
    "filed": _("menyimpan rekam"),
    "file-sent": _("mengirim berkas"),
    "file-received": _("menerima berkas"),
    "file-stored": _("menyimpan berkas di rak"),
    "file-shelf": _("mengubah letak rak"),
    "read": _("membuka"),
    "account-opened": _("membuat akun"),
    "account-closed": _("menutup akun"),
    "account-reopened": _("membuka lagi akun"),
    "password-set": _("mengganti PIN akun"),
    "own-password-set": _("mengganti PIN sendiri"),
    "roles-changed": _("mengubah peran akun"),
    "token-created": _("membuat token program"),
    "token-revoked": _("mencabut token program"),
    "unit-changed": _("mengubah unit"),
    "facility-changed": _("mengubah data Puskesmas"),
    "rule-changed": _("mengubah aturan kelengkapan"),
    "journal-checked": _("memeriksa keutuhan jurnal"),
    "study-created": _("membuat studi WISN"),
    "study-saved": _("menyimpan versi studi WISN"),
    "study-described": _("mengubah keterangan studi WISN"),
    "study-archived": _("mengarsipkan studi WISN"),
    "study-reopened": _("mengeluarkan studi WISN dari arsip"),
    "scenario-saved": _("menyimpan skenario perencanaan"),
    "scenario-renamed": _("mengganti nama skenario"),
    "scenario-archived": _("mengarsipkan skenario"),
    "scenario-reopened": _("mengeluarkan skenario dari arsip"),
    "regions-imported": _("memasukkan batas wilayah"),
    "populations-imported": _("memasukkan penduduk desa"),
    "village-matched": _("mencocokkan nama desa"),
    "staff-added": _("menambah orang ke daftar tenaga"),
    "staff-changed": _("mengubah data tenaga"),
    "staff-moved": _("mencatat perpindahan tenaga"),
    "staff-left": _("mencatat tenaga keluar"),
    "staff-imported": _("memasukkan daftar tenaga"),
    "facility-added": _("menambah fasilitas"),
    "facility-profile-changed": _("mengubah data perencanaan fasilitas"),
    "unit-time-set": _("menetapkan waktu kegiatan"),
    "observed-activity-saved": _("menyimpan kegiatan pengamatan"),
    "observation-saved": _("mengirim pengamatan waktu"),
}

#: What was opened (`subject` of the act `read`).
READINGS = {
    "record": _("rekam kunjungan"),
    "history": _("riwayat kunjungan"),
    "journal": _("jurnal pasien ini"),
    "access-report": _("laporan akses pasien ini"),
}

#: Acts that concern the house rather than a patient.
HOUSE_ACTS = (
    "set-up",
    "account-opened",
    "account-closed",
    "account-reopened",
    "password-set",
    "own-password-set",
    "roles-changed",
    "token-created",
    "token-revoked",
    "unit-changed",
    "facility-changed",
    "rule-changed",
    "journal-checked",
    "regions-imported",
    "populations-imported",
    "village-matched",
    "staff-added",
    "staff-changed",
    "staff-moved",
    "staff-left",
    "staff-imported",
    "facility-added",
    "facility-profile-changed",
    "unit-time-set",
    "observed-activity-saved",
)


def act_text(act: str, subject: str = "") -> str:
    """Return an act in Indonesian words; of a reading, what was read."""
    words = str(ACTS.get(act, act))
    if act == "read":
        return f"{words} {READINGS.get(subject, READINGS['record'])}"
    return words
