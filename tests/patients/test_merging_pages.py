"""The pages of *Duplikat* and *Perlu diperiksa*, and the calls of programs, as people use them."""

import re
from typing import Any

import pytest
from django.urls import reverse

from simpul.config.navigation import places_of
from simpul.foundation.journal.acts import act
from simpul.foundation.staff.actor import Actor
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.matching.models import PairDecision
from simpul.service.patients.matching.pairs import find_pairs
from simpul.service.patients.merging.decisions import merge_records
from simpul.service.patients.merging.models import Merge, ReviewTask
from simpul.service.patients.merging.services import open_task
from simpul.service.patients.models import Patient
from simpul.service.patients.selectors import count_incomplete
from tests.conftest import new_key
from tests.counter.people import change_row, make_patient, make_visit, text_of

pytestmark = pytest.mark.django_db
NIK = "3509015203850001"


@pytest.fixture
def pair(registrar: Actor) -> tuple[PatientCard, PatientCard]:
    old = make_patient(registrar, name="Siti Aminah Contoh", nik=NIK, phone="081234567890")
    return old, make_patient(registrar, name="Siti Aminah Contoh", rt="03")


@pytest.fixture
def conflict(registrar: Actor) -> tuple[ReviewTask, PatientCard, PatientCard]:
    """Two people came with one NIK; the second was saved without it."""
    holder = make_patient(registrar, name="Siti Contoh", nik=NIK)
    other = make_patient(registrar, name="Murni Contoh", nik=NIK, birth_date="01021970")
    return ReviewTask.objects.get(), holder, other


def row_of(record: PatientCard) -> Patient:
    return Patient.objects.get(id=record.id)


def merge_form(page: Any, **changed: str) -> dict[str, str]:
    """What the three-column screen would send as it stands."""
    text = text_of(page)
    sent = dict(
        re.findall(r'<input type="hidden" name="(version_[^"]+|following)" value="([^"]*)"', text)
    )
    for tag in re.findall(r'<input type="radio"[^>]*checked[^>]*>', text):
        (name,), (value,) = re.findall(r'name="([^"]+)"', tag), re.findall(r'value="([^"]+)"', tag)
        sent[name] = value
    return sent | changed


