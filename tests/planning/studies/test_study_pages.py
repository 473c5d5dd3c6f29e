"""The pages of a study through the page client: list, new, sheet, versions, archive."""

import uuid

import pytest

from simpul.foundation.core.errors import NotAllowed, Stale
from simpul.foundation.journal.chain import verify_chain
from simpul.foundation.journal.models import Change, JournalEntry
from simpul.planning.studies.models import Study, StudyVersion
from simpul.planning.studies.selectors import list_needs, list_studies
from simpul.planning.studies.services import NewStudy, create_study

ROOT = "/perencanaan/studi"


def test_an_empty_list_says_what_to_do_next(browse, head):
    page = browse(head).get(ROOT).content.decode()

    assert "Belum ada studi" in page
    assert f"{ROOT}/baru" in page


def test_a_study_from_scratch_goes_to_its_sheet_and_is_saved_as_version_one(browse, head, filled):
    client = browse(head)
    answer = client.post(f"{ROOT}/baru", {"title": "Loket", "year": "2026", "units": "rekam-medis"})
    study = Study.objects.get()

    assert answer["Location"] == f"{ROOT}/{study.id}/ubah"
    assert "Kategori 1" in client.get(answer["Location"]).content.decode()

    saved = client.post(f"{ROOT}/{study.id}/ubah", filled())

    assert saved.status_code == 302
    page = client.get(saved["Location"]).content.decode()
    assert "perlu 1,70 → 2 orang; ada 1; kurang 1" in page
    assert "Kepmenkes 81/2004" in page
    assert "aturan WHO" in page
    assert f'data-draft-clear="studi-{study.id}"' in page


def test_every_sum_can_be_followed(browse, head, study):
    page = browse(head).get(f"{ROOT}/{study.id}").content.decode()

    for sentence in (
        "{313 − (12 + 4 + 13 + 6)} × 6 jam = 278 hari = 1.668 jam = 100.080 menit",
        "100.080 menit ÷ 7,34 menit (440,69 detik) = 13.626 kegiatan per orang per tahun.",
        "Standar kelonggaran 0,0144 + 0,0024 + 0,0024 + 0,0126 = 0,0318, ditambahkan satu kali.",
        "Kebutuhan 1,673 + 0,032 = 1,704 orang.",
    ):
        assert sentence in page


def test_bad_input_is_kept_and_explained_at_its_field(browse, head, study, filled):
    fields = filled(seen="1", **{"k1-a1-time": "tujuh menit", "k1-a2-volume": ""})

    answer = browse(head).post(f"{ROOT}/{study.id}/ubah", fields)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert 'value="tujuh menit"' in page
    assert 'href="#id_k1-a1-time"' in page
    assert "“tujuh menit” bukan angka" in page
    assert 'id="salah-k1-a2-volume"' in page
    assert StudyVersion.objects.count() == 1


def test_support_of_everything_is_refused_at_its_line(browse, head, study, filled):
    fields = filled(seen="1", **{"k1-l1-amount": "100", "k1-l1-unit": "percent"})

    answer = browse(head).post(f"{ROOT}/{study.id}/ubah", fields)

    assert answer.status_code == 422
    assert "tidak tersisa waktu untuk kegiatan pokok" in answer.content.decode()
    assert 'href="#id_k1-l1-amount"' in answer.content.decode()
    assert StudyVersion.objects.count() == 1


def test_two_people_editing_lose_nothing(browse, head, district_officer, study, filled):
    head_page, other_page = browse(head), browse(district_officer)
    first = head_page.post(f"{ROOT}/{study.id}/ubah", filled(seen="1", note="kepala"))
    late = filled(seen="1", note="dinas", **{"k1-a1-volume": "4.321"})

    refused = other_page.post(f"{ROOT}/{study.id}/ubah", late)
    page = refused.content.decode()

    assert first.status_code == 302
    assert refused.status_code == 412
    assert "menyimpan versi 2 sementara Anda mengetik" in page
    assert 'value="4.321"' in page
    assert f"{ROOT}/{study.id}?versi=2" in page
    assert 'name="over" value="2"' in page

    over = other_page.post(f"{ROOT}/{study.id}/ubah", late | {"over": "2", "do": ""})

    assert over.status_code == 302
    assert [v.number for v in StudyVersion.objects.order_by("number")] == [1, 2, 3]
    assert StudyVersion.objects.get(number=3).note == "dinas"


def test_a_stale_save_is_refused_in_the_service_too(study, head, save):
    save(study, head, seen=1)

    with pytest.raises(Stale):
        save(study, head, seen=1)


