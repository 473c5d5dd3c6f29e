"""Check the journal of a site and print its faults as JSON; run as a process of the site."""

import json

import django

django.setup()

from simpul.foundation.journal.chain import verify_chain  # noqa: E402 - needs the setup above

report = verify_chain()
print(json.dumps([[fault.seq, fault.kind, fault.message] for fault in report.faults]))  # noqa: T201
