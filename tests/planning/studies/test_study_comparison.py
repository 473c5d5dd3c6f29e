"""Two versions side by side; two methods are never set against each other unsaid."""

import pytest

from simpul.planning.studies.models import StudyVersion
from simpul.planning.studies.services import NewStudy, NewVersion, create_study

PATH = "/perencanaan/studi/banding"


@pytest.fixture
def years(head, write):
    """The same work in two years: more new patients, another person."""
    write(head, year=2025)
    write(head, year=2026, k1__a1__volume="4.690", k1__staff="2")
    return list(StudyVersion.objects.order_by("study__year"))


def test_without_studies_there_is_a_next_act(browse, head):
    assert "Belum ada studi yang sudah diisi" in browse(head).get(PATH).content.decode()


def test_two_years_are_shown_with_their_difference(
    browse, head, years, django_assert_max_num_queries
):
    first, second = years
    client = browse(head)
    with django_assert_max_num_queries(14):
        page = client.get(f"{PATH}?a={second.id}&b={first.id}").content.decode()

    assert page.index("Loket 2025") < page.index("Loket 2026")
    row = page.split("Pendaftaran pasien baru · kuantitas setahun")[1].split("</tr>")[0]
    assert "3.690" in row
    assert "4.690" in row
    assert "+1.000" in row
    need = page.split('<th scope="row">Kebutuhan (orang)</th>')[1].split("</tr>")[0]
    assert "1,70" in need
    assert "+0,07" in need
    assert "Dua metode berbeda" not in page


def test_two_methods_are_named_and_their_difference_is_not_written(browse, head, study, save):
    save(study, head, seen=1, variant="who_wisn")
    first, second = StudyVersion.objects.order_by("number")

    page = browse(head).get(f"{PATH}?a={first.id}&b={second.id}").content.decode()
    need = page.split('<th scope="row">Kebutuhan (orang)</th>')[1].split("</tr>")[0]

    assert "Dua metode berbeda: Kepmenkes 81/2004 · aturan WHO dan WISN WHO · aturan WHO." in page
    assert "+0,02" not in need
    assert "–" in need
    assert "Hitung keduanya dengan WISN WHO" in page


def test_both_can_be_computed_by_one_method(browse, head, study, save):
    save(study, head, seen=1, variant="who_wisn", k1__a1__volume="4.690")
    first, second = StudyVersion.objects.order_by("number")

    page = browse(head).get(f"{PATH}?a={first.id}&b={second.id}&cara=who_wisn").content.decode()
    need = page.split('<th scope="row">Kebutuhan (orang)</th>')[1].split("</tr>")[0]

    assert "dihitung ulang dengan WISN WHO" in page
    assert "1,73" in need
    assert "+0,08" in need
    assert [v.variant for v in StudyVersion.objects.order_by("number")] == [
        "kepmenkes81",
        "who_wisn",
    ]


def test_a_version_that_is_not_theirs_is_not_there(browse, head, outsider, district_officer, write):
    from simpul.planning.studies.services import NewStudy, NewVersion, create_study

    mine = write(head)
    version = StudyVersion.objects.get(study=mine)
    other = create_study(
        NewStudy("Tetangga", 2026, facility=outsider.facility_id),
        by=district_officer,
        first=NewVersion(version.input, version.extras),
    )
    theirs = StudyVersion.objects.get(study=other)

    assert browse(head).get(f"{PATH}?a={version.id}&b={theirs.id}").status_code == 404
    assert browse(head).get(f"{PATH}?a={version.id}&b=bukan").status_code == 404
    shown = browse(district_officer).get(f"{PATH}?a={version.id}&b={theirs.id}")
    assert "Puskesmas Sebelah" in shown.content.decode()


@pytest.fixture
def one_work(head, study, write):
    """One study, the same work a year later, and something else that is newer."""
    first = StudyVersion.objects.get(study=study)
    wish = NewStudy("Loket", study.year + 1, series=study.series)
    later = create_study(wish, by=head, first=NewVersion(first.input, first.extras))
    write(head, year=study.year + 2, title="Lain")
    return first, StudyVersion.objects.get(study=later)


def test_with_nothing_asked_the_same_study_a_year_later_is_shown(browse, head, one_work):
    first, second = one_work
    page = browse(head).get(PATH).content.decode()

    assert f'value="{first.id}" selected' in page.split('name="a"')[1].split("</select>")[0]
    assert f'value="{second.id}" selected' in page.split('name="b"')[1].split("</select>")[0]
    assert 'data-uji="banding-kategori"' in page


def test_a_study_offers_its_own_other_year_first(browse, head, one_work):
    first, second = one_work
    page = browse(head).get(f"/perencanaan/studi/{second.study_id}").content.decode()

    choice = page.split('name="a"')[1].split("</select>")[0]
    assert choice.index(str(first.id)) < choice.index("Lain")
    assert f"?studi={second.id}" in page
