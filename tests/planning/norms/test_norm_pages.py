"""Norms of one's own: a source required, every version kept, shipped ones untouched."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simpul.domain.norms_shipped import SHIPPED
from simpul.foundation.journal.models import JournalEntry
from simpul.planning.norms.models import NormVersion
from simpul.planning.norms.reading import NormRefused, read_norm, write_norm
from simpul.planning.norms.selectors import usable_norms

pytestmark = pytest.mark.django_db


def typed(**more: str) -> dict[str, str]:
    """A small norm as the form sends it."""
    return {
        "code": "perbup-contoh", "name": "Standar contoh", "note": "",
        "source": "Peraturan contoh nomor 1 tahun 2025, lampiran", "valid_from": "1/2/2025",
        "valid_until": "", "post-0-label": "Kepala", "post-0-professions": "dokter / SKM",
        "post-0-count": "1", "post-0-per": "facility", "post-0-categories": "",
        "post-0-inpatient": "",
        "post-1-label": "Bidan desa", "post-1-professions": "bidan", "post-1-count": "1",
        "post-1-per": "village", "post-1-categories": "pedesaan, terpencil",
        "post-1-inpatient": "ya",
        **more,
    }  # fmt: skip


def text(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())


@pytest.fixture
def page(browse, district_officer) -> Client:  # type: ignore[no-untyped-def]
    client: Client = browse(district_officer)
    return client


def test_the_list_shows_shipped_norms_with_their_source(page: Client) -> None:
    said = text(page.get(reverse("norma")))

    for norm in SHIPPED.values():
        assert norm.name in said
    assert "naskah belum dilihat" in said
    assert 'data-uji="norma-kosong"' in said


def test_a_norm_is_added_edited_retired_and_every_version_stays(page, district_officer) -> None:  # type: ignore[no-untyped-def]
    assert page.post(reverse("norma-baru"), typed()).status_code == 302
    one = usable_norms(by=district_officer)["perbup-contoh"]
    assert (one.version, one.valid_from and one.valid_from.isoformat()) == (1, "2025-02-01")
    assert [(post.professions, post.per, post.categories) for post in one.posts] == [
        (("dokter", "kesmas"), "facility", ()),
        (("bidan",), "village", ("pedesaan", "terpencil")),
    ]

    change = reverse("norma-ubah", args=["perbup-contoh"])
    assert page.post(change, typed(seen="1", **{"post-0-count": "2"})).status_code == 302
    assert usable_norms(by=district_officer)["perbup-contoh"].posts[0].count == 2
    assert list(NormVersion.objects.values_list("number", flat=True).order_by("number")) == [1, 2]
    old = text(page.get(reverse("norma-lihat", args=["perbup-contoh"]), {"versi": "1"}))
    assert "Ini versi lama" in old

    stop = reverse("norma-berhenti", args=["perbup-contoh"])
    assert page.post(stop, {"seen": "2"}).status_code == 302
    assert "perbup-contoh" not in usable_norms(by=district_officer)
    assert page.post(stop, {"seen": "3"}).status_code == 409
    assert page.post(stop, {"seen": "3", "kembali": "1"}).status_code == 302
    assert usable_norms(by=district_officer)["perbup-contoh"].version == 4
    acts = list(
        JournalEntry.objects.filter(act__startswith="norm-")
        .order_by("id")
        .values_list("act", flat=True)
    )
    assert acts == ["norm-added", "norm-changed", "norm-retired", "norm-restored"]


def test_saving_without_a_change_makes_no_version(page: Client) -> None:
    page.post(reverse("norma-baru"), typed())
    page.post(reverse("norma-ubah", args=["perbup-contoh"]), typed(seen="1"))
    assert NormVersion.objects.count() == 1


def test_an_edit_on_an_old_version_is_refused_and_keeps_what_was_typed(page: Client) -> None:
    page.post(reverse("norma-baru"), typed())
    change = reverse("norma-ubah", args=["perbup-contoh"])
    page.post(change, typed(seen="1", name="Nama kedua"))
    answer = page.post(change, typed(seen="1", name="Nama ketiga"))

    assert answer.status_code == 422
    assert "baru saja diubah orang lain" in text(answer)
    assert "Nama ketiga" in text(answer)
    assert NormVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"source": " "}, "Sebut sumbernya"),
        ({"code": "DSP 2004"}, "huruf kecil"),
        ({"code": "skm"}, "milik standar bawaan"),
        ({"post-0-professions": "dukun"}, "“dukun” tidak dikenal"),
        ({"post-1-count": "banyak"}, "bilangan bulat 0 sampai"),
        ({"post-1-categories": "di gunung"}, "“di gunung” tidak dikenal"),
        ({"valid_from": "kapan-kapan"}, "Tulis tanggal"),
        ({"valid_until": "1/1/2020"}, "mendahului"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_lost(page, more, said) -> None:  # type: ignore[no-untyped-def]
    answer = page.post(reverse("norma-baru"), typed(**more))

    assert answer.status_code == 422
    assert said in text(answer)
    assert "Bidan desa" in text(answer)
    assert not NormVersion.objects.exists()


def test_a_code_is_used_once(page: Client) -> None:
    page.post(reverse("norma-baru"), typed())
    answer = page.post(reverse("norma-baru"), typed(name="Lain"))
    assert answer.status_code == 422
    assert "sudah dipakai" in text(answer)


def test_more_lines_without_script_keep_what_was_typed(page: Client) -> None:
    answer = page.post(reverse("norma-baru"), typed(lines="more"))
    assert answer.status_code == 200
    assert "post-11-count" in text(answer)
    assert "Bidan desa" in text(answer)
    assert not NormVersion.objects.exists()


def test_a_shipped_norm_is_copied_not_changed(page: Client) -> None:
    assert page.get(reverse("norma-ubah", args=["skm"])).status_code == 422
    assert page.post(reverse("norma-berhenti", args=["skm"]), {"seen": "1"}).status_code == 403
    said = text(page.get(reverse("norma-baru"), {"dari": "dsp-2004"}))
    assert "Setiap Pustu" in said
    assert "Dokter / Kesmas" in said


def test_a_norm_that_is_not_there(page: Client) -> None:
    assert page.get(reverse("norma-lihat", args=["tidak-ada"])).status_code == 404


def test_others_may_not(browse, nurse) -> None:  # type: ignore[no-untyped-def]
    assert browse(nurse).get(reverse("norma")).status_code == 403
    assert browse(nurse).post(reverse("norma-baru"), typed()).status_code == 403


def test_an_account_of_another_facility_writes_no_norm_here(browse, outsider) -> None:  # type: ignore[no-untyped-def]
    assert browse(outsider).post(reverse("norma-baru"), typed()).status_code == 403
    assert not NormVersion.objects.exists()


def test_the_list_asks_little(page, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(4):
        page.post(reverse("norma-baru"), typed(code=f"contoh-{number}"))
    with django_assert_max_num_queries(8):
        page.get(reverse("norma"))


@pytest.mark.parametrize("norm", SHIPPED.values(), ids=lambda norm: norm.code)
def test_a_norm_written_reads_back_the_same(norm) -> None:  # type: ignore[no-untyped-def]
    data = {**write_norm(norm), "code": "salinan"}
    assert write_norm(read_norm(data)) == data


def test_every_problem_of_a_norm_is_named() -> None:
    with pytest.raises(NormRefused) as refused:
        read_norm({"code": 1, "posts": [{"count": True}, "x", {"professions": 5, "count": -1}]})
    places = {problem.where for problem in refused.value.problems}
    assert {"code", "name", "source", "posts.0.count", "posts.0.professions", "posts.1"} <= places
