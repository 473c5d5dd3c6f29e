"""Social data as codes with Indonesian labels: occupation, education, religion, marital status.

Permenkes 24/2022 art. 14 asks for these four. Education, religion and marital status carry the
codes of the patient record (a test keeps them equal); the list of occupations is ours, and the
record stores its label as text.
"""

from django.utils.translation import gettext_lazy as _

OCCUPATIONS = {
    "none": _("Tidak bekerja"),
    "preschool": _("Belum sekolah"),
    "pupil": _("Pelajar/mahasiswa"),
    "homemaker": _("Mengurus rumah tangga"),
    "farmer": _("Petani"),
    "farm-labourer": _("Buruh tani"),
    "plantation-labourer": _("Buruh kebun"),
    "tobacco-worker": _("Pekerja gudang tembakau"),
    "fisher": _("Nelayan"),
    "livestock-keeper": _("Peternak"),
    "trader": _("Pedagang"),
    "self-employed": _("Wiraswasta"),
    "employee": _("Karyawan swasta"),
    "factory-worker": _("Buruh pabrik"),
    "builder": _("Tukang bangunan"),
    "driver": _("Sopir/ojek"),
    "teacher": _("Guru/dosen"),
    "civil-servant": _("Pegawai negeri"),
    "village-official": _("Perangkat desa"),
    "religious-teacher": _("Guru mengaji"),
    "migrant-worker": _("Pekerja migran"),
    "domestic-worker": _("Asisten rumah tangga"),
    "retired": _("Pensiunan"),
    "other": _("Lainnya"),
}

EDUCATION_LEVELS = {
    "none": _("Tidak sekolah"),
    "primary": _("SD"),
    "junior": _("SMP"),
    "senior": _("SMA/SMK"),
    "diploma": _("Diploma"),
    "bachelor": _("Sarjana"),
    "postgraduate": _("Pascasarjana"),
}

RELIGIONS = {
    "islam": _("Islam"),
    "protestant": _("Kristen"),
    "catholic": _("Katolik"),
    "hindu": _("Hindu"),
    "buddhist": _("Buddha"),
    "confucian": _("Khonghucu"),
    "belief": _("Kepercayaan"),
}

MARITAL_STATUSES = {
    "single": _("Belum kawin"),
    "married": _("Kawin"),
    "divorced": _("Cerai hidup"),
    "widowed": _("Cerai mati"),
}
