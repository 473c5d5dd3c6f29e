"""Writing rules: a draft, its check, a version in force; older ones brought back as new ones."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from simpul.domain.errors import Finding
from simpul.domain.placement_check import check_rule, check_rules
from simpul.domain.placement_data import rule_as_data, rules_from_data
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.domain.placement_rules import Rule
from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotHere, Problem, Refused, Stale
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.journal.acts import Act, act
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import require, require_home
from simpul.service.registration.placement.models import RuleDraft, RuleSet
from simpul.service.registration.placement.selectors import (
    NATIONAL,
    forget_rules,
    get_version,
)

Rules = tuple[Rule, ...]
Direction = Literal["up", "down"]


def here_units() -> list[str]:
    """Return the units of this house that take patients from the counter."""
    return [unit.code for unit in get_here().units.values() if unit.takes_patients]


def findings_of(rules: Rules) -> tuple[Finding, ...]:
    """Return what stands against rules in this house."""
    return check_rules(rules, here_units())


def change_rule(code: str, rule: Rule, *, seen: int, by: Actor) -> RuleDraft:
    """Write another form of one rule into the draft; its place stays."""

    def change(rules: Rules) -> Rules:
        _one(rules, code)
        if rule.code != code:
            raise Refused(_("Kode aturan tidak diubah; tambah aturan baru."), "rule_code_fixed")
        return tuple(rule if each.code == code else each for each in rules)

    _refuse_form(rule)
    return _edit(change, seen=seen, by=by)


def add_rule(rule: Rule, *, before: str = "", seen: int, by: Actor) -> RuleDraft:
    """Add a rule to the draft, before another one or at the end."""

    def change(rules: Rules) -> Rules:
        if any(each.code == rule.code for each in rules):
            sentence = _("Kode ini sudah dipakai aturan lain. Pilih kode yang lain.")
            raise Refused(sentence, "rule_code_taken", errors=(Problem("code", "taken", sentence),))
        at = next((n for n, each in enumerate(rules) if each.code == before), len(rules))
        return (*rules[:at], rule, *rules[at:])

    _refuse_form(rule)
    return _edit(change, seen=seen, by=by)


def move_rule(code: str, direction: Direction, *, seen: int, by: Actor) -> RuleDraft:
    """Move a rule one place up or down in the draft."""

    def change(rules: Rules) -> Rules:
        at = rules.index(_one(rules, code))
        to = at + (-1 if direction == "up" else 1)
        if not 0 <= to < len(rules):
            raise Refused(_("Aturan ini sudah di ujung daftar."), "rule_at_end")
        order = list(rules)
        order[at], order[to] = order[to], order[at]
        return tuple(order)

    return _edit(change, seen=seen, by=by)


def switch_rule(code: str, *, is_active: bool, seen: int, by: Actor) -> RuleDraft:
    """Leave a rule out, or use it again; it keeps its place."""

    def change(rules: Rules) -> Rules:
        switched = replace(_one(rules, code), is_active=is_active)
        return tuple(switched if each.code == code else each for each in rules)

    return _edit(change, seen=seen, by=by)


def remove_rule(code: str, *, seen: int, by: Actor) -> RuleDraft:
    """Take a rule of one's own out of the draft; national ones are only switched off."""

    def change(rules: Rules) -> Rules:
        rule = _one(rules, code)
        if any(each.code == code for each in NATIONAL_RULES):
            raise Refused(
                _("Aturan nasional tidak dihapus; matikan saja, supaya dapat dipakai lagi."),
                "rule_national",
            )
        return tuple(each for each in rules if each is not rule)

    return _edit(change, seen=seen, by=by)


def use_national_rule(code: str, *, seen: int, by: Actor) -> RuleDraft:
    """Put the national form of one rule back into the draft."""

    def change(rules: Rules) -> Rules:
        national = next((each for each in NATIONAL_RULES if each.code == code), None)
        if national is None:
            raise NotHere(_("Aturan ini tidak ada di aturan nasional."), "rule_unknown")
        if not any(each.code == code for each in rules):
            return (national, *rules)
        return tuple(national if each.code == code else each for each in rules)

    return _edit(change, seen=seen, by=by)


def discard_draft(*, seen: int, by: Actor) -> None:
    """Put the draft away; the rules in force stay as they are."""
    _may_write(by)
    with act(by=by) as this:
        row = _open_draft(seen, by=by)
        row.is_open = False
        row.changed_at, row.changed_by = this.at, by.practitioner_id
        this.update(row, "is_open", "changed_at", "changed_by", seen_version=seen)
        this.record("placement-draft-discarded", detail={"based_on": row.based_on})


def put_in_force(*, note: str, seen: int, by: Actor) -> RuleSet:
    """Check the draft and put it in force as the next version; refused with each place named."""
    _may_write(by)
    with act(by=by) as this:
        row = _open_draft(seen, by=by)
        if row.based_on != _newest(by):
            raise Stale(
                _(
                    "Sementara itu versi lain sudah berlaku. Buang rancangan ini dan ulangi "
                    "perubahannya di atas versi itu."
                ),
                "stale_version",
            )
        made = _write(this, rules_from_data(row.rules), note=note, by=by)
        row.is_open = False
        this.update(row, "is_open", seen_version=seen)
    _changed()
    return made


