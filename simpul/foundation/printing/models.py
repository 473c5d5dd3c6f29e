"""Printers of the house, and the pieces of paper still to be printed."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.models import OwnedModel
from simpul.foundation.printing.document import DocumentKind


class Connection(models.TextChoices):
    """How a printer is reached from the server."""

    NETWORK = "network", _("Jaringan (alamat IP)")
    DEVICE = "device", _("Kabel di komputer server")
    FILE = "file", _("Berkas di server (tanpa kertas, untuk mencoba)")


class PaperWidth(models.IntegerChoices):
    """The width of the roll."""

    MM58 = 58, _("58 mm")
    MM80 = 80, _("80 mm")


class Printer(OwnedModel):
    """A thermal printer: where it stands, how it is reached, what it is for.

    `target` is the IP address, the name of a device, or the name of a folder of files; never a
    path that a page may choose (see `transport`).
    """

    name = models.CharField(max_length=40)
    place = models.CharField(max_length=40, blank=True)
    connection = models.CharField(max_length=10, choices=Connection.choices)
    target = models.CharField(max_length=60)
    port = models.PositiveIntegerField(default=9100)
    paper = models.PositiveSmallIntegerField(choices=PaperWidth.choices, default=PaperWidth.MM58)
    kinds = models.JSONField(default=list)
    #: Ask for its state first and wait for the answer; a few old printers never give one.
    asks_state = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_printer_a_name")]

    def __str__(self) -> str:
        return self.name

    def prints(self, kind: str) -> bool:
        """Is this printer in use, and meant for this kind of paper?"""
        return self.is_active and (kind in self.kinds or kind == DocumentKind.TEST)


class JobState(models.TextChoices):
    """How far a piece of paper came."""

    WAITING = "waiting", _("Menunggu printer")
    SENDING = "sending", _("Sedang dikirim ke printer")
    DONE = "done", _("Tercetak")
    FAILED = "failed", _("Belum tercetak")
    #: The printer fell silent in the middle: only a person can see whether paper came out.
    UNSURE = "unsure", _("Mungkin tercetak sebagian")
    CANCELLED = "cancelled", _("Dipindahkan ke printer lain")


class PrintJob(models.Model):
    """One piece of paper for one printer, written in the transaction of what it is about.

    Belongs to this server alone and is not synchronised. `content` is the document; it holds a
    name, so it is emptied as soon as nobody can want it any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.UUIDField()
    printer = models.ForeignKey(Printer, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    #: What it is about (a visit, a patient) and the ticket's number, never a name.
    subject = models.UUIDField(null=True, blank=True)
    label = models.CharField(max_length=20, blank=True)
    content = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                name="print_job_due",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["printer", "-made_at"], name="print_job_of_printer"),
            models.Index(fields=["made_at"], name="print_job_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_settled(self) -> bool:
        """Nothing more happens by itself."""
        return self.state not in (JobState.WAITING, JobState.SENDING)


def new_job(
    printer: Printer, *, kind: DocumentKind, content: str, made_by: uuid.UUID, at: datetime
) -> PrintJob:
    """Return a job that is due at once; the caller adds what it is about and stores it."""
    return PrintJob(
        owner=printer.owner,
        printer=printer,
        kind=kind,
        content=content,
        made_by=made_by,
        made_at=at,
        next_at=at,
    )
