"""Fragments of the record pane: picking terms, templates, checks while typing, earlier visits."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.actor import Actor
from simpul.service.care import favourites
from simpul.service.care.favourites import favourite_codes, forget_favourites
from simpul.service.completeness.services import close_encounter, save_entries
from tests.care.visits import conditions, open_visit, soap, vitals, whole_record
from tests.conftest import make_actor

Browse = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def _no_favourites_kept() -> Iterator[None]:
    forget_favourites()
    yield
    forget_favourites()


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def codes_in(page: str) -> list[str]:
    return [part.split('"', 1)[0] for part in page.split('data-pilih="')[1:]]


@pytest.mark.parametrize(
    ("typed", "first"), [("darah tinggi", "I10"), ("i10", "I10"), ("j069", "J06.9")]
)
def test_a_diagnosis_is_found_by_word_and_by_code(
    browse: Browse, physician: Actor, typed: str, first: str
):
    answer = browse(physician).post(reverse("icd"), {"icd_q": typed, "unit": "umum"})

    assert codes_in(text_of(answer))[0] == first


def test_an_exact_code_may_be_opened_before_the_answer(browse: Browse, physician: Actor):
    client = browse(physician)

    assert "data-exact" in text_of(client.post(reverse("icd"), {"icd_q": "i10"}))
    assert "data-exact" not in text_of(client.post(reverse("icd"), {"icd_q": "darah tinggi"}))


def test_what_the_unit_diagnoses_most_comes_first(
    browse: Browse, registrar: Actor, physician: Actor
):
    for code in ("R51", "R51", "I10"):
        save_entries(open_visit(registrar).id, [conditions(code)], by=physician)
    save_entries(open_visit(registrar, unit="gigi").id, [conditions("K04.0")], by=physician)

    answer = browse(physician).post(reverse("icd"), {"icd_q": "", "unit": "umum"})

    assert codes_in(text_of(answer)) == ["R51", "I10"]


def test_favourites_cost_one_statement_and_then_none(
    registrar: Actor,
    physician: Actor,
    django_assert_num_queries: DjangoAssertNumQueries,
):
    save_entries(open_visit(registrar).id, [conditions("I10")], by=physician)

    with django_assert_num_queries(1):
        assert favourite_codes("umum", by=physician) == ("I10",)
    with django_assert_num_queries(0):
        favourite_codes("umum", by=physician)


def test_old_diagnoses_are_no_favourites(
    registrar: Actor, physician: Actor, monkeypatch: pytest.MonkeyPatch
):
    save_entries(open_visit(registrar).id, [conditions("I10")], by=physician)
    later = favourites.now() + timedelta(days=favourites.DAYS + 1)
    monkeypatch.setattr(favourites, "now", lambda: later)

    assert favourite_codes("umum", by=physician) == ()


def test_favourites_stay_in_their_house(registrar: Actor, physician: Actor, outsider: Actor):
    save_entries(open_visit(registrar).id, [conditions("I10")], by=physician)

    assert favourite_codes("umum", by=outsider) == ()


def test_nothing_found_says_what_to_try(browse: Browse, physician: Actor):
    page = text_of(browse(physician).post(reverse("icd"), {"icd_q": "<b>xqzw</b>"}))

    assert "Coba kata lain" in page
    assert "<b>xqzw" not in page


def test_a_procedure_is_found_and_says_that_it_needs_consent(browse: Browse, physician: Actor):
    page = text_of(browse(physician).post(reverse("tindakan"), {"tindakan_q": "jahit"}))

    assert codes_in(page)
    assert "perlu persetujuan" in page


def test_a_template_is_found_by_the_beginning_of_its_word(browse: Browse, physician: Actor):
    page = text_of(browse(physician).get(reverse("templat"), {"q": "isp"}))

    assert "/isp" in page
    assert 'data-o="KU baik' in page


@pytest.mark.parametrize("name", ["icd", "tindakan"])
def test_terms_are_not_asked_for_in_an_address(browse: Browse, physician: Actor, name: str):
    assert browse(physician).get(reverse(name), {"q": "hiv"}).status_code == 405


@pytest.mark.parametrize("name", ["icd", "tindakan"])
def test_the_counter_picks_no_terms(browse: Browse, registrar: Actor, name: str):
    assert browse(registrar).post(reverse(name), {"q": "batuk"}).status_code == 403


def check(client: Client, encounter: uuid.UUID, **typed: str) -> str:
    answer = client.post(reverse("rekam-periksa", args=[encounter]), typed)
    assert answer.status_code == 200
    return text_of(answer)


def test_a_number_is_judged_while_it_is_typed(browse: Browse, registrar: Actor, nurse: Actor):
    visit, client = open_visit(registrar), browse(nurse)

    refused = check(client, visit.id, temperature="367", pulse="88")

    assert "maksud Anda 36,7?" in refused
    assert 'data-suggested="36,7"' in refused
    assert "data-refused" not in check(client, visit.id, temperature="36,7")
    unusual = check(client, visit.id, temperature="39,4")
    assert "data-refused" not in unusual
    assert 'data-where="temperature"' in unusual


def test_the_body_mass_index_is_told(browse: Browse, registrar: Actor, nurse: Actor):
    page = check(browse(nurse), open_visit(registrar).id, weight="61,5", height="160")

    assert "24,0 (berat badan lebih)" in page.replace("24 (", "24,0 (")


def test_no_adult_class_is_given_to_a_child(browse: Browse, registrar: Actor, nurse: Actor):
    child = open_visit(registrar, years=4, unit="mtbs")

    page = check(browse(nurse), child.id, weight="15", height="100")

    assert "IMT" in page
    assert "kurus" not in page


def test_a_large_change_since_the_last_visit_is_remarked(
    browse: Browse, registrar: Actor, nurse: Actor, physician: Actor
):
    first = open_visit(registrar)
    close_encounter(first.id, by=physician, inputs=[vitals(weight="60", height="160")])
    second = open_visit(registrar, patient=first.patient)

    assert "kunjungan lalu 60" in check(browse(nurse), second.id, weight="90")


def test_a_chosen_diagnosis_shows_its_doubt(browse: Browse, registrar: Actor, physician: Actor):
    man, client = open_visit(registrar, sex="male", years=70), browse(physician)
    address = reverse("rekam-diagnosa", args=[man.id])

    wrong_sex = text_of(client.post(address, {"dx": "O80.9/new/"}))
    assert "tidak cocok untuk laki-laki" in wrong_sex
    assert "data-dx-ya" not in wrong_sex, "no yes makes it fit"
    odd_age = text_of(client.post(address, {"dx": "P07.3/new/"}))
    assert 'data-dx-ya="P07.3"' in odd_age
    assert "data-dx-ya" not in text_of(client.post(address, {"dx": "P07.3/new/ya"}))


def test_what_is_no_code_is_shown_and_escaped(browse: Browse, registrar: Actor, physician: Actor):
    visit = open_visit(registrar)

    page = text_of(
        browse(physician).post(reverse("rekam-diagnosa", args=[visit.id]), {"dx": "<i>x"})
    )

    assert "tidak ada di ICD-10" in page
    assert "<i>x" not in page


def test_a_procedure_that_needs_consent_asks_for_it(
    browse: Browse, registrar: Actor, physician: Actor
):
    visit = open_visit(registrar)

    page = text_of(
        browse(physician).post(reverse("rekam-tindakan", args=[visit.id]), {"px": "86.59/"})
    )

    assert 'data-px-setuju="86.59"' in page


@pytest.mark.parametrize("name", ["rekam-periksa", "rekam-diagnosa", "rekam-tindakan"])
def test_checks_are_for_clinical_eyes_of_this_house(
    browse: Browse, registrar: Actor, outsider: Actor, name: str
):
    address = reverse(name, args=[open_visit(registrar).id])

    assert browse(registrar).post(address).status_code == 403
    assert browse(outsider).post(address).status_code == 404


def test_earlier_visits_are_shown_newest_first_and_the_reading_is_kept(
    browse: Browse, registrar: Actor, physician: Actor
):
    visits = [open_visit(registrar)]
    close_encounter(visits[0].id, by=physician, inputs=whole_record())
    for words in ("yang kedua", "yang ketiga"):
        visits.append(open_visit(registrar, patient=visits[0].patient))
        close_encounter(visits[-1].id, by=physician, inputs=[soap(s=words, p="ulang obat")])
    now = open_visit(registrar, patient=visits[0].patient, complaint="rahasia sekarang")
    before = JournalEntry.objects.filter(act="read", subject="history").count()

    page = text_of(
        browse(physician).get(reverse("riwayat", args=[now.patient.id]), {"selain": str(now.id)})
    )

    assert page.index("yang ketiga") < page.index("yang kedua") < page.index("faring hiperemis")
    assert "rahasia sekarang" not in page
    assert 'data-salin="ulang obat"' in page
    entries = JournalEntry.objects.filter(act="read", subject="history")
    assert entries.count() == before + 1
    assert entries.order_by("-id")[0].patient == now.patient.id


def test_a_long_history_comes_in_pages(browse: Browse, registrar: Actor, physician: Actor):
    first = open_visit(registrar, complaint="kunjungan-0")
    close_encounter(first.id, by=physician)
    for n in range(1, 7):
        visit = open_visit(registrar, patient=first.patient, complaint=f"kunjungan-{n}")
        close_encounter(visit.id, by=physician)
    client = browse(physician)

    page = text_of(client.get(reverse("riwayat", args=[first.patient.id])))

    assert "kunjungan-6" in page
    assert "kunjungan-1" not in page
    older = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    rest = text_of(client.get(older))
    assert "kunjungan-1" in rest
    assert "kunjungan-0" in rest
    assert "kunjungan-2" not in rest


def test_a_first_visit_has_no_history(browse: Browse, registrar: Actor, physician: Actor):
    visit = open_visit(registrar)

    page = text_of(
        browse(physician).get(
            reverse("riwayat", args=[visit.patient.id]), {"selain": str(visit.id)}
        )
    )

    assert "Belum ada kunjungan sebelumnya" in page


@pytest.mark.parametrize(
    "query", [{"selain": "x"}, {"sebelum": "kemarin"}, {"sebelum": "2026-13-40"}]
)
def test_an_unreadable_address_shows_the_first_page(
    browse: Browse, registrar: Actor, physician: Actor, query: dict[str, str]
):
    visit = open_visit(registrar)

    answer = browse(physician).get(reverse("riwayat", args=[visit.patient.id]), query)

    assert answer.status_code == 200


def test_history_is_refused_to_others(browse: Browse, registrar: Actor, outsider: Actor):
    address = reverse("riwayat", args=[open_visit(registrar).patient.id])

    assert browse(registrar).get(address).status_code == 403
    assert browse(outsider).get(address).status_code == 404
    assert browse(make_actor("petugas_it")).get(address).status_code in (403, 404)
