"""The queue of the poli page: what a row says, F8, and what each act answers."""

import json
import uuid
from datetime import timedelta

import pytest
import time_machine

from simpul.foundation.journal.models import JournalEntry
from simpul.service.distribution.models import Stage
from simpul.service.distribution.queueing import acknowledge_shown, call_next, skip_ticket
from simpul.service.distribution.services import redirect_visit
from simpul.service.registration.models import Priority
from tests.conftest import new_key
from tests.distribution.conftest import stored

HTMX = {"HX-Request": "true"}


def part_of(client, unit="umum") -> str:
    answer = client.get(f"/antrean/{unit}", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def tell_shown(client, unit: str, body: object):
    return client.post(f"/antrean/{unit}/tampil", json.dumps(body), content_type="application/json")


class TestTheList:
    def test_empty_it_says_that_patients_appear_by_themselves(self, nurse, browse):
        part = part_of(browse(nurse), "gigi")

        assert "Belum ada pasien di Poli Gigi. Pasien baru muncul sendiri di sini." in part
        assert "Menunggu 0" in part
        assert "terlama" not in part

    def test_the_head_counts_and_tells_the_longest_wait(self, new_visit, nurse, browse):
        first = new_visit("umum")
        new_visit("umum")

        with time_machine.travel(first.distribution.saved_at + timedelta(minutes=34), tick=False):
            part = part_of(browse(nurse))

        assert "Menunggu 2 · terlama 34 mnt" in part

    def test_badges_tell_why_first_where_from_and_who_is_alike(
        self, new_visit, nurse, registrar, browse
    ):
        new_visit("umum", name="SITI AMINAH", birth_date="01011950")
        new_visit("umum", name="SITI AMINAR", pregnant=True)
        new_visit("umum", name="BUDI UTOMO", priority=Priority.EMERGENCY)
        moved = new_visit("kia", name="RATNA WULAN")
        redirect_visit(moved.encounter.id, unit="umum", reason="tidak hamil", by=registrar)

        part = part_of(browse(nurse))

        assert part.count("nama mirip") == 2
        for word in ("lansia", "hamil", "gawat", "dari KIA: tidak hamil", "B01"):
            assert word in part

    def test_only_rows_not_yet_acknowledged_ask_to_be(self, new_visit, nurse, browse):
        new, known = new_visit("umum"), new_visit("umum")
        acknowledge_shown("umum", [known.distribution.id], by=nurse)

        part = part_of(browse(nurse))

        assert f'data-ack="{new.distribution.id}"' in part
        assert f'data-ack="{known.distribution.id}"' not in part
        assert 'data-ack-url="/antrean/umum/tampil"' in part
        assert 'data-say="A01 baru di antrean Poli Umum"' in part
        assert "autofocus" not in part
        assert "data-focus" not in part

    def test_who_only_looks_acknowledges_and_calls_nothing(self, new_visit, registrar, browse):
        new_visit("umum")

        part = part_of(browse(registrar))

        assert "A01" in part
        assert "data-ack-url" not in part
        assert "poli-panggil" not in part

    def test_unknown_unit_and_strangers(
        self, new_visit, nurse, outsider, technician, client, browse
    ):
        new_visit("umum", name="RATNA KUSUMA")

        assert browse(nurse).get("/antrean/kantin").status_code == 404
        assert browse(technician).get("/antrean/umum").status_code == 403
        assert client.get("/antrean/umum").status_code == 302
        assert "RATNA" not in part_of(browse(outsider))

    def test_thirty_rows_cost_no_more_queries_than_one(
        self, new_visit, nurse, browse, django_assert_max_num_queries
    ):
        for _ in range(30):
            new_visit("umum")
        client = browse(nurse)
        part_of(client)

        with django_assert_max_num_queries(7):
            part = part_of(client)

        assert part.count('data-uji="poli-baris"') == 30
        assert len(part.encode()) < 60_000


class TestAcknowledging:
    def test_the_screen_says_what_it_painted(self, new_visit, nurse, browse):
        visit = new_visit("umum")

        answer = tell_shown(browse(nurse), "umum", {"ids": [str(visit.distribution.id)]})

        assert answer.json() == {"shown": 1}
        assert stored(visit).stage == Stage.SHOWN

    def test_a_repeat_is_answered_and_writes_nothing(self, new_visit, nurse, browse):
        visit = new_visit("umum")
        client = browse(nurse)
        tell_shown(client, "umum", {"ids": [str(visit.distribution.id)]})
        entries = JournalEntry.objects.count()

        assert tell_shown(client, "umum", {"ids": [str(visit.distribution.id)]}).json() == {
            "shown": 0
        }
        assert JournalEntry.objects.count() == entries

    @pytest.mark.parametrize(
        "body",
        [{}, [], {"ids": "abc"}, {"ids": ["bukan-id"]}, {"ids": [None]}, {"ids": ["x"] * 501}, 7],
    )
    def test_an_unreadable_list_is_refused(self, body, nurse, browse):
        assert tell_shown(browse(nurse), "umum", body).status_code == 422

    def test_no_json_at_all_is_refused(self, nurse, browse):
        answer = browse(nurse).post("/antrean/umum/tampil", {"ids": str(uuid.uuid4())})

        assert answer.status_code == 422

    @pytest.mark.parametrize("role", ["registrar", "dentist", "technician"])
    def test_refused_to_who_does_not_work_there(self, role, request, new_visit, browse):
        visit = new_visit("umum")
        client = browse(request.getfixturevalue(role))

        assert tell_shown(client, "umum", {"ids": [str(visit.distribution.id)]}).status_code == 403
        assert stored(visit).stage == Stage.SAVED


class TestCalling:
    def test_it_calls_opens_the_record_and_draws_the_queue_anew(self, new_visit, nurse, browse):
        visit = new_visit("umum", name="BUDI SANTOSO")

        answer = browse(nurse).post("/antrean/umum/panggil", headers=HTMX)

        part = answer.content.decode()
        opened = json.loads(answer["HX-Trigger"])["buka-rekam"]
        assert opened["value"] == str(visit.encounter.id)
        assert answer["HX-Retarget"] == "#antrean-isi"
        # "dipanggil" is said only when a television has said it (see test_calling).
        assert "memanggil… 1×" in part
        assert stored(visit).call_count == 1

    def test_the_second_f8_calls_the_same_patient_again(self, new_visit, nurse, browse):
        first = new_visit("umum")
        new_visit("umum")
        client = browse(nurse)
        before = part_of(client)
        after = client.post("/antrean/umum/panggil", headers=HTMX).content.decode()

        assert button_of(before, "poli-panggil").count('data-key="F8"') == 1
        assert 'data-key="F8"' not in button_of(after, "poli-panggil")
        again = button_of(after, "poli-panggil-lagi")
        assert 'data-key="F8"' in again
        assert f"/nomor/{first.ticket.id}/panggil-lagi" in again
        client.post(f"/nomor/{first.ticket.id}/panggil-lagi", headers=HTMX)
        assert stored(first).call_count == 2

    def test_a_patient_called_by_a_colleague_keeps_f8_for_the_next(
        self, new_visit, nurse, physician, browse
    ):
        new_visit("umum")
        new_visit("umum")
        call_next("umum", by=physician)

        part = part_of(browse(nurse))

        assert 'data-key="F8"' in button_of(part, "poli-panggil")
        assert 'data-key="F8"' not in button_of(part, "poli-panggil-lagi")

    def test_once_in_the_room_f8_is_the_next_again(self, new_visit, nurse, browse):
        first = new_visit("umum")
        new_visit("umum")
        client = browse(nurse)
        client.post("/antrean/umum/panggil", headers=HTMX)

        answer = client.post(f"/nomor/{first.ticket.id}/mulai", headers=HTMX)

        part = answer.content.decode()
        assert "sedang dilayani" in part
        assert 'data-key="F8"' in button_of(part, "poli-panggil")
        assert stored(first).stage == Stage.IN_SERVICE

    def test_nobody_left_to_call_is_said_kindly(self, house, nurse, browse):
        answer = browse(nurse).post("/antrean/umum/panggil", headers=HTMX)

        assert answer.status_code == 404
        assert "Tidak ada pasien yang menunggu di Poli Umum." in answer.content.decode()
        assert answer["HX-Retarget"] == "#pesan"
        assert "disabled" in button_of(part_of(browse(nurse)), "poli-panggil")

    def test_one_key_calls_one_patient_however_often_it_is_sent(self, new_visit, nurse, browse):
        first, second = new_visit("umum"), new_visit("umum")
        client = browse(nurse)
        sent = {**HTMX, "Idempotency-Key": new_key()}

        answers = [client.post("/antrean/umum/panggil", headers=sent) for _ in range(3)]

        assert len({answer.content for answer in answers}) == 1
        assert answers[2]["HX-Trigger"] == answers[0]["HX-Trigger"]
        assert (stored(first).call_count, stored(second).call_count) == (1, 0)

    def test_passed_over_twice_is_listed_as_not_there_and_can_come_back(
        self, new_visit, nurse, browse
    ):
        visit = new_visit("umum")
        client = browse(nurse)

        first = client.post(f"/nomor/{visit.ticket.id}/lewati", headers=HTMX).content.decode()
        second = client.post(f"/nomor/{visit.ticket.id}/lewati", headers=HTMX).content.decode()

        assert "sudah dilewati 1×" in first
        assert "Tidak hadir (1)" in second
        assert "Kembali ke antrean" in second
        back = client.post(f"/nomor/{visit.ticket.id}/kembali-antre", headers=HTMX)
        assert "Tidak hadir (" not in back.content.decode()
        assert stored(visit).stage == Stage.SHOWN

    @pytest.mark.parametrize("act", ["panggil-lagi", "lewati", "mulai", "kembali-antre"])
    @pytest.mark.parametrize("role", ["registrar", "dentist", "outsider", "technician"])
    def test_refused_to_who_does_not_work_there(self, act, role, request, new_visit, nurse, browse):
        visit = new_visit("umum")
        if act == "kembali-antre":
            for _ in range(2):
                skip_ticket(visit.ticket.id, by=nurse)
        before = stored(visit)

        answer = browse(request.getfixturevalue(role)).post(
            f"/nomor/{visit.ticket.id}/{act}", headers=HTMX
        )

        assert answer.status_code in (403, 404)
        assert (stored(visit).stage, stored(visit).version) == (before.stage, before.version)

    @pytest.mark.parametrize("act", ["panggil-lagi", "lewati", "mulai", "kembali-antre"])
    def test_never_by_a_link(self, act, new_visit, nurse, browse):
        visit = new_visit("umum")

        assert browse(nurse).get(f"/nomor/{visit.ticket.id}/{act}").status_code == 405


def button_of(part: str, uji: str) -> str:
    """Return the opening tag of the button with this hook."""
    at = part.index(f'data-uji="{uji}"')
    return part[part.rindex("<button", 0, at) : part.index(">", at)]


def test_whom_this_person_called_last_stands_first(new_visit, nurse, physician, browse):
    first, second = new_visit("umum"), new_visit("umum")
    third = new_visit("umum")
    call_next("umum", by=nurse)
    call_next("umum", by=nurse)
    call_next("umum", by=physician)

    part = part_of(browse(nurse))
    places = [part.index(f"/nomor/{v.ticket.id}/panggil-lagi") for v in (second, first, third)]

    assert places == sorted(places)
    assert 'data-key="F8"' in button_of(part, "poli-panggil-lagi")
