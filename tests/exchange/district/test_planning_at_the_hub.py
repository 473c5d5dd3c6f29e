"""The staffing pages at the hub on what the Puskesmas sent: register, gap, and WISN of their acts.

One real Puskesmas sends to one real hub; then the planning room is asked there.
"""

from collections.abc import Iterator

import pytest
from django.test import Client

from simpul.foundation.administration.services import (
    NewAccount,
    open_account,
    set_up_facility,
)
from simpul.foundation.core.errors import NotAllowed
from simpul.foundation.facilities.models import FacilityKind
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.register.inputs import StaffInput
from simpul.foundation.register.services import add_member
from simpul.foundation.staff.models import Account, Role
from simpul.foundation.staff.selectors import get_actor
from simpul.planning.norms.selectors import list_norms
from simpul.planning.norms.services import add_norm, change_norm
from simpul.planning.workload.selectors import yearly_workload
from simpul.planning.workload.tallies import forget_tallies
from simpul.service.distribution.queueing import call_ticket, finish_ticket, start_ticket
from simpul.service.distribution.services import register_visit
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.services import register_patient
from simpul.service.registration.services import VisitWish
from tests.exchange.sites import Site, drain, enrol, facility_site

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NORM = {
    "code": "standar-dinas",
    "name": "Standar Dinas",
    "source": "Surat contoh",
    "posts": [{"professions": ["dokter"], "count": 3}],
}


def person(role: str, name: str = ""):
    account = open_account(
        NewAccount(name=name or role, username=role.replace("_", "-"), password=None, roles=(role,))
    )
    actor = get_actor(account.id)
    assert actor is not None
    return actor


def dinas() -> Site:
    """A hub whose house is a Dinas."""
    site = Site("Dinas Contoh")
    with site:
        site.node = set_up_facility("Dinas Contoh", kind=FacilityKind.DINAS).id
    return site


@pytest.fixture
def district() -> Iterator[tuple[Site, Site]]:
    """A Puskesmas whose day has been sent, and its hub."""
    house, hub = facility_site("Puskesmas Ambulu"), dinas()
    enrol(house, hub)
    with house:
        head, desk, doctor = person(Role.HEAD), person(Role.REGISTRAR), person(Role.PHYSICIAN)
        add_member(head.facility_id, StaffInput(name="Hana Contoh", profession="dokter"), by=head)
        for n in range(2):
            patient = register_patient(
                by=desk,
                typed=PatientInput(
                    name=f"PASIEN {'ABC'[n]}", birth_date="1990-07-01", sex="female",
                    village="Sabrang", mother_name="IBU",
                ),
                confirm_new="orang lain",
            ).patient  # fmt: skip
            wish = VisitWish(patient_id=patient.id, unit="umum", payer="umum", complaint="batuk")
            visit = register_visit(wish, by=desk)
            call_ticket(visit.ticket.id, by=doctor)
            start_ticket(visit.ticket.id, by=doctor)
            finish_ticket(visit.ticket.id, by=doctor)
    drain(house, hub)
    yield house, hub
    house.close()
    hub.close()


def test_the_dinas_plans_with_what_the_puskesmas_sent(district, settings):
    house, hub = district
    settings.SIMPUL_ROLE = "hub"
    with hub:
        year = get_here().today().year
        officer = person(Role.DISTRICT)
        browser = Client()
        browser.force_login(
            Account.objects.get(id=officer.account_id),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        staff = browser.get(f"/tenaga?fasilitas={house.node}").content.decode()
        gap = browser.get("/perencanaan/kesenjangan").content.decode()
        fresh = browser.get("/dinas").content.decode()
        at_hub = yearly_workload(by=officer, year=year, facility=house.node)
    forget_tallies()
    with house:
        head = get_actor(Account.objects.get(username="kepala").id)
        assert head is not None
        at_house = yearly_workload(by=head, year=year)

    assert "Hana Contoh" in staff
    assert "Puskesmas Ambulu" in gap
    assert "Puskesmas Ambulu" in fresh
    # The stopwatch of WISN runs on the journal that was sent: both count the same.
    assert at_hub == at_house
    assert {one.code for one in at_hub.categories} == {"dokter", "pendaftaran"}


def test_a_norm_of_the_dinas_is_used_at_the_puskesmas_and_not_changed_there(district):
    house, hub = district
    with hub:
        add_norm(NORM, by=person(Role.DISTRICT))
    drain(house, hub)

    with house:
        head = get_actor(Account.objects.get(username="kepala").id)
        assert head is not None
        views = {view.code: view for view in list_norms(by=head)}
        with pytest.raises(NotAllowed):
            change_norm("standar-dinas", NORM, seen=1, by=head)

    assert views["standar-dinas"].is_district
    assert views["standar-dinas"].norm.posts
