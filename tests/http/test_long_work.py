"""Long work: batches and changes of articles leave single tickets their slots, and end with their client."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.http.serving import Server, served, wait_until
from tests.sample_home import copy_sample
from triage.settings import Settings

TICKET = {"body": "The battery does not charge in the cold"}
PARAGRAPH = "The battery does not charge in the cold, and the light blinks three times before it goes out. "


@pytest.fixture(scope="module")
def server(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one slot, and no place to wait for it."""
    folder = tmp_path_factory.mktemp("server")
    settings = copy_sample(sample_settings, folder / "home")
    with served(settings, folder / "log", threads=1, queue=1, wait_s=300) as running:
        yield running


def request(server: Server, path: str, body: dict) -> bytes:
    sent = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(sent)}"
    return head.encode() + b"\r\n" + server.token_line + b"\r\n" + sent


def refused_as_left(server: Server) -> list[str]:
    return [line["route"] for line in server.log() if line.get("status") == 408]


@pytest.mark.parametrize("last_sent", [b"", b"GET /v1/models HTTP/1.1\r\n"])
def test_a_ticket_is_answered_while_a_batch_is_worked_on_and_the_batch_ends_with_its_client(
    server: Server, last_sent: bytes
) -> None:
    before = refused_as_left(server)
    tickets = [{"id": str(i), "body": f"{i} " + PARAGRAPH * 100} for i in range(200)]
    client = server.connect()
    client.sendall(request(server, "/v1/triage/batch", {"tickets": tickets}))
    assert server.ask("/v1/triage", TICKET).status == 200
    client.sendall(last_sent)
    client.close()
    wait_until(lambda: refused_as_left(server) == [*before, "/v1/triage/batch"])


def test_two_batches_take_turns(server: Server) -> None:
    tickets = [{"id": str(i), "body": f"{i} " + PARAGRAPH * 20} for i in range(40)]
    with server.connect() as long, server.connect() as short:
        long.sendall(request(server, "/v1/triage/batch", {"tickets": tickets}))
        short.sendall(request(server, "/v1/triage/batch", {"tickets": tickets[:2]}))
        assert short.recv(100).startswith(b"HTTP/1.1 200 ")
        assert long.recv(100).startswith(b"HTTP/1.1 200 ")
