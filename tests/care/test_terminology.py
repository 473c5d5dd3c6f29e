"""Diagnoses and procedures are found the way people type them, and odd codes are questioned."""

import threading
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.demo.names import code_lists, list_complaints, list_villages, make_family, make_person
from simpul.demo.names.complaints import GAP, pick_complaint
from simpul.demo.names.naming import CULTURES, name_parts
from simpul.demo.names.people import UNIQUE_IN_REAL_DISTRICTS
from simpul.domain.identity import check_bpjs, check_kk, check_nik, check_phone
from simpul.service.care.terminology import icd10, procedures
from simpul.service.care.terminology.limits import sex_limit
from simpul.service.care.terminology.soap_templates import TEMPLATES, get_template, list_templates
from simpul.service.care.terminology.word_index import WordIndex, normalise
from simpul.service.patients import models as patients

TODAY = date(2026, 11, 22)
YEAR = 365
UNIT_WORDS = "umum lansia gigi mtbs kia imunisasi ugd rawat-inap persalinan gizi tb laboratorium"
UNITS = set(UNIT_WORDS.split())


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - the same people each time is the point


def codes(text: str, **options: object) -> list[str]:
    return [term.code for term in icd10.search(text, **options)]


# --- finding a diagnosis ---


@pytest.mark.parametrize("typed", ["j06.9", "J06.9", "j069", " J069 ", "j 06.9"])
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    assert codes(typed)[0] == "J06.9"
    assert icd10.get(typed).code == "J06.9"


def test_a_code_that_was_begun_lists_what_lies_below_it() -> None:
    assert codes("e11", limit=20)[0] == "E11"
    assert set(codes("e11", limit=20)) >= {"E11.0", "E11.9"}
    assert all(code.startswith("J0") for code in codes("j0"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("darah tinggi", "I10"),
        ("kencing manis", "E11.9"),
        ("mencret", "A09.9"),
        ("batuk pilek", "J06.9"),
        ("gudig", "B86"),
        ("untu krowok", "K02.1"),
        ("biduren", "L50.9"),
        ("sake' cetak", "R51"),
        ("dompo", "B02.9"),
        ("congek", "H66.3"),
        ("panas badan sejak kemarin", "R50.9"),
    ],
)
def test_everyday_words_find_the_diagnosis_among_the_first_three(words: str, code: str) -> None:
    assert code in codes(words)[:3]


@pytest.mark.parametrize(
    ("slip", "code"),
    [
        ("hipertnsi", "I10"),
        ("hipertensi esensal", "I10"),
        ("kencingmanis", "E11.9"),
        ("kencing mnis", "E11.9"),
        ("gastristis", "K29.7"),
        ("skabis", "B86"),
    ],
)
def test_a_typing_slip_still_finds_it(slip: str, code: str) -> None:
    assert code in codes(slip)[:3]


def test_english_titles_are_found_also_where_we_have_no_local_name() -> None:
    assert codes("fracture of femur")[0].startswith("S72")
    assert "I10" in codes("essential hypertensoin")


def test_nonsense_finds_nothing_and_an_empty_text_gives_the_favourites() -> None:
    assert codes("qqxzzyw") == []
    assert codes("") == []
    assert codes("  ", favourites=["j069", "I10", "J06.9", "X999"]) == ["J06.9", "I10"]


def test_favourites_come_before_better_matches_but_after_the_exact_code() -> None:
    assert codes("hipertensi")[0] == "I10"
    assert codes("hipertensi", favourites=["O13"])[:2] == ["O13", "I10"]
    assert codes("i10", favourites=["I11.9"])[0] == "I10"


def test_favourites_that_do_not_match_do_not_appear() -> None:
    assert "I10" not in codes("gudig", favourites=["I10"])


def test_limit_is_kept_and_no_code_appears_twice() -> None:
    found = codes("diabetes", limit=7)
    assert len(found) == 7
    assert len(set(found)) == 7
    assert codes("diabetes", limit=0) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_answered_with_known_codes(text: str) -> None:
    assert all(icd10.is_valid(code) for code in codes(text, limit=5))


def test_editions_are_marked() -> None:
    editions = {code: icd10.get(code).edition for code in ("A90", "A91", "A09", "K30", "A97.0")}
    assert editions == {
        "A90": icd10.Edition.ONLY_2010,
        "A91": icd10.Edition.ONLY_2010,
        "A09": icd10.Edition.ONLY_2010,
        "K30": icd10.Edition.BOTH,
        "A97.0": icd10.Edition.ONLY_2019,
    }
    assert icd10.get("A09").is_leaf
    assert not icd10.get("E11").is_leaf


@pytest.mark.parametrize("code", ["", "ZZZ", "A00-A09", "IX", "J06.99", "10"])
def test_what_is_no_diagnosis_is_not_valid(code: str) -> None:
    assert not icd10.is_valid(code)
    assert icd10.get(code) is None


def test_every_local_name_stands_on_a_final_code_and_finds_itself() -> None:
    names = icd10._read_names()
    assert len(names) >= 200
    lost = []
    for code, (name, _synonyms) in names.items():
        assert icd10.get(code).is_leaf, code
        if code not in codes(name, limit=6):
            lost.append((code, name))
    assert lost == []


