"""One rule as it is typed on the head's page, and the patient of the try box."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from simpul.domain.errors import DomainError
from simpul.domain.placement import Situation
from simpul.domain.placement_cases import read_age, read_case, read_cases, write_age, write_case
from simpul.domain.placement_check import situation_of_case
from simpul.domain.placement_rules import Cluster, Rule
from simpul.foundation.core.errors import Problem, Refused

#: Longest text of a box of words; more is a mistake of the clipboard.
LONGEST_BOX = 20_000
_CLUSTERS: dict[str, Cluster] = {"1": "1", "2": "2", "3": "3", "4": "4", "lintas": "lintas"}
_SWITCHES = ("quiet", "pregnant", "emergency", "booked", "immunisation_due", "call_now")


@dataclass(frozen=True)
class RuleForm:
    """What stands in the fields, and what is wrong with each."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)


def form_of(rule: Rule) -> RuleForm:
    """Return the form of a rule as it is."""
    return RuleForm(
        {
            "code": rule.code,
            "unit": rule.unit,
            "reason": rule.reason,
            "words": ", ".join(rule.words),
            "unless": ", ".join(rule.unless),
            "lasting": ", ".join(rule.lasting),
            "lasting_days": rule.lasting_days or "",
            "age_from": write_age(rule.age_from_days) if rule.age_from_days else "",
            "age_below": "" if rule.age_below_days is None else write_age(rule.age_below_days),
            "sex": rule.sex or "",
            "programmes": list(rule.programmes),
            "cluster": rule.cluster or "",
            "mask": "masker" in rule.tags,
            "cases": "\n".join(write_case(case) for case in rule.cases),
            **{name: getattr(rule, name) for name in _SWITCHES},
        }
    )


def typed_form(post: QueryDict) -> RuleForm:
    """Return the form as it was typed."""
    texts = ("code", "unit", "reason", "words", "unless", "lasting", "lasting_days", "age_from",
             "age_below", "sex", "cluster", "cases")  # fmt: skip
    values: dict[str, Any] = {
        name: post.get(name, "").replace("\x00", "").replace("\r\n", "\n")[:LONGEST_BOX]
        for name in texts
    }
    values |= {name: name in post for name in (*_SWITCHES, "mask")}
    values["programmes"] = post.getlist("programmes")
    return RuleForm(values)


def with_refusal(form: RuleForm, refusal: Refused) -> RuleForm:
    """Return the form with each problem beside its field."""
    problems: dict[str, list[str]] = {}
    for problem in refusal.errors:
        problems.setdefault(problem.where, []).append(str(problem.message))
    return RuleForm(form.values, problems)


def rule_of(form: RuleForm, *, keep: Rule | None = None) -> Rule:
    """Return the rule that was typed; Refused names every field that cannot be read.

    `keep` is the rule before: what the form does not show stays.
    """
    values, problems = form.values, []

    def reading(name: str, read: Any, otherwise: Any) -> Any:
        try:
            return read(values[name]) if str(values[name]).strip() else otherwise
        except (DomainError, ValueError) as trouble:
            message = getattr(trouble, "message", _("Tulis angka."))
            code = getattr(trouble, "code", "unreadable")
            where = "age" if name.startswith("age_") else name
            problems.append(Problem(where, code, message))
            return otherwise

    tags = tuple(tag for tag in (keep.tags if keep else ()) if tag != "masker")
    rule = Rule(
        code=values["code"].strip(),
        unit="" if values["booked"] else values["unit"],
        reason=" ".join(values["reason"].split()),
        words=phrases(values["words"]),
        unless=phrases(values["unless"]),
        lasting=phrases(values["lasting"]),
        lasting_days=reading("lasting_days", _days, 0),
        age_from_days=reading("age_from", read_age, 0),
        age_below_days=reading("age_below", read_age, None),
        sex={"male": "male", "female": "female"}.get(values["sex"]),  # type: ignore[arg-type]
        programmes=tuple(values["programmes"]),
        cluster=_CLUSTERS.get(values["cluster"]),
        tags=(*tags, "masker") if values["mask"] else tags,
        is_active=keep.is_active if keep else True,
        cases=reading("cases", read_cases, ()),
        **{name: values[name] for name in _SWITCHES},
    )
    if problems:
        raise Refused(
            _("Aturan belum disimpan: ada isian yang perlu diperbaiki."),
            "placement_rules_refused",
            errors=tuple(problems),
        )
    return rule


def phrases(text: str) -> tuple[str, ...]:
    """Return the words of a box: separated by commas or lines, small, each once."""
    parts = (" ".join(part.lower().split()) for part in re.split(r"[,;\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 3650:
        raise ValueError(text)
    return days


def read_trial(post: Mapping[str, str]) -> Situation:
    """Return the patient of the try box; Refused when the age cannot be read."""
    age = post.get("age", "").strip().lower().replace(" ", "")[:6]
    sex = {"male": "L", "female": "P"}.get(post.get("sex", ""), "")
    marks = [mark for mark in ("hamil", "nifas", "gawat") if mark in post]
    programme = post.get("programme", "")
    who = " ".join(part for part in (age, sex, *marks, programme) if part)
    complaint = " ".join(post.get("complaint", "").replace("|", " ").split())[:300]
    try:
        return situation_of_case(read_case(f"{who} | {complaint}"))
    except DomainError as trouble:
        sentence = _("Umur ditulis 39, 6b (bulan), atau 10h (hari).")
        raise Refused(
            sentence, "trial_unreadable", errors=(Problem("age", trouble.code, sentence),)
        ) from None
