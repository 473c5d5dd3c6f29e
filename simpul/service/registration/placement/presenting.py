"""The rules as rows of the head's page: conditions in words, cases with their present result."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.domain.placement import Trial
from simpul.domain.placement_cases import write_age, write_case
from simpul.domain.placement_check import CaseResult, run_cases
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.domain.placement_rules import CLUSTER_LABELS, PROGRAMMES, Rule
from simpul.domain.placement_table import Look, RuleTable
from simpul.foundation.facilities.selectors import get_here
from simpul.service.registration.placement.overrides import Overridden, Overrides

_NATIONAL = {rule.code: rule for rule in NATIONAL_RULES}


@dataclass(frozen=True)
class CaseRow:
    """A case as a line, whether it is right now, and which rule it found."""

    text: str
    is_right: bool
    got: str


@dataclass(frozen=True)
class RuleRow:
    """One rule of the list."""

    number: int
    rule: Rule
    unit: str
    conditions: tuple[str, ...]
    cases: tuple[CaseRow, ...]
    overridden: Overridden
    origin: str
    is_own: bool
    is_first: bool
    is_last: bool

    @property
    def has_failed(self) -> bool:
        """Does a case not find what it should?"""
        return self.rule.is_active and any(not case.is_right for case in self.cases)

    @property
    def top_units(self) -> str:
        """Where people were sent instead: Poli Umum 4, KIA 1."""
        return ", ".join(f"{unit_name(code)} {n}" for code, n in self.overridden.top_units)

    @property
    def top_reasons(self) -> str:
        """Why: Pendamping 3, arahan dokter 1."""
        return ", ".join(f"{reason} {n}" for reason, n in self.overridden.top_reasons if reason)


def rule_rows(table: RuleTable, overrides: Overrides) -> list[RuleRow]:
    """Return the rows of all rules in their order."""
    last = len(table.rules)
    return [
        RuleRow(
            number=number,
            rule=rule,
            unit=unit_name(rule.unit),
            conditions=conditions(rule),
            cases=tuple(_case_row(result) for result in run_cases(rule, table)),
            overridden=overrides.rules.get(rule.code, Overridden(rule.code)),
            origin=origin(rule),
            is_own=rule.code not in _NATIONAL,
            is_first=number == 1,
            is_last=number == last,
        )
        for number, rule in enumerate(table.rules, start=1)
    ]


def origin(rule: Rule) -> str:
    """Is this rule national, changed here, or the house's own?"""
    national = _NATIONAL.get(rule.code)
    if national is None:
        return _("sendiri")
    return "" if national == rule else _("diubah di sini")


def unit_name(code: str) -> str:
    """The unit's name in this house; a booking has none of its own."""
    units = get_here().units
    if not code:
        return _("unit yang dipesan")
    return units[code].name if code in units else code


def conditions(rule: Rule) -> tuple[str, ...]:
    """Return what must hold besides the words, in words."""
    parts = [
        (rule.emergency, _("ditandai gawat")),
        (rule.booked, _("kunjungan sudah dipesan")),
        (bool(rule.programmes), ", ".join(PROGRAMMES[p] for p in rule.programmes)),
        (rule.immunisation_due, _("jadwal imunisasi sudah tiba")),
        (rule.sex is not None, _("laki-laki") if rule.sex == "male" else _("perempuan")),
        (rule.pregnant, _("hamil atau nifas")),
        (bool(rule.age_from_days or rule.age_below_days is not None), _ages(rule)),
        (rule.quiet, _("tanpa gejala yang disebut")),
        (rule.call_now, _("panggil sekarang")),
        ("masker" in rule.tags, _("masker")),
        (rule.cluster is not None, CLUSTER_LABELS[rule.cluster] if rule.cluster else ""),
    ]
    return tuple(text for holds, text in parts if holds)


def _ages(rule: Rule) -> str:
    if rule.age_below_days is None:
        return _("%(age)s ke atas") % {"age": write_age(rule.age_from_days)}
    below = write_age(rule.age_below_days)
    if not rule.age_from_days:
        return _("di bawah %(age)s") % {"age": below}
    return _("%(start)s sampai di bawah %(end)s") % {
        "start": write_age(rule.age_from_days),
        "end": below,
    }


def _case_row(result: CaseResult) -> CaseRow:
    got = _("tidak ada aturan") if result.got is None else result.got.rule.code
    return CaseRow(write_case(result.case), result.is_right, got)


@dataclass(frozen=True)
class TrialRow:
    """The answer of the try box."""

    unit: str
    rule: str
    reason: str
    phrase: str
    nearly: str
    nearly_unit: str
    why_not: str
    heard: str


def trial_row(trial: Trial) -> TrialRow:
    """Return the answer in words: which rule and why, and which one nearly."""
    suggestion, nearly = trial.suggestion, trial.nearly
    return TrialRow(
        unit=unit_name(suggestion.unit) if suggestion else "",
        rule=suggestion.rule if suggestion else "",
        reason=suggestion.reason if suggestion else "",
        phrase=trial.chosen.phrase if trial.chosen else "",
        nearly=nearly.rule.code if nearly else "",
        nearly_unit=unit_name(nearly.rule.unit) if nearly else "",
        why_not=why_not(nearly) if nearly else "",
        heard=nearly.phrase if nearly else "",
    )


def why_not(look: Look) -> str:
    """Why a rule did not decide, in words."""
    words = {
        "": _("cocok juga, tetapi urutannya sesudah aturan itu"),
        "off": _("aturan ini dimatikan"),
        "emergency": _("tidak ditandai gawat"),
        "booked": _("tidak ada pesanan, atau pesanannya tidak mungkin"),
        "sex": _("kelaminnya lain"),
        "pregnant": _("tidak ditandai hamil atau nifas"),
        "age": _("umurnya di luar batas"),
        "programme": _("tidak tercatat di program itu"),
        "schedule": _("tidak ada jadwal imunisasi yang tiba"),
        "words": _("katanya tidak disebut"),
        "unless": _("ada kata kecuali"),
        "denied": _("disangkal (tidak, tanpa, belum)"),
        "short": _("belum selama itu"),
    }
    return words[look.why]
