"""The map page: the same figures on map, list and picture; doubts; one facility; who may."""

import json
import re
from typing import Any

import pytest

from simpul.planning.maps.models import Region
from tests.planning.district import District

PETA = "/perencanaan/peta"
NORM = "permenkes-75-2014"


def page_of(client: Any, query: str = "") -> tuple[str, dict[str, Any]]:
    response = client.get(f"{PETA}?standar={NORM}&{query}")
    assert response.status_code == 200
    html = response.content.decode()
    found = re.search(r'<script id="peta-data" type="application/json">(.*?)</script>', html, re.S)
    assert found is not None
    return html, json.loads(found[1])


def test_the_list_and_the_map_show_the_same(browse, district_officer, outlined: District) -> None:
    html, data = page_of(browse(district_officer), "profesi=dokter")
    spots = {spot["id"]: spot["text"] for spot in data["spots"]}
    north = str(outlined.facilities["Puskesmas Utara"])
    south = str(outlined.facilities["Puskesmas Selatan"])
    west = str(outlined.facilities["Puskesmas Barat"])
    assert spots[north] == "▲2"
    assert spots[south] == "▼1"
    assert spots[west] == "▨"
    for facility, text in spots.items():
        row = re.search(rf'id="titik-{facility}".*?aria-hidden="true">(.*?)</span>', html, re.S)
        assert row is not None
        assert row[1] == text


def test_a_facility_without_point_is_in_the_list_and_in_the_doubts(
    browse, district_officer, outlined: District
) -> None:
    html, data = page_of(browse(district_officer))
    lost = str(outlined.facilities["Puskesmas Tanpa Titik"])
    assert f"titik-{lost}" in html
    assert lost not in {spot["id"] for spot in data["spots"]}
    assert 'data-uji="peta-ragu-no_point"' in html


def test_doubtful_points_are_listed(browse, district_officer, outlined: District) -> None:
    html, data = page_of(browse(district_officer))
    for code in ("same_point", "outside_area", "approximate"):
        assert f'data-uji="peta-ragu-{code}"' in html
    doubted = {spot["id"] for spot in data["spots"] if spot["doubted"]}
    assert str(outlined.facilities["Puskesmas Timur"]) in doubted
    assert str(outlined.facilities["Puskesmas Utara"]) not in doubted


def test_the_sentence_never_gives_the_net_alone(browse, district_officer, outlined) -> None:
    html, _data = page_of(browse(district_officer))
    said = re.search(r'data-uji="peta-ringkas">(.*?)</p>', html, re.S)
    assert said is not None
    assert re.search(r"Kurang \d+ orang .*lebih \d+ orang; selisih bersih", said[1])
    assert "tanpa data" in said[1]


def test_areas_are_coloured_only_when_asked(browse, district_officer, outlined) -> None:
    client = browse(district_officer)
    assert page_of(client)[1]["areas"] == {}
    areas = page_of(client, "wilayah=warna&profesi=dokter")[1]["areas"]
    assert areas["35.09.01"]["tone"] == "2"
    assert "kurang 2" in areas["35.09.02"]["title"]  # Selatan and Kembar stand on one point


def test_without_outlines_catchments_are_drawn(browse, district_officer, district) -> None:
    html, data = page_of(browse(district_officer))
    assert 'data-outlines=""' in html
    assert len(data["cells"]) == 4  # of two facilities in one place only the first has an area
    assert "bukan batas administrasi" in html


@pytest.mark.parametrize("measure", ["kurang", "lebih", "terisi", "akses", "apa-saja"])
def test_each_measure_works_also_as_picture(
    measure: str, browse, district_officer, outlined
) -> None:
    client = browse(district_officer)
    page_of(client, f"ukuran={measure}")
    picture = client.get(f"{PETA}.svg?standar={NORM}&ukuran={measure}&wilayah=warna")
    assert picture.status_code == 200
    assert picture["Content-Type"].startswith("image/svg+xml")
    assert picture.content.decode().startswith("<svg")
    assert "style=" not in picture.content.decode()


def test_asn_alone_is_another_count(browse, district_officer, outlined: District) -> None:
    client = browse(district_officer)
    north = str(outlined.facilities["Puskesmas Utara"])
    everybody = {one["id"]: one["text"] for one in page_of(client, "profesi=perawat")[1]["spots"]}
    civil = {
        one["id"]: one["text"] for one in page_of(client, "profesi=perawat&hitung=asn")[1]["spots"]
    }
    assert (everybody[north], civil[north]) == ("▲1", "▼5")


def test_odd_choices_become_the_usual(browse, district_officer, outlined) -> None:
    client = browse(district_officer)
    odd = "tahun=kemarin&profesi=raja&ukuran=%00&jangkauan=NaN&faktor=-1&hitung=x&wilayah=y"
    assert client.get(f"{PETA}?{odd}").status_code == 200


