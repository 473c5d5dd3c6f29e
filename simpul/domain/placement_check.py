"""May these rules come into force? Their form, their own cases, and what must never be lost."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from simpul.domain.errors import Finding, Severity
from simpul.domain.placement import try_out
from simpul.domain.placement_cases import age_in_days
from simpul.domain.placement_rules import CLUSTER_LABELS, PROGRAMMES, UNITS, Rule, RuleCase, years
from simpul.domain.placement_table import Look, RuleTable, Situation

MOST_RULES = 80
MOST_PHRASES = 300
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = {"code": 30, "reason": 120}
_LONGEST_PHRASE = 60

#: Whatever a house changes, these still go to the emergency room.
ALWAYS_EMERGENCY = ("sesak napas", "nyeri dada", "kejang", "pingsan", "perdarahan", "kecelakaan")


class _Against(Protocol):
    """Notes one finding of a rule."""

    def __call__(
        self, field: str, code: str, message: str, severity: Severity = "refuse"
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case beside a rule with what the table answers now."""

    case: RuleCase
    is_right: bool
    got: Look | None


def situation_of_case(case: RuleCase) -> Situation:
    """Return the situation a case describes."""
    return Situation(
        complaint=case.complaint,
        sex=case.sex,
        age_days=age_in_days(case.age),
        pregnant=case.pregnant,
        postpartum=case.postpartum,
        emergency=case.emergency,
        booked_unit=case.booked_unit,
        programmes=case.programmes,
        immunisation_due=case.immunisation_due,
    )


def run_cases(rule: Rule, table: RuleTable) -> list[CaseResult]:
    """Return the present result of each case of a rule."""
    results = []
    for case in rule.cases:
        got = try_out(situation_of_case(case), table).chosen
        found = got is not None and got.rule.code == rule.code
        results.append(CaseResult(case, found == case.finds, got))
    return results


def check_rules(
    rules: tuple[Rule, ...], units: Collection[str] = tuple(UNITS)
) -> tuple[Finding, ...]:
    """Return everything that stands against these rules; `where` is `code.field` of the rule.

    `units` are those that take patients in this house. Findings of severity `warn` do not stop.
    """
    findings: list[Finding] = []
    if not rules:
        return (Finding("rules_empty", "refuse", "Tidak ada aturan sama sekali.", "rules"),)
    if len(rules) > MOST_RULES:
        message = f"Paling banyak {MOST_RULES} aturan."
        findings.append(Finding("too_many_rules", "refuse", message, "rules"))
    codes = Counter(rule.code for rule in rules)
    for rule in rules:
        findings += check_rule(rule, units)
        if codes[rule.code] > 1:
            message = f"Kode «{rule.code}» dipakai dua kali."
            findings.append(Finding("code_twice", "refuse", message, f"{rule.code}.code"))
    findings += _check_order(rules)
    if any(finding.severity == "refuse" for finding in findings):
        return tuple(findings)  # cases of rules that cannot be read say nothing
    table = RuleTable(rules)
    for rule in table.active:
        findings += _check_cases(rule, table)
    return (*findings, *_check_emergencies(table), *_check_ages(table))


def check_rule(rule: Rule, units: Collection[str] = tuple(UNITS)) -> list[Finding]:
    """Return what is wrong with one rule taken alone."""
    findings: list[Finding] = []

    def against(field: str, code: str, message: str, severity: Severity = "refuse") -> None:
        findings.append(Finding(code, severity, message, f"{rule.code}.{field}"))

    if not _CODE.fullmatch(rule.code) or len(rule.code) > _LONGEST["code"]:
        against("code", "code_unreadable", "Kode: huruf kecil, angka, dan tanda -, paling 30.")
    if not rule.reason.strip():
        against("reason", "reason_empty", "Tulis alasannya; kalimat ini dibaca petugas loket.")
    if len(rule.reason) > _LONGEST["reason"]:
        against("reason", "reason_long", f"Alasan paling panjang {_LONGEST['reason']} huruf.")
    _check_destination(rule, units, against)
    for field in ("words", "unless", "lasting"):
        _check_phrases(field, getattr(rule, field), against)
    _check_conditions(rule, against)
    if rule.is_active and not any(case.finds for case in rule.cases):
        against("cases", "case_missing", "Tulis paling sedikit satu contoh yang menemukan aturan.")
    return findings


