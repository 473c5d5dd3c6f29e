"""Rules of a house: what may not come into force, and how rules travel as data."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.errors import DomainError
from simpul.domain.placement import Situation, suggest, try_out
from simpul.domain.placement_cases import (
    age_in_days,
    read_age,
    read_case,
    read_cases,
    write_age,
    write_case,
)
from simpul.domain.placement_check import (
    ALWAYS_EMERGENCY,
    check_rules,
    run_cases,
    situation_of_case,
)
from simpul.domain.placement_data import rule_as_data, rule_from_data, rules_from_data
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.domain.placement_rules import PROGRAMMES, UNITS, Rule, RuleCase, years
from simpul.domain.placement_table import RuleTable


def with_rule(code: str, **changes) -> tuple[Rule, ...]:
    return tuple(replace(r, **changes) if r.code == code else r for r in NATIONAL_RULES)


def codes(rules) -> set[str]:
    return {f.code for f in check_rules(tuple(rules)) if f.severity == "refuse"}


def test_the_national_rules_pass_their_own_check():
    assert check_rules(NATIONAL_RULES) == ()
    table = RuleTable(NATIONAL_RULES)
    for rule in NATIONAL_RULES:
        results = run_cases(rule, table)
        assert results
        assert all(result.is_right for result in results), rule.code


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ((), "rules_empty"),
        (with_rule("gigi", words=("gigi", "--")), "word_empty"),
        (with_rule("gigi", unit="kantin"), "unit_unknown"),
        (with_rule("gigi", reason=" "), "reason_empty"),
        (with_rule("gigi", cases=()), "case_missing"),
        (with_rule("gigi", words=("kuku",), unless=()), "case_fails"),
        (with_rule("mtbs", age_from_days=years(6)), "ages_crossed"),
        (with_rule("tb", lasting_days=0), "days_missing"),
        (with_rule("kb-program", programmes=("haji",)), "programme_unknown"),
        (with_rule("pesanan", unit="gigi"), "unit_of_booking"),
        ((*NATIONAL_RULES, NATIONAL_RULES[3]), "code_twice"),
        (with_rule("gigi", words=(), unless=()), "takes_everybody"),
        ([r for r in NATIONAL_RULES if r.code != "ugd-keluhan"], "emergency_lost"),
        ([r for r in NATIONAL_RULES if r.code != "ugd-tanda"], "emergency_lost"),
        (with_rule("ugd-keluhan", call_now=False), "emergency_lost"),
    ],
)
def test_what_may_not_come_into_force(rules, code):
    assert code in codes(rules)


def test_a_rule_that_stands_too_low_fails_its_own_case():
    gigi = next(rule for rule in NATIONAL_RULES if rule.code == "gigi")
    low = (*(rule for rule in NATIONAL_RULES if rule is not gigi), gigi)
    found = [f for f in check_rules(low) if f.where == "gigi.cases"]
    assert found
    assert "lansia" in found[0].message or "dewasa" in found[0].message


def test_no_danger_sign_may_be_taken_out_of_the_emergency_rule():
    for sign in ALWAYS_EMERGENCY:
        words = [w for r in NATIONAL_RULES if r.code == "ugd-keluhan" for w in r.words]
        kept = tuple(word for word in words if word.split()[0] != sign.split()[0])
        lost = [f.message for f in check_rules(with_rule("ugd-keluhan", words=kept, cases=(
            RuleCase("tenggelam", "30", "male"),
        )))]  # fmt: skip
        assert any(sign in message for message in lost), sign


def test_ages_without_a_rule_are_a_warning_only():
    found = check_rules(with_rule("dewasa", is_active=False))
    assert [(f.code, f.severity) for f in found] == [("age_without_rule", "warn")]
    assert "18–59" in found[0].message


def test_rules_survive_being_data():
    data = [rule_as_data(rule) for rule in NATIONAL_RULES]
    assert rules_from_data(data) == NATIONAL_RULES
    assert rule_from_data({"code": "a", "unit": "gigi", "reason": "b"}) == Rule("a", "gigi", "b")


#: A complaint is one line, and the bar parts it from the person.
SAID = st.characters(codec="ascii", exclude_characters="|", exclude_categories=["Cc"])

cases = st.builds(
    RuleCase,
    complaint=st.text(alphabet=SAID, max_size=40).map(str.strip),
    age=st.sampled_from(["", "0", "39", "6b", "10h", "104"]),
    sex=st.sampled_from([None, "male", "female"]),
    pregnant=st.booleans(),
    postpartum=st.booleans(),
    emergency=st.booleans(),
    booked_unit=st.sampled_from(["", *UNITS]),
    programmes=st.lists(st.sampled_from(sorted(PROGRAMMES)), unique=True).map(tuple),
    immunisation_due=st.sampled_from(["", "9 bulan", "baru lahir"]),
    finds=st.booleans(),
)  # fmt: skip


@given(cases)
def test_a_case_is_read_as_it_was_written(case):
    assert read_case(write_case(case)) == case


@given(st.integers(1, years(120)))
def test_an_age_is_read_as_it_was_written(days):
    assert read_age(write_age(days)) == days


@pytest.mark.parametrize("line", ["batuk", "40 X | batuk", "40 L besok | batuk", "4x L | batuk"])
def test_a_line_that_says_nobody_is_refused(line):
    with pytest.raises(DomainError) as trouble:
        read_cases(line)
    assert trouble.value.code == "case_unreadable"


@pytest.mark.parametrize("text", ["", "tua", "5 abad", "-3", "200 th", "99999 hr"])
def test_ages_that_cannot_be_read(text):
    with pytest.raises(DomainError):
        read_age(text)


def test_ages_of_cases():
    assert [age_in_days(text) for text in ("", "10h", "6b", "5")] == [None, 10, 185, years(5) + 40]


def test_trying_out_tells_the_rule_and_the_one_that_nearly_took_it():
    table = RuleTable(NATIONAL_RULES)
    trial = try_out(Situation("batuk 3 hari", "male", age_days=years(40)), table)
    assert (trial.chosen.rule.code, trial.nearly.rule.code, trial.nearly.why) == (
        "dewasa", "tb", "short",
    )  # fmt: skip
    trial = try_out(Situation("tidak sesak", "male", age_days=years(70)), table)
    assert (trial.nearly.rule.code, trial.nearly.why) == ("ugd-keluhan", "denied")
    trial = try_out(Situation("sakit gigi", "male", age_days=years(70)), table)
    assert (trial.chosen.phrase, trial.nearly.rule.code) == ("gigi", "lansia")


@given(cases)
def test_trying_out_agrees_with_the_suggestion(case):
    table, situation = RuleTable(NATIONAL_RULES), situation_of_case(case)
    assert try_out(situation, table).suggestion == suggest(situation, table)


def test_a_booking_that_cannot_be_right_does_not_decide():
    man = Situation("pusing", "male", age_days=years(30), booked_unit="kia")
    assert suggest(man).unit == "umum"
    assert suggest(replace(man, sex="female")).rule == "pesanan"
    assert suggest(replace(man, booked_unit="gigi")).unit == "gigi"
    assert suggest(replace(man, booked_unit="gigi", complaint="nyeri dada")).unit == "ugd"
