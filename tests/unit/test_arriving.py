"""Whether a request has arrived as a whole, however its bytes are cut."""

from __future__ import annotations

import doctest
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.web import arriving
from triage.web.arriving import Arriving

GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /v1/triage HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n" + b'{"body":"a"}'
CHUNKED = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"


def new(max_head: int = 1000, max_body: int = 1000) -> Arriving:
    return Arriving(max_head=max_head, max_body=max_body)


@given(st.sampled_from([GET, POST, CHUNKED]), st.lists(st.integers(1, 100), max_size=5))
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
    assert request.is_complete
    endless = new(max_body=100)
    endless.add(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"a" * 101)
    assert endless.is_complete


def test_a_head_without_an_end_is_too_long() -> None:
    request = new(max_head=100)
    request.add(b"GET / HTTP/1.1\r\nX: " + b"a" * 100)
    assert request.is_too_long
    assert not request.is_complete


@pytest.mark.parametrize(("sent", "waits"), [(b"", True), (b"{", False)])
def test_a_client_that_expects_to_be_told_to_go_on_waits_until_it_sends(sent: bytes, waits: bool) -> None:
    request = new()
    request.add(b"POST / HTTP/1.1\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n" + sent)
    assert request.waits_for_leave is waits


def test_the_example_in_the_documentation_holds() -> None:
    assert doctest.testmod(arriving).failed == 0


class Searched(bytearray):
    """Counts how many bytes were looked through."""

    count = 0

    def find(self, part, start=0):
        self.count += len(self) - start
        return super().find(part, start)


@pytest.mark.parametrize(
    "head", [b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"GET / HTTP/1.1\r\nX: "]
)
def test_the_work_for_a_client_that_sends_byte_by_byte_grows_with_its_bytes_alone(head: bytes) -> None:
    found = Arriving(max_head=100_000, max_body=100_000, data=Searched())
    found.add(head)
    for _ in range(10_000):
        found.add(b"a")
        assert not found.is_complete
    assert found.data.count < 100_000
    for byte in b"\r\n0\r\n\r\n":
        assert not found.is_complete
        found.add(bytes([byte]))
    assert found.is_complete
