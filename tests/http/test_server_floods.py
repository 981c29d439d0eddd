"""Floods from strangers: connections, bodies and pieces that want all there is, while others are answered."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest

from tests.http.serving import Server, served
from tests.sample_home import copy_sample
from triage.settings import Settings

HEAD = b"POST /v1/triage HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
TICKET = {"body": "The battery does not charge in the cold"}


@pytest.fixture(scope="module")
def server(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits for a request for longer than a test does for its answer."""
    folder = tmp_path_factory.mktemp("server")
    settings = copy_sample(sample_settings, folder / "home")
    with served(settings, folder / "log", threads=2, queue=2, connections=60, read_s=300) as running:
        yield running


def test_a_body_that_is_announced_as_too_large_is_refused_at_once_and_holds_no_thread(server: Server) -> None:
    clients = [server.connect() for _ in range(50)]  # more than the server has threads
    for client in clients:
        client.sendall(HEAD + b"Content-Length: 99999999\r\n\r\n")
    for client in clients:
        answer = client.recv(2000)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert json.loads(answer.split(b"\r\n\r\n")[1])["error"]["code"] == "too_large"
    assert server.ask("/v1/triage", TICKET).status == 200
    for client in clients:
        client.close()


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 0000000000000000000000050\r\n\r\n{",
        b"Content-Length: 0000000000000000000000050\r\nExpect: 100-continue\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n0000000000000000005\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5;a=" + b"x" * 1_100,
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    ],
)
def test_no_form_of_a_body_s_length_makes_a_thread_wait_for_the_rest(server: Server, rest: bytes) -> None:
    clients = [server.connect() for _ in range(55)]  # more than the server has threads
    for client in clients:
        client.sendall(HEAD + server.token_line + rest)
    assert server.ask("/v1/triage", TICKET).status == 200
    for client in clients:
        client.close()


def test_what_a_parser_waits_for_in_vain_ends_its_connection(server: Server) -> None:
    with server.connect() as client:
        client.sendall(HEAD + server.token_line + b"Transfer-Encoding: chunked\r\n\r\n5;a=" + b"x" * 1_100)
        with client.makefile("rb") as answer:
            assert answer.read().startswith(b"HTTP/1.1 400 ")  # up to the end of the connection


def next_status(client: socket.socket) -> int:
    """Read the next answer to its end, and return its status."""
    answer = HTTPResponse(client)
    answer.begin()
    answer.read()
    return answer.status


def test_a_length_with_many_zeros_hides_no_second_request(server: Server) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    length = b"Content-Length: %030d\r\n\r\n" % len(hidden)
    with server.connect() as client:
        client.sendall(HEAD + server.token_line + length)
        client.sendall(hidden)
        assert next_status(client) == 400
        client.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
        assert next_status(client) == 401


@pytest.mark.parametrize("sent", [b"", b"POST /v1/tri", b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"])
def test_more_connections_than_there_may_be_lock_nobody_out(server: Server, sent: bytes) -> None:
    held = []
    for _ in range(200):
        client = server.connect()
        client.sendall(sent)
        held.append(client)
    assert server.ask("/v1/triage", TICKET).status == 200
    for client in held:
        client.close()


def test_bodies_without_a_token_that_fill_the_memory_make_room_and_a_request_is_answered(
    server: Server,
) -> None:
    part = b'{"body": "' + b"a" * 1_900_000
    held = []
    for _ in range(25):  # 47 MB
        client = server.connect()
        client.sendall(HEAD + b"Content-Length: 2000000\r\n\r\n" + part)
        held.append(client)
    refused = 0
    for client in held:
        client.settimeout(0.2)
        try:
            refused += client.recv(2000).startswith(b"HTTP/1.1 503 ")
        except OSError:  # it is still waited for, or was cut off while it sent
            continue
    assert refused > 0
    assert server.ask("/v1/triage", TICKET).status == 200
    for client in held:
        client.close()


def test_a_body_in_chunks_of_a_byte_is_refused(server: Server) -> None:
    with server.connect() as client:
        client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 5_000 + b"0\r\n\r\n")
        assert client.recv(2000).startswith(b"HTTP/1.1 413 ")
