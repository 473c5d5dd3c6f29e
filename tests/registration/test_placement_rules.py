"""Rules of a house: draft, check, in force, restored; what the counter then suggests."""

import threading
from dataclasses import replace

import pytest
from django.db import connection

from simpul.domain.placement import Situation, suggest
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.domain.placement_rules import Rule, RuleCase, years
from simpul.foundation.core.errors import Conflict, NotAllowed, NotHere, Refused, Stale
from simpul.foundation.journal.models import JournalEntry
from simpul.service.registration.placement import selectors, services
from simpul.service.registration.placement.comparing import compare
from simpul.service.registration.placement.models import RuleDraft, RuleSet

pytestmark = pytest.mark.django_db

LOCAL = Rule(
    "nyeri-lokal",
    "gigi",
    "gigi (kata setempat)",
    words=("tojhi",),
    cases=(RuleCase("tojhi", "30", "male"),),
)
WOMAN = Situation("tojhi", "female", age_days=years(30))


def rule(code: str) -> Rule:
    return next(each for each in NATIONAL_RULES if each.code == code)


def in_force(by, note: str = "kata setempat") -> RuleSet:
    services.add_rule(LOCAL, before="tb", seen=0, by=by)
    return services.put_in_force(note=note, seen=1, by=by)


def test_without_a_version_the_national_rules_are_in_force(head):
    table = selectors.rules_in_force()
    assert (table.version, table.rules) == (0, NATIONAL_RULES)
    assert [line.number for line in selectors.list_versions(by=head)] == [0]


def test_a_draft_changes_nothing_at_the_counter_until_it_is_in_force(head):
    services.add_rule(LOCAL, before="tb", seen=0, by=head)
    assert suggest(WOMAN, selectors.rules_in_force()).unit == "umum"
    assert suggest(WOMAN, selectors.get_desk(by=head).table).rule == "nyeri-lokal"

    made = services.put_in_force(note="  kata   setempat ", seen=1, by=head)

    assert (made.number, made.note) == (1, "kata setempat")
    assert suggest(WOMAN, selectors.rules_in_force()).rule == "nyeri-lokal"
    assert selectors.rules_in_force().version == 1
    assert not selectors.get_desk(by=head).is_draft
    order = [each.code for each in selectors.rules_in_force().rules]
    assert order.index("nyeri-lokal") + 1 == order.index("tb")


def test_what_was_done_is_in_the_journal_without_words_of_patients(head):
    in_force(head)
    acts = list(JournalEntry.objects.filter(act__startswith="placement").order_by("seq"))
    assert [entry.act for entry in acts] == ["placement-drafted", "placement-in-force"]
    assert acts[1].detail == {"number": 1, "restored": None}


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"words": ("kuku",)}, "gigi.cases"),
        ({"is_active": True, "sex": "male"}, "gigi.cases"),
    ],
)
def test_a_rule_whose_cases_fail_may_be_drafted_but_not_put_in_force(head, changed, where):
    services.change_rule("gigi", replace(rule("gigi"), **changed), seen=0, by=head)
    with pytest.raises(Refused) as refusal:
        services.put_in_force(note="salah", seen=1, by=head)

    assert where in [problem.where for problem in refusal.value.errors]
    assert selectors.rules_in_force().version == 0
    assert selectors.get_desk(by=head).is_draft
    assert not RuleSet.objects.exists()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reason": ""}, "reason_empty"),
        ({"unit": "kantin"}, "unit_unknown"),
        ({"cases": ()}, "case_missing"),
        ({"words": ("!!",)}, "word_empty"),
    ],
)
def test_what_cannot_be_read_is_not_even_drafted(head, changed, code):
    with pytest.raises(Refused) as refusal:
        services.change_rule("gigi", replace(rule("gigi"), **changed), seen=0, by=head)
    assert code in [problem.code for problem in refusal.value.errors]
    assert not RuleDraft.objects.exists()


def test_emergencies_cannot_be_switched_off(head):
    services.switch_rule("ugd-keluhan", is_active=False, seen=0, by=head)
    with pytest.raises(Refused) as refusal:
        services.put_in_force(note="tanpa UGD", seen=1, by=head)
    assert "emergency_lost" in {problem.code for problem in refusal.value.errors}


def test_a_version_says_what_was_changed(head):
    services.move_rule("gizi", "up", seen=0, by=head)
    with pytest.raises(Refused) as refusal:
        services.put_in_force(note="  ", seen=1, by=head)
    assert refusal.value.code == "note_required"