class TestPairs:
    def test_nothing_to_do_is_said(self, browse, recorder):
        page = browse(recorder).get(reverse("duplikat"))
        assert "Tidak ada pasangan yang perlu diperiksa." in text_of(page)

    def test_the_surest_pair_is_open_and_differing_fields_are_marked(self, browse, recorder, pair):
        find_pairs(seconds=5)
        text = text_of(browse(recorder).get(reverse("duplikat")))
        assert text.count('data-uji="duplikat-pasangan"') == 1
        assert pair[0].mrn in text
        assert pair[1].mrn in text
        assert text.count("is-different") >= 2  # NIK and telephone at least

    def test_what_hangs_on_each_is_counted(self, browse, recorder, registrar, pair):
        make_visit(registrar, pair[1], unit="umum", complaint="batuk")
        text = text_of(browse(recorder).get(reverse("banding", args=[pair[0].id, pair[1].id])))
        assert "1 kunjungan" in text
        assert "Tidak ada yang dipindahkan" in text

    def test_merge_goes_on_to_the_list_and_offers_the_way_back(self, browse, recorder, pair):
        client = browse(recorder)
        page = client.get(reverse("banding", args=[pair[0].id, pair[1].id]))
        sent = merge_form(page, field_address="second")
        assert sent["survivor"] == str(pair[0].id), "the one with the NIK is proposed"

        after = client.post(reverse("gabungkan", args=[pair[0].id, pair[1].id]), sent, follow=True)

        assert 'data-uji="duplikat-digabung"' in text_of(after)
        assert row_of(pair[1]).merged_into_id == pair[0].id
        assert row_of(pair[0]).rt == "03"
        merge = Merge.objects.get()
        undone = client.post(reverse("gabung-urungkan", args=[merge.pk]))
        assert 'data-uji="penggabungan-diurungkan"' in text_of(undone)
        assert row_of(pair[1]).merged_into_id is None
        assert row_of(pair[0]).rt == ""

    def test_the_other_may_be_the_one_that_stays(self, browse, recorder, pair):
        client = browse(recorder)
        page = client.get(reverse("banding", args=[pair[0].id, pair[1].id]))
        sent = merge_form(page, survivor=str(pair[1].id))
        client.post(reverse("gabungkan", args=[pair[0].id, pair[1].id]), sent)
        assert row_of(pair[0]).merged_into_id == pair[1].id
        assert row_of(pair[1]).nik == NIK, "the values that were shown as the result"

    def test_somebody_was_faster(self, browse, recorder, pair):
        client = browse(recorder)
        sent = merge_form(client.get(reverse("banding", args=[pair[0].id, pair[1].id])))
        merge_records(pair[0].id, pair[1].id, by=recorder)
        page = client.post(reverse("gabungkan", args=[pair[0].id, pair[1].id]), sent)
        assert page.status_code == 409
        assert "sudah digabungkan" in text_of(page)
        assert Merge.objects.count() == 1

    def test_a_corrected_survivor_is_shown_again_before_merging(
        self, browse, recorder, registrar, pair
    ):
        client = browse(recorder)
        sent = merge_form(client.get(reverse("banding", args=[pair[0].id, pair[1].id])))
        change_row(registrar, row_of(pair[0]), phone="+62899")
        page = client.post(reverse("gabungkan", args=[pair[0].id, pair[1].id]), sent)
        assert page.status_code == 412
        assert not Merge.objects.exists()

    def test_not_the_same_person_is_remembered(self, browse, recorder, pair):
        find_pairs(seconds=5)
        client = browse(recorder)
        client.post(reverse("bukan-sama", args=[pair[0].id, pair[1].id]))
        assert PairDecision.objects.get().decision == "different"
        find_pairs(seconds=5)
        assert "Tidak ada pasangan" in text_of(client.get(reverse("duplikat")))

    def test_two_records_chosen_by_search(self, browse, recorder, pair):
        client = browse(recorder)
        page = client.post(reverse("duplikat-pilih"), {"q": "siti"})
        assert text_of(page).count('data-uji="duplikat-ambil"') == 2
        one = client.post(reverse("duplikat-pilih"), {"q": "siti", "pilih": str(pair[0].id)})
        assert 'data-uji="duplikat-terpilih"' in text_of(one)
        two = client.post(
            reverse("duplikat-pilih"), {"rekam": str(pair[0].id), "pilih": str(pair[1].id)}
        )
        assert two.headers["Location"] == reverse("banding", args=[pair[0].id, pair[1].id])

    def test_odd_input_breaks_nothing(self, browse, recorder, pair):
        client = browse(recorder)
        for odd in ("", "x", "\x00", "00000000-0000-0000-0000-000000000000", "9" * 50):
            assert (
                client.get(
                    reverse("duplikat"), {"lanjut": odd, "tingkat": odd, "selesai": odd}
                ).status_code
                == 200
            )
            assert client.post(reverse("duplikat-pilih"), {"q": odd, "pilih": odd}).status_code in (
                200,
                404,
            )
            answer = client.post(
                reverse("gabungkan", args=[pair[0].id, pair[1].id]),
                {
                    "survivor": odd,
                    "field_phone": odd,
                    f"version_{pair[0].id}": odd,
                    "following": odd,
                },
            )
            assert answer.status_code == 412, "a form without its version is stale"

    def test_the_list_takes_a_few_statements(
        self, browse, recorder, registrar, django_assert_max_num_queries
    ):
        for n in range(6):
            for _twice in range(2):
                make_patient(registrar, name=f"Orang Ke{'abcdef'[n]}", birth_date=f"0{n + 1}031985")
        find_pairs(seconds=5)
        client = browse(recorder)
        client.get(reverse("duplikat"))
        with django_assert_max_num_queries(20):
            assert text_of(client.get(reverse("duplikat"))).count("duplikat-pasangan") >= 6

    def test_the_head_reads_and_does_not_decide(self, browse, head, pair):
        text = text_of(browse(head).get(reverse("banding", args=[pair[0].id, pair[1].id])))
        assert "duplikat-gabungkan" not in text
        refused = browse(head).post(reverse("gabungkan", args=[pair[0].id, pair[1].id]))
        assert refused.status_code == 403


