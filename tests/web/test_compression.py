"""Answers are compressed for who can read that, and are the same when opened again."""

import gzip

from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from simpul.web.compression import LEAST_BYTES, Compressed, compress

PAGE = b"<p>Antrean Poli Umum</p>" * 50


def answer(response: HttpResponse, accepted: str = "gzip, deflate") -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
    return Compressed(lambda _request: response)(request)  # type: ignore[return-value]


@given(st.binary(max_size=5000))
def test_what_is_compressed_opens_to_the_same(content: bytes) -> None:
    assert gzip.decompress(compress(content)) == content


def test_lengths_of_the_same_page_differ() -> None:
    assert len({len(compress(PAGE)) for _ in range(50)}) > 5


def test_a_page_is_smaller_on_the_wire_and_says_so() -> None:
    sent = answer(HttpResponse(PAGE, headers={"ETag": '"3"'}))
    assert sent.headers["Content-Encoding"] == "gzip"
    assert sent.headers["Content-Length"] == str(len(sent.content))
    assert sent.headers["ETag"] == 'W/"3"'
    assert "Accept-Encoding" in sent.headers["Vary"]
    assert gzip.decompress(sent.content) == PAGE


def test_who_cannot_read_gzip_gets_the_page_as_it_is() -> None:
    assert answer(HttpResponse(PAGE), accepted="identity").content == PAGE


def test_little_and_already_packed_answers_stay() -> None:
    assert "Content-Encoding" not in answer(HttpResponse(b"x" * (LEAST_BYTES - 1)))
    assert answer(HttpResponse(PAGE, headers={"Content-Encoding": "br"})).content == PAGE


def test_a_stream_goes_through_djangos_own_hand() -> None:
    sent = answer(StreamingHttpResponse([PAGE, PAGE]))  # type: ignore[arg-type]
    assert gzip.decompress(b"".join(sent)) == PAGE * 2