def test_threads_that_start_together_load_one_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []

    class Counting(icd10._Catalogue):
        def __init__(self) -> None:
            built.append(1)
            super().__init__()

    monkeypatch.setattr(icd10, "_catalogue", None)
    monkeypatch.setattr(icd10, "_Catalogue", Counting)
    answers: list[list[str]] = []
    threads = [threading.Thread(target=lambda: answers.append(codes("gudig"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1
    assert [answer[0] for answer in answers] == ["B86"] * 6


# --- codes that do not fit ---


def test_a_code_of_the_other_sex_is_named_with_the_reason() -> None:
    assert "O80.0 tidak cocok untuk laki-laki" in icd10.contradicts("O80.0", "male", 30 * YEAR)
    assert "C61 tidak cocok untuk perempuan" in icd10.contradicts("C61", "female", 70 * YEAR)
    assert icd10.contradicts("O80.0", "female", 30 * YEAR) is None
    assert icd10.contradicts("C61", "male", 70 * YEAR) is None


@pytest.mark.parametrize(
    ("code", "fits", "asks"),
    [
        ("P07.1", 20, 2 * YEAR),
        ("Z34.9", 28 * YEAR, 60 * YEAR),
        ("I10", 50 * YEAR, 4 * YEAR),
        ("H25.9", 70 * YEAR, 20 * YEAR),
    ],
)
def test_an_unusual_age_is_a_question(code: str, fits: int, asks: int) -> None:
    assert icd10.contradicts(code, "female", fits) is None
    assert icd10.contradicts(code, "female", asks).endswith("?")


def test_what_is_not_known_contradicts_nothing() -> None:
    assert icd10.contradicts("O80.0", None, None) is None
    assert icd10.contradicts("J06.9", "male", 3) is None


def test_limits_end_where_the_ranges_end() -> None:
    assert sex_limit("N39.0") is None
    assert sex_limit("N40") == "male"
    assert sex_limit("N51.8") == "male"
    assert sex_limit("N60.1") is None
    assert sex_limit("N98.9") == "female"
    assert sex_limit("Z30.4") is None
    assert sex_limit("Z30.5") == "female"


# --- procedures ---


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("hecting", "86.59"),
        ("jahit luka", "86.59"),
        ("8659", "86.59"),
        ("cabut gigi susu", "23.01"),
        ("nebulizr", "93.94"),
        ("khitan", "64.0"),
        ("ekg", "89.52"),
    ],
)
def test_a_procedure_is_found_by_code_word_and_slip(typed: str, code: str) -> None:
    assert procedures.search(typed)[0].code == code


def test_the_list_of_procedures_is_sound() -> None:
    listed = list(procedures._load().terms.values())
    units = {unit for term in listed for unit in term.units}
    assert len(listed) >= 120
    assert units <= UNITS
    assert procedures.get("8659").needs_consent
    assert not procedures.get("89.7").needs_consent
    assert procedures.get("00.00") is None


def test_the_unit_of_the_asker_sorts_its_own_procedures_first() -> None:
    assert all("gigi" in term.units for term in procedures.search("", unit="gigi", limit=5))
    assert procedures.search("jahit", unit="persalinan")[0].code == "75.69"
    assert procedures.search("", favourites=["23.09"])[0].code == "23.09"


# --- templates ---


@pytest.mark.parametrize(
    ("typed", "word"), [("/isp", "isp"), ("/ispa", "isp"), ("/GAST", "gastritis"), ("ht", "ht")]
)
def test_a_template_is_called_by_its_word_or_a_clear_beginning(typed: str, word: str) -> None:
    assert get_template(typed).word == word


def test_an_unclear_or_unknown_word_calls_nothing() -> None:
    assert get_template("/g") is None
    assert get_template("/") is None
    assert get_template("/zzz") is None
    assert [template.word for template in list_templates("/g")] == [
        "gastritis",
        "gea",
        "gigi",
        "gizi",
    ]


def test_every_template_has_four_parts_and_codes_that_exist() -> None:
    assert len({template.word for template in TEMPLATES}) == len(TEMPLATES) >= 12
    for template in TEMPLATES:
        parts = (template.subjective, template.objective, template.assessment, template.plan)
        assert all(part.strip() for part in parts), template.word
        assert all(icd10.is_valid(code) for code in template.codes), template.word


# --- the index under them ---


def test_normalise_folds_case_accents_apostrophes_and_signs() -> None:
    assert normalise("  Sakè’  CETAK, (kepala)! ") == "sake cetak kepala"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.from_regex(r"[a-z]{3,8}( [a-z]{3,8}){0,2}", fullmatch=True), min_size=1))
def test_every_phrase_of_an_index_finds_its_own_key(phrases: list[str]) -> None:
    index = WordIndex((phrase, phrase) for phrase in phrases)
    for phrase in phrases:
        assert phrase in {hit.key for hit in index.search(phrase)}


# --- made-up people ---


