"""Whether a request has arrived as a whole, however its bytes are cut."""

from __future__ import annotations

import doctest
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.server import request_buffer as arriving
from triage.server.request_buffer import RequestBuffer

GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /v1/triage HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n" + b'{"body":"a"}'
CHUNKS = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKED = CHUNKS + b"3\r\nabc\r\n0\r\n\r\n"
PADDED = CHUNKS + b"0" * 20 + b"3\r\nabc\r\n" + b"0" * 20 + b"\r\n\r\n"
WITH_EXTRAS = CHUNKS + b"9 ;x=y\r\n0\r\n\r\n0\r\n\r\r\n1\r\n0\r\n0\r\nX: a\r\n\r\n"


def new(max_head: int = 1000, max_body: int = 1000) -> RequestBuffer:
    return RequestBuffer(max_head=max_head, max_body=max_body)


@given(st.sampled_from([GET, POST, CHUNKED, WITH_EXTRAS, PADDED]), st.lists(st.integers(1, 100), max_size=5))
def test_it_is_complete_with_its_last_byte_and_not_before(request_bytes: bytes, cuts: list[int]) -> None:
    request = new()
    last = len(request_bytes) - 1
    places = sorted({0, *(cut for cut in cuts if cut < last), last})
    for start, end in pairwise(places):
        request.add(request_bytes[start:end])
        assert not request.is_complete
    request.add(request_bytes[last:])
    assert request.is_complete


@given(st.binary(max_size=3000))
def test_no_bytes_break_it(received: bytes) -> None:
    request = new()
    request.add(received)
    assert request.is_complete in {True, False}


def test_a_body_that_will_be_refused_for_its_size_is_not_waited_for() -> None:
    request = new(max_body=100)
    request.add(b"POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n")
    assert request.is_too_large
    assert not request.is_complete


@pytest.mark.parametrize("digits", [b"9" * 16, b"9" * 5_000])
def test_a_size_of_many_digits_is_refused_here(digits: bytes) -> None:
    for start in (b"POST / HTTP/1.1\r\nContent-Length: " + digits + b"\r\n\r\n", CHUNKS + digits + b"\r\n"):
        request = new(max_head=10_000)
        request.add(start)
        assert request.is_too_large


def test_thousands_of_chunks_of_a_byte_are_not_taken_and_large_ones_are() -> None:
    tiny, large = new(max_body=10**6), new(max_body=10**6)
    tiny.add(CHUNKS + b"1\r\na\r\n" * 1_001)
    large.add(CHUNKS + (b"64\r\n" + b"a" * 100 + b"\r\n") * 1_001)
    assert tiny.has_tiny_chunks
    assert not large.has_tiny_chunks


@pytest.mark.parametrize("body", [b"65\r\n", b"1\r\na\r\n" * 20, b"1;" + b"x" * 95 + b"\r\na\r\n1"])
def test_chunks_that_are_too_much_with_all_that_is_around_them_are_refused_here(body: bytes) -> None:
    request = new(max_body=100)
    request.add(CHUNKS + body)
    assert request.is_too_large
    assert not request.is_complete


def test_a_chunk_that_looks_like_the_end_of_all_chunks_is_not_the_end() -> None:
    request = new()
    request.add(CHUNKS + b"7\r\n0\r\n\r\n0\r\n\r\n")
    assert not request.is_complete
    assert not request.is_too_large


@pytest.mark.parametrize("size", [b"-1", b"0x1", b"", b"g", b"1_0", b" 1", b"x" * 1001])
def test_a_size_that_is_none_is_left_to_the_parser(size: bytes) -> None:
    request = new(max_body=2000)
    request.add(CHUNKS + size + b"\r\n")
    assert request.is_complete


def test_a_head_without_an_end_is_too_long() -> None:
    request = new(max_head=100)
    request.add(b"GET / HTTP/1.1\r\nX: " + b"a" * 100)
    assert request.is_too_long
    assert not request.is_complete


@pytest.mark.parametrize(("sent", "waits"), [(b"", True), (b"{", False)])
def test_a_client_that_expects_to_be_told_to_go_on_waits_until_it_sends(sent: bytes, waits: bool) -> None:
    request = new()
    request.add(b"POST / HTTP/1.1\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n" + sent)
    assert request.expects_continue is waits


def test_the_example_in_the_documentation_holds() -> None:
    assert doctest.testmod(arriving).failed == 0


class Searched(bytearray):
    """Counts how many bytes were looked through."""

    count = 0

    def find(self, part, start=0):
        self.count += max(0, len(self) - start)
        return super().find(part, start)


@pytest.mark.parametrize("head", [CHUNKS + b"2710\r\n", CHUNKS + b"0\r\nX: ", b"GET / HTTP/1.1\r\nX: "])
def test_the_work_for_a_client_that_sends_byte_by_byte_grows_with_its_bytes_alone(head: bytes) -> None:
    found = RequestBuffer(max_head=100_000, max_body=100_000, data=Searched())
    found.add(head)
    for _ in range(10_000):
        found.add(b"a")
        assert not found.is_complete
    assert found.data.count < 100_000
    for byte in b"\r\n0\r\n\r\n" if b"2710" in head else b"\r\n\r\n":
        assert not found.is_complete
        found.add(bytes([byte]))
    assert found.is_complete
