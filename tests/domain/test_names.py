"""Names made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.domain import names

WORDS = st.text(alphabet="ABDEHIJKLMNORSTUY", min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("H. Moch. Ma'ruf, S.Pd", "MUHAMAD MARUF"),
        ("By. Ny. Siti Aminah", "SITI AMINAH"),
        ("dr.Hana Pertiwi, Sp.A, M.Kes", "HANA PERTIWI"),
        ("Tn. M. Yusuf", "MUHAMAD YUSUF"),
        ("Nur Hayati S.Pd.", "NUR HAYATI"),
        ("José   Renée", "JOSE RENEE"),
        ("An", "AN"),
        ("H. An", "AN"),
        ("Joko S", "JOKO S"),
        ("Se Hun", "SE HUN"),
        ("Hj.Maryam", "MARYAM"),
        ("", ""),
        ("...", ""),
    ],
)
def test_normalise(name, normal):
    assert names.normalise(name) == normal


def test_titles_go_to_their_own_field():
    assert names.split_titles("By. Ny. Siti Aminah") == ("By. Ny.", "Siti Aminah")
    assert names.split_titles("Siti Aminah") == ("", "Siti Aminah")
    assert names.split_titles("") == ("", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soekarno", "Sukarno"),
        ("Djoko Tjahjono", "Joko Cahjono"),
        ("Khoirul Anam", "Choirul Anam"),
        ("Sjarifah", "Syarifa"),
        ("Moh. Jusuf", "Muhammad Yusuf"),
        ("Fatimah", "Fatima"),
        ("Achmad", "Akhmad"),
        ("Achmad", "Ahmad"),
        ("Qomariah", "Komariyah"),
        ("Novi Yanti", "Nofi Yanti"),
        ("Christina", "Kristina"),
        ("Zaenal", "Zainal"),
        ("Njoman", "Nyoman"),
        ("St. Aminah", "Siti Aminah"),
        ("Fathoni", "Fatoni"),
        ("Ridho", "Rido"),
        # Javanese, old and new
        ("Tjahjo Rahajoe", "Cahyo Rahayu"),
        ("Soetrisno", "Sutrisno"),
        ("Soeprijadi", "Suprijadi"),
        ("Rr. Ayu Wulandari", "Ayu Woelandari"),
        # Arabic names, as they are said in Java and Madura
        ("Abdurrahman", "Abdul Rohman"),
        ("Abdur Rohim", "Abdul Rahim"),
        ("Abdussalam", "Abdus Salam"),
        ("Abdullatif", "Abdul Latip"),
        ("Khadijah", "Hotijah"),
        ("Hosen", "Husain"),
        ("Fatimah", "Patimah"),
        ("Arif", "Arip"),
        ("Jaenal Abidin", "Zainal Abidin"),
        ("Utsman", "Usman"),
        ("Noor Aini", "Nur Aini"),
        ("Ahmad bin Salim", "Ahmad Salim"),
        # Madurese
        ("Sitti Halemah", "Siti Halimah"),
        ("Moh. Holil", "Muhammad Kholil"),
        ("Rohmad", "Rachmat"),
        # Chinese
        ("Tjandra Widjaja", "Chandra Wijaya"),
        ("Candra Tanudjaja", "Chandra Tanujaya"),
        ("Liem Setyaboedi", "Lim Setiabudi"),
        ("Njoo", "Nyo"),
        # Batak
        ("Tiur br. Simandjoentak", "Tiur Simanjuntak"),
        ("Rosmaida boru Hoetabarat", "Rosmaida Hutabarat"),
    ],
)
def test_spellings_that_sound_alike_share_their_keys(one, other):
    assert names.name_keys(one) == names.name_keys(other)
    assert names.likeness(one, other) == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Joko", "Yoko"),
        ("Judi", "Yudi"),
        ("Panji", "Panyi"),
        ("Rini", "Rina"),
        ("Abdullah", "Abdul"),
        ("Choirul", "Coirul"),
        ("Hasan", "Husen"),
    ],
)
def test_letters_of_today_stay_apart(one, other):
    assert names.name_keys(one) != names.name_keys(other)


def test_abdullah_is_one_name_and_abdurrahman_is_two_words():
    assert names.name_keys("Abdullah") == ("ABDULA",)
    assert names.name_keys("Abdulloh") == ("ABDULA",)
    assert names.name_keys("Abdurrahman") == names.name_keys("Abdul Rahman")
    assert len(names.name_keys("Abdurrahman")) == 2
    # What is only compared by is never what is shown.
    assert names.normalise("Abdurrahman") == "ABDURRAHMAN"


def test_a_particle_is_dropped_only_between_names():
    assert names.name_keys("Boru Sitompul") == ("BORU", "SITOMPUL")
    assert names.name_keys("Bin") == ("BIN",)


def test_one_word_or_two():
    assert names.joined_keys("Nur Hayati") == names.name_keys("Nurhayati")
    assert names.likeness("Nur Hayati", "Nurhayati") == 1.0


@given(WORDS, st.data())
def test_words_one_edit_apart_share_a_deletion_variant(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("AEIOUNR"))
    edits = [word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
    if at:
        edits.append(word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :])
    edits.append(word[:at] + word[at + 1 :])
    for edited in edits:
        assert set(names.deletion_variants(word)) & set(names.deletion_variants(edited))


def test_short_words_have_no_variants():
    assert names.deletion_variants("ANI") == ("ANI",)
    assert names.deletion_variants("SITI") == ("SITI", "ITI", "STI", "SII", "SIT")


@given(st.text(max_size=24), st.text(max_size=24))
def test_likeness_is_symmetric_and_bounded(one, other):
    alike = names.likeness(one, other)
    assert 0.0 <= alike <= 1.0
    assert alike == names.likeness(other, one)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_a_name_is_like_itself_in_any_order(words):
    assert names.likeness(" ".join(words), " ".join(reversed(words))) == pytest.approx(1.0)


def test_likeness_orders_as_a_person_would():
    same, slip, other = (
        names.likeness("Siti Aminah", name)
        for name in ("Siti Amina", "Siti Aminar", "Siti Nurjanah")
    )
    assert same == 1.0
    assert 0.8 < slip < 1.0
    assert other < 0.6
    # Sharing Muhammad alone says little.
    assert names.likeness("Muhammad Ali", "Moh Rizki") < 0.6
