"""`/perencanaan/pemindahan`: moves from the register, locks, hires, bad input, export, who may."""

import io

import pytest
import python_calamine

from tests.planning.allocation.conftest import NORM

pytestmark = pytest.mark.django_db
PAGE = "/perencanaan/pemindahan"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_district_sees_who_could_move_and_what_must_be_hired(
    browse, district, district_officer
) -> None:
    page = text_of(browse(district_officer).get(f"{PAGE}?norma={NORM}"))
    # Standard: 5 nurses. 8 here, 1 in Cakru: 3 may go, 1 place stays empty.
    assert "dari" in page
    assert "terisi dengan pemindahan" in page
    assert "punya 8, perlu 5; Cakru kurang 4 perawat." in page
    assert 'data-uji="relokasi-tanpa-data"' in page
    assert "Sabrang" in page


def test_a_fragment_is_given_to_htmx_and_a_page_without(browse, district, district_officer) -> None:
    client = browse(district_officer)
    part = client.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'data-uji="relokasi-kalimat"' in part
    assert "<html" in client.get(PAGE).content.decode()


def test_who_is_locked_in_the_register_stays(browse, district, district_officer) -> None:
    from simpul.foundation.register.models import StaffMember
    from simpul.foundation.register.services import change_member

    for member in StaffMember.objects.filter(profession="perawat", name__contains="Tenaga")[:6]:
        from simpul.foundation.register.inputs import StaffInput

        typed = StaffInput(
            name=member.name, profession="perawat", number=member.number, employment="pns",
            lock="keluarga",
        )  # fmt: skip
        change_member(member.id, typed, by=district_officer, seen_version=member.version)
    page = text_of(browse(district_officer).get(f"{PAGE}?norma={NORM}"))
    assert "ditandai tidak dapat dipindahkan 6" in page


def test_contracts_are_bound_to_their_place_unless_unticked(
    browse, district, district_officer
) -> None:
    district.staff("here", "bidan", 6, employment="honorer")
    client = browse(district_officer)
    first = text_of(client.get(f"{PAGE}?norma={NORM}"))
    assert "kontrak terikat tempat 6" in first
    free = text_of(client.get(f"{PAGE}?norma={NORM}&diisi=1"))
    assert "kontrak terikat tempat" not in free
    assert "bidan" in free


def test_a_budget_of_hires_is_spent_and_the_rest_said(browse, district, district_officer) -> None:
    page = text_of(browse(district_officer).get(f"{PAGE}?norma={NORM}&jatah=2&bobot_dokter=5"))
    assert "Jatah pengangkatan mengisi 2;" in page
    assert 'data-uji="relokasi-tetap"' in page


@pytest.mark.parametrize(
    ("name", "typed"), [("jatah", "dua"), ("jatah", "1,5"), ("km", "-3"), ("maks_tahun", "1e999")]
)
def test_what_cannot_be_read_stays_and_is_explained(
    browse, district, district_officer, name: str, typed: str
) -> None:
    response = browse(district_officer).get(PAGE, {name: typed, "norma": NORM})
    page = text_of(response)
    assert response.status_code == 200
    assert f'value="{typed}"' in page
    assert "Tulis angka 0 sampai" in page
    assert 'data-uji="relokasi-kalimat"' in page


def test_the_head_sees_her_own_place_and_why_nothing_moves(browse, district, head) -> None:
    page = text_of(browse(head).get(f"{PAGE}?norma={NORM}"))
    assert "Pemindahan antar-Puskesmas dihitung oleh Dinas" in page
    assert "Cakru" not in page


def test_an_empty_register_is_said(browse, house, head) -> None:
    response = browse(head).get(PAGE)
    assert response.status_code == 200
    assert "tanpa data" in text_of(response)


def test_the_same_proposal_as_a_spreadsheet(browse, district, district_officer) -> None:
    response = browse(district_officer).get(f"{PAGE}/unduh?norma={NORM}")
    assert response["Content-Disposition"].endswith('.xlsx"')
    book = python_calamine.load_workbook(io.BytesIO(response.content))
    moves = next(name for name in book.sheet_names if name.startswith("Pemindahan"))
    rows = book.get_sheet_by_name(moves).to_python()
    assert any("Cakru" in row and "Perawat" in row and 3 in row for row in rows)


@pytest.mark.parametrize("who", ["registrar", "nurse", "physician", "technician"])
def test_others_may_not(browse, district, who: str, request) -> None:
    actor = request.getfixturevalue(who)
    assert browse(actor).get(PAGE).status_code == 403
    assert browse(actor).get(f"{PAGE}/unduh").status_code == 403


def test_an_outsider_sees_nothing(browse, district, outsider) -> None:
    response = browse(outsider).get(PAGE)
    assert response.status_code in (403, 404)
    assert "Cakru" not in response.content.decode()


def test_the_number_of_statements_does_not_grow_with_the_district(
    browse, district, district_officer, django_assert_max_num_queries
) -> None:
    client = browse(district_officer)
    client.get(PAGE)
    district.staff("Sabrang", "perawat", 9)
    district.staff("Cakru", "bidan", 9)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
