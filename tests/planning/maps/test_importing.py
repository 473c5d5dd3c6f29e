"""Outlines and populations from files: refused one by one, checked first, twice changes nothing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.cli.main import main
from simpul.foundation.core.errors import NotAllowed, NotHere, Refused
from simpul.foundation.facilities.models import Village
from simpul.foundation.journal.models import JournalEntry
from simpul.planning.intake.tables import Unusable
from simpul.planning.maps.geojson import NotOutlines, level_of, normal_code, read_outlines
from simpul.planning.maps.models import Region, VillagePopulation
from simpul.planning.maps.populations import read_populations
from simpul.planning.maps.services import import_populations, import_regions, match_village
from tests.planning.maps.conftest import collection, square

GOOD = ({"code": "35.09.01", "name": "Jombang"}, square(113.3, -8.2))


def test_an_outline_is_read_with_its_level_area_and_point() -> None:
    (outline,) = read_outlines(collection(GOOD)).outlines
    assert (outline.code, outline.level, outline.parent) == ("35.09.01", "kecamatan", "35.09")
    assert outline.label == pytest.approx((113.35, -8.15))
    assert outline.area_km2 == pytest.approx(122.4, abs=0.5)
    assert outline.shape[0][0][0] == outline.shape[0][0][-1]


@pytest.mark.parametrize(
    ("properties", "coordinates", "code"),
    [
        ({}, square(113, -8), "nameless"),
        ({"name": "A"}, [[[113, -8], [113.1, -8]]], "too_few_corners"),
        ({"name": "A"}, [[[400000, 9100000]] * 3 + [[500000, 9100000]]], "not_degrees"),
        ({"name": "A"}, [[["x", 1], [1, 2], [2, 3], [3, 4]]], "no_coordinates"),
        ({"name": "A"}, [], "no_coordinates"),
        ({"name": "A"}, [[[113, -8], [113.1, -8], [113.2, -8], [113, -8]]], "empty_area"),
    ],
)
def test_a_feature_without_use_is_refused_by_number(
    properties: dict[str, Any], coordinates: Any, code: str
) -> None:
    read = read_outlines(collection(GOOD, (properties, coordinates)))
    assert len(read.outlines) == 1
    assert [(one.number, one.code) for one in read.refused] == [(2, code)]


def test_points_are_no_areas_and_a_code_is_used_once() -> None:
    content = json.loads(collection(GOOD, GOOD))
    content["features"].append(
        {"type": "Feature", "properties": {"name": "T"}, "geometry": {"type": "Point"}}
    )
    content["features"].append("bukan wilayah")
    read = read_outlines(json.dumps(content).encode())
    assert [one.code for one in read.refused] == ["code_twice", "not_area", "nameless"]


def test_a_nameless_code_and_a_codeless_name_are_both_known() -> None:
    read = read_outlines(
        collection(
            ({"KODE": "3509012001"}, square(113, -8)), ({"NAMA": "Kencong"}, square(113, -8))
        ),
        level="kecamatan",
    )
    assert [(one.code, one.level) for one in read.outlines] == [
        ("35.09.01.2001", "desa"),
        ("nama:kencong", "kecamatan"),
    ]
    assert [one.code for one in read.notes] == ["code_missing"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"type": "Topology"}', b"\xff\xfe\x00"])
def test_a_file_that_is_no_geojson_is_refused_whole(content: bytes) -> None:
    with pytest.raises(NotOutlines) as refusal:
        read_outlines(content)
    assert str(refusal.value).endswith(".")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "properties", "x"]), inner)
    ),
    max_leaves=20,
)


@given(JSON, JSON, JSON)
@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine; the inputs are small
def test_odd_features_are_refused_and_never_break_it(
    properties: object, coordinates: object, identity: object
) -> None:
    feature = {
        "type": "Feature",
        "id": identity,
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
    }
    content = json.dumps({"type": "FeatureCollection", "features": [feature, properties]})
    read = read_outlines(content.encode())
    assert len(read.outlines) + len(read.refused) == 2


def test_codes_with_and_without_points() -> None:
    assert normal_code("3509012001") == "35.09.01.2001"
    assert normal_code("35.09.01") == "35.09.01"
    assert level_of("35.09") == "kabupaten"
    assert normal_code("3509010") == "3509010"  # seven digits: a BPS code, left as it is
    assert level_of("3509010") == ""


def test_a_dry_run_stores_nothing_and_the_same_again_changes_nothing(
    house, district_officer
) -> None:
    outlines = read_outlines(collection(GOOD)).outlines
    tried = import_regions(outlines, by=district_officer, source="uji", dry_run=True)
    assert (tried.new, tried.dry_run, Region.objects.count()) == (1, True, 0)
    assert import_regions(outlines, by=district_officer, source="uji").new == 1
    assert import_regions(outlines, by=district_officer, source="uji").same == 1
    moved = read_outlines(collection((GOOD[0], square(113.31, -8.2)))).outlines
    assert import_regions(moved, by=district_officer, source="uji").changed == 1
    assert Region.objects.get().shape[0][0][0] == [113.31, -8.2]
    assert JournalEntry.objects.filter(act="regions-imported").count() == 3


def test_only_the_dinas_brings_outlines(house, head, nurse, outsider) -> None:
    outlines = read_outlines(collection(GOOD)).outlines
    for actor in (head, nurse, outsider):
        with pytest.raises(NotAllowed):
            import_regions(outlines, by=actor, source="uji")
    assert Region.objects.count() == 0


def table(*lines: str) -> bytes:
    return "\n".join(["kode,desa,kecamatan,penduduk,tahun", *lines]).encode()


def test_populations_are_read_by_line() -> None:
    read = read_populations(
        table(
            "35.09.01.2001,Padomasan,Jombang,5.321,2025",
            ",Keting,Jombang,4000,",
            ",,Jombang,4000,2025",
            ",Ngampelrejo,Jombang,,2025",
            ",Wringinagung,Jombang,-4,2025",
            ",Keting,Jombang,4100,",
        ),
        "desa.csv",
        year=2024,
    )
    assert [(row.code, row.name, row.population, row.year) for row in read.rows] == [
        ("35.09.01.2001", "Padomasan", 5321, 2025),
        ("", "Keting", 4000, 2024),
    ]
    assert [(one.line, one.where) for one in read.refused] == [
        (4, "name"),
        (5, "population"),
        (6, "population"),
        (7, "name"),
    ]
    with pytest.raises(Unusable):
        read_populations(b"", "kosong.csv", year=2024)


@pytest.fixture
def villages(house) -> None:
    for code, name, district in (
        ("35.09.30.1", "Sumbersari", "Sumbersari"),
        ("35.09.30.2", "Keting", "Jombang"),
        ("35.09.30.3", "Keting", "Kencong"),
    ):
        Village.objects.create(code=code, name=name, district=district)


def test_names_are_matched_only_when_there_is_one_such(villages, district_officer) -> None:
    rows = read_populations(
        table(",Desa Keting,Kec. Jombang,100,2025", ",Keting,,200,2025", ",Sumpersari,,300,2025"),
        "x.csv",
        year=2025,
    ).rows
    done = import_populations(rows, by=district_officer, source="uji")
    assert done.unmatched == ("Keting", "Sumpersari")
    assert VillagePopulation.objects.get(population=100).code == "35.09.30.2"
    again = import_populations(rows, by=district_officer, source="uji")
    assert (again.new, again.same) == (0, 3)


def test_the_proposal_is_shown_taken_and_remembered(
    villages, browse, district_officer, nurse
) -> None:
    data = table(",Sumpersari,Sumbersari,300,2025")
    rows = read_populations(data, "x.csv", year=2025).rows
    import_populations(rows, by=district_officer, source="uji")
    client = browse(district_officer)
    html = client.get("/perencanaan/peta").content.decode()
    assert "Maksudnya Sumbersari, Sumbersari" in html
    row = VillagePopulation.objects.get()
    path = f"/perencanaan/peta/cocokkan/{row.pk}"
    assert browse(nurse).post(path, {"code": "35.09.30.1"}).status_code == 403
    assert client.post(path, {"code": "99.99"}).status_code == 422
    assert client.post(path, {"code": "35.09.30.1"}).status_code == 302
    row.refresh_from_db()
    assert row.code == "35.09.30.1"
    with pytest.raises(NotHere):
        match_village(row.pk, code="35.09.30.1", by=district_officer)
    assert import_populations(rows, by=district_officer, source="uji").same == 1
    assert VillagePopulation.objects.count() == 1


def test_two_names_never_become_one_village(villages, district_officer) -> None:
    VillagePopulation.objects.create(code="35.09.30.1", name="Sumbersari", year=2025, population=1)
    row = VillagePopulation.objects.create(name="Sumpersari", year=2025, population=2)
    with pytest.raises(Refused):
        match_village(row.pk, code="35.09.30.1", by=district_officer)


def test_access_is_shown_per_village(browse, district_officer, outlined) -> None:
    villages = collection(
        ({"code": "35.09.01.2001", "name": "Dekat"}, square(113.59, -8.11, 0.02)),
        ({"code": "35.09.01.2002", "name": "Jauh"}, square(114.4, -8.11, 0.02)),
    )
    import_regions(read_outlines(villages).outlines, by=district_officer, source="uji")
    rows = read_populations(
        table("35.09.01.2001,Dekat,Utara,1000,2025", "35.09.01.2002,Jauh,Utara,500,2025"),
        "x.csv",
        year=2025,
    ).rows
    import_populations(rows, by=district_officer, source="uji")
    html = (
        browse(district_officer)
        .get("/perencanaan/peta?ukuran=akses&profesi=dokter&jangkauan=5&faktor=1,5")
        .content.decode()
    )
    assert "faktor jalan 1,5" in html
    assert "30 per 10.000 orang" in html  # 3 doctors of Utara for 1,000 people
    assert "di luar jangkauan" in html
    assert "500 jiwa di luar jangkauan" in html


def test_the_page_checks_first_and_then_keeps(browse, district_officer, house) -> None:
    client = browse(district_officer)
    path = "/perencanaan/peta/berkas"
    assert client.get(path).status_code == 200

    def send(act: str, content: bytes = collection(GOOD), kind: str = "batas") -> Any:
        file = SimpleUploadedFile("batas.geojson", content)
        return client.post(path, {"jenis": kind, "laku": act, "berkas": file, "tahun": "2025"})

    html = send("periksa").content.decode()
    assert "belum ada yang disimpan" in html
    assert Region.objects.count() == 0
    assert "Tersimpan di server" in send("simpan").content.decode()
    assert Region.objects.get().source == "batas.geojson"
    assert send("simpan", b"bukan").status_code == 422
    assert client.post(path, {"jenis": "batas"}).status_code == 422
    people = table("35.09.01.2001,Padomasan,Jombang,5321,2025", ",,x,1,2025")
    html = send("simpan", people, "penduduk").content.decode()
    assert "1 ditolak" in html
    assert VillagePopulation.objects.get().population == 5321


def test_the_command_names_what_it_refused(
    house, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    monkeypatch.setattr("simpul.cli.preparing.load_django", lambda: None)
    file = tmp_path / "batas.geojson"
    file.write_bytes(collection(GOOD, ({"name": "Rusak"}, [])))

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        status = main(["import", "regions", str(file), "--json", *words])
        return status, json.loads(capsys.readouterr().out)

    status, told = run("--dry-run")
    assert (status, told["new"], Region.objects.count()) == (1, 1, 0)
    assert told["refused"][0]["name"] == "Rusak"
    status, told = run("--source", "Contoh, CC0")
    assert Region.objects.get().source == "Contoh, CC0"
    assert run()[1]["same"] == 1
    assert main(["import", "regions", str(file)]) == 1
    assert "Wilayah ke-2 Rusak ditolak" in capsys.readouterr().err
    assert main(["import", "regions", str(tmp_path / "tidak-ada")]) == 1
    people = tmp_path / "desa.csv"
    people.write_bytes(table(",Padomasan,Jombang,5321,2025"))
    capsys.readouterr()
    assert main(["import", "populations", str(people), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unmatched"] == ["Padomasan"]
    file.write_bytes(io.BytesIO(b"bukan").getvalue())
    assert run()[0] == 1
