"""Who works where, as what, since when; and every move, which is only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.models import OwnedModel
from simpul.foundation.facilities.models import Facility
from simpul.foundation.staff.models import Practitioner


class Employment(models.TextChoices):
    """How a person is employed; only the first two are civil servants (ASN, UU 20/2023)."""

    PNS = "pns", _("PNS")
    PPPK = "pppk", _("PPPK")
    BLUD = "blud", _("Kontrak BLUD")
    CONTRACT = "kontrak", _("Kontrak/PTT")
    HONORARY = "honorer", _("Honorer")
    VOLUNTEER = "sukarela", _("Sukarelawan/magang")


#: The two kinds of civil servant; the ministry's fulfilment figure counts these alone.
ASN = (Employment.PNS.value, Employment.PPPK.value)


class Education(models.TextChoices):
    """The highest education completed, from the lowest to the highest."""

    SCHOOL = "sma", _("SMA/sederajat")
    D1 = "d1", _("D1")
    D3 = "d3", _("D3")
    D4 = "d4", _("D4")
    S1 = "s1", _("S1")
    PROFESSION = "profesi", _("Profesi")
    S2 = "s2", _("S2")
    SPECIALIST = "spesialis", _("Spesialis")
    S3 = "s3", _("S3")


class Lock(models.TextChoices):
    """Why a person cannot be moved elsewhere for now."""

    FAMILY = "keluarga", _("Alasan keluarga")
    TENURE = "masa_tugas", _("Terikat masa tugas")
    STUDY = "tugas_belajar", _("Tugas belajar")
    OTHER = "lain", _("Alasan lain")


class StaffMember(OwnedModel):
    """A person on the staff of a facility, with or without an account here.

    An empty value means "not filled in": every figure shows it as a row of its own.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    practitioner = models.OneToOneField(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=120)
    #: The name as it is searched and sorted; see `plain_name`.
    sort_name = models.CharField(max_length=120)
    #: NIP, NIK or the number of a local list: what tells two people of one name apart.
    number = models.CharField(max_length=30, blank=True)
    #: A code of `simpul.domain.professions`.
    profession = models.CharField(max_length=30)
    education = models.CharField(max_length=10, choices=Education.choices, blank=True)
    employment = models.CharField(max_length=10, choices=Employment.choices, blank=True)
    is_trained = models.BooleanField(null=True)
    trainings = models.JSONField(default=list)
    started_on = models.DateField(null=True, blank=True)
    contract_ends_on = models.DateField(null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    units = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    lock = models.CharField(max_length=14, choices=Lock.choices, blank=True)
    lock_until = models.DateField(null=True, blank=True)
    #: Shown beside the person: where the row comes from ("data contoh"), what is doubtful.
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "number"],
                condition=~models.Q(number=""),
                name="one_person_a_number",
            )
        ]
        indexes = [
            # Covers the count of every facility and profession without touching the rows.
            models.Index(
                fields=["facility", "profession", "employment", "is_active", "started_on"],
                name="staff_counted",
            ),
            models.Index(fields=["sort_name", "id"], name="staff_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_asn(self) -> bool:
        """Is this person a civil servant (PNS or PPPK)?"""
        return self.employment in ASN


class MoveReason(models.TextChoices):
    """Why somebody moved, left or came back."""

    NEED = "pemerataan", _("Pemerataan tenaga")
    OWN_WISH = "permintaan", _("Permintaan sendiri")
    PROMOTION = "promosi", _("Promosi/rotasi jabatan")
    RETIRED = "pensiun", _("Pensiun")
    CONTRACT = "kontrak_habis", _("Kontrak berakhir")
    RESIGNED = "berhenti", _("Berhenti")
    AWAY = "keluar_daerah", _("Pindah ke luar daerah")
    DIED = "meninggal", _("Meninggal dunia")
    RETURNED = "kembali", _("Kembali bertugas")
    CORRECTION = "koreksi", _("Pembetulan catatan")


class StaffMove(OwnedModel):
    """One move of a person; no `from` means came (back), no `to` means left. Never changed."""

    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="moves")
    #: The how-manieth move of this person: the order of two moves on one day.
    number = models.PositiveSmallIntegerField()
    from_facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on = models.DateField()
    reason = models.CharField(max_length=14, choices=MoveReason.choices)
    decree = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "number"], name="one_move_a_number")
        ]
        indexes = [models.Index(fields=["on"], name="move_by_day")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.on}"
