"""Which unit should see this patient?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain import placement
from simpul.domain.dates import age_on
from simpul.domain.errors import DomainError
from simpul.domain.placement import Situation, cluster_for, impossible, suggest
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.domain.placement_rules import UNITS, years

TODAY = date(2025, 2, 3)

# age in years (or "6b" months, "5h" days), sex, pregnant, complaint, unit, cluster: as complaints
# are said at a counter, slips and regional words included. Written by the authors of the rules.
LABELLED = """
39 P - batuk | umum 3
39 P - batuk pilek 3 hari | umum 3
67 L - kontrol darah tinggi | lansia 3
60 P - linu linu | lansia 3
59 L - pegal linu | umum 3
12 L - demam 2 hari | umum 2
17 P - nyeri haid | umum 2
18 L - surat sehat | umum 3
5 L - batuk pilek | umum 2
4 P - batuk pilek | mtbs 2
3 L - mencret | mtbs 2
6b P - panas | mtbs 2
10h L - kuning | mtbs 2
1 P - panas habis imunisasi | mtbs 2
2 L - tumbuh gigi panas | mtbs 2
45 L - sesak napas | ugd lintas
45 L - sesek | ugd lintas
30 L - sesaknapas | ugd lintas
30 L - sesk nafas | ugd lintas
30 L - memar biru di lengan | umum 3
30 P - gatal, bias sembuh sendiri | umum 3
30 P - kontraksi otot | umum 3
50 L - nyeri dada menjalar ke lengan | ugd lintas
50 L - dada sakit | ugd lintas
2 P - kejang | ugd lintas
2 P - step | ugd lintas
20 P - pingsan di sekolah | ugd lintas
20 P - semaput | ugd lintas
28 P ya perdarahan | ugd lintas
28 P ya kejang | ugd lintas
30 L - kecelakaan motor | ugd lintas
30 L - kecelakan lalu lintas | ugd lintas
30 L - jatuh dari pohon | ugd lintas
8 L - digigit ular | ugd lintas
9 P - digigit anjing | ugd lintas
65 L - pelo sejak tadi pagi | ugd lintas
25 P - luka bakar kena minyak | ugd lintas
70 L - tidak sadar | ugd lintas
35 L - batuk, tidak sesak | umum 3
35 L - demam tanpa kejang | umum 3
66 P - kontrol stroke | lansia 3
25 P - sakit gigi | gigi lintas
7 L - gusi bengkak | gigi lintas
33 L - cabut geraham | gigi lintas
33 L - geraam sakit | gigi lintas
40 P - loro untu | gigi lintas
28 P ya sakit gigi | gigi lintas
45 L - batuk 2 minggu | tb 4
45 L - batuk 3 mgg keringat malam | tb 4
45 L - batuk sebulan | tb 4
45 L - batuk sudah 14 hari | tb 4
45 L - batuk 13 hari | umum 3
45 L - batuk dua minggu lebih | tb 4
45 L - batuk berdarah | tb 4
52 P - ambil OAT | tb 4
52 P - kontrol TBC | tb 4
23 P - kontak TB serumah | tb 4
3 L - ukur bb tb | mtbs 2
71 L - watuk 1 bulan | tb 4
28 P ya kontrol | kia 2
28 P ya batuk pilek | kia 2
28 P - periksa hamil | kia 2
28 P - kontrol kandungan | kia 2
22 P - telat haid | kia 2
30 P - nifas hari 7 | kia 2
28 P - tidak hamil, pusing | umum 3
98 P ya kontrol | lansia 3
40 L ya pusing | umum 3
28 P ya ketuban pecah | persalinan 2
28 P ya kenceng-kenceng | persalinan 2
30 P - suntik KB | kia 3
35 P - pasang IUD | kia 3
2b L - imunisasi | imunisasi 2
9b P - imunisai campak | imunisasi 2
18 P - vaksin | imunisasi 3
7 L - BIAS | imunisasi 2
2 P - timbang | imunisasi 2
40 P - timbang badan, pusing | umum 3
3 P - gizi buruk | gizi 2
45 P - konsultasi gizi | gizi 3
45 P - cek lab | laboratorium lintas
45 P - tebus resep | farmasi lintas
33 L - kencing batu | umum 3
33 L - gatal gatal | umum 3
33 L - - | umum 3
""".strip().splitlines()


def read_case(line):
    left, right = line.split(" | ")
    age, sex, pregnant, complaint = left.split(" ", 3)
    unit, cluster = right.split()
    if age.endswith("h"):
        days = int(age[:-1])
    elif age.endswith("b"):
        days = int(age[:-1]) * 30 + 5
    else:
        days = years(int(age)) + 40
    situation = Situation(
        complaint=complaint,
        sex="male" if sex == "L" else "female",
        age_days=days,
        pregnant=pregnant == "ya",
    )
    return situation, unit, cluster


def test_at_least_95_of_100_labelled_complaints_go_where_people_would_send_them():
    assert len(LABELLED) >= 60
    wrong = []
    for line in LABELLED:
        situation, unit, cluster = read_case(line)
        found = suggest(situation)
        if found is None or (found.unit, found.cluster) != (unit, cluster):
            wrong.append((line, found))
    assert len(wrong) <= 0.05 * len(LABELLED), wrong


def test_the_emergencies_among_them_are_never_missed():
    for line in LABELLED:
        situation, unit, _ = read_case(line)
        found = suggest(situation)
        if unit == "ugd":
            assert found is not None
            assert (found.unit, found.call_now) == ("ugd", True), line


def test_the_worked_example_gives_its_reason_in_words():
    found = suggest(
        Situation("kontrol darah tinggi", "male", birth_date=date(1957, 7, 4), on=TODAY)
    )
    assert found == placement.Suggestion("lansia", "3", "lansia", "usia 67 th")
    assert placement.cluster_label(found.cluster) == "Klaster 3"
    hamil = suggest(Situation("", "female", age_days=years(28), pregnant=True))
    assert hamil is not None
    assert hamil.reason == "hamil/nifas, P 28 th"


@pytest.mark.parametrize("born", [date(2020, 2, 29), date(2007, 2, 3), date(1965, 2, 3)])
def test_clusters_change_on_the_birthday_itself(born):
    for turning, before, after in ((5, "mtbs", "umum"), (60, "umum", "lansia")):
        try:
            birthday = born.replace(year=born.year + turning)
        except ValueError:
            birthday = date(born.year + turning, 3, 1)
        eve = Situation("demam", "male", birth_date=born, on=birthday - timedelta(days=1))
        assert suggest(eve).unit == before
        assert suggest(replace(eve, on=birthday)).unit == after


@given(st.dates(date(1920, 1, 1), TODAY), st.integers(0, 45000))
def test_counted_days_agree_with_completed_years(born, later):
    on = min(born + timedelta(days=later), date(2060, 1, 1))
    days = placement.counted_days(born, on)
    age = age_on(born, on).years
    assert years(age) <= days < years(age + 1)
    assert abs(days - (on - born).days) <= 2


situations = st.builds(
    Situation,
    complaint=st.text(max_size=40)
    | st.sampled_from(["batuk", "hamil", "suntik kb", "ketuban pecah", "imunisasi", "gizi"]),
    sex=st.sampled_from(["male", "female"]),
    age_days=st.integers(0, 40000),
    pregnant=st.sampled_from([None, True, False]),
    postpartum=st.sampled_from([None, True, False]),
    emergency=st.booleans(),
)


@given(situations)
def test_a_known_age_always_gives_a_possible_unit(situation):
    found = suggest(situation)
    assert found is not None
    assert found.unit in UNITS
    assert found.reason
    assert "{" not in found.reason
    # What is suggested may only be doubted for a "hamil" mark, never for the unit itself.
    doubt = impossible(situation, found.unit)
    assert doubt is None or doubt.where == "pregnant"


@given(situations)
def test_an_emergency_mark_wins_over_everything(situation):
    assert suggest(replace(situation, emergency=True)).unit == "ugd"


@given(situations)
def test_no_man_is_sent_to_a_womans_service(situation):
    assert suggest(replace(situation, sex="male", emergency=False)).unit not in (
        "kia",
        "persalinan",
    )


def test_without_an_age_only_words_decide():
    assert suggest(Situation("batuk", "male")) is None
    assert placement.NO_SUGGESTION.startswith("Belum ada saran")
    assert suggest(Situation("sakit gigi")).unit == "gigi"
    assert suggest(Situation("hamil", "female")).reason == "hamil/nifas, P"


def test_a_table_of_its_own():
    only = tuple(rule for rule in NATIONAL_RULES if rule.code == "gigi")
    assert suggest(Situation("batuk", "male", age_days=9000), only) is None
    assert len({rule.code for rule in NATIONAL_RULES}) == len(NATIONAL_RULES)
    assert {rule.unit for rule in NATIONAL_RULES if not rule.booked} <= set(UNITS)


def days(count):
    return years(count) + 10


@pytest.mark.parametrize(
    ("situation", "unit", "code"),
    [
        (Situation(sex="male", age_days=days(67)), "kia", "male_to_maternal"),
        (Situation(sex="male", age_days=days(30)), "persalinan", "male_to_delivery"),
        (Situation(sex="male", age_days=days(30), pregnant=True), "umum", "pregnant_male"),
        (Situation(sex="female", age_days=days(98), pregnant=True), "lansia", "pregnant_age"),
        (Situation(sex="female", age_days=days(56), pregnant=True), "kia", "pregnant_age"),
        (Situation(sex="female", age_days=days(9), pregnant=True), "kia", "pregnant_age"),
        (Situation(sex="female", age_days=days(39)), "mtbs", "mtbs_too_old"),
        (Situation(sex="female", age_days=days(5)), "mtbs", "mtbs_too_old"),
        (Situation(sex="female", age_days=days(70)), "persalinan", "age_to_delivery"),
    ],
)
def test_impossible_pairs_are_asked_about(situation, unit, code):
    finding = impossible(situation, unit)
    assert finding is not None
    assert (finding.code, finding.severity) == (code, "warn")


@pytest.mark.parametrize(
    ("situation", "unit"),
    [
        (Situation(sex="female", age_days=days(55), pregnant=True), "kia"),
        (Situation(sex="female", age_days=days(10), pregnant=True), "kia"),
        (Situation(sex="male", age_days=days(2)), "kia"),
        (Situation(sex="male", age_days=3), "persalinan"),
        (Situation(sex="male", age_days=days(4)), "mtbs"),
        (Situation(sex="male"), "mtbs"),
        (Situation(sex="male", age_days=days(40)), "umum"),
    ],
)
def test_possible_pairs_pass(situation, unit):
    assert impossible(situation, unit) is None


def test_clusters_of_units():
    assert cluster_for("umum", 17) == "2"
    assert cluster_for("umum", 18) == "3"
    assert cluster_for("umum", 28, pregnant=True) == "2"
    assert cluster_for("gigi", 8) == "lintas"
    assert cluster_for("tb", 8) == "4"
    assert cluster_for("rekam-medis", None) == "1"
    assert cluster_for("imunisasi", None) == "2"
    assert {cluster_for(unit, age) for unit in UNITS for age in (1, 30, 80)} == {
        "1", "2", "3", "4", "lintas",
    }  # fmt: skip
    with pytest.raises(DomainError):
        cluster_for("kantin", 8)
    with pytest.raises(DomainError):
        impossible(Situation(), "kantin")