def test_a_save_sent_twice_makes_one_version(browse, head, study, filled):
    client = browse(head)
    fields = filled(seen="1", op="01234567-89ab-7def-8123-456789abcdef")

    first = client.post(f"{ROOT}/{study.id}/ubah", fields)
    again = client.post(f"{ROOT}/{study.id}/ubah", fields)

    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    assert StudyVersion.objects.count() == 2


def test_a_hundred_lines_are_not_too_many_fields(browse, head, study, filled):
    more = {}
    for number in range(4, 101):
        row = f"k1-a{number}"
        more |= {f"{row}-{name}": "" for name in ("target", "time_low", "steps", "last_year")}
        more |= {f"{row}-name": f"Keg {number}", f"{row}-time": "5", f"{row}-time_unit": "min"}
        more |= {f"{row}-volume": "10", f"{row}-per": "year", f"{row}-time_high": "6"}

    assert browse(head).post(f"{ROOT}/{study.id}/ubah", filled(seen="1", **more)).status_code == 302
    newest = StudyVersion.objects.get(number=2)
    assert len(newest.input["categories"][0]["activities"]) == 100


def test_a_study_another_house_wrote_is_read_and_copied_but_not_changed(
    browse, head, district_officer, outsider, study, filled
):
    """As it arrives at the Dinas: owned by the Puskesmas that wrote it."""
    Study.objects.filter(id=study.id).update(owner=outsider.facility_id, change=uuid.uuid4())
    client = browse(district_officer)

    page = client.get(f"{ROOT}/{study.id}").content.decode()
    assert "hanya mereka yang mengubahnya" in page
    assert 'data-uji="studi-ubah"' not in page
    assert client.get(f"{ROOT}/{study.id}/ubah").status_code == 403
    assert client.post(f"{ROOT}/{study.id}/ubah", filled(seen="1")).status_code == 403
    assert client.post(f"{ROOT}/{study.id}/arsip", {"simpan": "1"}).status_code == 403
    assert 'data-uji="studi-salin"' in page


def test_rows_and_categories_are_added_without_losing_what_is_typed(browse, head, study, filled):
    client = browse(head)
    rows = client.post(f"{ROOT}/{study.id}/ubah", filled(do="rows k1-a")).content.decode()
    more = client.post(f"{ROOT}/{study.id}/ubah", filled(do="category", note="catatan saya"))

    assert 'name="k1-a8-name"' in rows
    assert 'value="3.690"' in rows
    assert 'name="k2-name"' in more.content.decode()
    assert 'value="catatan saya"' in more.content.decode()
    assert StudyVersion.objects.count() == 1


def test_the_sheet_is_counted_while_one_types(browse, head, study, filled):
    answer = browse(head).post(
        f"{ROOT}/hitung", filled(**{"k1-a2-time": "", "k1-shift_hours": "7; 7; 10"})
    )
    page = answer.content.decode()

    assert answer.status_code == 200
    assert '<output id="h-k1-a1-s" hx-swap-oob="true">13.626</output>' in page
    assert '<output id="h-k1-a2-n" hx-swap-oob="true"></output>' in page
    assert "1 baris belum lengkap dan belum ikut dihitung" in page
    assert "Pakai angka ini" in page
    assert "k1-hours_per_day" in page
    assert "<input" not in page


def test_a_doubt_stands_beside_its_line_with_the_right_figure(browse, head, study, filled):
    weekly = {"k1-l5-name": "Apel", "k1-l5-amount": "1", "k1-l5-unit": "hours", "k1-l5-per": "week"}

    page = browse(head).post(f"{ROOT}/hitung", filled(**weekly)).content.decode()
    line = page.split('id="t-k1-l5"')[1].split("</div>")[0]

    assert "46,33 jam setahun" in line
    assert "k1-l5-amount&quot;, &quot;46,33" in line
    assert "k1-l5-per&quot;, &quot;year" in line


def test_sixty_activities_fit(browse, head, study, filled, django_assert_max_num_queries):
    more = {}
    for number in range(4, 61):
        row = f"k1-a{number}"
        more |= {
            f"{row}-name": f"Kegiatan nomor {number} dengan nama yang panjang sekali",
            f"{row}-time": "12",
            f"{row}-time_unit": "min",
            f"{row}-volume": str(number * 10),
            f"{row}-per": "year",
        }
    client = browse(head)
    assert client.post(f"{ROOT}/{study.id}/ubah", filled(seen="1", **more)).status_code == 302

    with django_assert_max_num_queries(12):
        sheet = client.get(f"{ROOT}/{study.id}/ubah", headers={"Accept-Encoding": "gzip"})
    assert len(sheet.content) < 60_000
    with django_assert_max_num_queries(14):
        page = client.get(f"{ROOT}/{study.id}")
    assert "Kegiatan nomor 60" in page.content.decode()


