"""The rules of completeness as the head sets them, and what they do to the next analysis."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from simpul.foundation.core.errors import NotAllowed, NotHere, Refused
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.service.completeness.models import CompletenessCheck, CompletenessRule
from simpul.service.completeness.rules import change_rule, list_rules
from tests.conftest import new_key
from tests.filing.visits import close, new_patient, visit

Browse = Callable[[Actor], Client]


def missing(registrar: Actor, physician: Actor, name: str, unit: str = "umum") -> set[str]:
    """The rules a record lacks that has everything but vital signs."""
    made = visit(registrar, new_patient(registrar, name), unit)
    close(made, physician, parts=("soap", "condition", "allergy"))
    check = CompletenessCheck.objects.get(encounter=made.encounter)
    return {row["rule"] for row in check.results}


def test_a_rule_switched_off_is_owed_no_more_and_on_again_is(
    registrar: Actor, physician: Actor, head: Actor
):
    assert missing(registrar, physician, "SITI AMINAH") == {"vitals"}

    change_rule("vitals", by=head, is_active=False)
    assert missing(registrar, physician, "BUDI SANTOSO") == set()

    change_rule("vitals", by=head, is_active=True)
    assert missing(registrar, physician, "WAHYU LESTARI") == {"vitals"}


def test_a_rule_is_owed_in_the_units_named(registrar: Actor, physician: Actor, head: Actor):
    change_rule("vitals", by=head, is_active=True, units=["gigi"])

    assert missing(registrar, physician, "SITI AMINAH", "umum") == set()
    assert missing(registrar, physician, "BUDI SANTOSO", "gigi") == {"vitals"}


def test_no_unit_named_gives_the_usual_ones_back(head: Actor):
    usual = {line.code: line.units for line in list_rules(by=head)}
    change_rule("vitals", by=head, is_active=True, units=["gigi"])

    change_rule("vitals", by=head, is_active=True, units=[])

    assert {line.code: line.units for line in list_rules(by=head)} == usual


def test_the_usual_units_are_not_stored(head: Actor):
    usual = next(line.units for line in list_rules(by=head) if line.code == "vitals")

    change_rule("vitals", by=head, is_active=False, units=usual)

    assert CompletenessRule.objects.get(code="vitals").units == []


def test_each_change_is_in_the_journal_and_a_repeat_is_not(head: Actor):
    for _turn in range(2):
        change_rule("allergy", by=head, is_active=False)

    told = JournalEntry.objects.filter(act="rule-changed")
    assert [(row.subject, row.detail["active"]) for row in told] == [("rule:allergy", False)]


def test_what_does_not_exist_is_refused(head: Actor):
    with pytest.raises(NotHere):
        change_rule("nothing", by=head, is_active=False)
    with pytest.raises(Refused):
        change_rule("vitals", by=head, is_active=True, units=["bulan"])


@pytest.mark.parametrize("who", ["technician", "recorder", "physician", "registrar"])
def test_only_the_head_changes_rules(request: pytest.FixtureRequest, who: str):
    with pytest.raises(NotAllowed):
        change_rule("vitals", by=request.getfixturevalue(who), is_active=False)

    assert not CompletenessRule.objects.exists()


def test_the_page_switches_a_rule(browse: Browse, head: Actor):
    client = browse(head)
    body = client.get(reverse("aturan-kelengkapan")).content.decode()
    assert 'data-uji="aturan-vitals-nyala"' in body
    assert 'data-uji="aturan-in_time-nyala"' not in body, "counted only, never returned"

    answer = client.post(
        reverse("aturan-ubah", args=["vitals"]), {"op": new_key(), "units": ["umum", "kia"]}
    )

    assert answer.status_code == 302
    row = CompletenessRule.objects.get(code="vitals")
    assert (row.is_active, row.units) == (False, ["kia", "umum"])


def test_the_page_refuses_a_unit_nobody_has(browse: Browse, head: Actor):
    answer = browse(head).post(
        reverse("aturan-ubah", args=["vitals"]), {"op": new_key(), "units": ["bulan"]}
    )

    assert answer.status_code == 422
    assert not CompletenessRule.objects.exists()


def test_it_reads_the_rules_and_cannot_change_them(browse: Browse, technician: Actor):
    client = browse(technician)

    body = client.get(reverse("aturan-kelengkapan")).content.decode()
    refused = client.post(reverse("aturan-ubah", args=["vitals"]), {"op": new_key()})

    assert "Tanda vital" in body
    assert "aturan-vitals-simpan" not in body
    assert refused.status_code == 403


@pytest.mark.parametrize("who", ["recorder", "registrar", "physician"])
def test_others_do_not_see_the_settings(browse: Browse, request: pytest.FixtureRequest, who: str):
    answer = browse(request.getfixturevalue(who)).get(reverse("aturan-kelengkapan"))

    assert answer.status_code == 403
