"""People known at several Puskesmas: found, shown masked, opened with a reason, linked, undone."""

import pytest

from simpul.exchange.district import opening, proposals, searching
from simpul.exchange.district.linking import decide, undo_link
from simpul.exchange.district.models import PersonLink, Proposal, SeenRecord
from simpul.foundation.core.errors import Conflict, NotHere
from simpul.foundation.core.models import row_values
from simpul.foundation.journal.acts import act
from simpul.foundation.journal.models import JournalEntry
from simpul.foundation.staff.models import Role
from simpul.service.patients.models import Patient
from tests.conftest import make_actor
from tests.exchange.district.district_rows import a_patient, a_visit

pytestmark = pytest.mark.django_db
NIK = "3509195203850001"


@pytest.fixture
def places(puskesmas):
    return puskesmas("Ambulu"), puskesmas("Kencong"), puskesmas("Puger")


def siti(place, **more):
    return a_patient(
        place, "SITI AMINAH", mother_name="MARYAM", **{"nik": NIK, "rt": "003", **more}
    )


@pytest.fixture
def pair(places):
    """One woman, known at two places."""
    one, other = sorted((siti(places[0]), siti(places[1])), key=lambda row: row.id)
    searching.find_proposals(seconds=0)
    return one, other


def opened(pair, by):
    opening.open_pair(pair[0].id, pair[1].id, reason="proposal", by=by)
    return pair[0].id, pair[1].id


def test_the_search_finds_who_is_known_at_two_places_and_only_those(places):
    first, second = siti(places[0]), siti(places[1])
    a_patient(places[2], "BUDI SANTOSO", "1958-01-04", sex="male", mother_name="SUMI")
    twin = siti(places[0], mrn="000777", nik="")  # the house's own duplicate is the house's own

    assert searching.find_proposals(seconds=0) == 4

    found = {frozenset((row.first, row.second)) for row in Proposal.objects.all()}
    assert frozenset((first.id, second.id)) in found
    assert frozenset((first.id, twin.id)) not in found
    assert all(row.first_owner != row.second_owner for row in Proposal.objects.all())


def test_who_was_looked_at_is_not_looked_at_again_until_changed(pair):
    assert searching.find_proposals(seconds=0) == 0
    row = Patient.objects.get(id=pair[0].id)
    with act(by=None, facility=row.owner) as this:
        row.name, row.birth_date, row.nik = "LAIN SEKALI", row.birth_date.replace(year=1931), ""
        row.mother_name = "ORANG LAIN"
        this.update(row, "name", "birth_date", "nik", "mother_name")

    assert searching.find_proposals(seconds=0) == 1
    assert not Proposal.objects.exists()
    assert SeenRecord.objects.count() == 2


def test_a_record_merged_at_its_house_is_proposed_no_more(pair):
    row, other = pair
    with act(by=None, facility=row.owner) as this:
        standing = Patient(
            mrn="000999", name="TIDAK MIRIP", birth_date=row.birth_date.replace(year=1950),
            sex="male", registered_at=row.registered_at,
        )  # fmt: skip
        this.create(standing)
        row.merged_into = standing
        this.update(row, "merged_into")

    searching.find_proposals(seconds=0)

    assert not Proposal.objects.filter(first=pair[0].id, second=other.id).exists()


def test_only_a_hub_searches(pair, settings, places):
    siti(places[2])
    settings.SIMPUL_ROLE = "facility"

    searching.search_turn()

    assert SeenRecord.objects.count() == 2


def test_the_list_shows_initials_and_no_more(pair, officer, browse_hub):
    page = browse_hub(officer).get("/dinas/tautan").content.decode()

    assert "S. A." in page
    assert "1985" in page
    assert "Ambulu" in page
    assert "AMINAH" not in page
    assert NIK not in page
    assert "MARYAM" not in page


