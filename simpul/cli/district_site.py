"""Prepares one site of the made-up district, as a process with that site's environment.

    python -m simpul.cli.district_site hub          tables, the Dinas, codes for who is not enrolled
    python -m simpul.cli.district_site NUMBER       tables, the house, a key for its traffic

Prints one line of JSON. Done again it keeps everything.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

TRAFFIC = "lalu-lintas.json"
PATIENTS = 150
#: Who can sign in at the Dinas: name, user name, role.
PEOPLE = (
    ("Endang Susilowati, S.K.M.", "dinas", "petugas_dinas"),
    ("Rizal Maulana", "it-dinas", "petugas_it"),
)


def main(which: str) -> int:
    """Prepare and say what was made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simpul.config.settings")
    from simpul.cli.preparing import apply_migrations, load_django

    load_django()
    apply_migrations()
    made = prepare_hub() if which == "hub" else prepare_house(int(which))
    print(json.dumps(made))
    return 0


def prepare_hub() -> dict[str, Any]:
    """Set the Dinas up, and make a code for each house that is not enrolled yet."""
    from simpul.demo.house import PASSWORD
    from simpul.demo.mark import Mark, write_mark
    from simpul.demo.neighbours import DINAS, TITLES
    from simpul.exchange.hub.enrolment import find_node, make_code
    from simpul.foundation.administration.services import (
        NewAccount,
        open_account,
        set_up_facility,
    )
    from simpul.foundation.facilities.models import FacilityKind
    from simpul.foundation.facilities.selectors import is_set_up
    from simpul.foundation.staff.models import Account

    if not is_set_up():
        write_mark(Mark(size="empty", finished=True))
        set_up_facility(DINAS, kind=FacilityKind.DINAS)
    for name, username, role in PEOPLE:
        if not Account.objects.filter(username=username).exists():
            open_account(NewAccount(name=name, username=username, password=PASSWORD, roles=(role,)))
    missing = [title for title in TITLES if find_node(title) is None]
    return {"codes": {name: make_code(name).code for name in missing}}


def prepare_house(number: int) -> dict[str, Any]:
    """Make the house where there is none; give what its made-up traffic needs."""
    from django.conf import settings

    from simpul.cli.preparing import apply_migrations
    from simpul.demo.making import discard_half_made
    from simpul.demo.mark import is_half_made
    from simpul.demo.neighbours import TITLES, fill
    from simpul.exchange.sync.link import read_hub
    from simpul.foundation.administration.services import create_role_token
    from simpul.service.patients.models import Patient

    if is_half_made():
        discard_half_made()
        apply_migrations()
    fill(number)
    kept = Path(settings.DATA) / TRAFFIC
    if not kept.exists():
        keys = {role: create_role_token(role)[0] for role in ("pendaftaran", "dokter")}
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(keys), encoding="ascii")
    ids = Patient.objects.order_by("mrn").values_list("id", flat=True)[:PATIENTS]
    return {
        "name": TITLES[number - 1],
        "enrolled": read_hub() is not None,
        "patients": [str(one) for one in ids],
        **json.loads(kept.read_text(encoding="ascii")),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
