"""Fill an empty database for the fault tests; run as a process with the site's environment.

    python -m tests.faults.prepare FILE PATIENTS

Makes the tables, a Puskesmas, a program with the counter's rights and one with a physician's, and
so many adult patients; writes their tokens and ids to FILE as JSON.
"""

import json
import sys
from datetime import date
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - the models need the setup above

from simpul.foundation.administration.services import (  # noqa: E402
    create_role_token,
    set_up_facility,
)
from simpul.foundation.core.counters import take_block  # noqa: E402
from simpul.foundation.journal.acts import act  # noqa: E402
from simpul.service.patients.models import Patient  # noqa: E402


def main(file: str, count: int) -> None:
    """Prepare and say what was made."""
    call_command("migrate", verbosity=0)
    facility = set_up_facility("Puskesmas Gangguan")
    registrar, _row = create_role_token("pendaftaran")
    physician, _row = create_role_token("dokter")
    patients = []
    with act(by=None, facility=facility.id) as this:
        for number in range(1, count + 1):
            patients.append(
                Patient(
                    mrn=f"{number:06d}",
                    name=f"Pasien Uji {number}",
                    birth_date=date(1988, 1 + number % 12, 1 + number % 28),
                    sex="female" if number % 2 else "male",
                    no_nik_reason="not-recorded",
                    registered_at=this.at,
                )
            )
        this.create(*patients)
        take_block(f"mrn:{facility.id}", size=max(count, 1))
        this.record("started", detail={"patients": count})
    made = {
        "registrar": registrar,
        "physician": physician,
        "patients": [str(patient.id) for patient in patients],
    }
    Path(file).write_text(json.dumps(made), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