def test_the_identity_opens_with_a_reason_that_is_written_down(pair, officer, browse_hub):
    client = browse_hub(officer)
    address = f"/dinas/tautan/{pair[0].id}/{pair[1].id}"
    assert "AMINAH" not in client.get(address).content.decode()

    refused = client.post(f"{address}/buka", {"reason": "iseng"})
    page = client.post(f"{address}/buka", {"reason": "proposal"}, follow=True).content.decode()

    assert refused.status_code == 422
    assert "AMINAH" not in refused.content.decode()
    assert "SITI AMINAH" in page
    assert NIK in page
    entries = JournalEntry.objects.filter(act=opening.ACT)
    assert {entry.patient for entry in entries} == {pair[0].id, pair[1].id}
    assert all(entry.detail == {"reason": "proposal"} for entry in entries)
    assert all(entry.practitioner == officer.practitioner_id for entry in entries)


def test_what_one_person_opened_is_closed_to_the_next(pair, officer, browse_hub):
    opened(pair, officer)
    other = make_actor(Role.DISTRICT, name="Orang Lain")

    page = browse_hub(other).get(f"/dinas/tautan/{pair[0].id}/{pair[1].id}").content.decode()

    assert "AMINAH" not in page


def test_it_closes_after_a_while(pair, officer, monkeypatch):
    opened(pair, officer)
    assert opening.is_open(pair[0].id, pair[1].id, by=officer)

    moment = opening.now() + opening.OPEN_FOR
    monkeypatch.setattr(opening, "now", lambda: moment)

    assert not opening.is_open(pair[0].id, pair[1].id, by=officer)


def test_ids_that_nobody_proposed_open_nothing(pair, places, officer, browse_hub):
    stranger = a_patient(places[2], "BUDI SANTOSO", "1958-01-04", sex="male")
    address = f"/dinas/tautan/{pair[0].id}/{stranger.id}"

    client = browse_hub(officer)

    assert client.get(address).status_code == 404
    assert client.post(f"{address}/buka", {"reason": "proposal"}).status_code == 404


def test_a_link_is_the_hubs_row_and_touches_no_other(pair, officer, browse_hub):
    a_visit_before = [row_values(Patient.objects.get(id=row.id)) for row in pair]
    opened(pair, officer)

    answer = browse_hub(officer).post(
        f"/dinas/tautan/{pair[0].id}/{pair[1].id}/putuskan",
        {"keputusan": "sama", "reason": "NIK dan ibu sama"},
    )

    assert answer.status_code == 302
    link = PersonLink.objects.get()
    assert (link.is_same, link.owner, link.decided_by) == (
        True,
        officer.facility_id,
        officer.practitioner_id,
    )
    assert [row_values(Patient.objects.get(id=row.id)) for row in pair] == a_visit_before
    assert proposals.count_proposals(by=officer) == {"certain": 0, "possible": 0}


@pytest.mark.parametrize("is_same", [True, False])
def test_a_decision_needs_the_pair_opened_and_a_reason(pair, officer, browse_hub, is_same):
    with pytest.raises(Conflict):
        decide(pair[0].id, pair[1].id, is_same=is_same, reason="yakin", by=officer)
    opened(pair, officer)

    answer = browse_hub(officer).post(
        f"/dinas/tautan/{pair[0].id}/{pair[1].id}/putuskan", {"keputusan": "sama", "reason": ""}
    )

    assert answer.status_code == 422
    assert not PersonLink.objects.exists()


def test_an_undone_decision_is_proposed_again_and_stays_written(pair, officer, browse_hub):
    ids = opened(pair, officer)
    link = decide(*ids, is_same=False, reason="kembar", by=officer)
    client = browse_hub(officer)
    assert "tautan-kosong" in client.get("/dinas/tautan").content.decode()

    refused = client.post(f"/dinas/tautan/{link.pk}/urungkan", {"reason": ""})
    client.post(f"/dinas/tautan/{link.pk}/urungkan", {"reason": "keliru baca"})

    assert refused.status_code == 422
    assert proposals.count_proposals(by=officer)["certain"] == 1
    page = client.get("/dinas/tautan/keputusan").content.decode()
    assert "kembar" in page
    assert "keliru baca" in page
    assert "AMINAH" not in page
    with pytest.raises(Conflict):
        undo_link(link.pk, reason="lagi", by=officer)


def test_after_undoing_it_may_be_decided_otherwise(pair, officer):
    ids = opened(pair, officer)
    undo_link(decide(*ids, is_same=False, reason="x", by=officer).pk, reason="keliru", by=officer)

    decide(*ids, is_same=True, reason="NIK sama", by=officer)

    assert PersonLink.objects.filter(undone_at=None).get().is_same is True


