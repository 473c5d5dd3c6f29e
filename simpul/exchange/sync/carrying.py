"""A shipment on a USB stick, when the line is dead for days, and the answer that comes back.

A shipment holds everything the Dinas has not acknowledged. Writing it changes nothing here; only
the answer, signed by the hub, says what was taken in. Both may be read again without harm.
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from simpul.exchange.sync import outgoing, signing, state
from simpul.exchange.sync.enrolment import require_hub
from simpul.exchange.sync.epochs import current_epoch, hash_at
from simpul.exchange.sync.outgoing import ATTEMPT, HUB_EPOCH, Push
from simpul.exchange.sync.sealing import SUFFIX, Request, seal
from simpul.foundation.core.errors import Conflict, Refused
from simpul.foundation.facilities.selectors import get_here

ANSWER_PATH = "/sync/v1/answer"
BATCH = 500


def write_shipment(target: Path) -> tuple[Path | None, int]:
    """Write all that waits into a sealed file; return it (None: nothing waits) and how much it is.

    `target` is the file, or a folder in which it gets a name of its own.
    """
    hub = require_hub()
    pushes = list(waiting_pushes())
    if not pushes:
        return None, 0
    path = target
    if target.is_dir():
        path = target / f"kirim-{get_here().id.hex[-12:]}-{pushes[0].after}{SUFFIX}"
    sealed = seal([Request(push.headers, push.body) for push in pushes], hub.seal_key)
    draft = path.with_name(f"{path.name}.sementara")
    try:
        draft.write_bytes(sealed)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path, sum(push.count for push in pushes)


def waiting_pushes() -> Iterator[Push]:
    """Yield what would be pushed, one after the other, as if each had been acknowledged."""
    push = outgoing.next_push(limit=BATCH)
    epoch = current_epoch()
    while push is not None and epoch is not None:
        yield push
        # A copy that is never saved: what is acknowledged stays as it is.
        further = copy.copy(epoch)
        further.acked = push.upto
        acts = outgoing.acts_after(further, BATCH) if further.acked < further.seq else None
        prev = hash_at(further, further.acked)
        if not acts or prev is None:
            return
        body = outgoing.packed(acts)
        count = sum(len(act) for act in acts)
        push = replace(
            push,
            after=further.acked,
            prev=prev,
            upto=further.acked + count,
            count=count,
            headers=outgoing.push_headers(
                push.node, epoch=push.epoch, after=further.acked, prev=prev, body=body
            ),
            body=body,
        )


def take_answer(content: bytes) -> int:
    """Take the hub's answer to a shipment; return up to which number it has everything."""
    hub = require_hub()
    signed, _line, body = content.partition(b"\n")
    node = get_here().id
    if not signing.verify(
        hub.public_key,
        signed.decode("ascii", errors="replace"),
        "ANSWER",
        ANSWER_PATH,
        {"Sync-Node": str(node)},
        signing.content_digest(body),
    ):
        raise Refused(
            "Berkas jawaban ini bukan dari Dinas kita untuk Puskesmas ini, atau rusak. Tidak ada "
            "yang diubah.",
            "answer_refused",
        )
    told = json.loads(body)
    epoch = current_epoch()
    known = state.read(HUB_EPOCH)
    reply = told["body"]
    if epoch is None or told["epoch"] != str(epoch.epoch):
        raise Conflict(
            "Jawaban ini untuk kiriman yang lebih lama. Tidak ada yang diubah; buat kiriman baru: "
            "simpul sync export.",
            "answer_old",
        )
    if known and str(reply.get("hub_epoch", known)) != known:
        raise Conflict(
            "Sejak jawaban ini ditulis, Dinas dipulihkan dari cadangan. Tidak ada yang diubah; "
            "buat kiriman baru: simpul sync export.",
            "answer_old",
        )
    push = Push(
        node=node,
        epoch=epoch.epoch,
        after=epoch.acked,
        prev="",
        upto=epoch.seq,
        count=0,
        headers={},
        body=b"",
        attempt=state.read_number(ATTEMPT),
    )
    outcome = outgoing.take_reply(push, int(told["status"]), reply)
    if outcome.kind not in ("acked", "rewound", "new-epoch"):
        raise Conflict(
            f"Dinas tidak menerima kiriman itu ({outcome.why or told['status']}). Semua data aman "
            "di sini; hubungi petugas Dinas.",
            "shipment_refused",
        )
    return outcome.ack