def test_order_switching_removing_and_the_national_form(head):
    services.move_rule("gizi", "down", seen=0, by=head)
    services.switch_rule("bias", is_active=False, seen=1, by=head)
    services.add_rule(LOCAL, seen=2, by=head)
    services.change_rule("kb", replace(rule("kb"), reason="KB"), seen=3, by=head)
    desk = selectors.get_desk(by=head)
    kinds = {each.code: each.kind for each in compare(NATIONAL_RULES, desk.table.rules)}
    assert kinds["bias"] == kinds["kb"] == "changed"
    assert kinds["nyeri-lokal"] == "added"
    assert "moved" in (kinds.get("gizi"), kinds.get("laboratorium"))

    services.remove_rule("nyeri-lokal", seen=4, by=head)
    services.use_national_rule("kb", seen=5, by=head)
    services.switch_rule("bias", is_active=True, seen=6, by=head)
    services.move_rule("gizi", "up", seen=7, by=head)
    assert compare(NATIONAL_RULES, selectors.get_desk(by=head).table.rules) == []

    with pytest.raises(Refused):
        services.remove_rule("gigi", seen=8, by=head)
    with pytest.raises(Refused):
        services.move_rule(NATIONAL_RULES[0].code, "up", seen=8, by=head)
    with pytest.raises(NotHere):
        services.switch_rule("tidak-ada", is_active=True, seen=8, by=head)


def test_two_heads_do_not_overwrite_each_other(head):
    services.move_rule("gizi", "down", seen=0, by=head)
    for seen in (0, 7):
        with pytest.raises(Stale):
            services.move_rule("gigi", "down", seen=seen, by=head)
    with pytest.raises(Stale):
        services.put_in_force(note="x", seen=9, by=head)


def test_a_draft_over_an_older_version_is_not_put_over_a_newer_one(head):
    in_force(head)
    row = RuleDraft.objects.get()
    services.move_rule("gizi", "down", seen=0, by=head)
    services.restore(0, by=head)
    row.refresh_from_db()
    with pytest.raises(Stale):
        services.put_in_force(note="terlambat", seen=row.version, by=head)
    services.discard_draft(seen=row.version, by=head)
    assert not selectors.get_desk(by=head).is_draft


def test_an_older_version_comes_back_as_a_new_one(head):
    first = in_force(head)
    national = services.restore(0, by=head)
    assert (national.number, national.restored_from) == (2, 0)
    assert selectors.rules_in_force().rules == NATIONAL_RULES

    again = services.restore(1, note="ternyata perlu", by=head)
    assert (again.number, again.restored_from, again.rules) == (3, 1, first.rules)
    assert suggest(WOMAN, selectors.rules_in_force()).rule == "nyeri-lokal"
    assert [line.number for line in selectors.list_versions(by=head)] == [3, 2, 1, 0]

    with pytest.raises(Conflict):
        services.restore(3, by=head)
    with pytest.raises(NotHere):
        services.restore(9, by=head)


def test_only_the_head_of_this_house_writes(head, registrar, technician, outsider):
    for actor in (registrar, technician, outsider):
        with pytest.raises(NotAllowed):
            services.move_rule("gizi", "down", seen=0, by=actor)
        with pytest.raises(NotAllowed):
            services.restore(0, by=actor)
    assert selectors.get_desk(by=registrar).table.version == 0
    for actor in (technician, outsider):
        with pytest.raises(NotAllowed):
            selectors.get_desk(by=actor)


def test_the_rules_cost_nothing_while_they_are_kept(head, django_assert_num_queries, monkeypatch):
    in_force(head)
    selectors.rules_in_force()
    with django_assert_num_queries(0):
        table = selectors.rules_in_force()
    kept = selectors._kept
    assert kept is not None
    monkeypatch.setattr(selectors, "_kept", replace(kept, until=0.0))
    with django_assert_num_queries(1):
        assert selectors.rules_in_force() is table


def test_another_process_put_a_version_in_force(head, monkeypatch):
    """Its own memory is told by nobody: the number is looked for again after a few seconds."""
    old = selectors.rules_in_force()
    monkeypatch.setattr(services, "forget_rules", lambda: None)
    in_force(head)
    assert selectors.rules_in_force() is old
    monkeypatch.setattr(selectors, "_kept", replace(selectors._kept, until=0.0))
    assert selectors.rules_in_force().version == 1


def test_what_a_browser_gets_is_enough_to_suggest(head):
    in_force(head)
    sent = selectors.rules_as_json()
    assert sent["version"] == 1
    assert [each["code"] for each in sent["rules"]] == [
        each.code for each in selectors.rules_in_force().rules
    ]
    assert {"fuzzy_letters", "negations", "fillers", "numbers", "units"} <= set(sent["reading"])
    assert sent["limits"]["units"]["gigi"]


def test_the_migration_left_guards(head):
    made = in_force(head)
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE placement_ruleset SET note = 'x' WHERE number = %s", [made.number])


def test_threads_share_one_table(head):
    in_force(head)
    seen: list[int] = []
    table = selectors.rules_in_force()
    threads = [
        threading.Thread(target=lambda: seen.append(id(selectors.rules_in_force())))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) == {id(table)}