def test_minimum_cover_and_its_reason_are_shown(browse, head, study, save):
    save(study, head, seen=1, k1__minimum_cover="4")

    page = browse(head).get(f"{ROOT}/{study.id}").content.decode()

    assert "cakupan minimum 4 orang, jadi 4" in page
    assert "perlu 1,70 → 4 orang; ada 1; kurang 3" in page


def test_cpi_is_shown_both_ways_with_its_class(browse, head, study, save):
    save(study, head, seen=1, k1__a1__target="600", k1__a3__target="1080")

    page = browse(head).get(f"{ROOT}/{study.id}").content.decode()

    assert "136,15 %" in page
    assert "73,45 %" in page
    assert "sangat efektif" in page
    assert "target yang tidak masuk akal" in page


def test_the_range_and_the_input_that_matters_most_are_shown(browse, head, study, save):
    page = browse(head).get(f"{ROOT}/{study.id}").content.decode()
    assert "diandaikan dapat meleset 10 %" in page
    assert "Paling menentukan: waktu per kegiatan Pendaftaran pasien lama" in page

    save(study, head, seen=1, k1__a1__volume_low="3.000", k1__a1__volume_high="5.000")
    page = browse(head).get(f"{ROOT}/{study.id}").content.decode()
    assert "meleset 10 %" not in page
    assert "kuantitas Pendaftaran pasien baru" in page


def test_versions_stay_and_an_earlier_one_can_be_made_newest(browse, head, study, save):
    save(study, head, seen=1, k1__staff="3")
    client = browse(head)
    old = StudyVersion.objects.get(number=1)

    page = client.get(f"{ROOT}/{study.id}?versi=1").content.decode()
    assert "Ini versi 1; yang terbaru versi 2." in page

    answer = client.post(f"{ROOT}/{study.id}/kembalikan", {"versi": str(old.id), "seen": "2"})
    assert answer.status_code == 302
    newest = StudyVersion.objects.get(number=3)
    assert newest.input == old.input
    assert "versi 1" in newest.note


def test_copying_moves_the_quantities_to_last_year(browse, head, study):
    client = browse(head)
    version = StudyVersion.objects.get()

    start = client.get(f"{ROOT}/baru?salin={version.id}").content.decode()
    assert 'value="2026"' in start
    made = client.post(
        f"{ROOT}/baru",
        {"title": "Loket", "year": "2026", "cara": "salin", "dari": str(version.id)},
    )
    page = client.get(made["Location"]).content.decode()

    assert 'name="k1-a1-last_year" id="id_k1-a1-last_year" value="3690"' in page
    assert 'name="k1-a1-volume" id="id_k1-a1-volume" value=""' in page
    assert Study.objects.get(year=2026).series == study.series
    assert StudyVersion.objects.count() == 1


def test_title_year_and_units_can_be_changed_and_bad_ones_are_kept(browse, head, study):
    client = browse(head)
    fields = {"title": "  Loket   dan filing ", "year": "2024", "units": "rekam-medis"}

    bad = client.post(
        f"{ROOT}/{study.id}/keterangan", {**fields, "year": "dua ribu", "version": "1"}
    )
    row = Study.objects.get()
    assert bad.status_code == 422
    assert 'value="dua ribu"' in bad.content.decode()

    client.post(f"{ROOT}/{study.id}/keterangan", {**fields, "version": str(row.version)})
    row.refresh_from_db()
    assert (row.title, row.year, row.units) == ("Loket dan filing", 2024, ["rekam-medis"])

    stale = client.post(f"{ROOT}/{study.id}/keterangan", {**fields, "version": "1"})
    assert stale.status_code == 412


def test_an_archived_study_leaves_the_list_and_comes_back(browse, head, study):
    client = browse(head)
    client.post(f"{ROOT}/{study.id}/arsip", {"simpan": "1"})
    assert "Loket" not in client.get(ROOT).content.decode()
    assert "Loket" in client.get(f"{ROOT}?arsip=1").content.decode()

    client.post(f"{ROOT}/{study.id}/arsip", {"simpan": "0"})
    assert "Loket" in client.get(ROOT).content.decode()