def _check_destination(rule: Rule, units: Collection[str], against: _Against) -> None:
    if rule.booked and rule.unit:
        against("unit", "unit_of_booking", "Aturan pesanan memakai unit yang dipesan: kosongkan.")
    if not rule.booked and rule.unit not in UNITS:
        against("unit", "unit_unknown", "Pilih unit dari daftar.")
    elif not rule.booked and rule.is_active and rule.unit not in units:
        message = f"{UNITS[rule.unit]} tidak menerima dari loket; saran dialihkan ke Poli Umum."
        against("unit", "unit_not_here", message, "warn")
    if rule.cluster is not None and rule.cluster not in CLUSTER_LABELS:
        against("cluster", "cluster_unknown", "Pilih klaster dari daftar.")


def _check_conditions(rule: Rule, against: _Against) -> None:
    if rule.lasting and rule.lasting_days < 1:
        against("lasting_days", "days_missing", "Tulis mulai berapa hari gejala ini dihitung.")
    if any(programme not in PROGRAMMES for programme in rule.programmes):
        against("programmes", "programme_unknown", "Pilih program dari daftar.")
    if rule.age_below_days is not None and rule.age_below_days <= rule.age_from_days:
        against("age", "ages_crossed", "Umur «di bawah» harus lebih tua daripada umur «mulai».")


def _check_phrases(field: str, phrases: tuple[str, ...], against: _Against) -> None:
    if len(phrases) > MOST_PHRASES:
        against(field, "too_many_words", f"Paling banyak {MOST_PHRASES} kata pada satu aturan.")
    for phrase in phrases:
        if not re.search(r"[a-z]", phrase.lower()):
            against(field, "word_empty", f"«{phrase[:20]}» bukan kata. Hapus, atau tulis hurufnya.")
        elif len(phrase) > _LONGEST_PHRASE:
            against(
                field, "word_long", f"«{phrase[:20]}…» terlalu panjang: pakai beberapa kata saja."
            )


def _check_order(rules: tuple[Rule, ...]) -> list[Finding]:
    active = [rule for rule in rules if rule.is_active]
    findings = []
    for rule in active[:-1]:
        if rule.takes_everybody:
            message = (
                f"«{rule.code}» tidak punya syarat, jadi berlaku untuk semua orang dan aturan "
                "sesudahnya tidak pernah dipakai. Beri syarat, atau pindahkan ke paling bawah."
            )
            findings.append(Finding("takes_everybody", "refuse", message, f"{rule.code}.order"))
    return findings


def _check_cases(rule: Rule, table: RuleTable) -> list[Finding]:
    findings = []
    for number, result in enumerate(run_cases(rule, table), start=1):
        if result.is_right:
            continue
        got = "tidak ada aturan" if result.got is None else f"aturan «{result.got.rule.code}»"
        if result.case.finds:
            message = f"Contoh {number} «{result.case.complaint}» tidak sampai: yang cocok {got}."
        else:
            message = f"Contoh {number} «{result.case.complaint}» seharusnya tidak sampai ke sini."
        findings.append(Finding("case_fails", "refuse", message, f"{rule.code}.cases"))
    return findings


def _check_emergencies(table: RuleTable) -> list[Finding]:
    """An adult, a child and a pregnant woman with each great danger sign must be called now."""
    people = (
        Situation(sex="male", age_days=years(40)),
        Situation(sex="female", age_days=years(2)),
        Situation(sex="female", age_days=years(28), pregnant=True),
    )
    missed = []
    for complaint in (*ALWAYS_EMERGENCY, ""):
        for person in people:
            situation = Situation(
                complaint=complaint,
                sex=person.sex,
                age_days=person.age_days,
                pregnant=person.pregnant,
                emergency=not complaint,
            )
            look = table.first(situation)
            if look is None or look.rule.unit != "ugd" or not look.rule.call_now:
                missed.append(complaint or "tanda gawat dari loket")
                break
    return [
        Finding(
            "emergency_lost",
            "refuse",
            f"«{complaint}» tidak lagi ke Gawat Darurat dan dipanggil sekarang. Itu tidak boleh.",
            "rules",
        )
        for complaint in missed
    ]


def _check_ages(table: RuleTable) -> list[Finding]:
    """Ages at which a patient without telling words gets no suggestion."""
    without = [
        age
        for age in range(100)
        if table.first(Situation(complaint="sakit", sex="male", age_days=years(age))) is None
    ]
    if not without:
        return []
    ages = f"{without[0]}–{without[-1]} th" if len(without) > 1 else f"{without[0]} th"
    message = f"Pada umur {ages} ada keluhan yang tidak mendapat saran; loket akan memilih sendiri."
    return [Finding("age_without_rule", "warn", message, "rules")]
