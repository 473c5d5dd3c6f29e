"""What needs a person at the hub: acts that could not be taken in yet, and servers in doubt.

An act that waits is stored and acknowledged; nothing is lost while it waits, and nothing after it
is held up. Setting one aside keeps it in the log with the reason, and can be taken back.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.exchange.district.models import SetAside
from simpul.exchange.hub.feeding import tell_parked
from simpul.exchange.hub.models import HubLog, HubNode, HubPark, LineState
from simpul.exchange.hub.parking import retry_parked
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.selectors import practitioner_names
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home

LONGEST = 200
LONGEST_REASON = 160
#: How the log marks lines that a person set aside.
ASIDE = "aside"

NEWER = (
    gettext_lazy("Ditulis oleh Simpul yang lebih baru daripada server Dinas."),
    gettext_lazy("Perbarui Simpul di server Dinas, lalu coba lagi."),
)
MISSING = (
    gettext_lazy("Baris yang dirujuknya belum datang."),
    gettext_lazy("Biasanya datang sendiri. Bila lebih dari sehari, hubungi petugas IT di sana."),
)
#: Why an act waits → cause, and what helps; the codes of `exchange.sync.applying`.
WHY = {
    "missing": MISSING,
    "behind": MISSING,
    "schema": NEWER,
    "entity": NEWER,
    "field": NEWER,
    "too-old": (
        gettext_lazy("Ditulis oleh Simpul yang terlalu lama."),
        gettext_lazy("Perbarui Simpul di Puskesmas itu; kirimannya tetap tersimpan."),
    ),
    "unique": (
        gettext_lazy("Nomornya bertabrakan dengan catatan lain dari Puskesmas itu."),
        gettext_lazy("Tanyakan ke petugas IT di sana sebelum menyisihkan."),
    ),
    "refused": (
        gettext_lazy("Isinya ditolak basis data server Dinas."),
        gettext_lazy("Coba lagi setelah Simpul diperbarui; tanyakan ke petugas IT di sana."),
    ),
}
#: What an entity is called on a screen, by the room it belongs to.
KINDS = {
    "patients": gettext_lazy("data pasien"),
    "merging": gettext_lazy("penggabungan rekam"),
    "matching": gettext_lazy("keputusan duplikat"),
    "numbers": gettext_lazy("nomor rekam medis"),
    "registration": gettext_lazy("kunjungan"),
    "distribution": gettext_lazy("antrean"),
    "care": gettext_lazy("catatan pelayanan"),
    "completeness": gettext_lazy("kelengkapan rekam"),
    "filing": gettext_lazy("berkas"),
    "facilities": gettext_lazy("data Puskesmas"),
    "staff": gettext_lazy("petugas"),
    "register": gettext_lazy("daftar tenaga"),
}


@dataclass(frozen=True)
class ParkedAct:
    """One act that waits, as the page shows it: whose, of what kind, why, since when."""

    id: int
    facility: uuid.UUID
    name: str
    kind: str
    lines: int
    why: str
    cause: str
    helps: str
    since: datetime


@dataclass(frozen=True)
class AsideAct:
    """One act that was set aside: by whom, when, why."""

    id: uuid.UUID
    name: str
    kind: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True)
class DoubtfulNode:
    """A server that is not let in now: suspect, or revoked."""

    facility: uuid.UUID
    name: str
    state: str
    since: datetime | None


def list_parked(*, by: Actor, limit: int = LONGEST) -> list[ParkedAct]:
    """Return the acts that wait, oldest first."""
    require(by, "view", "district")
    require_home(by)
    rows = list(HubPark.objects.filter(settled_at__isnull=True).order_by("since", "id")[:limit])
    names = _node_names({row.node for row in rows})
    return [
        ParkedAct(
            id=row.pk,
            facility=row.node,
            name=names.get(row.node, "–"),
            kind=kind_of(row.entity),
            lines=row.last - row.first + 1,
            why=row.why,
            cause=str(WHY[row.why][0]) if row.why in WHY else _("Belum dapat dimasukkan."),
            helps=str(WHY[row.why][1])
            if row.why in WHY
            else _("Coba lagi; bila tetap, hubungi petugas IT Puskesmas itu."),
            since=row.since,
        )
        for row in rows
    ]


def list_doubtful(*, by: Actor) -> list[DoubtfulNode]:
    """Return the servers that are held or shut out, those to be decided first."""
    require(by, "view", "district")
    require_home(by)
    states = (HubNode.State.SUSPECT, HubNode.State.REVOKED)
    rows = HubNode.objects.filter(state__in=states).order_by("-state", "name")
    return [DoubtfulNode(row.node, row.name, row.state, row.epoch_changed_at) for row in rows]


def count_attention(*, by: Actor) -> int:
    """Return how many lines of the page wait for a person."""
    require(by, "view", "district")
    waiting = HubPark.objects.filter(settled_at__isnull=True).count()
    return waiting + HubNode.objects.filter(state=HubNode.State.SUSPECT).count()


def try_again(*, by: Actor) -> int:
    """Try to take in everything that waits; returns how many acts went in."""
    require(by, "input", "district")
    require_home(by)
    settled = retry_parked()
    with act(by=by) as this:
        this.record("parked-tried", detail={"settled": settled})
    return settled


def set_aside(park: int, *, reason: str, by: Actor) -> SetAside:
    """Stop waiting for an act: it stays in the log with the reason, its rows are not taken in."""
    require(by, "correct", "district")
    require_home(by)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        problem = Problem("reason", "required", _("Tulis alasannya, misalnya: kiriman uji coba."))
        raise Refused(
            _("Belum disisihkan: alasannya belum ditulis."), "reason_missing", errors=(problem,)
        )
    with act(by=by) as this:
        row = HubPark.objects.select_for_update().filter(pk=park).first()
        if row is None:
            raise NotHere(_("Baris ini tidak ada. Muat ulang daftarnya."), "parked_unknown")
        if row.settled_at is not None:
            raise Conflict(_("Baris ini sudah diselesaikan. Muat ulang daftarnya."), "parked_done")
        aside = SetAside(
            node=row.node,
            epoch=row.epoch,
            first=row.first,
            last=row.last,
            entity=row.entity,
            reason=reason,
            decided_by=by.practitioner_id,
            decided_at=this.at,
        )
        this.create(aside)
        row.settled_at = now()
        row.save(update_fields=["settled_at"])
        _lines(aside).filter(state=LineState.PARKED).update(state=LineState.REJECTED, why=ASIDE)
        tell_parked([row])
        this.record(
            "parked-set-aside",
            subject=f"node:{row.node}",
            detail={"first": row.first, "last": row.last, "why": row.why},
        )
    return aside


def take_back(aside: uuid.UUID, *, by: Actor) -> SetAside:
    """Let an act wait again that was set aside."""
    require(by, "correct", "district")
    require_home(by)
    row = SetAside.objects.filter(pk=aside, owner=by.facility_id).first()
    if row is None:
        raise NotHere(_("Baris ini tidak ada. Muat ulang daftarnya."), "aside_unknown")
    if row.undone_at is not None:
        raise Conflict(_("Baris ini sudah menunggu lagi. Muat ulang daftarnya."), "aside_undone")
    with act(by=by) as this:
        row.undone_by, row.undone_at = by.practitioner_id, this.at
        this.update(row, "undone_by", "undone_at")
        park = HubPark.objects.get(node=row.node, epoch=row.epoch, first=row.first)
        park.settled_at = None
        park.save(update_fields=["settled_at"])
        _lines(row).filter(why=ASIDE).update(state=LineState.PARKED, why=park.why)
        tell_parked([park])
        this.record("parked-again", subject=f"node:{row.node}", detail={"first": row.first})
    return row


def list_aside(*, by: Actor, limit: int = 50) -> list[AsideAct]:
    """Return what was set aside and not taken back, newest first."""
    require(by, "view", "district")
    rows = list(
        SetAside.objects.filter(owner=by.facility_id, undone_at__isnull=True).order_by(
            "-decided_at"
        )[:limit]
    )
    names = _node_names({row.node for row in rows})
    people = practitioner_names({row.decided_by for row in rows})
    return [
        AsideAct(
            id=row.pk,
            name=names.get(row.node, "–"),
            kind=kind_of(row.entity),
            reason=row.reason,
            at=row.decided_at,
            by=people.get(row.decided_by, ""),
        )
        for row in rows
    ]


def kind_of(entity: str) -> str:
    """Return what an entity is called on a screen; the code itself where it has no word."""
    room = entity.partition(".")[0]
    return str(KINDS.get(room, entity or _("catatan jurnal")))


def _lines(aside: SetAside) -> QuerySet[HubLog]:
    return HubLog.objects.filter(
        node=aside.node, epoch=aside.epoch, seq__gte=aside.first, seq__lte=aside.last
    )


def _node_names(nodes: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict(HubNode.objects.filter(node__in=list(nodes)).values_list("node", "name"))
