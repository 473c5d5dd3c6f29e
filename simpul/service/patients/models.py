"""A patient, their other numbers and allergies, and the index that finds them by name."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel


class Sex(models.TextChoices):
    """Administrative sex (FHIR administrative-gender, the two values of the KTP)."""

    MALE = "male", _("Laki-laki")
    FEMALE = "female", _("Perempuan")


class NoNikReason(models.TextChoices):
    """Why a patient has no NIK here (Permenkes 24/2022 art. 14)."""

    NOT_BROUGHT = "not-brought", _("Tidak membawa identitas")
    NEWBORN = "newborn", _("Bayi baru lahir, memakai NIK ibu")
    FOREIGNER = "foreigner", _("Warga negara asing")
    UNKNOWN = "unknown", _("Identitas tidak dikenal")
    CONFLICT = "conflict", _("NIK tercatat pada orang lain, sedang diperiksa")
    LETTER = "social-letter", _("Surat keterangan dinas sosial")
    NOT_RECORDED = "not-recorded", _("Belum punya KTP")


class Religion(models.TextChoices):
    """Religion as on the KTP."""

    ISLAM = "islam", _("Islam")
    PROTESTANT = "protestant", _("Kristen")
    CATHOLIC = "catholic", _("Katolik")
    HINDU = "hindu", _("Hindu")
    BUDDHIST = "buddhist", _("Buddha")
    CONFUCIAN = "confucian", _("Khonghucu")
    BELIEF = "belief", _("Kepercayaan")


class Education(models.TextChoices):
    """Highest education finished."""

    NONE = "none", _("Tidak sekolah")
    PRIMARY = "primary", _("SD")
    JUNIOR = "junior", _("SMP")
    SENIOR = "senior", _("SMA/SMK")
    DIPLOMA = "diploma", _("Diploma")
    BACHELOR = "bachelor", _("Sarjana")
    POSTGRADUATE = "postgraduate", _("Pascasarjana")


class MaritalStatus(models.TextChoices):
    """Marital status as on the KTP."""

    SINGLE = "single", _("Belum kawin")
    MARRIED = "married", _("Kawin")
    DIVORCED = "divorced", _("Cerai hidup")
    WIDOWED = "widowed", _("Cerai mati")


class Patient(OwnedModel):
    """A person served here: the minimum of Permenkes 24/2022 art. 14 and what finds them again.

    `mrn` is personal and permanent; the folder's place is the filing step's matter.
    """

    mrn = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=20, blank=True)
    birth_date = models.DateField(db_index=True)
    birth_date_estimated = models.BooleanField(default=False)
    sex = models.CharField(max_length=6, choices=Sex.choices)
    nik = models.CharField(max_length=16, blank=True)
    no_nik_reason = models.CharField(max_length=16, choices=NoNikReason.choices, blank=True)
    bpjs_number = models.CharField(max_length=13, blank=True)
    kk_number = models.CharField(max_length=16, blank=True)
    passport = models.CharField(max_length=20, blank=True)
    mother_name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    rt = models.CharField(max_length=3, blank=True)
    rw = models.CharField(max_length=3, blank=True)
    village = models.CharField(max_length=80, blank=True)
    village_code = models.CharField(max_length=13, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    religion = models.CharField(max_length=12, choices=Religion.choices, blank=True)
    occupation = models.CharField(max_length=60, blank=True)
    education = models.CharField(max_length=12, choices=Education.choices, blank=True)
    marital_status = models.CharField(max_length=10, choices=MaritalStatus.choices, blank=True)
    guardian_name = models.CharField(max_length=120, blank=True)
    guardian_relation = models.CharField(max_length=30, blank=True)
    deceased_on = models.DateField(null=True, blank=True)
    is_identity_complete = models.BooleanField(default=True)
    confirmed_new_reason = models.CharField(max_length=120, blank=True)
    registered_at = models.DateTimeField()
    #: Without a NIK: the mother of a newborn (her NIK, her record) and which child of that birth.
    mother_nik = models.CharField(max_length=16, blank=True)
    mother = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    birth_order = models.PositiveSmallIntegerField(null=True, blank=True)
    #: Without a NIK: the number of the letter of the social service (dinas sosial).
    letter_number = models.CharField(max_length=60, blank=True)
    #: The record that a person decided to be the same; see `records` and docs/adr/0015.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )

    patient_field = "id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "mrn"], name="one_patient_a_mrn"),
            models.UniqueConstraint(
                fields=["owner", "nik"],
                # A merged record keeps the number it came with.
                condition=~models.Q(nik="") & models.Q(merged_into__isnull=True),
                name="one_person_a_nik",
            ),
        ]
        indexes = [
            models.Index(fields=["nik"], name="patient_by_nik", condition=~models.Q(nik="")),
            models.Index(
                fields=["bpjs_number"],
                name="patient_by_bpjs",
                condition=~models.Q(bpjs_number=""),
            ),
            models.Index(fields=["phone"], name="patient_by_phone", condition=~models.Q(phone="")),
            models.Index(
                fields=["kk_number"], name="patient_by_kk", condition=~models.Q(kk_number="")
            ),
            models.Index(
                fields=["owner", "-registered_at"],
                name="patient_to_complete",
                condition=models.Q(is_identity_complete=False),
            ),
            models.Index(
                fields=["owner", "-registered_at"],
                name="patient_without_village",
                condition=models.Q(village=""),
            ),
            models.Index(
                fields=["merged_into"],
                name="patient_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
            models.Index(
                fields=["mother"],
                name="patient_by_mother",
                condition=models.Q(mother__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.mrn

    @property
    def person(self) -> "Patient":
        """The record that stands for this person: this one, unless it was merged into another."""
        return self.merged_into or self


class Identifier(OwnedModel):
    """Another number that finds a patient: an older record number, a family number, …"""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="identifiers")
    system = models.CharField(max_length=20)
    value = models.CharField(max_length=40, db_index=True)

    patient_field = "patient_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "system", "value"], name="one_identifier_a_value"
            )
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.value}"


class AllergyIntolerance(OwnedModel):
    """A known allergy, or the answer that there is none (`is_none`), with who asked and when."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="allergies")
    is_none = models.BooleanField(default=False)
    substance = models.CharField(max_length=80, blank=True)
    reaction = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=12, blank=True)  # food | medication | environment
    noted_year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_current = models.BooleanField(default=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    patient_field = "patient_id"

    class Meta:
        indexes = [models.Index(fields=["patient", "is_current"], name="allergy_of_patient")]

    def __str__(self) -> str:
        return str(self.pk)


class NameToken(models.Model):
    """One normalised word of a patient's name; derived, rebuilt at will, never synchronised."""

    id = models.BigAutoField(primary_key=True)
    token = models.CharField(max_length=40)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["token", "patient"], name="name_token")]
        constraints = [
            models.UniqueConstraint(fields=["patient", "token"], name="one_token_a_patient")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TokenVariant(models.Model):
    """A name word with one letter left out → the word: finds it again past a typing slip."""

    id = models.BigAutoField(primary_key=True)
    variant = models.CharField(max_length=40)
    token = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "token"], name="one_variant_a_token")
        ]

    def __str__(self) -> str:
        return f"{self.variant}→{self.token}"
