"""The settings pages: what is typed stays, what is refused says where, who may look."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simpul.foundation.administration.selectors import get_facility
from simpul.foundation.administration.services import change_facility, create_role_token
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account, Role
from simpul.foundation.staff.selectors import get_actor
from tests.conftest import new_key

Browse = Callable[[Actor], Client]
FACILITY = {
    "name": "Puskesmas Contoh",
    "address": "Jalan Contoh 1",
    "phone": "",
    "satusehat_id": "1000004567",
    "kode_sarana": "",
    "registration_code": "",
    "bpjs_provider_code": "",
}
PERSON = {
    "name": "Bidan Baru",
    "username": "bidan.baru",
    "profession": "Bidan",
    "password": "melati-putih-7",
    "password_again": "melati-putih-7",
    "roles": ["bidan"],
    "units": ["kia"],
}


def text_of(response: Any) -> str:
    """The answer as a person reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_the_facility_is_saved_and_the_page_says_so(browse: Browse, head: Actor):
    client = browse(head)
    version = get_facility(by=head).version

    answer = client.post(
        reverse("pengaturan"), FACILITY | {"op": new_key(), "version": version}, follow=True
    )

    assert "Data Puskesmas tersimpan." in text_of(answer)
    assert get_facility(by=head).satusehat_id == "1000004567"
    assert 'value="1000004567"' in answer.content.decode()


def test_a_wrong_code_is_said_at_its_field_and_what_was_typed_stays(
    browse: Browse, technician: Actor
):
    answer = browse(technician).post(
        reverse("pengaturan"), FACILITY | {"op": new_key(), "kode_sarana": "35-09"}
    )

    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Kode sarana harus 11 angka, ini 5 tanda." in body
    assert 'value="35-09"' in body
    assert 'value="Jalan Contoh 1"' in body
    assert get_facility(by=technician).address == ""


def test_somebody_elses_change_meanwhile_is_said_and_nothing_typed_is_lost(
    browse: Browse, head: Actor, technician: Actor
):
    seen = get_facility(by=head).version
    change_facility(by=technician, phone="0331 222")
    client = browse(head)

    answer = client.post(
        reverse("pengaturan"), FACILITY | {"op": new_key(), "version": seen, "phone": "0331 111"}
    )

    assert answer.status_code == 412
    assert "baru saja diubah orang lain" in text_of(answer)
    assert 'value="0331 111"' in answer.content.decode()
    assert get_facility(by=head).phone == "0331 222"

    version = re.search(r'name="version" value="(\d+)"', answer.content.decode())
    assert version is not None
    client.post(
        reverse("pengaturan"),
        FACILITY | {"op": new_key(), "version": version[1], "phone": "0331 111"},
    )
    assert get_facility(by=head).phone == "0331 111"


def test_a_unit_is_changed_in_its_row(browse: Browse, head: Actor):
    answer = browse(head).post(
        reverse("unit-ubah", args=["gigi"]),
        {"op": new_key(), "prefix": "k", "name": "Poli Gigi", "room": "R 4"},
        follow=True,
    )

    assert "Poli Gigi tersimpan." in text_of(answer)
    unit = get_here().unit("gigi")
    assert (unit.prefix, unit.room, unit.is_open) == ("K", "R 4", False)


def test_a_taken_letter_is_said_in_its_row(browse: Browse, head: Actor):
    answer = browse(head).post(
        reverse("unit-ubah", args=["gigi"]),
        {"op": new_key(), "prefix": "A", "name": "Poli Gigi", "room": "R 4", "is_open": "on"},
    )

    assert answer.status_code == 422
    row = re.search(
        r'data-uji="unit-gigi".*?id="salah-gigi".*?</tr>', answer.content.decode(), re.S
    )
    assert row is not None
    assert "Huruf A sudah dipakai Poli Umum." in row[0]
    assert 'value="R 4"' in row[0]
    assert get_here().unit("gigi").prefix == "C"


def test_an_unknown_unit_is_not_found(browse: Browse, head: Actor):
    answer = browse(head).post(
        reverse("unit-ubah", args=["bulan"]), {"op": new_key(), "prefix": "X", "name": "X"}
    )

    assert answer.status_code == 404


def test_a_new_person_can_sign_in(browse: Browse, head: Actor):
    answer = browse(head).post(reverse("akun-baru"), PERSON | {"op": new_key()}, follow=True)

    assert "Akun “bidan.baru” dibuat." in text_of(answer)
    assert PERSON["password"] not in answer.content.decode()
    entered = Client().post("/masuk", {"username": "bidan.baru", "password": PERSON["password"]})
    assert entered.status_code == 302
    made = get_actor(Account.objects.get(username="bidan.baru").id)
    assert made is not None
    assert (made.roles, made.units_of("bidan"), made.profession) == ({"bidan"}, {"kia"}, "Bidan")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password_again": "lain-sekali-8"}, "Kedua sandi belum sama."),
        ({"password": "123456", "password_again": "123456"}, "terlalu umum"),
        ({"roles": []}, "Pilih paling sedikit satu peran."),
        ({"roles": ["raja"]}, "Pilih peran dari daftar."),
        ({"username": "X"}, "Nama pengguna: 3–40 huruf kecil"),
        ({"name": ""}, "Tulis namanya."),
    ],
)
def test_a_refused_account_keeps_what_was_typed_but_no_password(
    browse: Browse, head: Actor, change: dict[str, object], sentence: str
):
    answer = browse(head).post(reverse("akun-baru"), PERSON | {"op": new_key()} | change)

    assert answer.status_code == 422
    body = answer.content.decode()
    assert sentence.lower() in text_of(answer).lower()
    assert 'value="Bidan"' in body
    assert str(PERSON["password"]) not in body
    assert not Account.objects.filter(username="bidan.baru").exists()


