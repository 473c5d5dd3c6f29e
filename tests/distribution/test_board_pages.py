"""The visits board: has it arrived, who may see it, and what a late row offers."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from simpul.service.distribution.models import Stage
from simpul.service.distribution.queueing import acknowledge_shown, open_record
from simpul.service.distribution.services import redirect_visit, undo_visit
from simpul.service.registration.models import Encounter, EncounterStatus
from tests.conftest import new_key
from tests.distribution.conftest import stored

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _no_screen_was_ever_seen():
    for seen in (Path(settings.DATA) / "screens").glob("*"):
        seen.unlink()


def page_of(client, path="/kunjungan", **headers) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def later(visit, seconds: float):
    return time_machine.travel(visit.distribution.saved_at + timedelta(seconds=seconds), tick=False)


class TestTheBoard:
    def test_empty_it_says_so(self, registrar, browse):
        assert "Belum ada pendaftaran hari ini." in page_of(browse(registrar))

    def test_a_row_has_number_name_unit_and_a_trail_that_claims_nothing(
        self, new_visit, registrar, nurse, browse
    ):
        visit = new_visit("gigi", name="RATNA KUSUMA")
        page = page_of(browse(registrar))

        assert "C01" in page
        assert "RATNA KUSUMA" in page
        assert page.count('class="trail-step is-done"') == 1
        acknowledge_shown("gigi", [visit.distribution.id], by=nurse)
        assert "Tampil di Poli Gigi" in page_of(browse(registrar))
        assert page_of(browse(registrar)).count('class="trail-step is-done"') == 2

    def test_the_clock_is_the_facilitys(self, new_visit, registrar, browse):
        with time_machine.travel("2026-02-03T01:14:02+00:00", tick=False):
            new_visit("gigi")
            page = page_of(browse(registrar))

        assert "08.14.02" in page

    def test_filters_hold_what_they_say_and_count_it(
        self, new_visit, new_patient, registrar, nurse, browse
    ):
        shown, moved, unnamed = new_visit("umum"), new_visit("umum"), new_visit("gigi")
        acknowledge_shown("umum", [shown.distribution.id], by=nurse)
        redirect_visit(moved.encounter.id, unit="lansia", reason="Salah poli", by=registrar)
        client = browse(registrar)

        waiting = page_of(client, "/kunjungan?saring=belum-tampil")
        redirected = page_of(client, "/kunjungan?saring=dialihkan")

        assert f"kunjungan-{shown.encounter.id}" not in waiting
        assert f"kunjungan-{unnamed.encounter.id}" in waiting
        assert f"kunjungan-{moved.encounter.id}" in redirected
        assert f"kunjungan-{unnamed.encounter.id}" not in redirected
        assert "dialihkan dari Poli Umum ke Poli Lansia" in redirected
        assert "Salah poli" in redirected
        assert "Dialihkan (1)" in waiting
        assert "Belum tampil (2)" in waiting
        assert "Semua (3)" in waiting

    def test_an_unknown_filter_or_length_is_the_whole_board(self, new_visit, registrar, browse):
        visit = new_visit("umum")

        page = page_of(browse(registrar), "/kunjungan?saring=apa&banyak=-1x")

        assert f"kunjungan-{visit.encounter.id}" in page

    def test_only_thirty_are_drawn_but_a_late_one_never_hides(self, new_visit, registrar, browse):
        first = new_visit("umum")
        for _ in range(32):
            new_visit("umum")
        client = browse(registrar)

        page = page_of(client)
        assert page.count('data-uji="kunjungan-baris"') == 30
        assert "Tampilkan lebih banyak" in page
        with later(first, 31):
            assert f"terlambat-{first.encounter.id}" in page_of(client)
        longer = page_of(client, "/kunjungan?banyak=60")
        assert longer.count('data-uji="kunjungan-baris"') == 33
        assert "Tampilkan lebih banyak" not in longer

    def test_the_page_costs_few_queries_however_many_visits(
        self, new_visit, registrar, browse, django_assert_max_num_queries
    ):
        for _ in range(30):
            new_visit("umum")
        client = browse(registrar)
        page_of(client)

        with django_assert_max_num_queries(11):
            page_of(client)
        with django_assert_max_num_queries(11):
            page_of(client, **HTMX)

    @pytest.mark.parametrize("role", ["technician", "district_officer"])
    def test_not_for_every_role(self, role, request, browse):
        answer = browse(request.getfixturevalue(role)).get("/kunjungan")

        assert answer.status_code == 403
        assert "Hanya untuk" in answer.content.decode()

    def test_the_other_facility_sees_none_of_our_visits(self, new_visit, outsider, browse):
        new_visit("umum", name="RATNA KUSUMA")

        assert "RATNA" not in page_of(browse(outsider))

    def test_a_part_for_the_live_refresh_is_no_whole_page(self, new_visit, registrar, browse):
        new_visit("umum")

        part = page_of(browse(registrar), **HTMX)

        assert "<html" not in part
        assert "kunjungan-daftar" in part


class TestTheAlarm:
    def test_after_thirty_seconds_the_row_is_amber_with_three_acts(
        self, new_visit, registrar, browse
    ):
        visit = new_visit("gigi")
        client = browse(registrar)

        assert "belum ada layar poli yang terbuka" not in page_of(client)
        with later(visit, 31):
            page = page_of(client)

        assert "C01 belum tampil di Poli Gigi:" in page
        assert "belum ada layar poli yang terbuka." in page
        assert "is-late" in page
        assert (
            page.index('data-digit="1"')
            < page.index('data-digit="2"')
            < page.index('data-digit="3"')
        )
        assert f"/kunjungan/{visit.encounter.id}/slip-antar" in page
        assert f'data-alarm="{visit.encounter.id}"' in page

    def test_only_the_oldest_late_row_takes_digits(self, new_visit, registrar, browse):
        first, second = new_visit("gigi"), new_visit("gigi")

        with later(second, 31):
            page = page_of(browse(registrar))

        assert page.count('data-digit="1"') == 1
        assert page.index(f"terlambat-{first.encounter.id}") < page.index('data-digit="1"')
        assert page.index('data-digit="1"') < page.index(f"terlambat-{second.encounter.id}")

    def test_an_acknowledged_row_never_turns_amber(self, new_visit, registrar, dentist, browse):
        visit = new_visit("gigi")
        acknowledge_shown("gigi", [visit.distribution.id], by=dentist)

        with later(visit, 3600):
            assert "kunjungan-terlambat" not in page_of(browse(registrar))

    def test_the_page_looks_again_by_itself_only_while_something_is_pending(
        self, new_visit, registrar, dentist, browse
    ):
        client = browse(registrar)
        assert "kunjungan-periksa-lagi" not in page_of(client)
        visit = new_visit("gigi")

        with later(visit, 1):
            assert "load delay:10s" in page_of(client)
        with later(visit, 27):
            assert "load delay:4s" in page_of(client)
        with later(visit, 45):
            assert "load delay:10s" in page_of(client)
        acknowledge_shown("gigi", [visit.distribution.id], by=dentist)
        assert "kunjungan-periksa-lagi" not in page_of(client)

    def test_it_says_since_when_no_screen_was_seen_and_when_one_is_connected(
        self, new_visit, registrar, browse
    ):
        visit = new_visit("gigi")
        folder = Path(settings.DATA) / "screens"
        folder.mkdir(exist_ok=True)
        seen = folder / "gigi"
        seen.touch()
        client = browse(registrar)

        with later(visit, 31):
            os.utime(seen, (time.time(), time.time()))
            assert "layar poli tersambung, tetapi belum memperlihatkannya" in page_of(client)
            os.utime(seen, (1_770_079_200, 1_770_079_200))  # 2026-02-03 07.40 WIB
            assert "layar poli tertutup sejak 07.40." in page_of(client)

    def test_who_may_not_correct_gets_the_sentence_without_the_acts(
        self, new_visit, pharmacist, browse
    ):
        visit = new_visit("gigi")

        with later(visit, 31):
            page = page_of(browse(pharmacist))

        assert "C01 belum tampil di Poli Gigi:" in page
        assert "kunjungan-kirim-ulang" not in page


class TestTheMenu:
    def menu(self, client, visit) -> str:
        return page_of(client, f"/kunjungan/{visit.encounter.id}/menu", **HTMX)

    def test_undo_is_offered_until_a_minute_is_over_or_the_record_was_opened(
        self, new_visit, registrar, nurse, browse
    ):
        client = browse(registrar)
        first, second = new_visit("umum"), new_visit("umum")

        assert 'data-letter="U"' in self.menu(client, first)
        with later(first, 61):
            assert 'data-letter="U"' not in self.menu(client, first)
        open_record(second.encounter.id, by=nurse)
        assert 'data-letter="U"' not in self.menu(client, second)
        assert 'data-letter="A"' in self.menu(client, second)

    def test_a_visit_that_is_over_offers_nothing(self, new_visit, registrar, browse):
        visit = new_visit("umum")
        undo_visit(visit.encounter.id, by=registrar)

        menu = self.menu(browse(registrar), visit)

        assert "tidak ada yang perlu dikerjakan" in menu
        assert "data-letter" not in menu

    def test_one_row_can_be_fetched(self, new_visit, registrar, outsider, browse):
        visit = new_visit("umum")
        path = f"/kunjungan/{visit.encounter.id}/baris"

        assert "A01" in page_of(browse(registrar), path)
        assert browse(outsider).get(path).status_code == 404


class TestActs:
    def test_undo_answers_with_a_message_and_has_the_board_fetched(
        self, new_visit, registrar, browse
    ):
        visit = new_visit("umum")

        answer = browse(registrar).post(f"/kunjungan/{visit.encounter.id}/urungkan", headers=HTMX)

        assert answer.status_code == 200
        assert "A01 diurungkan." in answer.content.decode()
        assert "kunjungan-segar" in answer["HX-Trigger"]
        assert stored(visit).stage == Stage.CANCELLED

    def test_too_late_is_explained_and_changes_nothing(self, new_visit, registrar, browse):
        visit = new_visit("umum")

        with later(visit, 61):
            answer = browse(registrar).post(
                f"/kunjungan/{visit.encounter.id}/urungkan", headers=HTMX
            )

        assert answer.status_code == 409
        assert "Pakai Alihkan atau Batalkan" in answer.content.decode()
        assert answer["HX-Retarget"] == "#pesan"
        assert stored(visit).stage == Stage.SAVED

    def test_the_form_of_redirecting_lists_open_units_other_than_this_one(
        self, new_visit, registrar, browse
    ):
        visit = new_visit("umum")

        form = page_of(browse(registrar), f"/kunjungan/{visit.encounter.id}/alihkan", **HTMX)

        assert "<dialog" in form
        assert 'value="gigi"' in form
        assert 'value="umum"' not in form
        assert 'value="farmasi"' not in form

    def test_inside_the_menu_the_form_replaces_the_inside_only(self, new_visit, registrar, browse):
        visit = new_visit("umum")

        form = page_of(
            browse(registrar),
            f"/kunjungan/{visit.encounter.id}/alihkan",
            **HTMX,
            **{"HX-Target": "kunjungan-dialog-isi"},
        )

        assert "<dialog" not in form

    def test_redirecting_keeps_the_number_and_offers_undo(self, new_visit, registrar, browse):
        visit = new_visit("umum")

        answer = browse(registrar).post(
            f"/kunjungan/{visit.encounter.id}/alihkan",
            {"unit": "lansia", "reason": "Salah poli"},
            headers=HTMX,
        )

        page = answer.content.decode()
        assert "A01 dialihkan ke Poli Lansia." in page
        assert f"/kunjungan/{visit.encounter.id}/urungkan" in page
        assert stored(visit).stage == Stage.REDIRECTED

    def test_bad_input_comes_back_in_the_dialog_with_what_was_typed(
        self, new_visit, registrar, browse
    ):
        visit = new_visit("umum")

        answer = browse(registrar).post(
            f"/kunjungan/{visit.encounter.id}/alihkan",
            {"unit": "gigi", "reason": " "},
            headers=HTMX,
        )

        page = answer.content.decode()
        assert answer.status_code == 422
        assert answer["HX-Retarget"] == "#kunjungan-dialog-isi"
        assert '<option value="gigi" selected>' in page
        assert "Tulis alasan" in page
        assert stored(visit).stage == Stage.SAVED

    def test_no_unit_chosen_is_explained(self, new_visit, registrar, browse):
        visit = new_visit("umum")

        answer = browse(registrar).post(
            f"/kunjungan/{visit.encounter.id}/alihkan",
            {"unit": "", "reason": "Salah poli"},
            headers=HTMX,
        )

        assert answer.status_code == 404
        assert "Salah poli" in answer.content.decode()
        assert stored(visit).stage == Stage.SAVED

    def test_cancelling_asks_for_a_reason(self, new_visit, registrar, browse):
        visit = new_visit("umum")
        client = browse(registrar)
        path = f"/kunjungan/{visit.encounter.id}/batalkan"

        assert "Batalkan A01" in page_of(client, path, **HTMX)
        assert client.post(path, {"reason": ""}, headers=HTMX).status_code == 422
        assert Encounter.objects.get().status == EncounterStatus.ARRIVED
        answer = client.post(path, {"reason": "Pasien pulang"}, headers=HTMX)

        assert "A01 dibatalkan." in answer.content.decode()
        assert Encounter.objects.get().status == EncounterStatus.CANCELLED

    def test_sending_again_calms_the_row_for_half_a_minute(self, new_visit, registrar, browse):
        visit = new_visit("gigi")
        client = browse(registrar)

        with later(visit, 40):
            answer = client.post(f"/kunjungan/{visit.encounter.id}/kirim-ulang", headers=HTMX)
            assert "C01 dikirim ulang ke Poli Gigi." in answer.content.decode()
            assert "kunjungan-terlambat" not in page_of(client)
        with later(visit, 71):
            assert "kunjungan-terlambat" in page_of(client)

    def test_the_same_key_sent_twice_redirects_once(self, new_visit, registrar, browse):
        visit = new_visit("umum")
        client = browse(registrar)
        form = {"unit": "lansia", "reason": "Salah poli", "op": new_key()}
        path = f"/kunjungan/{visit.encounter.id}/alihkan"

        first = client.post(path, form, headers=HTMX)
        again = client.post(path, form, headers=HTMX)

        assert first.content == again.content
        assert again["Idempotent-Replayed"] == "true"
        assert visit.encounter.distributions.count() == 2

    def test_without_scripts_the_act_leads_back_to_the_board(self, new_visit, registrar, browse):
        visit = new_visit("umum")

        answer = browse(registrar).post(
            f"/kunjungan/{visit.encounter.id}/batalkan", {"reason": "Salah orang"}, follow=True
        )

        assert answer.redirect_chain == [("/kunjungan", 302)]
        assert "A01 dibatalkan." in answer.content.decode()

    @pytest.mark.parametrize("act", ["urungkan", "alihkan", "batalkan", "kirim-ulang"])
    @pytest.mark.parametrize("role", ["pharmacist", "head", "outsider", "technician"])
    def test_refused_to_who_may_not(self, act, role, request, new_visit, browse):
        visit = new_visit("umum")
        client = browse(request.getfixturevalue(role))

        answer = client.post(
            f"/kunjungan/{visit.encounter.id}/{act}",
            {"unit": "gigi", "reason": "uji"},
            headers=HTMX,
        )

        assert answer.status_code in (403, 404)
        assert stored(visit).stage == Stage.SAVED

    @pytest.mark.parametrize("act", ["urungkan", "kirim-ulang"])
    def test_an_act_is_never_done_by_a_link(self, act, new_visit, registrar, browse):
        visit = new_visit("umum")

        assert browse(registrar).get(f"/kunjungan/{visit.encounter.id}/{act}").status_code == 405
