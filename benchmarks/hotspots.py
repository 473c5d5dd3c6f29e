"""Where the time of one operation or page goes: `python -m benchmarks.hotspots queue-screen`.

Profiles the requests of a label through Django's test client, on the data of SIMPUL_DATA (which
gets benchmark accounts, so give it a copy).
"""

import argparse
import cProfile
import json
import pstats
import time
import uuid

import django

from benchmarks import inside, operations, pages
from benchmarks.run import SEED


def main() -> None:
    """Profile one label."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hotspots", description=__doc__)
    parser.add_argument("label", choices=[*operations.OPERATIONS, *pages.PAGES])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--sort", default="tottime", choices=("tottime", "cumtime", "ncalls"))
    parser.add_argument("--lines", type=int, default=40)
    options = parser.parse_args()
    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from simpul.service.registration.models import Encounter

    call_command("collectstatic", interactive=False, verbosity=0)
    sample = inside.prepare({"seed": SEED, "sample": 500, "run": uuid.uuid4().hex[:8]})
    headers = operations.headers(sample["accounts"])
    headers |= pages.headers(headers)
    visits = operations.Visits(sample["free"])
    if options.label in pages.PAGES:
        newest = Encounter.objects.order_by("-period_start").values_list("id", flat=True)[0]
        asked = [one for one in pages.requests(str(newest)) if one[0] == options.label]
    elif options.label == "register":
        asked = visits.take(options.rounds + 1)
    else:
        asked = operations.requests_of(options.label, sample, SEED)
    client = Client()
    lines = dict(line.split(": ", 1) for line in headers[options.label])
    lines.pop("Accept-Encoding", None)

    def once(n: int) -> None:
        _label, method, target, body = asked[n % len(asked)]
        content = b"" if body is None else json.dumps(body)
        key = {} if body is None else {"Idempotency-Key": str(uuid.uuid4())}
        response = client.generic(
            method, target, content, content_type="application/json", headers=lines | key
        )
        if response.status_code >= 300:
            raise SystemExit(f"{target} answered {response.status_code}")

    once(0)
    began = time.process_time()
    for n in range(options.rounds // 2):
        once(n + 1)
    spent = (time.process_time() - began) * 1000 / max(1, options.rounds // 2)
    print(f"{options.label}: {spent:.2f} ms CPU each, without the profiler")
    with cProfile.Profile() as profile:
        for n in range(options.rounds // 2, options.rounds):
            once(n + 1)
    pstats.Stats(profile).sort_stats(options.sort).print_stats(options.lines)


if __name__ == "__main__":
    main()
