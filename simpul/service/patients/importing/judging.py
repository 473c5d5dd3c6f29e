"""A verdict for each row: new, to be completed, already here, perhaps the same, refused.

A row known by its number changes nothing: what is empty here and not in the file is only told. A
look-alike is never merged and never saved by the machine: it waits for a person.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from simpul.foundation.staff.actor import Actor
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.importing.alike import look_alikes
from simpul.service.patients.importing.columns import FIELDS
from simpul.service.patients.importing.drafts import Draft, RowProblem
from simpul.service.patients.importing.known import (
    FileIndex,
    KnownPeople,
    are_one,
    is_same,
    look_up,
)
from simpul.service.patients.importing.models import Verdict

#: What the file may know that is empty here.
_TOLD = ("nik", "bpjs_number", "kk_number", "mother_name", "address", "village", "phone")


@dataclass(slots=True)
class Judged:
    """A row with its verdict, and whom it concerns."""

    draft: Draft
    verdict: str = Verdict.NEW
    problems: list[RowProblem] = field(default_factory=list)
    patient: uuid.UUID | None = None
    other: uuid.UUID | None = None
    other_line: int | None = None
    decision: str = ""
    #: Another person holds its NIK: somebody here, or an earlier line.
    nik_holder: uuid.UUID | None = None
    nik_line: int | None = None

    @property
    def is_saved(self) -> bool:
        """Does a patient come of this row?"""
        return self.verdict in (Verdict.NEW, Verdict.INCOMPLETE)


def judge(
    drafts: Sequence[Draft],
    *,
    index: FileIndex,
    owner: uuid.UUID,
    by: Actor,
    decided: Mapping[int, str] | None = None,
) -> list[Judged]:
    """Return the verdicts of a batch of rows, in their order; `index` learns them."""
    usable = [draft for draft in drafts if draft.values is not None]
    known = look_up(usable, owner=owner) if usable else None
    judged = []
    for draft in drafts:
        one = Judged(draft, problems=list(draft.problems))
        one.decision = (decided or {}).get(draft.line, "")
        if draft.values is None or known is None:
            one.verdict = Verdict.REFUSED
        else:
            _by_file(one, index)
            if one.verdict == Verdict.NEW:
                _by_numbers(one, known)
            _by_earlier_line(one, index)
            index.add(draft)
        judged.append(one)
    _by_likeness([one for one in judged if one.verdict == Verdict.NEW], by)
    for one in judged:
        _decide(one)
        _complete(one)
    return judged


def _by_file(one: Judged, index: FileIndex) -> None:
    """The same row a second time, or the same person by a number."""
    draft = one.draft
    line = index.by_digest.get(draft.digest)
    if line is None:
        values = draft.values or {}
        for number, seen in (
            (draft.nik, index.by_nik.get(draft.nik)),
            (draft.bpjs, index.by_bpjs.get(draft.bpjs)),
        ):
            if not number or seen is None:
                continue
            if are_one(values["name"], values["birth_date"], seen.name, seen.born):
                line = seen.line
                break
            if number == draft.nik:
                one.nik_line = seen.line
    if line is not None:
        one.verdict, one.other_line = Verdict.KNOWN, line
        _note(
            one, "name", _("orang yang sama dengan baris %(line)d di berkas ini") % {"line": line}
        )


def _by_numbers(one: Judged, known: KnownPeople) -> None:
    """Somebody here who carries one of its numbers, or an import that brought this very row."""
    draft = one.draft
    earlier = known.by_digest.get(draft.digest)
    if earlier is not None:
        one.verdict, one.patient = Verdict.KNOWN, earlier
        _note(one, "name", _("baris ini sudah pernah diimpor"))
        return
    holder = known.by_nik.get(draft.nik)
    for person in (holder, known.by_former_nik.get(draft.nik)):
        if person is not None and is_same(draft, person):
            _known_as(one, person, _("NIK sama dengan RM %(mrn)s"))
            return
    for people, words in (
        (known.by_bpjs.get(draft.bpjs, ()), _("nomor BPJS sama dengan RM %(mrn)s")),
        (known.by_record.get(draft.old_mrn, ()), _("nomor rekam medis sama dengan RM %(mrn)s")),
    ):
        for person in people:
            if is_same(draft, person) and not _two_niks(draft, person):
                _known_as(one, person, words)
                return
    if holder is not None:
        one.nik_holder = holder.id


def _two_niks(draft: Draft, person: PatientCard) -> bool:
    return bool(draft.nik and person.nik and draft.nik != person.nik)


def _known_as(one: Judged, person: PatientCard, words: str) -> None:
    one.verdict, one.patient = Verdict.KNOWN, person.id
    _note(one, "name", words % {"mrn": person.mrn})
    values = one.draft.values or {}
    empty = [name for name in _TOLD if values.get(name) and not getattr(person, name)]
    for name in empty:
        _note(
            one,
            name,
            _("kosong di sini, ada di berkas"),
            todo=_("Tidak diubah; lengkapi di halaman pasien bila benar."),
        )


def _by_earlier_line(one: Judged, index: FileIndex) -> None:
    """A line of this file with the same name and birth date; no number tells them apart."""
    seen = index.by_block.get(one.draft.block)
    if one.verdict != Verdict.NEW or seen is None:
        return
    if one.draft.nik and seen.nik and one.draft.nik != seen.nik:
        return
    one.other_line = seen.line
    if one.draft.old_mrn and one.draft.old_mrn == seen.old_mrn:
        one.verdict = Verdict.KNOWN
        words = _("orang yang sama dengan baris %(line)d di berkas ini")
        _note(one, "name", words % {"line": seen.line})
        return
    one.verdict = Verdict.POSSIBLE
    _note(
        one,
        "name",
        _("nama dan tanggal lahir sama dengan baris %(line)d") % {"line": seen.line},
        todo=_("Putuskan: orang yang sama, atau orang lain."),
    )


def _by_likeness(judged: list[Judged], by: Actor) -> None:
    """Somebody here who is almost certainly the same, by the one matcher of the house."""
    for one, found in zip(judged, look_alikes([j.draft for j in judged], by=by), strict=True):
        if found is None:
            continue
        one.verdict, one.other = Verdict.POSSIBLE, found.patient
        _note(
            one,
            "name",
            _("mirip RM %(mrn)s: %(why)s") % {"mrn": found.mrn, "why": found.why},
            todo=_("Putuskan: orang yang sama, atau orang lain."),
        )


def _decide(one: Judged) -> None:
    if one.verdict != Verdict.POSSIBLE or not one.decision:
        return
    if one.decision == "new":
        one.verdict = Verdict.NEW
    elif one.decision == "same":
        one.verdict, one.patient = Verdict.KNOWN, one.other


def _complete(one: Judged) -> None:
    """Take a NIK that is another person's away, and tell what is still to be completed."""
    if one.verdict != Verdict.NEW:
        return
    draft = one.draft
    lost = any(problem.severity == "drop" for problem in one.problems)
    if one.nik_holder is not None or one.nik_line is not None:
        lost = True
        one.problems.append(
            RowProblem(
                "nik",
                str(_("NIK")),
                draft.nik,
                str(_("NIK ini sudah tercatat pada orang lain")),
                str(_("Disimpan tanpa NIK dan menjadi tugas di Perlu diperiksa.")),
                "drop",
            )
        )
    for name in draft.missing:
        if all(problem.field != name or problem.severity != "drop" for problem in one.problems):
            _note(
                one,
                name,
                _("%(field)s belum ada") % {"field": FIELDS[name]},
                todo=_("Disimpan; lengkapi saat orangnya datang."),
            )
    if lost or draft.missing:
        one.verdict = Verdict.INCOMPLETE


def _note(one: Judged, name: str, reason: str, *, todo: str = "") -> None:
    one.problems.append(RowProblem(name, "", "", reason, todo, "note"))
