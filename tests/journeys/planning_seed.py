"""A made-up district for the journeys of planning: the demo's, with the journeys' password.

Fifty Puskesmas with their staff, and a house with a few weeks of visits behind it. Added are the
names nobody thinks of when a table is drawn: a person in the house, and a place of which no staff
is known.
"""

import django

from tests.journeys.seed import PASSWORD

LONG_PLACE = "Puskesmas Pembantu Rawat Inap Sumberkalongrejo Kebonagungwetan Raya Lor"
LONG_PERSON = "R.A. Siti Nurhalizah Kusumaningrum Sastrodimedjo, S.Tr.Keb., Bd., M.Kes., M.M."
LONG_POINT = (-8.37, 113.42)


def main() -> None:
    """Make the district and its people."""
    django.setup()
    from simpul.demo import house
    from simpul.demo.making import make_demo
    from simpul.foundation.core.clock import now
    from simpul.foundation.core.ids import uuid7
    from simpul.foundation.facilities.models import Facility, FacilityProfile
    from simpul.foundation.facilities.selectors import get_here
    from simpul.foundation.journal.acts import act
    from simpul.foundation.register.inputs import StaffInput
    from simpul.foundation.register.services import add_member
    from simpul.foundation.staff.models import Account
    from simpul.foundation.staff.selectors import get_actor

    house.PASSWORD = PASSWORD
    make_demo("small", lambda _what, _done, _all: None, at=now())
    here = get_here()
    place = Facility(id=uuid7(), name=LONG_PLACE, is_here=False)
    lat, lon = LONG_POINT
    profile = FacilityProfile(
        id=uuid7(),
        facility=place,
        category="pedesaan",
        is_inpatient=True,
        population=21_000,
        lat=lat,
        lon=lon,
        point_quality="approximate",
        note="data uji (karangan); catatan yang panjang supaya barisnya terlipat di layar sempit",
    )
    with act(by=None, facility=here.id) as this:
        this.create(place)
        this.create(profile)
    officer = get_actor(Account.objects.get(username="dinas").id)
    assert officer is not None
    add_member(
        here.id,
        StaffInput(name=LONG_PERSON, profession="bidan", employment="pns", education="s2"),
        by=officer,
    )


if __name__ == "__main__":
    main()