def test_an_unknown_norm_is_refused_not_replaced(browse, district_officer, outlined) -> None:
    response = browse(district_officer).get(f"{PETA}?standar=karangan")
    assert 400 <= response.status_code < 500


def test_one_facility_shows_gap_need_distribution_and_candidates(
    browse, district_officer, outlined: District
) -> None:
    client = browse(district_officer)
    south = outlined.facilities["Puskesmas Selatan"]
    page = client.get(f"{PETA}/{south}?standar={NORM}").content.decode()
    assert "<html" in page
    part = client.get(f"{PETA}/{south}?standar={NORM}", headers={"HX-Request": "true"})
    html = part.content.decode()
    assert "<html" not in html
    assert 'data-uji="peta-panel-profesi"' in html
    assert "Belum ada studi WISN" in html
    assert "13 orang" in html
    candidates = html[html.index('data-uji="peta-panel-calon"') :]
    assert "Puskesmas Utara ▲2" in candidates  # its third doctor is one too many by this norm
    assert "perlu pengadaan" in candidates


def test_outlines_come_once_and_then_from_the_cache(browse, district_officer, outlined) -> None:
    client = browse(district_officer)
    first = client.get(f"{PETA}/wilayah/kecamatan")
    assert first.status_code == 200
    features = json.loads(first.content)["features"]
    assert [one["properties"]["name"] for one in features] == ["Utara", "Selatan"]
    again = client.get(f"{PETA}/wilayah/kecamatan", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{PETA}/wilayah/desa").status_code == 404


def test_the_head_sees_her_own_facility_only(browse, head, outlined: District) -> None:
    _html, data = page_of(browse(head))
    assert data["spots"] == []
    other = outlined.facilities["Puskesmas Utara"]
    assert browse(head).get(f"{PETA}/{other}").status_code == 404


@pytest.mark.parametrize("path", [PETA, f"{PETA}.svg", f"{PETA}/berkas", "/perencanaan"])
def test_others_are_refused(path: str, browse, nurse, outsider, outlined) -> None:
    assert browse(nurse).get(path).status_code == 403
    assert browse(outsider).get(path).status_code == 403


def test_an_empty_district_says_what_to_do(browse, district_officer, house) -> None:
    html = browse(district_officer).get(PETA).content.decode()
    assert "peta-data" in html
    assert Region.objects.count() == 0


def test_the_map_asks_the_database_little(
    browse, district_officer, outlined, django_assert_max_num_queries
) -> None:
    client = browse(district_officer)
    client.get(PETA)
    with django_assert_max_num_queries(16):
        client.get(PETA)
    with django_assert_max_num_queries(20):
        client.get(f"{PETA}/{outlined.facilities['Puskesmas Utara']}")
    with django_assert_max_num_queries(14):
        client.get("/perencanaan")


def test_the_overview_names_the_norm_and_the_worst(browse, district_officer, outlined) -> None:
    html = browse(district_officer).get("/perencanaan").content.decode()
    assert 'data-uji="perencanaan-terbanyak"' in html
    assert 'data-uji="perencanaan-tanpa-data"' in html
    assert "Belum ada studi" in html


def test_access_without_villages_shows_the_shortage_and_names_it(
    browse, district_officer, district
) -> None:
    html, _data = page_of(browse(district_officer), "ukuran=akses")
    assert 'data-uji="peta-tanpa-desa"' in html
    title = re.search(r'data-uji="peta-judul">(.*?)<', html)
    assert title is not None
    assert title[1].startswith("Kekurangan")
    assert "sampai 0,5 ×" not in html


def test_no_data_is_never_told_as_no_shortage(browse, district_officer, outlined: District) -> None:
    empty = outlined.facilities["Puskesmas Barat"]
    html = browse(district_officer).get(f"{PETA}/{empty}?standar={NORM}").content.decode()
    said = re.search(r'data-uji="peta-panel-ringkas">(.*?)</p>', html, re.S)
    assert said is not None
    assert "tanpa data" in said[1]
    assert "kurang 0" not in said[1]


def test_a_facility_leads_to_its_other_pages(browse, district_officer, outlined: District) -> None:
    here = outlined.facilities["Puskesmas Utara"]
    client = browse(district_officer)
    panel = client.get(f"{PETA}/{here}?standar={NORM}").content.decode()
    for address in (
        f"/perencanaan/kesenjangan/{here}",
        f"/tenaga?fasilitas={here}",
        f"/perencanaan/bagaimana-jika?puskesmas={here}",
        f"/perencanaan/sebaran?fasilitas={here}",
    ):
        assert address in panel
    detail = client.get(f"/perencanaan/kesenjangan/{here}?standar={NORM}").content.decode()
    assert f"{PETA}/{here}" in detail
    assert f"/perencanaan/sebaran?fasilitas={here}" in detail