def test_numbers_of_families_are_unique_even_past_the_real_districts() -> None:
    rng = seeded(7)
    far = UNIQUE_IN_REAL_DISTRICTS // 8
    serials = [*range(1500), *range(far, far + 1500)]
    people = [person for serial in serials for person in make_family(rng, TODAY, serial)]
    for numbers in (
        [person.nik for person in people if person.nik],
        [person.bpjs_number for person in people if person.bpjs_number],
    ):
        assert len(numbers) == len(set(numbers))


def test_numbers_are_well_formed_and_agree_with_the_person() -> None:
    rng = seeded(11)
    for serial in range(400):
        person = make_person(rng, TODAY, serial)
        assert check_phone(person.phone) == []
        if person.nik:
            remarks = check_nik(
                person.nik, birth_date=person.birth_date, sex=person.sex, today=TODAY
            )
            assert remarks == []
            assert person.nik.startswith("3509")
            assert int(person.nik[12:]) >= 9000
        if person.kk_number:
            assert check_kk(person.kk_number) == []
        if person.bpjs_number:
            assert check_bpjs(person.bpjs_number) == []
        assert person.birth_date <= TODAY


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 40000), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_family_shares_its_home_and_its_children_are_younger(
    seed: int, serial: int, today: date
) -> None:
    family = make_family(seeded(seed), today, serial)
    assert 1 <= len(family) <= 7
    assert len({(p.kk_number, p.village, p.rt, p.rw, p.address, p.phone) for p in family}) == 1
    names = {person.name for person in family if person.sex == "female"}
    for child in (p for p in family if p.mother_name in names and p.marital_status == "single"):
        mother = next(p for p in family if p.name == child.mother_name)
        assert (child.birth_date - mother.birth_date).days > 15 * YEAR


def test_the_same_seed_makes_the_same_people() -> None:
    assert make_family(seeded(3), TODAY, 5) == make_family(seeded(3), TODAY, 5)


def test_shares_and_ages_are_plausible() -> None:
    rng = seeded(5)
    people = [make_person(rng, TODAY, serial) for serial in range(3000)]
    without_nik = sum(person.nik is None for person in people) / len(people)
    with_bpjs = sum(person.bpjs_number is not None for person in people) / len(people)
    single_names = sum(" " not in person.name for person in people) / len(people)
    old = sum(person.birth_date.year <= TODAY.year - 60 for person in people) / len(people)
    assert 0.12 < without_nik < 0.18
    assert 0.71 < with_bpjs < 0.79
    assert 0.1 < single_names < 0.5
    assert 0.08 < old < 0.25


def test_there_are_enough_name_parts_and_all_villages() -> None:
    male = {word for culture in CULTURES for word in name_parts(culture, "male").first}
    female = {word for culture in CULTURES for word in name_parts(culture, "female").first}
    second = {word for c in CULTURES for sex in ("male", "female") for word in _seconds(c, sex)}
    assert min(len(male), len(female), len(second)) >= 150
    assert len(list_villages()) == 248
    assert len({village.kecamatan for village in list_villages()}) == 31


def _seconds(culture: str, sex: str) -> tuple[str, ...]:
    parts = name_parts(culture, sex)
    return parts.second + parts.surnames


def test_social_codes_are_those_of_the_patient_record() -> None:
    assert set(code_lists.EDUCATION_LEVELS) == set(patients.Education.values)
    assert set(code_lists.RELIGIONS) == set(patients.Religion.values)
    assert set(code_lists.MARITAL_STATUSES) == set(patients.MaritalStatus.values)
    rng = seeded(2)
    for serial in range(200):
        for person in make_family(rng, TODAY, serial):
            assert person.occupation in code_lists.OCCUPATIONS
            assert person.education in code_lists.EDUCATION_LEVELS
            assert person.religion in code_lists.RELIGIONS
            assert person.marital_status in code_lists.MARITAL_STATUSES


def test_complaints_carry_codes_that_exist_and_fit_who_says_them() -> None:
    assert len(list_complaints()) >= 120
    assert {complaint.unit for complaint in list_complaints()} <= UNITS
    for complaint in list_complaints():
        sex = "female" if complaint.sex == "any" else complaint.sex
        middle = (complaint.least_age + complaint.most_age) * YEAR // 2
        for code in complaint.codes:
            assert icd10.is_valid(code), complaint
            assert icd10.contradicts(code, sex, middle) is None, complaint


def test_a_note_of_a_complaint_has_four_parts_and_no_gap() -> None:
    rng = seeded(1)
    for complaint in list_complaints():
        soap = complaint.write_soap(rng)
        for part in (soap.subjective, soap.objective, soap.assessment, soap.plan):
            assert part, complaint
            assert GAP not in part, complaint


def test_a_complaint_is_picked_for_the_person_and_none_where_none_fits() -> None:
    rng = seeded(4)
    for _ in range(50):
        complaint = pick_complaint(rng, "male", date(1950, 1, 1), TODAY)
        assert complaint.fits("male", 76)
    assert pick_complaint(rng, "male", date(1950, 1, 1), TODAY, unit="persalinan") is None
