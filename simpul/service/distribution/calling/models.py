"""Calls waiting to be heard in the waiting room: what the televisions of a floor take in turn."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.foundation.core.ids import uuid7
from simpul.service.distribution.models import Distribution, Ticket
from simpul.service.registration.models import Priority


class CallState(models.TextChoices):
    """How far a call came."""

    WAITING = "waiting", _("menunggu giliran suara")
    PLAYING = "playing", _("sedang diumumkan")
    HEARD = "heard", _("sudah diumumkan")


class Heard(models.TextChoices):
    """How a call reached the waiting room."""

    VOICE = "voice", _("suara")
    BELL = "bell", _("bel dan tulisan")
    TEXT = "text", _("tulisan saja")


class CallAnnouncement(models.Model):
    """One wish of a room that a number be called out on its floor.

    Not synchronised: it is work to be done within minutes, and what became of it is in the journal
    (`called` when the staff pressed, `announced` when a television had finished). At most one row
    of a floor is `playing`; a constraint holds that, whatever the televisions do.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.UUIDField(editable=False)
    distribution = models.ForeignKey(
        Distribution, on_delete=models.PROTECT, related_name="announcements"
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    service_date = models.DateField()
    unit = models.CharField(max_length=20)
    room = models.CharField(max_length=40, blank=True)
    floor = models.PositiveSmallIntegerField()
    priority = models.CharField(max_length=12, choices=Priority.choices)
    #: Called as the next in line (and not once more): the ratio of the lines counts these.
    is_turn = models.BooleanField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=CallState.choices, default=CallState.WAITING)
    #: How often a television began with it.
    times = models.PositiveSmallIntegerField(default=0)
    playing_at = models.DateTimeField(null=True, blank=True)
    #: Until then the call is that television's; afterwards another may take it.
    leased_until = models.DateTimeField(null=True, blank=True)
    #: Given to the television that took it; only who has it may say that it was heard.
    lease = models.UUIDField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    heard_how = models.CharField(max_length=8, choices=Heard.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "service_date", "unit"], name="call_of_unit"),
            models.Index(
                fields=["owner", "floor", "asked_at"],
                condition=models.Q(state__in=["waiting", "playing"]),
                name="call_unheard",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "floor"],
                condition=models.Q(state="playing"),
                name="one_call_sounds_on_a_floor",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.state}"
