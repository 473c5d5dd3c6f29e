"""Computers that hold a copy: sign on, key, numbers, wipe.

The key of the copy follows from the log-in's session and never stands in a table of ours: it ends
when the session does. The computer's own secrets (`salt`, `box`) end when the copy is wiped.
"""

import base64
import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from simpul.domain.lanes import MOST_LANES
from simpul.foundation.core.clock import now
from simpul.foundation.core.counters import take, take_block
from simpul.foundation.core.errors import NotAllowed, NotHere, Problem, Refused
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require, require_home
from simpul.service.distribution.offline.models import Device, DeviceUse, NumberBlock
from simpul.service.patients.numbers.schemes import mrn_counter

#: How long a log-in that was not signed out may go on being used, with its PIN, at a computer that
#: hears nothing of the server.
KEY_DAYS = 30
#: Record numbers a computer has in hand, and how few of them make the server give it more.
BLOCK_SIZE, BLOCK_LOW = 50, 10
#: A computer that never answered a wipe gives its lane back after this long.
LOST_AFTER = timedelta(days=30)
#: Contacts closer together than this are not written down one by one.
CONTACT_EVERY = timedelta(minutes=1)


def require_offline(by: Actor) -> None:
    """Refuse whoever works neither at a counter nor in a unit."""
    require_home(by)
    if may(by, "input", "encounter") or may(by, "input", "queue"):
        return
    raise NotAllowed(
        _("Salinan untuk bekerja tanpa server hanya untuk loket dan poli. Tidak ada yang disalin."),
        "not_allowed",
    )


def sign_on(device_id: uuid.UUID, name: str, *, by: Actor, mark: str) -> Device:
    """Make a computer known (or known again) and note that this person is signed in there."""
    require_offline(by)
    with transaction.atomic():
        device = Device.objects.select_for_update().filter(id=device_id).first()
        if device is None:
            device = _welcome(device_id, name, by=by)
        if device.facility != by.facility_id:
            raise NotHere(_("Komputer ini tidak dikenal di sini."), "device_unknown")
        if device.must_wipe:
            return device
        if may(by, "input", "encounter"):
            _give_lane(device)
            give_block(device)
        _begin_use(device, by=by, mark=mark)
        given = _one_line(name)
        if given and given != device.name:
            device.name = given
        device.last_seen_at, device.last_account = now(), by.account_id
        device.save(update_fields=["name", "last_seen_at", "last_account"])
    return device


def _one_line(name: str) -> str:
    return " ".join("".join(sign for sign in name if sign.isprintable()).split())[:60]


def _welcome(device_id: uuid.UUID, name: str, *, by: Actor) -> Device:
    moment = now()
    number = take(f"offline-device:{by.facility_id}")
    values = {
        "facility": by.facility_id,
        "name": _one_line(name) or _("Komputer %(number)d") % {"number": number},
        "code": f"P{number}",
        "salt": secrets.token_hex(32),
        "box": secrets.token_hex(32),
        "first_seen_at": moment,
        "last_seen_at": moment,
        "last_account": by.account_id,
    }
    device, is_new = Device.objects.get_or_create(id=device_id, defaults=values)
    if is_new:
        with act(by=by) as this:
            this.record(
                "device-added", subject=f"device:{device.id}", detail={"device": device.code}
            )
    return device


def _give_lane(device: Device) -> None:
    """Give a computer of the counter its lane: the lowest that nobody has or can still use."""
    if device.lane is not None:
        return
    _release_lanes()
    for _try in range(3):
        held = set(Device.objects.exclude(lane=None).values_list("lane", flat=True))
        lane = next((n for n in range(1, MOST_LANES + 1) if n not in held), None)
        if lane is None:
            raise Refused(
                _(
                    "Sudah 99 komputer memakai nomor cadangan. Petugas IT dapat menghapus salinan "
                    "di komputer yang tidak dipakai lagi."
                ),
                "no_lane_left",
            )
        try:
            with transaction.atomic():
                Device.objects.filter(id=device.id).update(lane=lane, code=f"L{lane}")
        except IntegrityError:
            continue  # another counter took it in this very moment (PostgreSQL)
        device.lane, device.code = lane, f"L{lane}"
        return


def _release_lanes() -> None:
    """Take back lanes whose computers were wiped before today or are lost."""
    moment = now()
    gone = Q(wiped_at__lt=moment - timedelta(days=1), last_seen_at__lte=F("wiped_at"))
    lost = Q(wipe_asked_at__isnull=False, last_seen_at__lt=moment - LOST_AFTER)
    for device in Device.objects.filter(gone | lost, lane__isnull=False):
        device.code, device.lane = f"X{take(f'offline-gone:{device.facility}')}", None
        device.save(update_fields=["code", "lane"])


def give_block(device: Device) -> NumberBlock:
    """Return the computer's open block of record numbers, taking a new one when it runs low."""
    block = NumberBlock.objects.filter(device=device, closed_at__isnull=True).first()
    if block is not None and block.last - block.used_to >= BLOCK_LOW:
        return block
    moment = now()
    if block is not None:
        block.closed_at = moment
        block.save(update_fields=["closed_at"])
    first = take_block(mrn_counter(device.facility), size=BLOCK_SIZE)
    return NumberBlock.objects.create(
        device=device,
        first=first,
        last=first + BLOCK_SIZE - 1,
        used_to=first - 1,
        made_at=moment,
    )


