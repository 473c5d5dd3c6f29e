"""One caller with a keep-alive connection, for what is asked one by one."""

import http.client
import json
import uuid
from typing import Any


class Caller:
    """One keep-alive connection."""

    def __init__(self, port: int, headers: list[str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = dict(line.split(": ", 1) for line in headers)

    def call(self, method: str, target: str, body: Any = None) -> tuple[int, bytes]:
        """Send a request and read its answer."""
        headers = dict(self.headers)
        headers.pop("Accept-Encoding", None)
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        content = None if body is None else json.dumps(body)
        self.connection.request(method, target, body=content, headers=headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()
