"""`/aturan-tujuan`: what the head sees and does, what others read, without scripts too."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from simpul.domain.placement_national import NATIONAL_RULES
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.actor import Actor
from simpul.service.registration.placement import selectors, services
from simpul.service.registration.placement.forms import form_of
from simpul.service.registration.placement.overrides import count_overrides
from tests.counter.people import HTMX, make_patient, make_visit, text_of

Browse = Callable[[Actor], Client]
pytestmark = pytest.mark.django_db

TYPED = {
    "code": "nyeri-lokal",
    "before": "tb",
    "unit": "gigi",
    "reason": "gigi (kata setempat)",
    "words": "tojhi, tojhina",
    "cases": "30 L | tojhi\n! 30 L | batuk",
    "seen": "0",
}


def page(client: Client, **query: str) -> str:
    answer = client.get(reverse("aturan-tujuan"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_every_rule_with_its_reason_and_cases(browse, head):
    html = page(browse(head))
    for rule in NATIONAL_RULES:
        assert f'data-uji="aturan-tujuan-{rule.code}"' in html
    assert "Berlaku: versi 0" in html
    assert "9b P | imunisasi campak" in html
    assert "sama dengan aturan nasional" in html
    assert "text-bad" not in html.partition('id="aturan-daftar"')[2].partition("</table>")[0]


def test_the_page_takes_few_statements(browse, head, django_assert_max_num_queries):
    client = browse(head)
    services.move_rule("gizi", "down", seen=0, by=head)
    page(client)
    with django_assert_max_num_queries(14):
        page(client)


def test_from_a_new_rule_to_the_counter(browse, head):
    client = browse(head)
    answer = client.post(reverse("aturan-tujuan-baru"), TYPED)
    assert answer.status_code == 302
    html = page(client)
    assert "rancangan yang belum berlaku" in html
    assert "sendiri" in html

    answer = client.post(
        reverse("aturan-tujuan-berlaku"), {"seen": "1", "note": "kata setempat untuk gigi"}
    )
    assert answer.status_code == 302
    html = page(client)
    assert "Berlaku: versi 1" in html
    assert "kata setempat untuk gigi" in html
    assert head.name in html
    version = client.get(reverse("aturan-tujuan-versi", args=[0])).content.decode()
    assert "nyeri-lokal" in version

    client.post(reverse("aturan-tujuan-kembali"), {"number": "0"})
    assert selectors.rules_in_force().version == 2
    assert selectors.rules_in_force().rules == NATIONAL_RULES


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "Gigi Lokal"}, "huruf kecil"),
        ({"code": "gigi"}, "sudah dipakai"),
        ({"unit": ""}, "Pilih unit"),
        ({"reason": " "}, "Tulis alasannya"),
        ({"words": "tojhi, --"}, "bukan kata"),
        ({"cases": ""}, "paling sedikit satu contoh"),
        ({"cases": "tojhi"}, "tidak terbaca"),
        ({"age_from": "tua"}, "tidak terbaca"),
        ({"age_from": "9 th", "age_below": "5 th"}, "lebih tua"),
        ({"lasting": "batuk", "lasting_days": "abc"}, "Tulis angka"),
        ({"seen": "4"}, "diubah orang lain"),
    ],
)
def test_bad_input_is_named_and_kept(browse, head, wrong, said):
    answer = browse(head).post(reverse("aturan-tujuan-baru"), {**TYPED, **wrong})
    html = answer.content.decode()
    assert answer.status_code in (409, 412, 422)
    assert said in html
    assert "tojhi" in html
    assert selectors.get_desk(by=head).is_draft is False


def test_editing_keeps_what_the_form_does_not_show(browse, head):
    client = browse(head)
    address = reverse("aturan-tujuan-ubah", args=["tb"])
    html = client.get(address).content.decode()
    assert "kontak tbc" in html
    rule = next(rule for rule in NATIONAL_RULES if rule.code == "tb")
    typed = {
        name: value
        for name, value in form_of(rule).values.items()
        if value not in (False, None) and name != "programmes"
    }
    assert client.post(address, {**typed, "seen": "0"}).status_code == 302
    assert selectors.get_desk(by=head).table.rules == NATIONAL_RULES


def test_a_draft_that_fails_says_where(browse, head):
    client = browse(head)
    typed = {**TYPED, "cases": "30 L | sakit kepala"}
    client.post(reverse("aturan-tujuan-baru"), typed)
    html = page(client)
    assert "belum dapat diberlakukan" in html
    assert "nyeri-lokal.cases" in html
    answer = client.post(reverse("aturan-tujuan-berlaku"), {"seen": "1", "note": "coba"})
    assert answer.status_code == 422
    assert "nyeri-lokal.cases" in answer.content.decode()
    assert selectors.rules_in_force().version == 0
    client.post(reverse("aturan-tujuan-buang"), {"seen": "1"})
    assert not selectors.get_desk(by=head).is_draft


def test_arranging(browse, head):
    client = browse(head)

    def arrange(code: str, wanted: str, seen: int) -> int:
        body = {"act": wanted, "seen": str(seen)}
        return client.post(reverse("aturan-tujuan-atur", args=[code]), body).status_code

    assert arrange("gizi", "up", 0) == 302
    assert arrange("gizi", "down", 1) == 302
    assert arrange("bias", "off", 2) == 302
    assert ">mati<" in page(client)
    assert arrange("bias", "on", 3) == 302
    assert arrange("bias", "national", 4) == 302
    assert arrange("bias", "remove", 5) == 422
    assert arrange("bias", "terbang", 5) == 422
    assert selectors.get_desk(by=head).table.rules == NATIONAL_RULES


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"complaint": "waja loro", "age": "40", "sex": "male"}, "<code>gigi</code>"),
        ({"complaint": "batuk 3 hari", "age": "40"}, "belum selama itu"),
        ({"complaint": "tidak sesak", "age": "70"}, "disangkal"),
        ({"complaint": "kontrol", "age": "40", "programme": "tb"}, "tb-program"),
        ({"complaint": "pusing", "age": "28", "sex": "female", "hamil": "on"}, "kia-status"),
        ({"complaint": "batuk", "age": "empat"}, "Umur ditulis"),
        ({"complaint": "sesuatu"}, "Tidak ada aturan yang cocok"),
    ],
)
def test_the_try_box_tells_which_rule_and_which_nearly(browse, registrar, typed, said):
    client = browse(registrar)
    part = client.post(reverse("aturan-tujuan-coba"), typed, headers=HTMX).content.decode()
    assert said in part
    assert "<html" not in part
    whole = client.post(reverse("aturan-tujuan-coba"), typed).content.decode()
    assert said in whole
    assert "aturan-daftar" in whole


def test_others_read_and_may_not_change(browse, registrar, technician, outsider):
    html = page(browse(registrar))
    assert "aturan-tujuan-gigi-ubah" not in html
    assert "pengaturan-tab" not in html
    for actor in (technician, outsider):
        assert browse(actor).get(reverse("aturan-tujuan")).status_code == 403
    answer = browse(registrar).post(reverse("aturan-tujuan-baru"), TYPED)
    assert answer.status_code == 403


def test_overrides_are_counted_per_rule_with_reason_and_place(browse, head, registrar):
    for n in range(4):
        make_visit(registrar, make_patient(registrar, name=f"Warga Contoh {chr(65 + n)}"))
    for n, reason in enumerate(("Pendamping", "pendamping", "arahan dokter")):
        person = make_patient(registrar, name=f"Orang Contoh {chr(75 + n)}")
        make_visit(registrar, person, unit="gigi", override_reason=reason)
    today = get_here().today()
    counted = count_overrides(today, today, by=head)
    rule = counted.rules["dewasa"]
    assert (rule.suggested, rule.overridden) == (7, 3)
    assert dict(rule.units) == {"gigi": 3}
    assert [n for _reason, n in rule.top_reasons] == [2, 1]
    assert counted.total.overridden == 3
    html = text_of(browse(head).get(reverse("aturan-tujuan"), {"hari": "7"}))
    assert "3 / 7" in html
    assert "43 %" in html
    assert "42,9 %" in html
    assert "Poli Gigi 3" in html


def test_the_file_holds_every_rule_and_no_formula(browse, head):
    typed = {**TYPED, "reason": "=1+1"}
    client = browse(head)
    client.post(reverse("aturan-tujuan-baru"), typed)
    answer = client.get(reverse("aturan-tujuan-unduh"))
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert text.count("\r\n") == 3 + len(NATIONAL_RULES) + 1
    assert "'=1+1" in text


def test_a_program_reads_the_rules(program, registrar, technician):
    answer = program(registrar).call("GET", "/placement/rules")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["format"], body["version"], len(body["rules"])) == (1, 0, len(NATIONAL_RULES))
    assert program(technician).call("GET", "/placement/rules").status_code == 403
