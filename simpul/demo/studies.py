"""A WISN study of this year and one of last year, as a head would make them from the service data.

Made through the same service as the page's one button, so the demo shows what a house really gets.
"""

from datetime import date

from simpul.foundation.core.errors import Refused
from simpul.foundation.staff.models import Account
from simpul.foundation.staff.selectors import get_actor
from simpul.planning.studies.service_data import study_from_service
from simpul.planning.studies.services import NewStudy

HEAD = "kepala"
UNITS = ("umum", "rekam-medis")


def make_studies(today: date) -> None:
    """Open a study for each unit and year of which the journal holds enough."""
    account = Account.objects.filter(username=HEAD).first()
    head = None if account is None else get_actor(account.id)
    if head is None:
        return
    for year in (today.year - 1, today.year):
        for unit in UNITS:
            try:
                study_from_service(
                    NewStudy(title="", year=year, units=(unit,), facility=head.facility_id),
                    by=head,
                    variant="kepmenkes81",
                )
            except Refused:
                continue
