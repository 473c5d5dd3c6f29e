"""Statements of each operation and each page, counted inside the process that would run them.

Through Django's test client, which goes the whole way from middleware to answer. BEGIN, COMMIT
and savepoints count: each is a round trip to PostgreSQL. The first request is left out, because
what a process remembers for a few seconds (facility, rights) is then still to be read.
"""

import json
import sys
from collections import Counter
from typing import Any

import django


def measure(job: dict[str, Any]) -> dict[str, Any]:
    """Return statements by label: the median, the most, and their texts for `register`."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(raise_request_exception=False)
    counts: dict[str, list[int]] = {}
    refused: Counter[str] = Counter()
    texts: dict[str, list[str]] = {}
    for label, method, target, body in job["requests"]:
        headers = dict(line.split(": ", 1) for line in job["headers"][label])
        headers.pop("Accept-Encoding", None)
        if body is not None:
            headers["Idempotency-Key"] = f"statements-{len(counts.get(label, []))}-{job['run']}"
        with CaptureQueriesContext(connection) as captured:
            response = client.generic(
                method,
                target,
                b"" if body is None else json.dumps(body),
                content_type="application/json",
                headers=headers,
            )
        if response.status_code >= 300:
            refused[f"{label} {response.status_code}"] += 1
            continue
        counts.setdefault(label, []).append(len(captured))
        texts[label] = [query["sql"][:160] for query in captured]
    return {
        "counts": {
            label: {"median": sorted(found)[len(found) // 2], "most": max(found)}
            for label, all_found in counts.items()
            for found in [all_found[1:] or all_found]
        },
        "refused": dict(refused),
        "texts": texts if job.get("texts") else {},
    }


if __name__ == "__main__":
    django.setup()
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
