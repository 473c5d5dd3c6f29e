"""Make an empty database a hub, and print a code for a facility; run as a process.

python -m tests.exchange.transport.prepare_hub FACILITY-NAME
"""

import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - the models need the setup above

from simpul.exchange.hub.enrolment import make_code  # noqa: E402
from simpul.foundation.administration.services import set_up_facility  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    set_up_facility("Dinas Gangguan")
    sys.stdout.write(make_code(sys.argv[1]).code)
