"""`/api/docs`: the same document for people, without internet and under the strict policy."""

import re

import pytest

from simpul.config.api import api


@pytest.fixture
def page(house, client) -> str:
    answer = client.get("/api/docs")
    assert answer.status_code == 200
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    return answer.content.decode()


def test_every_call_is_on_the_page(page):
    for path, methods in api.document["paths"].items():
        assert f"<code>{path}</code>" in page
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
            assert operation["summary"] in page


def test_refusals_and_examples_are_told(page):
    for word in ("placement_needs_reason", "already_waiting", "stale_version", "Idempotency-Key"):
        assert word in page
    assert "&quot;patient_id&quot;" in page
    assert "wajib" in page


def test_nothing_on_it_needs_another_host_or_a_weaker_policy(page):
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"<style\b|\sstyle=|\son\w+=", page) == []


def test_marks_of_the_document_do_not_show(page):
    body = re.sub(r"<pre.*?</pre>", "", page, flags=re.S)

    assert "**" not in body
    assert "`" not in re.sub(r"<dd>.*?</dd>", "", body, flags=re.S)


def test_a_signed_in_person_sees_it_in_their_frame(browse, registrar):
    answer = browse(registrar).get("/api/docs")

    assert registrar.name in answer.content.decode()
