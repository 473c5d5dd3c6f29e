"""Points from a file: joined by name, else proposed; nothing else of a facility changes."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from simpul.foundation.core.errors import NotAllowed
from simpul.foundation.facilities.models import FacilityProfile
from simpul.planning.maps.points import import_points, read_points
from tests.planning.district import District


def table(*lines: str) -> bytes:
    return "\n".join(["nama;lintang;bujur;mutu", *lines]).encode()


def profile(district: District, name: str) -> FacilityProfile:
    return FacilityProfile.objects.get(facility_id=district.facilities[name])


def test_points_are_read_by_line() -> None:
    read = read_points(
        table(
            "UTARA;-8,1234;113,6;point",
            ";-8,1;113,6;",
            "Timur;113,6;-8,1;",
            "Barat;-8,1;;",
            "Selatan;delapan;113,6;",
        ),
        "titik.csv",
    )
    assert [(row.name, row.lat, row.lon, row.quality) for row in read.rows] == [
        ("UTARA", -8.1234, 113.6, "point")
    ]
    assert [one.line for one in read.refused] == [3, 4, 5, 6]
    assert "tertukar" in read.refused[1].message


def test_a_point_is_written_and_the_rest_of_the_profile_stays(
    district: District, district_officer
) -> None:
    rows = read_points(
        table("pkm utara;-8.15;113.61;point", "Tanpa Titik;-8.2;113.5;approximate"), "t.csv"
    ).rows
    tried = import_points(rows, by=district_officer, dry_run=True)
    assert (tried.new, tried.changed, tried.same) == (1, 1, 0)
    assert profile(district, "Puskesmas Utara").lat == -8.10
    import_points(rows, by=district_officer)
    north = profile(district, "Puskesmas Utara")
    assert (north.lat, north.lon, north.population, north.category) == (
        -8.15,
        113.61,
        60_000,
        "perkotaan",
    )
    assert profile(district, "Puskesmas Tanpa Titik").point_quality == "approximate"
    assert import_points(rows, by=district_officer).same == 2


def test_a_name_that_is_not_known_is_proposed_and_used_only_when_told(
    district: District, district_officer
) -> None:
    rows = read_points(
        table("Selatann Kab;-8.31;113.62;", "Antah Berantah;-8.3;113.6;"), "t.csv"
    ).rows
    done = import_points(rows, by=district_officer)
    assert [(one.name, one.proposal) for one in done.unmatched] == [
        ("Selatann Kab", "Puskesmas Selatan"),
        ("Antah Berantah", ""),
    ]
    assert done.total == 0
    assert profile(district, "Puskesmas Selatan").lat == -8.30
    assert import_points(rows, by=district_officer, take_proposals=True).changed == 1
    assert profile(district, "Puskesmas Selatan").lat == -8.31


def test_only_the_dinas(district: District, head, nurse) -> None:
    rows = read_points(table("Utara;-8.15;113.61;"), "t.csv").rows
    for actor in (head, nurse):
        with pytest.raises(NotAllowed):
            import_points(rows, by=actor)


def test_the_page_shows_the_proposals(browse, district_officer, district: District) -> None:
    client: Any = browse(district_officer)

    def send(**more: str) -> str:
        file = SimpleUploadedFile("titik.csv", table("Selatann;-8.31;113.62;", "x;y;z;"))
        sent = {"jenis": "titik", "laku": "simpan", "berkas": file, **more}
        return str(client.post("/perencanaan/peta/berkas", sent).content.decode())

    html = send()
    assert "Selatann" in html
    assert "<b>Puskesmas Selatan</b>?" in html
    assert "1 ditolak" in html
    assert profile(district, "Puskesmas Selatan").lat == -8.30
    assert "ikut dipakai" in send(usulan="on")
    assert profile(district, "Puskesmas Selatan").lat == -8.31