def restore(number: int, *, note: str = "", by: Actor) -> RuleSet:
    """Put the rules of an older version (0: the national set) in force again, as a new version."""
    _may_write(by)
    line = get_version(number, by=by)
    with act(by=by) as this:
        newest = _newest(by)
        if number == newest:
            raise Conflict(_("Versi ini yang sedang berlaku. Tidak ada yang diubah."), "in_force")
        said = note.strip() or _("kembali ke aturan nasional")
        if number:
            said = note.strip() or _("kembali ke versi %(number)d") % {"number": number}
        made = _write(this, line.rules, note=said, by=by, restored_from=number)
    _changed()
    return made


def _may_write(by: Actor) -> None:
    require(by, "correct", "placement")
    require_home(by)


def _edit(change: Callable[[Rules], Rules], *, seen: int, by: Actor) -> RuleDraft:
    """Change the draft, opening one on the rules in force when there is none."""
    _may_write(by)
    try:
        with transaction.atomic(), act(by=by) as this:
            row = RuleDraft.objects.filter(owner=by.facility_id).first()
            if (row.version if row is not None and row.is_open else 0) != seen:
                raise _stale()
            if row is not None and row.is_open:
                rules = rules_from_data(row.rules)
            else:
                rules = _in_force_now(by)
            values: dict[str, Any] = {
                "rules": [rule_as_data(rule) for rule in change(rules)],
                "is_open": True,
                "changed_at": this.at,
                "changed_by": by.practitioner_id,
            }
            if row is None:
                row = RuleDraft(based_on=_newest(by), **values)
                this.create(row)
            else:
                if not row.is_open:
                    values["based_on"] = _newest(by)
                for name, value in values.items():
                    setattr(row, name, value)
                this.update(row, *values)
            this.record("placement-drafted", detail={"based_on": row.based_on})
    except IntegrityError:
        raise _stale() from None
    return row


def _in_force_now(by: Actor) -> Rules:
    number = _newest(by)
    if number == 0:
        return NATIONAL.rules
    return get_version(number, by=by).rules


def _newest(by: Actor) -> int:
    newest = RuleSet.objects.filter(owner=by.facility_id).order_by("-number").first()
    return 0 if newest is None else newest.number


def _open_draft(seen: int, *, by: Actor) -> RuleDraft:
    row = RuleDraft.objects.filter(owner=by.facility_id, is_open=True).first()
    if row is None:
        raise Conflict(_("Tidak ada rancangan yang terbuka. Ubah dulu satu aturan."), "no_draft")
    if row.version != seen:
        raise _stale()
    return row


def _stale() -> Stale:
    return Stale(
        _("Rancangan baru saja diubah orang lain; perubahan Anda belum disimpan. Buka lagi."),
        "stale_version",
    )


def _one(rules: Rules, code: str) -> Rule:
    rule = next((each for each in rules if each.code == code), None)
    if rule is None:
        raise NotHere(_("Aturan ini tidak ada. Buka lagi dari daftar aturan."), "rule_unknown")
    return rule


def _refuse_form(rule: Rule) -> None:
    """A draft may fail its cases; what cannot be read at all is not even drafted."""
    refused = [each for each in check_rule(rule, here_units()) if each.severity == "refuse"]
    if refused:
        raise _refusal(tuple(refused), _("Aturan belum disimpan: ada isian yang perlu diperbaiki."))


def _refusal(findings: tuple[Finding, ...], sentence: str) -> Refused:
    problems = (
        Problem(each.where.rpartition(".")[2] or each.where, each.code, each.message)
        for each in findings
        if each.severity == "refuse"
    )
    return Refused(sentence, "placement_rules_refused", errors=tuple(problems))


def _write(
    this: Act, rules: Rules, *, note: str, by: Actor, restored_from: int | None = None
) -> RuleSet:
    said = " ".join(note.replace("\x00", "").split())[:200]
    if not said:
        raise Refused(
            _("Belum berlaku: tulis apa yang diubah dan mengapa."),
            "note_required",
            errors=(Problem("note", "required", _("Tulis catatannya.")),),
        )
    refused = [each for each in findings_of(rules) if each.severity == "refuse"]
    if refused:
        problems = tuple(Problem(each.where, each.code, each.message) for each in refused)
        raise Refused(
            _("Belum berlaku; aturan yang lama tetap dipakai. Perbaiki yang disebut di bawah."),
            "placement_rules_refused",
            errors=problems,
        )
    made = RuleSet(
        number=_newest(by) + 1,
        rules=[rule_as_data(rule) for rule in rules],
        note=said,
        restored_from=restored_from,
        made_at=now(),
        made_by=by.practitioner_id,
    )
    try:
        with transaction.atomic():
            this.create(made)
    except IntegrityError:
        raise Stale(
            _("Versi lain baru saja berlaku; versi Anda belum. Buka lagi dan ulangi."),
            "stale_version",
        ) from None
    this.record("placement-in-force", detail={"number": made.number, "restored": restored_from})
    return made


def _changed() -> None:
    forget_rules()
    # Another thread may have looked before this was committed.
    transaction.on_commit(forget_rules)