class TestReview:
    def test_nothing_waits(self, browse, recorder):
        assert "Tidak ada yang menunggu." in text_of(
            browse(recorder).get(reverse("perlu-diperiksa"))
        )

    def test_opening_twice_is_one_line(self, registrar, pair):
        one, two = row_of(pair[0]), row_of(pair[1])
        with act(by=registrar) as this:
            first = open_task(this, kind="likely-duplicate", patient=one, other=two)
            again = open_task(this, kind="likely-duplicate", patient=two, other=one)
            open_task(this, kind="offline", patient=one)
        assert first.pk == again.pk
        assert ReviewTask.objects.count() == 2

    def test_lines_with_their_acts(self, browse, recorder, registrar, pair):
        with act(by=registrar) as this:
            open_task(this, kind="likely-duplicate", patient=row_of(pair[0]), other=row_of(pair[1]))
            open_task(this, kind="offline", patient=row_of(pair[1]))
        client = browse(recorder)
        text = text_of(client.get(reverse("perlu-diperiksa")))
        assert text.count('data-uji="perlu-baris"') == 2
        assert reverse("banding", args=[pair[0].id, pair[1].id]) in text
        for task, outcome, closed in zip(
            ReviewTask.objects.order_by("kind"),
            ("different", "done"),
            ("different", "done"),
            strict=True,
        ):
            answer = client.post(
                reverse("perlu-selesai", args=[task.pk]),
                {"outcome": outcome, "version": task.version},
            )
            assert answer.status_code == 302
            task.refresh_from_db()
            assert (task.outcome, task.closed_by) == (closed, recorder.practitioner_id)
            again = client.post(
                reverse("perlu-selesai", args=[task.pk]),
                {"outcome": outcome, "version": task.version},
            )
            assert again.status_code == 409
        assert PairDecision.objects.count() == 1
        assert "Bukan orang sama" in text_of(client.get(reverse("perlu-diperiksa")))

    def test_a_merge_closes_the_line_about_the_two(self, browse, recorder, registrar, pair):
        with act(by=registrar) as this:
            task = open_task(this, kind="imported", patient=row_of(pair[0]), other=row_of(pair[1]))
        merge_records(pair[0].id, pair[1].id, by=recorder)
        task.refresh_from_db()
        assert task.outcome == "merged"

    def test_nothing_of_a_person_in_the_line_itself(self, conflict):
        task, _holder, _other = conflict
        assert "Murni" not in str(task.detail)
        assert NIK not in str(task.detail)


class TestNikConflict:
    def test_saving_a_second_person_opens_it(self, conflict):
        task, holder, other = conflict
        assert (task.kind, task.patient_id, task.other_id) == ("nik-conflict", other.id, holder.id)
        assert row_of(other).nik == ""

    @pytest.mark.parametrize("which", ["holder", "other"])
    def test_a_person_says_whose_it_is(self, browse, recorder, conflict, which):
        task, holder, other = conflict
        owner, loser = (holder, other) if which == "holder" else (other, holder)
        client = browse(recorder)
        page = text_of(client.get(reverse("perlu-nik", args=[task.pk])))
        assert NIK in page
        assert "cocok dengan NIK" in page
        assert "beda dengan NIK" in page
        answer = client.post(
            reverse("perlu-nik", args=[task.pk]), {"owner": str(owner.id), "version": task.version}
        )
        assert answer.status_code == 302
        assert (row_of(owner).nik, row_of(owner).is_identity_complete) == (NIK, True)
        assert (row_of(loser).nik, row_of(loser).no_nik_reason) == ("", "not-brought")
        task.refresh_from_db()
        assert task.outcome == "nik-given"

    def test_neither_is_refused(self, browse, recorder, conflict):
        task, _holder, _other = conflict
        answer = browse(recorder).post(
            reverse("perlu-nik", args=[task.pk]), {"owner": "x", "version": task.version}
        )
        assert answer.status_code == 409
        task.refresh_from_db()
        assert task.closed_at is None

    def test_one_person_after_all(self, recorder, conflict):
        task, holder, other = conflict
        merge_records(holder.id, other.id, by=recorder)
        task.refresh_from_db()
        assert task.outcome == "merged"


