"""A small Puskesmas for the journeys: its people with known log-ins, and patients to look for.

Run as a program of its own against the data folder of the environment, like a site's first day.
"""

import django

PASSWORD = "rahasia-uji-1"
#: username: name, role, units
STAFF = {
    "loket1": ("Rina Wulandari", "pendaftaran", ()),
    "loket2": ("Yuni Astuti", "pendaftaran", ()),
    "dokter": ("dr. Hana Prameswari", "dokter", ("umum", "lansia")),
    "perawat": ("Ns. Dewi Anggraini", "perawat", ("umum",)),
    "gigi": ("drg. Tono Wibisono", "dokter_gigi", ("gigi",)),
    "bidan": ("Bd. Wati Rahayu", "bidan", ("kia",)),
    "rekam": ("Sri Handayani", "perekam_medis", ()),
    "kepala": ("dr. Bambang Sutejo", "kepala", ()),
    "teknisi": ("Joko Susilo", "petugas_it", ()),
}
#: name, birth date, sex, NIK, BPJS number, mother
PATIENTS = (
    ("SITI AMINAH", "12031985", "female", "3509195203850001", "0001234567801", "MARYAM"),
    ("SITI AMINAR", "12031985", "female", "", "0001234567802", "MARYAMAH"),
    ("SITI AMINAH", "12031958", "female", "", "", "SULASTRI"),
    ("BUDI SANTOSO", "04071957", "male", "3509190407570001", "0001234567803", "PONIRAH"),
    ("RATNA DEWI KUSUMANINGTYAS WULANDARI", "01021990", "female", "", "", "SRI WAHYUNI"),
    ("ASEP", "10102018", "male", "", "", "EUIS"),
    ("RADEN AYU SITI NURHALIZAH KUSUMANINGRUM WULANDARI SASTRODIMEDJO PUTRI", "05051970", "female",
     "", "", "KANJENG RADEN AYU SUMARTINAH RETNONINGSIH"),
    ("SLAMET RIYADI", "03031975", "male", "", "", "PARTINI"),
    ("SLAMET RIADI", "04041976", "male", "", "", "SUKINEM"),
    ("AGUS SALIM", "10051980", "male", "", "", "TUMINAH"),
    ("DWI LESTARI", "11051980", "female", "", "", "KASIYEM"),
    ("HERMAN EFENDI", "12051980", "male", "", "", "NGATMI"),
    ("NURUL HIDAYATI", "13051980", "female", "", "", "SUPARTI"),
    ("PAINEM", "14051980", "female", "", "", "WAGIYEM"),
    ("JOKO PURWANTO", "15051980", "male", "", "", "LASTRI"),
    ("YULIANA SAFITRI", "16051980", "female", "", "", "ENDANG"),
    ("MISBAHUL MUNIR", "17051980", "male", "", "", "HALIMAH"),
    ("TRI WAHYUDI", "18051980", "male", "", "", "SUNDARI"),
    ("KUSNADI", "19051980", "male", "", "", "JUMIATI"),
    ("FITRIA RAMADHANI", "20051980", "female", "", "", "ROHMAH"),
    ("BAGAS PRATAMA", "21051980", "male", "", "", "WIWIK"),
    ("ENDAH KARTIKA", "22051980", "female", "", "", "GINEM"),
    ("ZAINAL ABIDIN", "23051980", "male", "", "", "MUTMAINAH"),
    ("LARASATI", "24051980", "female", "", "", "TUTIK"),
)  # fmt: skip


def main() -> None:
    """Make the house, its people and its patients."""
    django.setup()
    from simpul.foundation.administration.services import (
        NewAccount,
        open_account,
        set_up_facility,
    )
    from simpul.foundation.staff.selectors import get_actor
    from simpul.service.patients.inputs import PatientInput
    from simpul.service.patients.services import note_allergy, register_patient

    set_up_facility("Puskesmas Kenanga")
    for username, (name, role, units) in STAFF.items():
        account = open_account(
            NewAccount(name=name, username=username, password=PASSWORD, roles=(role,), units=units)
        )
        if username == "loket1":
            registrar = get_actor(account.id)
        if username == "perawat":
            nurse = get_actor(account.id)
    assert registrar is not None
    assert nurse is not None
    for name, birth_date, sex, nik, bpjs, mother in PATIENTS:
        made = register_patient(
            by=registrar,
            typed=PatientInput(
                name=name,
                birth_date=birth_date,
                sex=sex,
                nik=nik,
                bpjs_number=bpjs,
                mother_name=mother,
                village="Sabrang",
                rt="03",
                rw="02",
            ),
            confirm_new="orang uji",
        )
        if name == "SITI AMINAH" and nik:
            note_allergy(
                made.patient.id, by=nurse, substance="Penisilin", reaction="gatal", noted_year=2021
            )


if __name__ == "__main__":
    main()
