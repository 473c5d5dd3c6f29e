"""What a benchmark needs from inside a database: programs' tokens, sessions, people to ask for.

Answers with everything the other parts need, so that none of them looks into the tables itself.
"""

import json
import random
import sys
from typing import Any

import django

#: Roles that act in the measurements; each gets an account, a token and a session.
ROLES = ("pendaftaran", "dokter", "perekam_medis", "kepala")


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    """Return accounts, counts and a sample of people, the same for the same data and seed."""
    from simpul.foundation.facilities.selectors import get_here
    from simpul.foundation.journal.models import Change, JournalEntry
    from simpul.service.distribution.models import PRESENT, Distribution
    from simpul.service.patients.models import Patient
    from simpul.service.registration.models import Encounter

    draw = random.Random(job["seed"])
    here = get_here()
    today = Distribution.objects.filter(owner=here.id, service_date=here.today(), stage__in=PRESENT)
    busy = set(today.values_list("patient_id", flat=True))
    mine = Patient.objects.filter(owner=here.id).order_by("id")
    living = mine.filter(deceased_on=None).values_list("id", flat=True)
    free = [str(patient) for patient in living if patient not in busy]
    draw.shuffle(free)
    ids = list(mine.values_list("id", flat=True))
    chosen = draw.sample(ids, min(len(ids), job["sample"]))
    columns = ("id", "mrn", "nik", "bpjs_number", "name", "birth_date")
    people = []
    for start in range(0, len(chosen), 500):
        some = mine.filter(id__in=chosen[start : start + 500]).values(*columns)
        people += [{name: str(value) for name, value in row.items()} for row in some]
    draw.shuffle(people)
    visits = Encounter.objects.filter(owner=here.id)
    with_history = visits.filter(patient_id__in=chosen[:900]).values_list("patient_id", flat=True)
    return {
        "accounts": {role: _account(role, job["run"]) for role in ROLES},
        "people": people,
        "with_history": sorted({str(patient) for patient in with_history}),
        "free": free,
        "waiting_umum": today.filter(unit="umum").count(),
        "stored": {
            "patients": len(ids),
            "visits": visits.count(),
            "journal_entries": JournalEntry.objects.count(),
            "changes": Change.objects.count(),
        },
    }


def _account(role: str, run: str) -> dict[str, str]:
    """Make an account of one role with a token for calls and a session for pages."""
    from django.conf import settings
    from django.test import Client

    from simpul.foundation.administration.services import NewAccount, create_token, open_account

    account = open_account(
        NewAccount(
            name=f"Tolok Ukur {role}",
            username=f"bench-{role.replace('_', '-')}-{run}",
            password=None,
            roles=(role,),
        )
    )
    token, _row = create_token(username=account.username)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return {
        "username": account.username,
        "token": token,
        "session": f"{settings.SESSION_COOKIE_NAME}="
        f"{client.cookies[settings.SESSION_COOKIE_NAME].value}",
    }


if __name__ == "__main__":
    django.setup()
    json.dump(prepare(json.load(sys.stdin)), sys.stdout)
