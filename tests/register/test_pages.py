"""`/tenaga` as its people see it: roles, forms that keep what was typed, files, few statements."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from simpul.foundation.core.models import IdempotencyKey
from simpul.foundation.facilities.models import Facility, FacilityProfile
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.register.models import StaffMember, StaffMove
from simpul.foundation.register.sheets import read_sheet
from simpul.foundation.staff.actor import Actor
from tests.conftest import new_key
from tests.register.conftest import Hire, make_facility, text_file

Browse = Callable[[Actor], Client]
pytestmark = pytest.mark.django_db

NURSE = {"name": "Siti Contoh", "profession": "perawat", "employment": "pns"}


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def field(answer: Any, uji: str) -> str:
    """The number inside an element found by its hook."""
    found = re.search(rf'data-uji="{uji}"[^>]*>([^<]*)<', answer.content.decode())
    assert found is not None, uji
    return found[1].strip()


def carried_rows(answer: Any) -> str:
    return str(answer.context["rows"])


def upload(client: Client, content: bytes, **more: str) -> HttpResponse:
    sent = SimpleUploadedFile("daftar tenaga.csv", content)
    return client.post(reverse("tenaga-impor"), {"file": sent, **more})  # type: ignore[return-value]


# -- the list -------------------------------------------------------------------------------------


def test_an_empty_register_offers_the_import(browse: Browse, head: Actor) -> None:
    answer = browse(head).get(reverse("tenaga"))
    assert answer.status_code == 200
    assert "Belum ada data tenaga." in text_of(answer)
    assert reverse("tenaga-impor") in answer.content.decode()


def test_the_head_sees_her_people_and_their_notes(
    browse: Browse, hire: Hire, other: Facility, head: Actor
) -> None:
    hire("Siti Rumah", note="data contoh (karangan)", started_on=date(2010, 3, 1))
    hire("Budi Tetangga", facility=other.id)
    words = text_of(browse(head).get(reverse("tenaga")))
    assert "Siti Rumah" in words
    assert "data contoh (karangan)" in words
    assert "1 Mar 2010" in words
    assert "Tetangga" not in words
    assert browse(head).get(reverse("tenaga"), {"fasilitas": str(other.id)}).status_code == 404


def test_the_dinas_sees_all_and_chooses_a_facility(
    browse: Browse, hire: Hire, other: Facility, district_officer: Actor
) -> None:
    hire("Siti Rumah")
    hire("Budi Tetangga", facility=other.id, employment="honorer")
    client = browse(district_officer)
    words = text_of(client.get(reverse("tenaga")))
    assert "Siti Rumah" in words
    assert "Budi Tetangga" in words
    assert "2 orang bertugas" in words
    assert "1 di antaranya ASN" in words
    words = text_of(client.get(reverse("tenaga"), {"fasilitas": str(other.id)}))
    assert "Siti Rumah" not in words
    assert "Budi Tetangga" in words


def test_a_facility_without_data_is_not_zero_people(
    browse: Browse, hire: Hire, other: Facility, district_officer: Actor
) -> None:
    hire()
    words = text_of(browse(district_officer).get(reverse("tenaga")))
    assert "1 dari 2 fasilitas belum punya data tenaga; itu bukan berarti nol orang" in words


def test_search_filter_and_pages_go_together(browse: Browse, hire: Hire, head: Actor) -> None:
    for number in range(55):
        hire(f"Bidan Nomor {number:02}", "bidan")
    hire("Perawat Satu")
    client = browse(head)
    first = client.get(reverse("tenaga"), {"profesi": "bidan", "q": "nomor"})
    assert "55 orang" in text_of(first)
    assert first.content.decode().count('data-uji="tenaga-baris"') == 50
    following = re.search(r'href="([^"]+)" rel="next"', first.content.decode())
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&"))
    assert second.content.decode().count('data-uji="tenaga-baris"') == 5
    assert "Perawat Satu" not in text_of(second)
    nothing = client.get(reverse("tenaga"), {"q": "zzz"})
    assert "Tidak ada yang cocok" in text_of(nothing)


@pytest.mark.parametrize(
    "query",
    ["fasilitas=x", "setelah=x", "setelah=00000000-0000-0000-0000-000000000000", "profesi=x",
     "status=x", "keadaan=x", "q=%00", "q=%25"],
)  # fmt: skip
def test_an_address_typed_wrong_still_shows_the_list(
    browse: Browse, hire: Hire, head: Actor, query: str
) -> None:
    hire()
    assert browse(head).get(f"{reverse('tenaga')}?{query}").status_code == 200


def test_the_district_list_takes_few_statements(
    browse: Browse,
    hire: Hire,
    house: Here,
    district_officer: Actor,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(15):
        hire(f"Orang {number}", facility=make_facility(house, f"Puskesmas {number:02}").id)
    client = browse(district_officer)
    client.get(reverse("tenaga"))
    with django_assert_max_num_queries(11):
        client.get(reverse("tenaga"))


def test_roles_without_the_register_are_refused(
    browse: Browse, hire: Hire, nurse: Actor, recorder: Actor, technician: Actor
) -> None:
    member = hire()
    for actor in (nurse, recorder, technician):
        for name, args in (
            ("tenaga", []), ("tenaga-baru", []), ("tenaga-impor", []), ("tenaga-unduh", []),
            ("tenaga-perpindahan", []), ("tenaga-riwayat", [member.id]),
            ("tenaga-ubah", [member.id]), ("tenaga-pindah", [member.id]),
            ("tenaga-fasilitas", [member.facility_id]), ("tenaga-fasilitas-baru", []),
        ):  # fmt: skip
            answer = browse(actor).get(reverse(name, args=args))
            assert answer.status_code == 403, name
            assert "Siti Contoh" not in text_of(answer)


def test_the_outsider_finds_nobody(browse: Browse, hire: Hire, outsider: Actor) -> None:
    member = hire()
    client = browse(outsider)
    for name in ("tenaga", "tenaga-unduh", "tenaga-perpindahan"):
        assert b"Siti" not in client.get(reverse(name)).content
    for name in ("tenaga-riwayat", "tenaga-ubah", "tenaga-pindah"):
        assert client.get(reverse(name, args=[member.id])).status_code == 404
    assert client.get(reverse("tenaga-fasilitas", args=[member.facility_id])).status_code == 404
    assert client.get(reverse("tenaga-baru")).status_code == 403
    assert client.get(reverse("tenaga-impor")).status_code == 403


# -- forms ----------------------------------------------------------------------------------------


def test_a_new_person_by_the_form(browse: Browse, house: Here, head: Actor) -> None:
    client = browse(head)
    assert client.get(reverse("tenaga-baru")).status_code == 200
    sent = {
        **NURSE, "started_on": "1 mar 2010", "birth_year": "1985", "is_trained": "ya",
        "trainings": "BTCLS,  PPGD ,", "units": ["umum", "ugd"], "number": "1985 0312 X",
        "op": new_key(),
    }  # fmt: skip
    answer = client.post(reverse("tenaga-baru"), sent)
    member = StaffMember.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("tenaga-riwayat", args=[member.id])
    assert (member.started_on, member.trainings, member.units, member.number) == (
        date(2010, 3, 1), ["BTCLS", "PPGD"], ["umum", "ugd"], "19850312X",
    )  # fmt: skip
    client.post(reverse("tenaga-baru"), sent)
    assert StaffMember.objects.count() == 1, "the same key again is the same act"
    words = text_of(client.get(answer["Location"]))
    assert "Siti Contoh tercatat." in words
    assert "BTCLS, PPGD" in words
    assert "1985" in words


def test_bad_input_is_kept_and_explained(browse: Browse, house: Here, head: Actor) -> None:
    answer = browse(head).post(
        reverse("tenaga-baru"), {**NURSE, "name": "Nama Tetap", "started_on": "kemarin dulu"}
    )
    assert answer.status_code == 422
    assert "Nama Tetap" in answer.content.decode()
    assert "kemarin dulu" in answer.content.decode()
    assert "belum terbaca sebagai tanggal" in text_of(answer)
    answer = browse(head).post(reverse("tenaga-baru"), {"name": "", "profession": "dukun"})
    assert answer.status_code == 422
    assert not StaffMember.objects.exists()


def test_the_dinas_says_where(browse: Browse, other: Facility, district_officer: Actor) -> None:
    client = browse(district_officer)
    answer = client.post(reverse("tenaga-baru"), NURSE)
    assert answer.status_code == 422
    assert "Pilih fasilitasnya" in text_of(answer)
    client.post(reverse("tenaga-baru"), {**NURSE, "facility": str(other.id)})
    assert StaffMember.objects.get().facility_id == other.id


def test_a_person_is_changed_and_an_old_page_is_not_taken(
    browse: Browse, hire: Hire, head: Actor
) -> None:
    member = hire(started_on=date(2010, 3, 1), trainings=("PPGD",), is_trained=True)
    client, address = browse(head), reverse("tenaga-ubah", args=[member.id])
    page = client.get(address).content.decode()
    assert 'value="01/03/2010"' in page
    assert 'value="PPGD"' in page
    answer = client.post(address, {**NURSE, "education": "d3", "version": "1"})
    assert answer.status_code == 302
    member.refresh_from_db()
    assert (member.education, member.started_on, member.version) == ("d3", None, 2)
    answer = client.post(address, {**NURSE, "education": "s1", "version": "1"})
    assert answer.status_code == 412
    assert 'name="version" value="2"' in answer.content.decode()
    assert client.post(address, {**NURSE, "education": "s1", "version": "2"}).status_code == 302


def test_an_account_is_linked_once(browse: Browse, house: Here, head: Actor, nurse: Actor) -> None:
    client = browse(head)
    person = str(nurse.practitioner_id)
    client.post(reverse("tenaga-baru"), {**NURSE, "practitioner_id": person})
    member = StaffMember.objects.get()
    assert member.practitioner_id == nurse.practitioner_id
    answer = client.post(reverse("tenaga-baru"), {**NURSE, "practitioner_id": person})
    assert answer.status_code == 422
    assert StaffMember.objects.count() == 1
    kept = client.get(reverse("tenaga-ubah", args=[member.id])).content.decode()
    assert f'<option value="{person}" selected>' in kept


def test_a_move_is_recorded_and_shown(
    browse: Browse, hire: Hire, other: Facility, district_officer: Actor
) -> None:
    member = hire(started_on=date(2010, 1, 1))
    client, address = browse(district_officer), reverse("tenaga-pindah", args=[member.id])
    page = text_of(client.get(address))
    assert "Puskesmas Tetangga" in page
    assert "Keluar dari daftar tenaga" in page
    answer = client.post(address, {"to": str(other.id), "on": "besok", "reason": ""})
    assert answer.status_code == 422
    assert "belum terbaca sebagai tanggal" in text_of(answer)
    sent = {"to": str(other.id), "on": "1/6/2015", "reason": "pemerataan", "decree": "800/12"}
    answer = client.post(address, {**sent, "version": "1"})
    assert answer.status_code == 302
    words = text_of(client.get(answer["Location"]))
    assert "1 Jun 2015 Puskesmas Contoh Puskesmas Tetangga Pemerataan tenaga 800/12" in words
    assert StaffMove.objects.count() == 1
    everything = text_of(client.get(reverse("tenaga-perpindahan")))
    assert "Siti Contoh" in everything


def test_the_head_notes_that_somebody_left_and_came_back(
    browse: Browse, hire: Hire, house: Here, other: Facility, head: Actor
) -> None:
    member = hire()
    client, address = browse(head), reverse("tenaga-pindah", args=[member.id])
    assert "Puskesmas Tetangga" not in text_of(client.get(address))
    today = f"{house.today():%d/%m/%Y}"
    client.post(address, {"to": "keluar", "on": today, "reason": "pensiun"})
    assert "sudah keluar" in text_of(client.get(reverse("tenaga-riwayat", args=[member.id])))
    assert "Siti" not in text_of(client.get(reverse("tenaga")))
    assert "Siti" in text_of(client.get(reverse("tenaga"), {"keadaan": "gone"}))
    client.post(address, {"to": str(house.id), "on": today, "reason": "kembali"})
    assert "Siti" in text_of(client.get(reverse("tenaga")))


def test_moves_of_a_facility_name_who_left_without_opening_them(
    browse: Browse, hire: Hire, other: Facility, district_officer: Actor, head: Actor
) -> None:
    member = hire(started_on=date(2010, 1, 1))
    browse(district_officer).post(
        reverse("tenaga-pindah", args=[member.id]),
        {"to": str(other.id), "on": "1/6/2015", "reason": "pemerataan"},
    )
    page = browse(head).get(reverse("tenaga-perpindahan")).content.decode()
    assert "Siti Contoh" in page
    assert reverse("tenaga-riwayat", args=[member.id]) not in page


# -- files ----------------------------------------------------------------------------------------


def test_a_file_is_judged_then_applied_and_a_second_time_adds_nothing(
    browse: Browse, house: Here, head: Actor
) -> None:
    client = browse(head)
    content = text_file(
        "nama;profesi;tmt;golongan",
        "Siti;Bidan;1 Mar 2010;III/a",
        "Budi;Prawat;;",
        "Ani;Bidan;31/02/2010;",
    )
    judged = upload(client, content)
    assert judged.status_code == 200
    assert [field(judged, f"impor-{k}") for k in ("baru", "berubah", "sama", "tolak")] == [
        "1", "0", "0", "2",
    ]  # fmt: skip
    words = text_of(judged)
    assert "Profesi “Prawat” tidak dikenal" in words
    assert "31/02/2010" in words
    assert "golongan" in words
    assert not StaffMember.objects.exists()

    again = client.post(
        reverse("tenaga-impor"),
        {"rows": carried_rows(judged), "word_kind": "profession", "word": "Prawat",
         "word_code": "perawat"},
    )  # fmt: skip
    assert field(again, "impor-baru") == "2"
    assert field(again, "impor-tolak") == "1"
    applied = {
        "rows": carried_rows(again), "word_kind": "profession", "word": "prawat",
        "word_code": "perawat", "op": new_key(),
    }  # fmt: skip
    for _time in range(2):
        answer = client.post(reverse("tenaga-impor-terapkan"), applied)
        assert answer.status_code == 302
    assert StaffMember.objects.count() == 2
    answer = client.post(reverse("tenaga-impor-terapkan"), {**applied, "op": new_key()})
    assert "Tidak ada yang baru" in text_of(client.get(answer["Location"]))
    assert StaffMember.objects.count() == 2
    assert not IdempotencyKey.objects.filter(body__contains=b"Siti").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x", "Judul kolom tidak ditemukan"),
        (b"PK\x03\x04", "tidak terbaca"),
        (b"y" * 2_000_002, "lebih dari 2 MB"),
    ],
)
def test_an_unusable_file_is_explained(
    browse: Browse, house: Here, head: Actor, content: bytes, said: str
) -> None:
    answer = upload(browse(head), content)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_no_file_at_all_is_explained(browse: Browse, house: Here, head: Actor) -> None:
    for name in ("tenaga-impor", "tenaga-impor-terapkan"):
        answer = browse(head).post(reverse(name))
        assert answer.status_code == 422
        assert "kosong" in text_of(answer)


def test_rows_without_a_facility_go_where_the_dinas_says(
    browse: Browse, other: Facility, district_officer: Actor
) -> None:
    client, content = browse(district_officer), text_file("nama;profesi", "Siti;Bidan")
    assert field(upload(client, content), "impor-tolak") == "1"
    judged = upload(client, content, facility=str(other.id))
    assert field(judged, "impor-baru") == "1"
    client.post(
        reverse("tenaga-impor-terapkan"),
        {"rows": carried_rows(judged), "facility": str(other.id)},
    )
    assert StaffMember.objects.get().facility_id == other.id


def test_the_register_goes_out_as_narrowed(
    browse: Browse, hire: Hire, other: Facility, district_officer: Actor, head: Actor
) -> None:
    hire("Siti", "bidan")
    hire("Budi", "perawat", facility=other.id)
    client = browse(district_officer)
    sheet = client.get(reverse("tenaga-unduh"))
    assert sheet["Content-Disposition"].endswith('.xlsx"')
    assert [row.cells["name"] for row in read_sheet(sheet.content).rows] == ["Budi", "Siti"]
    text = client.get(reverse("tenaga-unduh"), {"berkas": "csv", "profesi": "bidan"})
    assert [row.cells["name"] for row in read_sheet(text.content).rows] == ["Siti"]
    own = browse(head).get(reverse("tenaga-unduh"), {"berkas": "csv"})
    assert b"Budi" not in own.content
    template = browse(head).get(reverse("tenaga-unduh"), {"isi": "templat"})
    assert b"Siti" not in template.content
    assert len(read_sheet(template.content).rows) == 1


# -- facilities -----------------------------------------------------------------------------------


def test_what_planning_needs_of_a_facility(browse: Browse, house: Here, head: Actor) -> None:
    client, address = browse(head), reverse("tenaga-fasilitas", args=[house.id])
    sent = {"category": "terpencil", "is_inpatient": "ya", "pustu": "3", "population": "31.500",
            "lat": "-8,1814", "lon": "113.692", "as_of": "2025"}  # fmt: skip
    assert client.post(address, sent).status_code == 302
    row = FacilityProfile.objects.get()
    assert (row.is_inpatient, row.pustu, row.population, row.lat) == (True, 3, 31500, -8.1814)
    page = client.get(address).content.decode()
    assert 'value="31500"' in page
    assert 'value="-8.1814"' in page
    answer = client.post(address, {**sent, "lat": "48", "version": "1"})
    assert answer.status_code == 422
    assert "Di luar Indonesia" in text_of(answer)
    assert client.post(address, {**sent, "pustu": "4", "version": "0"}).status_code == 412


def test_the_dinas_adds_a_puskesmas(
    browse: Browse, house: Here, head: Actor, district_officer: Actor
) -> None:
    address = reverse("tenaga-fasilitas-baru")
    assert browse(head).get(address).status_code == 403
    assert browse(head).post(address, {"name": "X"}).status_code == 403
    client = browse(district_officer)
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": ""}).status_code == 422
    assert client.post(address, {"name": "Puskesmas Baru"}).status_code == 302
    assert Facility.objects.filter(name="Puskesmas Baru", kind="puskesmas").exists()
