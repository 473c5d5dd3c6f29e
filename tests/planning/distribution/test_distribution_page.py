"""The page of distribution: charts with their tables, missing as a row, evenness, who may."""

import re

import pytest

from tests.planning.district import District, make_district

PATH = "/perencanaan/sebaran"


@pytest.fixture
def district(house, district_officer) -> District:
    return make_district(house, district_officer)


def test_it_shows_four_charts_each_with_a_table(browse, district_officer, district) -> None:
    html = browse(district_officer).get(PATH).content.decode()
    for name in ("education", "employment", "trained", "tenure", "lorenz"):
        part = html[html.index(f'data-uji="sebaran-{name}"') :]
        part = part[: part.index("</figure>")]
        assert 'role="img"' in part
        assert "<table" in part


def test_counts_percent_and_missing(browse, district_officer, district: District) -> None:
    html = browse(district_officer).get(PATH).content.decode()
    assert district.hired == 27
    # 4 of 27 without education: a row of its own, 14,81 %.
    assert re.search(r"belum diisi</th><td class=\"num\">4</td><td class=\"num\">14,81 %", html)
    assert "Belum diisi: 4 orang (14,81 %)" in html  # tenure
    assert "0–13" in html  # fewest and most per facility


def test_one_facility_and_one_profession(browse, district_officer, district: District) -> None:
    client = browse(district_officer)
    south = district.facilities["Puskesmas Selatan"]
    html = client.get(f"{PATH}?fasilitas={south}&profesi=bidan").content.decode()
    assert re.search(r"<b>9</b><span>Bidan", html)
    assert "sebaran-lorenz" not in html  # one facility is not spread over anything


def test_evenness_names_both_bases_and_who_was_left_out(browse, district_officer, district) -> None:
    html = browse(district_officer).get(f"{PATH}?profesi=dokter&standar=permenkes-75-2014")
    text = " ".join(html.content.decode().split())
    assert "Terhadap penduduk (" in text
    assert "Terhadap kebutuhan (" in text
    assert "karena penduduk belum diketahui" in text


def test_a_past_day_and_odd_choices(browse, district_officer, district) -> None:
    client = browse(district_officer)
    early = client.get(f"{PATH}?tanggal=2014-01-01").content.decode()
    # Nobody with a known start had begun; those without one are still counted.
    assert re.search(r"<b>4</b><span>orang", early)
    for odd in ("tanggal=9999-01-01", "tanggal=x", "fasilitas=x", "profesi=x", "standar=x"):
        assert client.get(f"{PATH}?{odd}").status_code == 200


def test_the_file_per_facility(browse, district_officer, district) -> None:
    response = browse(district_officer).get(f"{PATH}?format=csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert response["Content-Type"].startswith("text/csv")
    assert "Puskesmas Selatan;13;13;0;11" in "\n".join(lines)


def test_empty_says_what_to_do(browse, head, house) -> None:
    html = browse(head).get(PATH).content.decode()
    assert 'data-uji="sebaran-kosong"' in html


def test_the_head_sees_only_her_own(browse, head, district: District) -> None:
    south = district.facilities["Puskesmas Selatan"]
    html = browse(head).get(f"{PATH}?fasilitas={south}").content.decode()
    assert "Puskesmas Selatan" not in html
    assert 'data-uji="sebaran-kosong"' in html


def test_others_are_refused(browse, nurse, outsider, district) -> None:
    assert browse(nurse).get(PATH).status_code == 403
    assert browse(outsider).get(PATH).status_code == 403


def test_it_asks_the_database_little(
    browse, district_officer, district, django_assert_max_num_queries
) -> None:
    client = browse(district_officer)
    client.get(PATH)
    with django_assert_max_num_queries(12):
        client.get(PATH)