class TestCalls:
    def test_merge_and_undo(self, program, recorder, pair):
        client = program(recorder)
        read = client.call("GET", f"/patients/{pair[0].id}")
        made = client.call(
            "POST",
            f"/patients/{pair[0].id}/merge",
            {"other_id": str(pair[1].id), "take": ["address"]},
            headers={"If-Match": read.headers["ETag"]},
        )
        assert made.status_code == 201, made.content
        merge = made.json()
        assert (merge["survivor_mrn"], merge["merged_mrn"]) == (pair[0].mrn, pair[1].mrn)
        assert client.call("GET", f"/patients/{pair[1].id}").json()["id"] == str(pair[0].id)

        undone = client.call(
            "POST", f"/merges/{merge['id']}/undo", headers={"If-Match": made.headers["ETag"]}
        )
        assert undone.status_code == 200, undone.content
        assert undone.json()["left"] == []
        assert client.call("GET", f"/patients/{pair[1].id}").json()["id"] == str(pair[1].id)

    def test_the_same_key_merges_once(self, program, recorder, pair):
        client = program(recorder)
        body, key = {"other_id": str(pair[1].id)}, new_key()
        answers = [
            client.call(
                "POST",
                f"/patients/{pair[0].id}/merge",
                body,
                key=key,
                headers={"If-Match": '"1"'},
            )
            for _twice in range(2)
        ]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].content == answers[1].content
        assert Merge.objects.count() == 1

    @pytest.mark.parametrize(
        ("body", "match", "status", "code"),
        [
            ({"other_id": "self"}, '"1"', 422, "same_record"),
            ({"other_id": "other"}, '"9"', 412, "stale_version"),
            ({"other_id": "other"}, "", 428, "if_match_required"),
            ({"other_id": "other", "take": ["mrn"]}, '"1"', 422, "merge_refused"),
            ({"other_id": "00000000-0000-0000-0000-000000000000"}, '"1"', 404, "patient_unknown"),
        ],
    )
    def test_refusals(self, program, recorder, pair, body, match, status, code):
        ids = {"self": str(pair[0].id), "other": str(pair[1].id)}
        body = body | {"other_id": ids.get(body["other_id"], body["other_id"])}
        headers = {"If-Match": match} if match else {}
        answer = program(recorder).call(
            "POST", f"/patients/{pair[0].id}/merge", body, headers=headers
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert not Merge.objects.exists()


class TestFoundFromWhereOneWorks:
    def test_the_start_pages_of_clerk_head_and_record_room_count_what_waits(
        self, browse, conflict, registrar, head, recorder
    ):
        """The bar holds six places; the page a day starts on carries the count instead."""
        for actor in (registrar, head, recorder):
            client = browse(actor)
            start = client.get(client.get("/").headers["Location"])
            link = re.search(
                rf'<a[^>]*href="{reverse("perlu-diperiksa")}"[^>]*data-uji="(?:loket|rm)-perlu.*?</a>',
                text_of(start),
                re.S,
            )
            assert link, actor.roles
            assert '<span class="count">1</span>' in link[0]
            assert client.get(reverse("perlu-diperiksa")).status_code == 200
            assert len(places_of(actor)) <= 6

    def test_the_clerk_sees_and_does_not_decide(self, browse, conflict, registrar, pair):
        client = browse(registrar)
        task = conflict[0]
        for page in (
            client.get(reverse("perlu-diperiksa")),
            client.get(reverse("perlu-nik", args=[task.pk])),
            client.get(reverse("banding", args=[one.id for one in pair])),
        ):
            text = text_of(page)
            assert page.status_code == 200
            for hook in ("perlu-sudah", "perlu-nik-milik", "perlu-impor", "banding-gabungkan"):
                assert f'data-uji="{hook}' not in text
        assert client.post(reverse("gabungkan", args=[one.id for one in pair])).status_code == 403

    def test_an_incomplete_identity_is_counted_whole(self, browse, registrar, recorder):
        for n in range(3):
            make_patient(registrar, name=f"Tanpa Nomor {n}", birth_date=f"0{n + 1}011990")
        assert count_incomplete(by=recorder) == 3
        assert "3 identitas belum lengkap" in text_of(
            browse(recorder).get(reverse("perlu-diperiksa"))
        )