def _begin_use(device: Device, *, by: Actor, mark: str) -> None:
    use, is_new = DeviceUse.objects.get_or_create(
        device=device, account=by.account_id, mark=mark, defaults={"began_at": now()}
    )
    if is_new:
        with act(by=by) as this:
            this.record(
                "device-opened",
                subject=f"device:{device.id}",
                detail={"device": device.code, "use": str(use.id)},
            )


def end_uses(mark: str) -> int:
    """Note that a session has ended; what is typed later under its name is not believed."""
    ended = 0
    for use in DeviceUse.objects.filter(mark=mark):
        # Also what an earlier session of theirs left open there, which nobody signed out.
        ended += DeviceUse.objects.filter(
            device=use.device_id, account=use.account, ended_at__isnull=True
        ).update(ended_at=now())
    return ended


def session_mark(session_key: str) -> str:
    """Return what is stored of a session."""
    return hashlib.sha256(f"offline:{session_key}".encode()).hexdigest()


def session_key_of(device: Device, *, by: Actor, mark: str) -> str:
    """Return the copy's key for this log-in at this computer, in base64.

    Made of the session's mark, the computer's salt and the house's secret: the same for two tabs
    in the same instant, another one after signing out or after a wipe.
    """
    text = f"offline-key|{mark}|{by.account_id}|{device.id}|{device.salt}"
    made = hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()


def box_of(device: Device) -> str:
    """Return the key that seals what waits at this computer, in base64."""
    return base64.b64encode(bytes.fromhex(device.box)).decode()


def get_device(device_id: uuid.UUID, *, by: Actor) -> Device:
    """Return a computer of this house that has signed on before."""
    device = Device.objects.filter(id=device_id, facility=by.facility_id).first()
    if device is None:
        raise NotHere(
            _("Komputer ini belum dikenal. Muat ulang halaman loket agar dikenalkan lagi."),
            "device_unknown",
        )
    return device


def note_contact(device: Device, *, by: Actor, waiting: int | None = None) -> None:
    """Remember when a computer was last heard of, who was there and how much waits there."""
    moment = now()
    is_news = waiting is not None and waiting != device.waiting
    if (
        not is_news
        and moment - device.last_seen_at < CONTACT_EVERY
        and device.last_account == by.account_id
    ):
        return
    device.last_seen_at, device.last_account = moment, by.account_id
    if waiting is not None:
        device.waiting = min(max(waiting, 0), 1_000_000)
    device.save(update_fields=["last_seen_at", "last_account", "waiting"])


def ask_wipe(device_id: uuid.UUID, *, by: Actor) -> Device:
    """Have the copy at a computer wiped the next time it is heard of."""
    require(by, "correct", "settings")
    require_home(by)
    with act(by=by) as this:
        device = (
            Device.objects.select_for_update().filter(id=device_id, facility=by.facility_id).first()
        )
        if device is None:
            raise NotHere(_("Komputer ini tidak ada dalam daftar."), "device_unknown")
        if not device.must_wipe:
            device.wipe_asked_at, device.wipe_asked_by = this.at, by.practitioner_id
            device.save(update_fields=["wipe_asked_at", "wipe_asked_by"])
            DeviceUse.objects.filter(device=device, ended_at__isnull=True).update(ended_at=this.at)
            this.record(
                "device-wipe-asked",
                subject=f"device:{device.id}",
                detail={"device": device.code, "waiting": device.waiting},
            )
    return device


def withdraw_wipe(device_id: uuid.UUID, *, by: Actor) -> Device:
    """Take the request for a wipe back, as long as the computer has not answered it."""
    require(by, "correct", "settings")
    with act(by=by) as this:
        device = get_device(device_id, by=by)
        if device.must_wipe:
            device.wipe_asked_at = device.wipe_asked_by = None
            device.save(update_fields=["wipe_asked_at", "wipe_asked_by"])
            this.record(
                "device-wipe-withdrawn",
                subject=f"device:{device.id}",
                detail={"device": device.code},
            )
    return device


def confirm_wipe(device_id: uuid.UUID, *, by: Actor) -> Device:
    """The computer says that its copy is gone: its secrets end, its open block is closed."""
    require_home(by)
    with act(by=by) as this:
        device = get_device(device_id, by=by)
        if not device.must_wipe:
            return device
        device.wipe_asked_at = device.wipe_asked_by = None
        device.wiped_at = device.last_seen_at = this.at
        device.salt, device.box = secrets.token_hex(32), secrets.token_hex(32)
        device.waiting = 0
        device.save()
        NumberBlock.objects.filter(device=device, closed_at__isnull=True).update(closed_at=this.at)
        this.record("device-wiped", subject=f"device:{device.id}", detail={"device": device.code})
    return device


def read_device_id(text: object) -> uuid.UUID:
    """Return the id a browser gave itself, or refuse it by name."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        raise Refused(
            _("Nama pengenal komputer tidak terbaca. Muat ulang halaman."),
            "device_unreadable",
            errors=(Problem("device", "uuid", _("Kirim UUID.")),),
        ) from None


def key_until(use: DeviceUse) -> datetime:
    """Return until when a log-in may be used at a computer that hears nothing of the server."""
    return use.began_at + timedelta(days=KEY_DAYS)
