"""Is this record complete?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain import completeness
from simpul.domain.completeness import Diagnosis, Entry, RecordSheet, check
from simpul.domain.completeness_rules import DEFAULT_RULES, Rule
from simpul.domain.errors import DomainError

ENDED = datetime(2025, 2, 3, 2, 0, tzinfo=UTC)


def entry(kind, text="diisi", **changes):
    written = Entry(kind, text, "dr. Hana", "dokter", ENDED + timedelta(minutes=5))
    return replace(written, **changes)


FULL = RecordSheet(
    unit="umum",
    mrn="004512",
    name="Siti Aminah",
    birth_date=date(1985, 3, 12),
    sex="female",
    entries=(entry("S"), entry("O"), entry("A"), entry("P")),
    diagnoses=(Diagnosis("J06.9", primary=True),),
    vitals_recorded=True,
    allergy_asked=True,
    service_ended_at=ENDED,
)


def missing(sheet):
    return [item.rule for item in check(sheet).missing]


def test_a_full_sheet_is_complete():
    result = check(FULL)
    assert (result.complete, result.percent, result.missing, result.owed) == (True, 100, (), 15)


def test_the_worked_example_two_of_fourteen_missing():
    unsigned = entry("P", signed_at=None)
    sheet = replace(FULL, entries=(entry("S"), entry("A"), unsigned))
    result = check(sheet)
    # Without all signatures "in time" is not owed: 14 items, 12 there.
    assert (result.owed, result.percent) == (14, 85)
    assert [(item.rule, item.component, item.responsible) for item in result.missing] == [
        ("objective", "reports", "klinisi"),
        ("signed", "authentication", "klinisi"),
    ]
    assert result.missing[0].message == "Pemeriksaan (O) belum diisi."
    assert result.missing[0].unit == "umum"


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"mrn": " "}, ["mrn"]),
        ({"name": ""}, ["name"]),
        ({"birth_date": None}, ["birth_date"]),
        ({"sex": "unknown"}, ["sex"]),
        ({"vitals_recorded": False}, ["vitals"]),
        ({"allergy_asked": False}, ["allergy"]),
        ({"diagnoses": ()}, ["diagnosis"]),
        ({"diagnoses": (Diagnosis("J06.9"),)}, ["diagnosis"]),
        ({"diagnoses": (Diagnosis("ISPA", primary=True),)}, ["diagnosis"]),
        ({"invasive_procedure": True}, ["consent"]),
        ({"invasive_procedure": True, "consent_recorded": True}, []),
        ({"lab_ordered": True}, ["lab_result"]),
        ({"lab_ordered": True, "lab_result_recorded": True}, []),
        ({"entries": (*FULL.entries, entry("other", "  "))}, ["no_blank"]),
        ({"entries": (*FULL.entries, entry("S", author=""))}, ["author"]),
        ({"entries": (*FULL.entries, entry("S", profession=""))}, ["profession"]),
        ({"entries": (*FULL.entries, entry("S", corrected=True))}, ["corrections"]),
        (
            {"entries": (*FULL.entries, entry("S", corrected=True, correction_reason="salah"))},
            [],
        ),
    ],
)
def test_each_item_is_missed_by_itself(changes, rules):
    assert missing(replace(FULL, **changes)) == rules


def test_signing_within_24_hours_counts_to_the_minute():
    in_time = entry("S", signed_at=ENDED + timedelta(hours=24))
    late = entry("S", signed_at=ENDED + timedelta(hours=24, minutes=1))
    assert missing(replace(FULL, entries=(*FULL.entries, in_time))) == []
    assert missing(replace(FULL, entries=(*FULL.entries, late))) == ["in_time"]
    assert missing(replace(FULL, entries=(*FULL.entries, late), service_ended_at=None)) == []


def test_units_owe_different_items():
    sheet = replace(FULL, vitals_recorded=False)
    assert missing(replace(sheet, unit="gigi")) == []
    assert missing(replace(sheet, unit="kia")) == ["vitals"]
    dispensing = replace(
        sheet, unit="farmasi", entries=(entry("other"),), diagnoses=(), allergy_asked=False
    )
    assert missing(dispensing) == []
    assert missing(replace(FULL, unit="gizi", diagnoses=())) == []


def test_an_empty_sheet_is_not_signed_by_silence():
    result = check(RecordSheet(unit="umum"))
    assert result.percent == 100 // result.owed
    assert {"author", "profession", "signed", "subjective"} <= {m.rule for m in result.missing}


def test_codes_of_icd10():
    for code in ("I10", "j06.9", "A09", "E11.90", "M79.18", "O80"):
        assert missing(replace(FULL, diagnoses=(Diagnosis(code, primary=True),))) == []


def test_a_rule_with_an_unknown_test_says_so():
    odd = Rule("odd", "recording", "Aneh", "handwriting", "Tidak terbaca.", "klinisi")
    with pytest.raises(DomainError, match="handwriting"):
        check(FULL, (odd,))
    assert check(FULL, ()).percent == 100


def test_the_default_table_names_only_known_tests():
    assert {rule.fact for rule in DEFAULT_RULES} <= set(completeness.FACTS)
    assert {rule.condition for rule in DEFAULT_RULES} - {""} <= set(completeness.CONDITIONS)
    assert len({rule.code for rule in DEFAULT_RULES}) == len(DEFAULT_RULES)
    assert {rule.component for rule in DEFAULT_RULES} == {
        "identification", "reports", "authentication", "recording",
    }  # fmt: skip


entries = st.builds(
    Entry,
    kind=st.sampled_from(["S", "O", "A", "P", "other"]),
    text=st.sampled_from(["", "diisi"]),
    author=st.sampled_from(["", "dr. Hana"]),
    profession=st.sampled_from(["", "dokter"]),
    signed_at=st.none() | st.just(ENDED) | st.just(ENDED + timedelta(days=3)),
    corrected=st.booleans(),
    correction_reason=st.sampled_from(["", "salah ketik"]),
)
sheets = st.builds(
    RecordSheet,
    unit=st.sampled_from(["umum", "gigi", "farmasi", "kia"]),
    mrn=st.sampled_from(["", "004512"]),
    name=st.sampled_from(["", "Siti"]),
    entries=st.lists(entries, max_size=5).map(tuple),
    vitals_recorded=st.booleans(),
    allergy_asked=st.booleans(),
    invasive_procedure=st.booleans(),
    consent_recorded=st.booleans(),
    service_ended_at=st.none() | st.just(ENDED),
)


@given(sheets)
def test_a_hundred_percent_means_complete_and_nothing_else(sheet):
    result = check(sheet)
    assert result.complete == (result.missing == ()) == (result.percent == 100)
    assert 0 <= result.percent <= 100
    assert len(result.missing) <= result.owed


@given(sheets)
def test_adding_what_was_missing_never_makes_a_sheet_worse(sheet):
    before = check(sheet)
    better = replace(sheet, mrn="1", name="Siti", vitals_recorded=True, allergy_asked=True)
    after = check(better)
    assert after.percent >= before.percent
    assert {m.rule for m in after.missing} <= {m.rule for m in before.missing}
