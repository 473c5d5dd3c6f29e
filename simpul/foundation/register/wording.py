"""The fields of the register in words: on pages, in files, in refusals."""

from django.utils.translation import gettext_lazy as _

FIELD_NAMES = {
    "facility": _("Fasilitas"),
    "number": _("NIP/nomor"),
    "name": _("Nama"),
    "profession": _("Profesi"),
    "education": _("Pendidikan"),
    "employment": _("Status kepegawaian"),
    "is_trained": _("Sudah dilatih"),
    "trainings": _("Pelatihan"),
    "started_on": _("Mulai bekerja"),
    "contract_ends_on": _("Akhir kontrak"),
    "birth_year": _("Tahun lahir"),
    "units": _("Unit"),
    "lock": _("Tidak dapat dipindah"),
    "lock_until": _("Terikat sampai"),
    "note": _("Catatan"),
    "practitioner_id": _("Akun"),
}