def test_it_is_refused_the_head_role_with_a_sentence(browse: Browse, technician: Actor):
    answer = browse(technician).post(
        reverse("akun-baru"), PERSON | {"op": new_key(), "roles": ["kepala"]}
    )

    assert answer.status_code == 403
    assert "Peran kepala hanya diberi atau dicabut oleh kepala." in text_of(answer)


def test_roles_and_pin_of_an_account(browse: Browse, head: Actor, nurse: Actor):
    client = browse(head)
    page = client.get(reverse("akun", args=[nurse.account_id])).content.decode()
    assert re.search(r'name="roles" value="perawat"[^>]*checked', page)

    client.post(
        reverse("akun-peran", args=[nurse.account_id]),
        {"op": new_key(), "roles": ["bidan"], "units": ["kia"]},
    )
    said = client.post(
        reverse("akun-pin", args=[nurse.account_id]),
        {"op": new_key(), "password": "kenanga-55", "password_again": "kenanga-55"},
        follow=True,
    )

    now = get_actor(nurse.account_id)
    assert now is not None
    assert now.roles == {"bidan"}
    assert "PIN baru berlaku; yang lama tidak." in text_of(said)
    assert (
        Client().post("/masuk", {"username": nurse.username, "password": "kenanga-55"}).status_code
        == 302
    )


def test_refusals_on_the_account_page_are_said_there(browse: Browse, head: Actor):
    client = browse(head)

    last = client.post(
        reverse("akun-peran", args=[head.account_id]), {"op": new_key(), "roles": ["dokter"]}
    )
    weak = client.post(
        reverse("akun-pin", args=[head.account_id]),
        {"op": new_key(), "password": "1", "password_again": "2"},
    )

    assert last.status_code == 422
    assert "Ini satu-satunya akun Kepala Puskesmas atau Petugas IT." in text_of(last)
    assert weak.status_code == 422
    assert "Kedua sandi belum sama." in text_of(weak)


def test_closing_and_opening_from_the_page(browse: Browse, technician: Actor, nurse: Actor):
    client = browse(technician)

    closed = client.post(
        reverse("akun-tutup", args=[nurse.account_id]), {"op": new_key()}, follow=True
    )
    assert "ditutup: tidak dapat masuk" in text_of(closed)
    opened = client.post(
        reverse("akun-buka", args=[nurse.account_id]), {"op": new_key()}, follow=True
    )

    assert "dibuka lagi" in text_of(opened)
    assert get_actor(nurse.account_id) == nurse


def test_ones_own_page_offers_no_closing(browse: Browse, head: Actor):
    client = browse(head)

    page = client.get(reverse("akun", args=[head.account_id])).content.decode()
    answer = client.post(reverse("akun-tutup", args=[head.account_id]), {"op": new_key()})

    assert 'data-uji="akun-tutup"' not in page
    assert answer.status_code == 409


def test_a_program_shows_as_one_and_has_no_pin(browse: Browse, head: Actor):
    _token, row = create_role_token(Role.REGISTRAR)
    client = browse(head)

    listed = text_of(client.get(reverse("pengaturan-akun")))
    page = client.get(reverse("akun", args=[row.account_id])).content.decode()

    assert "program" in listed
    assert 'data-uji="akun-pin-simpan"' not in page


PAGES = ("pengaturan", "pengaturan-unit", "pengaturan-akun", "akun-baru")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["registrar", "nurse", "recorder", "district_officer"])
def test_others_are_refused(browse: Browse, request: pytest.FixtureRequest, who: str, name: str):
    answer = browse(request.getfixturevalue(who)).get(reverse(name))

    assert answer.status_code == 403
    assert "Hanya untuk: Kepala Puskesmas, Petugas IT" in text_of(answer)


@pytest.mark.parametrize("name", PAGES)
def test_the_outsider_does_not_see_this_house(browse: Browse, outsider: Actor, name: str):
    answer = browse(outsider).get(reverse(name))

    assert answer.status_code == 404
    assert "bidan" not in text_of(answer).lower()


def test_the_outsider_changes_no_account(browse: Browse, outsider: Actor, nurse: Actor):
    client = browse(outsider)

    for name in ("akun-tutup", "akun-peran", "akun-pin"):
        answer = client.post(
            reverse(name, args=[nurse.account_id]),
            {
                "op": new_key(),
                "roles": ["dokter"],
                "password": "kenanga-55",
                "password_again": "kenanga-55",
            },
        )
        assert answer.status_code == 404, name
    assert get_actor(nurse.account_id) == nurse


@pytest.mark.parametrize("name", PAGES)
def test_a_settings_page_costs_few_queries(
    browse: Browse,
    head: Actor,
    nurse: Actor,
    dentist: Actor,
    midwife: Actor,
    django_assert_max_num_queries: Any,
    name: str,
):
    client = browse(head)

    with django_assert_max_num_queries(11):
        assert client.get(reverse(name)).status_code == 200