def test_one_word_on_a_pair_at_a_time(pair, officer):
    ids = opened(pair, officer)
    decide(*ids, is_same=True, reason="x", by=officer)

    with pytest.raises(Conflict):
        decide(*ids, is_same=True, reason="y", by=officer)


def test_three_places_decisions_carry_over_and_never_contradict(places, officer):
    rows = [siti(place) for place in places]
    searching.find_proposals(seconds=0)
    pairs = [(rows[0], rows[1]), (rows[1], rows[2]), (rows[0], rows[2])]
    for two in pairs:
        opened(two, officer)

    first = decide(rows[0].id, rows[1].id, is_same=True, reason="x", by=officer)
    decide(rows[1].id, rows[2].id, is_same=True, reason="y", by=officer)

    # The third pair follows from the other two; the opposite would contradict them.
    assert proposals.count_proposals(by=officer)["certain"] == 0
    with pytest.raises(Conflict):
        decide(rows[0].id, rows[2].id, is_same=False, reason="z", by=officer)
    undo_link(first.pk, reason="keliru", by=officer)
    assert proposals.count_proposals(by=officer)["certain"] == 2


def test_a_new_look_alike_of_linked_records_keeps_what_was_decided(pair, officer, places):
    ids = opened(pair, officer)
    decide(*ids, is_same=True, reason="x", by=officer)
    row = Patient.objects.get(id=pair[0].id)
    with act(by=None, facility=row.owner) as this:
        row.phone = "081234567890"
        this.update(row, "phone")

    searching.find_proposals(seconds=0)

    assert Proposal.objects.get(first=ids[0], second=ids[1]).decision == "same"


def test_side_by_side_shows_where_and_how_often(pair, places, officer, browse_hub):
    owners = {place.id: place for place in places}
    a_visit(owners[pair[0].owner], pair[0])
    opened(pair, officer)

    page = browse_hub(officer).get(f"/dinas/tautan/{pair[0].id}/{pair[1].id}").content.decode()

    assert f"RM {pair[0].mrn}" in page
    assert "terakhir" in page
    assert "Agama" not in page


def test_the_list_asks_little_however_long_it_is(
    puskesmas, officer, browse_hub, django_assert_max_num_queries
):
    one, other = puskesmas("Ambulu"), puskesmas("Kencong")
    rows = [(a_patient(one, f"ORANG {n}"), a_patient(other, f"ORANG {n}")) for n in range(60)]
    Proposal.objects.bulk_create(
        Proposal(
            first=min(a.id, b.id), second=max(a.id, b.id), first_owner=one.id,
            second_owner=other.id, level="possible", score=0.6 + n / 1000, found_at=a.registered_at,
        )
        for n, (a, b) in enumerate(rows)
    )  # fmt: skip
    client = browse_hub(officer)
    client.get("/dinas/tautan")

    with django_assert_max_num_queries(17):
        page = client.get("/dinas/tautan").content.decode()

    assert page.count('data-uji="tautan-pasangan"') == 50
    further = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(f"/dinas/tautan{further}").content.decode()
    assert rest.count('data-uji="tautan-pasangan"') == 10


def test_the_cursor_goes_on_where_the_page_ended(puskesmas, officer):
    one, other = puskesmas("Ambulu"), puskesmas("Kencong")
    for n in range(52):
        a, b = sorted((a_patient(one, f"A {n}").id, a_patient(other, f"B {n}").id))
        Proposal.objects.create(
            first=a, second=b, first_owner=one.id, second_owner=other.id, level="possible",
            score=0.75, found_at=opening.now(),
        )  # fmt: skip

    first = proposals.list_proposals(by=officer)
    second = proposals.list_proposals(by=officer, cursor=first.next)

    seen = [line.first for line in (*first.items, *second.items)]
    assert len(set(seen)) == 52
    assert second.next == ""


def test_someone_of_the_it_does_not_see_who_is_known_where(pair, officer):
    with pytest.raises(Exception, match="Petugas Dinas"):
        proposals.list_proposals(by=make_actor(Role.IT))
    with pytest.raises(NotHere):
        proposals.get_proposal(pair[0].id, pair[0].id, by=officer)
