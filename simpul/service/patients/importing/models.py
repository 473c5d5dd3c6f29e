"""One file of people on its way in, and what became of each of its rows.

Both stay in this house and are not synchronised: what came of them (patients, their numbers, the
lines of *Perlu diperiksa*) is. A row keeps its cells only while a person still has to mend or
decide it, and its digest for ever: by that the same row of the same list is known again.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.ids import uuid7


class RunState(models.TextChoices):
    """How far a file has come."""

    MAPPING = "mapping", _("Menunggu kolom diperiksa")
    CHECKING = "checking", _("Sedang dicoba")
    CHECKED = "checked", _("Sudah dicoba, belum diimpor")
    RUNNING = "running", _("Sedang diimpor")
    STOPPED = "stopped", _("Dihentikan")
    DONE = "done", _("Selesai")
    FAILED = "failed", _("Tidak dapat dibaca")
    CLOSED = "closed", _("Ditutup")


class Verdict(models.TextChoices):
    """What a row is, or will be."""

    NEW = "new", _("Baru")
    INCOMPLETE = "incomplete", _("Perlu dilengkapi")
    KNOWN = "known", _("Sudah ada")
    POSSIBLE = "possible", _("Mungkin sama")
    REFUSED = "refused", _("Ditolak")


class ImportRun(models.Model):
    """A file of people: what it is, how its columns are read, how far it has come.

    `worker` is the process that works on it and `beat` when it last said so: a run whose worker
    has been silent is taken over by another.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.UUIDField()
    account = models.UUIDField(null=True)
    practitioner = models.UUIDField(null=True)
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    #: What `files.look` found: kind, separator, encoding, sheets with headings and a few rows.
    found = models.JSONField(default=dict)
    sheet = models.CharField(max_length=120, blank=True)
    #: Place of the column (as text) → field.
    mapping = models.JSONField(default=dict)
    #: How the columns are read, decided from all their values (`survey.Reading`).
    reading = models.JSONField(default=dict)
    keep_numbers = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.MAPPING)
    #: Which of the two passes was, or is, under way when it was stopped.
    is_writing = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    #: Rows gone through in this pass; the next one is where it goes on.
    done = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    worker = models.UUIDField(null=True)
    beat = models.DateTimeField(null=True)
    #: The computer and process of the worker, to know at once that it is gone.
    process = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-made_at"], name="import_by_time"),
            models.Index(
                fields=["state"],
                name="import_under_way",
                condition=models.Q(state__in=["checking", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ImportRow(models.Model):
    """One row of a file and its verdict."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    #: The line in the file, as a person counts it.
    line = models.PositiveIntegerField()
    digest = models.CharField(max_length=32, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    #: What is wrong or was done, each `{field, column, value, reason, todo}`.
    problems = models.JSONField(default=list)
    #: The cells as they came, while somebody has to mend or decide the row.
    cells = models.JSONField(null=True)
    #: The patient made of this row, or known to be the one in it.
    patient = models.UUIDField(null=True)
    #: Whom it looks like: somebody here, or another line of the file.
    other = models.UUIDField(null=True)
    other_line = models.PositiveIntegerField(null=True)
    is_written = models.BooleanField(default=False)
    #: What a person decided about a look-alike: "new" or "same".
    decision = models.CharField(max_length=4, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="one_verdict_a_line")]
        indexes = [
            models.Index(fields=["run", "verdict", "line"], name="import_row_by_verdict"),
            models.Index(
                fields=["digest"],
                name="import_row_by_digest",
                condition=~models.Q(digest="") & models.Q(patient__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.verdict}"


def as_uuid(text: object) -> uuid.UUID | None:
    """Return an id that came as text; None for what is no id."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
