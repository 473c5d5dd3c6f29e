"""From what was typed to what is to be signed: only the boxes this person changed.

Nurse and physician write in one record at the same time. A box counts as changed when it differs
from the version the form was filled from; what the other wrote in other boxes stays. Where both
changed one box, nobody's text is chosen silently: the person sees the other's and decides.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from simpul.domain.vitals import VITALS, shown
from simpul.service.care.forms import Typed
from simpul.service.care.inputs import (
    SOAP_PARTS,
    ConditionInput,
    EntryInput,
    ProcedureInput,
    read_decimal,
)
from simpul.service.care.models import EntryKind
from simpul.service.care.selectors import EntryView, Record


@dataclass(frozen=True)
class Clash:
    """A box that somebody else changed meanwhile: whose text, since when, and the answer `token`
    that a second save carries to write over it knowingly."""

    where: str
    text: str
    author: str
    at: datetime
    token: str


@dataclass(frozen=True)
class Merged:
    """What a save would sign, and where two people wrote in one box."""

    inputs: list[EntryInput]
    clashes: list[Clash]


def own_entries(record: Record, unit: str) -> dict[str, EntryView]:
    """The entries a unit's form shows: its own current ones, by kind."""
    return {
        view.kind: view
        for view in record.entries
        if view.is_current and not view.is_error and view.unit == unit
    }


def vital_texts(entry: EntryView | None) -> dict[str, str]:
    """The numbers of a vitals entry as they are typed: comma, no exponent."""
    if entry is None:
        return {}
    return {code: _number(entry.body[code]) for code in VITALS if code in entry.body}


def _number(value: object) -> str:
    try:
        return shown(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def soap_texts(entry: EntryView | None) -> dict[str, str]:
    """The four parts of a note."""
    return {part: str(entry.body.get(part, "")) for part in SOAP_PARTS} if entry else {}


def condition_inputs(entry: EntryView | None) -> tuple[ConditionInput, ...]:
    """The diagnoses of an entry; a question answered when it was signed is not asked again."""
    return tuple(
        ConditionInput(str(item["code"]), case_type=str(item["case_type"]), confirmed=True)
        for item in _items(entry)
    )


def procedure_inputs(entry: EntryView | None) -> tuple[ProcedureInput, ...]:
    """The procedures of an entry with their consent."""
    return tuple(
        ProcedureInput(str(item["code"]), consent_given=_answer(item.get("consent_given")))
        for item in _items(entry)
    )


def _answer(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _items(entry: EntryView | None) -> list[dict[str, object]]:
    items = entry.body.get("items") if entry else None
    return items if isinstance(items, list) else []


def merge_typed(
    typed: Typed, record: Record, *, unit: str, complaint: str = "", adopt: bool = False
) -> Merged:
    """Return the entries to sign and the boxes two people changed.

    The complaint from registration is only a suggestion for S: it is signed when another box of
    the note is written, or when the whole page is (`adopt`).
    """
    current = own_entries(record, unit)
    by_id = {view.id: view for view in record.entries}
    merged = Merged([], [])
    merge = _Merge(typed, current, by_id, merged)
    merge.vitals()
    merge.soap(complaint=complaint.strip(), adopt=adopt)
    merge.conditions()
    merge.procedures()
    return merged


@dataclass
class _Merge:
    typed: Typed
    current: dict[str, EntryView]
    by_id: dict[uuid.UUID, EntryView]
    into: Merged

    def _base(self, kind: str) -> EntryView | None:
        seen = self.typed.seen.get(kind)
        entry = self.by_id.get(seen) if seen is not None else None
        return entry if entry is not None and entry.kind == kind else None

    def _may_write_over(self, kind: str, where: str, text: str) -> bool:
        """True when nobody else changed this box, or the person has seen what the other wrote."""
        newest = self.current.get(kind)
        if newest is None:
            return True  # struck as an error meanwhile: there is no text left to protect
        token = f"{where}@{newest.id}"
        if token in self.typed.kept:
            return True
        self.into.clashes.append(Clash(where, text, newest.author, newest.signed_at, token))
        return False

    def _pick(
        self, kind: str, posted: dict[str, str], base: dict[str, str], newest: dict[str, str]
    ) -> dict[str, str]:
        """Box by box: the typed text where this person changed it, else the newest."""
        result = dict(newest)
        for box, text in posted.items():
            mine, then, now = text, base.get(box, ""), newest.get(box, "")
            if _same(mine, then) or _same(mine, now):
                continue
            if _same(then, now) or self._may_write_over(kind, box, now):
                result[box] = mine
        return {box: text for box, text in result.items() if text}

    def _add(self, kind: str, **fields: object) -> None:
        newest = self.current.get(kind)
        self.into.inputs.append(
            EntryInput(
                kind,
                replaces=newest.id if newest else None,
                reason=self.typed.reason,
                **fields,  # type: ignore[arg-type]
            )
        )

    def vitals(self) -> None:
        kind = str(EntryKind.VITALS)
        newest = vital_texts(self.current.get(kind))
        result = self._pick(kind, self.typed.vitals, vital_texts(self._base(kind)), newest)
        if result != newest:
            self._add(kind, vitals=result)

    def soap(self, *, complaint: str, adopt: bool) -> None:
        kind = str(EntryKind.SOAP)
        newest = {box: text for box, text in soap_texts(self.current.get(kind)).items() if text}
        result = self._pick(kind, self.typed.soap, soap_texts(self._base(kind)), newest)
        only_suggested = kind not in self.current and result == {"s": complaint}
        if result != newest and (adopt or not only_suggested):
            self._add(kind, soap=result)

    def conditions(self) -> None:
        kind = str(EntryKind.CONDITION)
        mine = self.typed.conditions
        if mine is None:
            return
        now = condition_inputs(self.current.get(kind))
        then = condition_inputs(self._base(kind))
        if _changed(_plain(mine), _plain(then), _plain(now)) and (
            _plain(then) == _plain(now)
            or self._may_write_over(kind, "icd", ", ".join(item.code for item in now))
        ):
            self._add(kind, conditions=mine)

    def procedures(self) -> None:
        kind = str(EntryKind.PROCEDURE)
        mine = self.typed.procedures
        if mine is None:
            return
        now = procedure_inputs(self.current.get(kind))
        then = procedure_inputs(self._base(kind))
        if _changed(mine, then, now) and (
            then == now
            or self._may_write_over(kind, "tindakan", ", ".join(item.code for item in now))
        ):
            self._add(kind, procedures=mine)


def _same(left: str, right: str) -> bool:
    if left == right:
        return True
    first, second = read_decimal(left), read_decimal(right)
    return first is not None and first == second


def _changed(mine: object, then: object, now: object) -> bool:
    return mine not in (then, now)


def _plain(items: tuple[ConditionInput, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((item.code, item.case_type) for item in items)