def test_the_list_filters_pages_and_counts_its_queries(
    browse, head, write, house, django_assert_max_num_queries
):
    for number in range(52):
        write(head, title=f"Studi {number:02d}", year=2020 + number % 3)
    client = browse(head)

    with django_assert_max_num_queries(12):
        first = client.get(ROOT).content.decode()
    assert first.count('data-uji="studi-baris"') == 50
    link = first.split('data-uji="studi-berikutnya"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = client.get(link.replace("&amp;", "&")).content.decode()
    assert second.count('data-uji="studi-baris"') == 2
    by_year = client.get(f"{ROOT}?tahun=2021").content.decode()
    assert by_year.count('data-uji="studi-baris"') == 17
    assert "Tidak ada studi yang cocok" in client.get(f"{ROOT}?q=tidakada").content.decode()


def test_names_that_look_like_markup_stay_names(browse, head, write):
    study = write(head, title="<b>Loket</b> & filing", k1__name="<script>x</script>")

    page = browse(head).get(f"{ROOT}/{study.id}").content.decode()

    assert "<script>x" not in page
    assert "&lt;b&gt;Loket&lt;/b&gt;" in page


def test_the_outsider_is_refused_everywhere(browse, outsider, study, filled):
    client = browse(outsider)

    for path in (
        "",
        "/baru",
        "/banding",
        f"/{study.id}",
        f"/{study.id}/ubah",
        f"/{study.id}/cetak",
        f"/{study.id}/laporan.pdf",
        f"/{study.id}/laporan.xlsx",
        f"/{study.id}/abk.xlsx",
    ):
        answer = client.get(ROOT + path)
        assert answer.status_code == 403, path
        assert "Loket" not in answer.content.decode()
    assert client.post(f"{ROOT}/{study.id}/ubah", filled(seen="1")).status_code == 403
    assert client.post(f"{ROOT}/hitung", filled()).status_code == 403
    assert client.post(f"{ROOT}/baru", {"title": "x", "year": "2026"}).status_code == 403


@pytest.mark.parametrize("who", ["nurse", "registrar", "recorder", "technician"])
def test_other_roles_are_refused(request, browse, who, study):
    client = browse(request.getfixturevalue(who))

    assert client.get(ROOT).status_code == 403
    assert client.get(f"{ROOT}/{study.id}").status_code == 403


def test_the_dinas_reads_every_facility_and_the_head_only_her_own(
    browse, head, district_officer, write, outsider
):
    mine = write(head)
    other = create_study(
        NewStudy("Studi tetangga", 2026, facility=outsider.facility_id), by=district_officer
    )

    everything = list_studies(by=district_officer)
    own = list_studies(by=head)

    assert {line.id for line in everything} == {mine.id, other.id}
    assert [line.id for line in own] == [mine.id]
    assert browse(head).get(f"{ROOT}/{other.id}").status_code == 404
    page = browse(district_officer).get(ROOT).content.decode()
    assert "Puskesmas Sebelah" in page


def test_a_head_makes_no_study_for_another_facility(head, outsider):
    from simpul.foundation.core.errors import Refused

    with pytest.raises(Refused) as refusal:
        create_study(NewStudy("Tetangga", 2026, facility=outsider.facility_id), by=head)

    assert [e.where for e in refusal.value.errors] == ["facility"]


def test_what_is_not_there_is_not_there(browse, head, study):
    client = browse(head)

    assert client.get(f"{ROOT}/{uuid.uuid4()}").status_code == 404
    assert client.get(f"{ROOT}/{study.id}?versi=99").status_code == 404
    assert client.get(f"{ROOT}/{study.id}/ubah?salin=bukan").status_code == 404


def test_each_act_is_in_the_journal_and_the_feed(study, head, save):
    save(study, head, seen=1)

    acts = list(
        JournalEntry.objects.filter(subject=f"study:{study.id}")
        .order_by("id")
        .values_list("act", flat=True)
    )
    assert acts == ["study-created", "study-saved", "study-saved"]
    entities = Change.objects.filter(entity="studies.studyversion").count()
    assert entities == 2
    assert verify_chain().faults == ()


def test_other_rooms_read_the_need_of_each_category(study, head, nurse):
    needs = list_needs(by=head, year=2025)

    assert [(need.category, need.required_staff, need.variant) for need in needs] == [
        ("Petugas pendaftaran rawat jalan", 2, "kepmenkes81")
    ]
    assert list_needs(by=head, year=1999) == []
    with pytest.raises(NotAllowed):
        list_needs(by=nurse)
