"""The district's register of nodes, the log of everything they sent, and what goes back to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul.exchange.sync.models import Kind


class HubNode(models.Model):
    """A facility's installation: its key, and whether what it sends is taken in."""

    class State(models.TextChoices):
        """May it send?"""

        ACTIVE = "active", _("aktif")
        SUSPECT = "suspect", _("dicurigai kembar")
        REVOKED = "revoked", _("dicabut")

    #: The facility's id: one facility is one node, and owns every row it sends.
    node = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    public_key = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    #: The hub below this one that relays it; None when it speaks for itself.
    via = models.UUIDField(null=True)
    enrolled_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    #: When it last began a new epoch; a second one within a day makes it suspect.
    epoch_changed_at = models.DateTimeField(null=True)
    #: Versions, lag, disk, backups: what its worker says of itself.
    info = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class HubCursor(models.Model):
    """How far the hub has one epoch of one node. One a node is not enough: packets come late."""

    pk = models.CompositePrimaryKey("node", "epoch")
    node = models.UUIDField()
    epoch = models.UUIDField()
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.node}@{self.seq}"


class LineState(models.TextChoices):
    """What became of a line."""

    APPLIED = "applied", _("masuk")
    DUPLICATE = "dup", _("sudah ada")
    PARKED = "parked", _("menunggu")
    REJECTED = "rejected", _("ditolak")
    ERASED = "erased", _("dihapus menurut hukum")


class HubLog(models.Model):
    """Every line of every node, as it came. `number` is the order of arrival over all nodes.

    The key begins with the node, so that the table can be partitioned by it.
    """

    pk = models.CompositePrimaryKey("node", "epoch", "seq")
    node = models.UUIDField()
    epoch = models.UUIDField()
    seq = models.BigIntegerField()
    number = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=1, choices=Kind.choices)
    cid = models.UUIDField()
    act_id = models.UUIDField()
    entity = models.CharField(max_length=60, blank=True)
    row = models.UUIDField(null=True)
    patient = models.UUIDField(null=True)
    operation = models.CharField(max_length=1)
    schema_version = models.PositiveSmallIntegerField()
    row_version = models.PositiveIntegerField()
    at = models.DateTimeField()
    practitioner = models.UUIDField(null=True)
    #: The data as it came, to the letter; "" once it was erased by law (the hash stays).
    body = models.TextField(blank=True)
    body_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=LineState.choices)
    why = models.CharField(max_length=20, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "cid"],
                condition=~models.Q(state="dup"),
                name="one_effect_a_change",
            )
        ]
        indexes = [
            models.Index(fields=["node", "number"], name="hub_log_by_node"),
            models.Index(
                fields=["node", "row"],
                name="hub_log_parked_rows",
                condition=models.Q(state="parked"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.entity}"


class HubPark(models.Model):
    """An act that is stored and acknowledged but waits: for a row, an upgrade, or a person."""

    id = models.BigAutoField(primary_key=True)
    node = models.UUIDField()
    epoch = models.UUIDField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    act_id = models.UUIDField()
    entity = models.CharField(max_length=60, blank=True)
    row = models.UUIDField(null=True)
    why = models.CharField(max_length=20)
    waits_for = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "epoch", "first"], name="one_park_a_place")
        ]
        indexes = [
            models.Index(
                fields=["waits_for"],
                name="hub_park_by_wait",
                condition=models.Q(settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.why} {self.first}"


class HubFeed(models.Model):
    """What goes back to the facilities: whole rows of the hub, and what it parked, by number."""

    class What(models.TextChoices):
        """What a feed line carries."""

        ROW = "row", _("baris")
        PARKED = "parked", _("menunggu di Dinas")

    number = models.BigIntegerField(primary_key=True)
    scope = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=What.choices)
    act_id = models.UUIDField()
    entity = models.CharField(max_length=60)
    row = models.UUIDField()
    operation = models.CharField(max_length=1)
    change = models.UUIDField()
    schema_version = models.PositiveSmallIntegerField(default=1)
    row_version = models.PositiveIntegerField(default=1)
    owner = models.UUIDField(null=True)
    body = models.TextField()
    at = models.DateTimeField()
    #: A later line tells the same row anew.
    is_superseded = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["scope", "number"],
                name="hub_feed_by_scope",
                condition=models.Q(is_superseded=False),
            ),
            models.Index(fields=["row"], name="hub_feed_by_row"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.scope}"
