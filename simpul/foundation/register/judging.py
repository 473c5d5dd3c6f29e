"""A staff list judged before anything is written: each row new, the same, changed or refused.

A row is a person already known when its number is known, or, without a number, when exactly one
person of that name is on the staff of that facility. Empty cells change nothing. Judging the same
file again after it was applied finds every row "the same".
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Literal

from django.utils.translation import gettext as _

from simpul.domain.dates import format_date
from simpul.domain.professions import PROFESSIONS, find_profession, plain, profession_name
from simpul.foundation.facilities.selectors import FacilityPlace
from simpul.foundation.register import cells
from simpul.foundation.register.cells import Unreadable
from simpul.foundation.register.inputs import (
    StaffInput,
    staff_problems,
    tidy_number,
    year_in_nip,
)
from simpul.foundation.register.models import Education, Employment, Lock, StaffMember
from simpul.foundation.register.names import plain_name
from simpul.foundation.register.services import changed_fields
from simpul.foundation.register.sheets import Sheet, SheetRow, as_text
from simpul.foundation.register.wording import FIELD_NAMES

Kind = Literal["new", "same", "changed", "refused"]


@dataclass(frozen=True)
class Change:
    """One field that the file would change, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Verdict:
    """What is to be done with one row, or why it is refused."""

    line: int
    kind: Kind
    name: str
    facility_name: str = ""
    facility: uuid.UUID | None = None
    member: StaffMember | None = None
    typed: StaffInput | None = None
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A word of the file that is not known, with what may be meant, and the lines it stands on."""

    kind: Literal["profession", "facility"]
    word: str
    proposed: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class DryRun:
    """The whole file judged; nothing is written yet."""

    verdicts: tuple[Verdict, ...]
    proposals: tuple[Proposal, ...] = ()
    ignored: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def has_work(self) -> bool:
        """Is there anything to write?"""
        return bool(self.counts.get("new") or self.counts.get("changed"))


#: What a person decided about unknown words: (kind, plain word) → profession code or facility id.
Decided = Mapping[tuple[str, str], str]


@dataclass
class Known:
    """What the register holds already, looked up by number and by name."""

    by_number: dict[str, StaffMember]
    by_name: dict[tuple[uuid.UUID, str], list[StaffMember]]

    @classmethod
    def of(cls, members: list[StaffMember]) -> "Known":
        """Index the members of the facilities the file may be about."""
        by_name: dict[tuple[uuid.UUID, str], list[StaffMember]] = {}
        for member in members:
            by_name.setdefault((member.facility_id, member.sort_name), []).append(member)
        return cls({m.number: m for m in members if m.number}, by_name)


class Judge:
    """Judges the rows of one file."""

    def __init__(
        self,
        places: list[FacilityPlace],
        known: Known,
        *,
        fallback: FacilityPlace | None,
        decided: Decided,
        today: date,
    ) -> None:
        self.places = {place.id: place for place in places}
        self.by_name = {place_key(place.name): place for place in places}
        self.known, self.fallback, self.decided, self.today = known, fallback, decided, today
        self.seen: dict[object, int] = {}
        self.unknown: dict[tuple[str, str], tuple[str, list[int]]] = {}

    def judge(self, sheet: Sheet) -> DryRun:
        """Judge every row of a file, in its order."""
        verdicts = tuple(self._row(row) for row in sheet.rows)
        counts: dict[str, int] = {"new": 0, "same": 0, "changed": 0, "refused": 0}
        for verdict in verdicts:
            counts[verdict.kind] += 1
        proposals = tuple(
            Proposal(kind, word, self._propose(kind, word), tuple(lines))  # type: ignore[arg-type]
            for (kind, _key), (word, lines) in self.unknown.items()
        )
        return DryRun(verdicts, proposals, sheet.ignored, counts)

    def _row(self, row: SheetRow) -> Verdict:
        reasons: list[str] = []
        name = as_text(row.cells.get("name"))
        name = name if any(sign.isalpha() for sign in name) else ""
        place = self._place(row, reasons)
        typed = self._typed(row, name, reasons)
        verdict = Verdict(
            line=row.line,
            kind="refused",
            name=name[:120],
            facility_name=place.name if place else cells.read_text(row.cells.get("facility"))[:80],
            facility=place.id if place else None,
            typed=typed,
        )
        member = None
        if place is not None and name:
            member = self._member(typed, place, reasons)
            self._once(typed, place, member, row.line, reasons)
        merged = typed if member is None else _over(member, typed, row)
        problems = staff_problems(merged, today=self.today)
        reasons += [
            f"{FIELD_NAMES.get(p.where, p.where)}: {p.message}"
            for p in problems
            # An unknown profession was already said, with its word.
            if p.where != "profession" or not row.cells.get("profession")
        ]
        if reasons:
            return replace(verdict, member=member, reasons=tuple(dict.fromkeys(reasons)))
        if member is None:
            return replace(verdict, kind="new", typed=merged)
        changes = tuple(_change(member, merged, name) for name in changed_fields(member, merged))
        kind: Kind = "changed" if changes else "same"
        return replace(verdict, kind=kind, member=member, typed=merged, changes=changes)

    # -- the parts of a row -------------------------------------------------------------------

    def _place(self, row: SheetRow, reasons: list[str]) -> FacilityPlace | None:
        word = cells.read_text(row.cells.get("facility"))
        if not word:
            if self.fallback is None:
                reasons.append(_("Fasilitas belum diisi."))
            return self.fallback
        found = self.by_name.get(place_key(word))
        decided = self.decided.get(("facility", plain(word)), "")
        if found is None and decided:
            found = next((p for p in self.places.values() if str(p.id) == decided), None)
        if found is None:
            self._unknown("facility", word, row.line)
            reasons.append(_("Fasilitas “%(word)s” tidak ada di daftar.") % {"word": word[:60]})
        return found

    def _profession(self, row: SheetRow, reasons: list[str]) -> str:
        word = cells.read_text(row.cells.get("profession"))
        if not word:
            return ""
        code = find_profession(word) or self.decided.get(("profession", plain(word)), "")
        if code in PROFESSIONS:
            return code
        self._unknown("profession", word, row.line)
        reasons.append(_("Profesi “%(word)s” tidak dikenal.") % {"word": word[:60]})
        return ""

    def _unknown(self, kind: str, word: str, line: int) -> None:
        self.unknown.setdefault((kind, plain(word)), (word[:80], []))[1].append(line)

    def _propose(self, kind: str, word: str) -> str:
        if kind == "profession":
            return propose_profession(word)
        near = get_close_matches(place_key(word), self.by_name, n=1, cutoff=0.6)
        return str(self.by_name[near[0]].id) if near else ""

    def _typed(self, row: SheetRow, name: str, reasons: list[str]) -> StaffInput:
        def read(name: str, reader: Callable[[Any], Any], nothing: Any = None) -> Any:
            try:
                return reader(row.cells.get(name))
            except Unreadable as trouble:
                reasons.append(f"{FIELD_NAMES.get(name, name)}: {trouble}")
                return nothing

        number = tidy_number(cells.read_text(row.cells.get("number")))
        trained = read("is_trained", cells.read_trained)
        said, titles = read("trainings", cells.read_trainings, (None, ()))
        born = read("birth_year", lambda cell: cells.read_birth_year(cell, today=self.today))
        return StaffInput(
            name=name,
            profession=self._profession(row, reasons),
            number=number,
            education=read("education", cells.read_education, ""),
            employment=read("employment", cells.read_employment, ""),
            is_trained=said if trained is None else trained,
            trainings=titles,
            started_on=read("started_on", lambda cell: cells.read_day(cell, today=self.today)),
            contract_ends_on=read(
                "contract_ends_on", lambda cell: cells.read_day(cell, today=self.today, ahead=True)
            ),
            birth_year=born or year_in_nip(number),
            units=read("units", cells.read_units, ()),
            lock=read("lock", cells.read_lock, ""),
            note=cells.read_text(row.cells.get("note")),
        )

    def _member(
        self, typed: StaffInput, place: FacilityPlace, reasons: list[str]
    ) -> StaffMember | None:
        if typed.number and typed.number in self.known.by_number:
            found = self.known.by_number[typed.number]
        else:
            alike = self.known.by_name.get((place.id, plain_name(typed.name)), [])
            # Two numbers are two people, whatever their names.
            alike = [m for m in alike if not (typed.number and m.number)]
            if len(alike) > 1:
                reasons.append(
                    _("Ada %(count)d orang bernama ini di sini. Isi NIP/nomornya.")
                    % {"count": len(alike)}
                )
            if len(alike) != 1:
                return None
            found = alike[0]
        if found.facility_id != place.id:
            where = self.places.get(found.facility_id)
            reasons.append(
                _("Tercatat di %(place)s. Catat sebagai perpindahan, bukan lewat impor.")
                % {"place": where.name if where else _("fasilitas lain")}
            )
        elif not found.is_active:
            reasons.append(_("Tercatat sudah keluar. Buka riwayatnya untuk mencatat kembali."))
        return found

    def _once(
        self,
        typed: StaffInput,
        place: FacilityPlace,
        member: StaffMember | None,
        line: int,
        reasons: list[str],
    ) -> None:
        """The same person may stand in a file only once."""
        named = (place.id, plain_name(typed.name))
        key = member.id if member else typed.number or named
        first = self.seen.setdefault(key, line)
        if first != line:
            reasons.append(_("Orang ini sudah ada di baris %(line)d.") % {"line": first})


def _over(member: StaffMember, typed: StaffInput, row: SheetRow) -> StaffInput:
    """Lay what a row says over what is known; an empty cell leaves what was there."""
    kept: dict[str, Any] = {
        "practitioner_id": member.practitioner_id,
        "lock_until": member.lock_until,
    }
    for name in ("education", "employment", "birth_year", "started_on", "contract_ends_on",
                 "number", "lock", "note"):  # fmt: skip
        if getattr(typed, name) in ("", None):
            kept[name] = getattr(member, name)
    if typed.is_trained is None:
        kept["is_trained"] = member.is_trained
    if not typed.trainings and typed.is_trained is not False:
        kept["trainings"] = tuple(member.trainings)
    if not typed.units:
        kept["units"] = tuple(member.units)
    if not row.cells.get("profession"):
        kept["profession"] = member.profession
    return replace(typed, **kept)


def _change(member: StaffMember, typed: StaffInput, name: str) -> Change:
    before, after = getattr(member, name), getattr(typed, name)
    return Change(str(FIELD_NAMES.get(name, name)), in_words(name, before), in_words(name, after))


def in_words(name: str, value: Any) -> str:
    """Return a stored value as people read it; "–" where nothing is filled in."""
    if value in (None, "", [], ()):
        return "–"
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    if name == "profession":
        return profession_name(str(value))
    labels: dict[str, dict[str, Any]] = {
        "education": dict(Education.choices),
        "employment": dict(Employment.choices),
        "lock": dict(Lock.choices),
    }
    return str(labels.get(name, {}).get(value, value))


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    found = {}
    for profession in PROFESSIONS.values():
        for word in (profession.name, profession.english, profession.short, *profession.synonyms):
            found[plain(word)] = profession.code
    return found


def propose_profession(word: str) -> str:
    """Return the code of the profession a word is most like, or "" when it is like none."""
    spellings = _spellings()
    text = plain(word)
    near = get_close_matches(text, spellings, n=1, cutoff=0.72)
    if near:
        return spellings[near[0]]
    # "Perawat Terampil", "Bidan Ahli Pertama": the first word that is a profession by itself.
    for part in text.split():
        code = find_profession(part) if len(part) > 2 else None
        if code is not None:
            return code
    return ""


def place_key(name: str) -> str:
    """Return a facility's name as compared: without Puskesmas, UPTD and signs."""
    words = plain(name).split()
    kept = [w for w in words if w not in ("puskesmas", "pkm", "uptd", "upt", "blud", "uobk")]
    return "".join(kept or words)
