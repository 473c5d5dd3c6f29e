"""What the record's form posts, read into plain values; reading never fails, checking does.

A box that was not posted is None or left out: it was not on that person's screen, so it is not
touched. Diagnoses and procedures travel as one line of text each (`I10/old/ya E11.9/new/`), so
that a draft kept in the browser holds them too.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from simpul.domain.vitals import VITALS
from simpul.service.care.inputs import SOAP_PARTS, ConditionInput, ProcedureInput
from simpul.service.care.models import EntryKind

CONFIRMED = "ya"
REFUSED = "tidak"
_MOST_ITEMS = 30
_PRESSURE = re.compile(r"\s*(\d{2,3})\s*/\s*(\d{2,3})\s*")


@dataclass(frozen=True)
class Typed:
    """Everything one save carries, as it was typed.

    `seen` names, for each kind, the entry the form was filled from; `kept` the boxes whose newer
    text by somebody else this person has been shown and writes over knowingly.
    """

    vitals: dict[str, str]
    soap: dict[str, str]
    conditions: tuple[ConditionInput, ...] | None
    procedures: tuple[ProcedureInput, ...] | None
    reason: str
    seen: dict[str, uuid.UUID]
    kept: frozenset[str]


def read_typed(data: QueryDict) -> Typed:
    """Read the record's form."""
    return Typed(
        vitals=read_vitals(data),
        soap={part: _lines(data.get(part, "")) for part in SOAP_PARTS if part in data},
        conditions=read_conditions(data.get("dx", "")) if "dx" in data else None,
        procedures=read_procedures(data.get("px", "")) if "px" in data else None,
        reason=" ".join(data.get("reason", "").replace("\x00", "").split()),
        seen=_read_seen(data.get("lihat", "")),
        kept=frozenset(data.get("tetap", "").split()[:_MOST_ITEMS]),
    )


def read_vitals(data: QueryDict) -> dict[str, str]:
    """Read the row of numbers; a pressure typed as 168/94 in the first box fills both."""
    texts = {code: data.get(code, "").strip()[:40] for code in VITALS if code in data}
    whole = _PRESSURE.fullmatch(texts.get("systolic", ""))
    if whole and texts.get("diastolic", "") in ("", whole[2]):
        texts["systolic"], texts["diastolic"] = whole[1], whole[2]
    return texts


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def read_conditions(text: str) -> tuple[ConditionInput, ...]:
    """Read `CODE/case/ya …`."""
    return tuple(
        ConditionInput(code=code, case_type=case, confirmed=yes == CONFIRMED)
        for code, case, yes in map(_three, text.split()[:_MOST_ITEMS])
    )


def write_conditions(items: Iterable[ConditionInput]) -> str:
    """Write diagnoses as the form carries them."""
    return " ".join(
        f"{item.code}/{item.case_type}/{CONFIRMED if item.confirmed else ''}" for item in items
    )


def read_procedures(text: str) -> tuple[ProcedureInput, ...]:
    """Read `CODE/ya …`; neither ya nor tidak means that consent was not asked yet."""
    answers = {CONFIRMED: True, REFUSED: False}
    return tuple(
        ProcedureInput(code=code, consent_given=answers.get(answer))
        for code, answer, _rest in map(_three, text.split()[:_MOST_ITEMS])
    )


def write_procedures(items: Iterable[ProcedureInput]) -> str:
    """Write procedures as the form carries them."""
    words = {True: CONFIRMED, False: REFUSED, None: ""}
    return " ".join(f"{item.code}/{words[item.consent_given]}" for item in items)


def _three(token: str) -> tuple[str, str, str]:
    code, first, second = [*token.split("/"), "", ""][:3]
    return code[:12], first[:8], second[:8]


def _read_seen(text: str) -> dict[str, uuid.UUID]:
    seen: dict[str, uuid.UUID] = {}
    for token in text.split()[:10]:
        kind, _equals, entry = token.partition("=")
        if kind not in EntryKind.values:
            continue
        try:
            seen[kind] = uuid.UUID(entry)
        except ValueError:
            continue
    return seen


def write_seen(seen: dict[str, uuid.UUID]) -> str:
    """Write which versions a form was filled from."""
    return " ".join(f"{kind}={entry}" for kind, entry in sorted(seen.items()))
