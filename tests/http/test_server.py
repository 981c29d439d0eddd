"""The server as it runs in earnest: slow and rude clients, stopping, and parts that are missing."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.http.serving import ROOT, Server, served, wait_until
from tests.sample_home import copy_sample
from triage.settings import Settings

TICKET = {"body": "The battery does not charge in the cold"}


@pytest.fixture(scope="module")
def server(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    settings = copy_sample(sample_settings, folder / "home")
    with served(settings, folder / "log", read_s=3.0, threads=2) as running:
        yield running


def test_a_hundred_and_more_clients_that_send_a_byte_now_and_then_delay_nobody(server: Server) -> None:
    head = (
        b"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: 50\r\n"
    )
    slow = [server.connect() for _ in range(150)]  # more than the server has threads
    for number, client in enumerate(slow):
        client.sendall(head if number % 2 else head + b'\r\n{"body"')
    assert server.ask("/v1/triage", TICKET).status == 200
    assert server.ask("/healthz").status == 200
    for client in slow:
        answer = client.recv(1000)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert json.loads(answer.split(b"\r\n\r\n")[1])["error"]["code"] == "too_slow"
        client.close()


def test_clients_that_draw_out_a_body_in_chunks_delay_nobody(server: Server) -> None:
    """The first chunk looks like the end of all chunks."""
    start = (
        b"POST /v1/triage HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
    )
    slow = [server.connect() for _ in range(100)]  # more than the server has threads
    for client in slow:
        client.sendall(start + b"\r\n\r\n5\r\n0\r\n\r\n\r\n")
    began = time.monotonic()
    while time.monotonic() - began < 1:
        assert server.ask("/healthz").status == 200
        for client in slow:
            client.sendall(b"1\r\n \r\n")
    for client in slow:
        assert client.recv(1000).startswith(b"HTTP/1.1 408 ")
        client.close()


def test_clients_that_read_their_answer_byte_by_byte_are_left_in_the_end(server: Server) -> None:
    slow = []
    for _ in range(100):  # more than the server has threads
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.settimeout(30)
        client.connect(("127.0.0.1", server.port))
        client.sendall(b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n")
        slow.append(client)
    began = time.monotonic()
    while time.monotonic() - began < 9:  # three times as long as an answer may take
        for client in slow:
            client.recv(100)
        time.sleep(0.5)
    assert server.ask("/healthz").status == 200
    for client in slow:
        client.close()


def test_the_first_request_of_the_readme_is_answered(server: Server) -> None:
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("curl or bash is not installed")
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    request = next(block for block in blocks if "/v1/triage" in block)
    assert "$(cat var/rullamo/first-token)" in request
    command = request.replace("127.0.0.1:8080", f"127.0.0.1:{server.port}")
    command = command.replace("var/rullamo/first-token", f"'{server.home}/first-token'")
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["fields"]["category"]["value"] == "battery"


def test_a_header_does_not_say_which_address_is_meant(server: Server) -> None:
    assert server.ask("/nothing", headers={"PATH_INFO": "/healthz", "SCRIPT_NAME": "/nothing"}).status == 404


def test_a_busy_disk_does_not_delay_a_workers_sign_of_life(server: Server) -> None:
    opened = Path(f"/proc/{server.process.pid}/fd")
    if not (opened.is_dir() and os.access("/dev/shm", os.W_OK)):
        pytest.skip("this system has no /proc, or no /dev/shm")
    names = [str(one.readlink()) for one in opened.iterdir() if one.is_symlink()]
    assert [name for name in names if name.startswith("/dev/shm/wgunicorn")]


def test_a_request_that_comes_in_pieces_is_answered(server: Server) -> None:
    body = json.dumps(TICKET).encode()
    with server.connect() as client:
        for piece in (
            b"POST /v1/tri",
            b"age HTTP/1.1\r\nHost: localhost\r\n",
            server.token_line,
            b"Content-Type: application/json\r\n",
        ):
            client.sendall(piece)
            time.sleep(0.05)
        client.sendall(b"Content-Length: %d\r\n\r" % len(body))
        time.sleep(0.05)
        client.sendall(b"\n" + body[:10])
        time.sleep(0.05)
        client.sendall(body[10:])
        assert client.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_a_body_in_chunks_is_answered(server: Server) -> None:
    body = json.dumps(TICKET).encode()
    head = b"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with server.connect() as client:
        client.sendall(head + server.token_line + b"Transfer-Encoding: chunked\r\n\r\n")
        time.sleep(0.05)
        client.sendall(b"%x\r\n%s\r\n" % (len(body), body))
        time.sleep(0.05)
        client.sendall(b"0\r\n\r\n")
        assert client.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_asks_before_it_sends_its_body_is_told_to_go_on(server: Server) -> None:
    body = json.dumps(TICKET).encode()
    head = (
        b"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nExpect: 100-continue\r\n"
    )
    with server.connect() as client:
        client.sendall(head + server.token_line + b"Content-Length: %d\r\n\r\n" % len(body))
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        client.sendall(body)
        received = client.recv(10_000)
        while b" 200 OK" not in received:
            more = client.recv(10_000)
            assert more
            received += more


def test_requests_sent_without_waiting_for_answers_are_answered_in_order(server: Server) -> None:
    with server.connect() as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Request-ID: one\r\n\r\n" * 2)
        client.sendall(b"GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        received = b""
        while more := client.recv(10_000):
            received += more
    assert [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"404"]


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + b"X-A: b\r\n" * 3000 + b"\r\n", b"431"),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 9000 + b"\r\n\r\n", b"431"),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 90_000, b"431"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"414"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"\x16\x03\x01 a greeting in TLS\r\n\r\n", b"400"),
        (b"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"POST /v1/triage HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9999999\r\n", b"413"),
    ],
    ids=[
        "3000 headers",
        "a long header",
        "an endless header",
        "a long address",
        "nonsense",
        "TLS",
        "length",
        "huge",
        "a huge chunk",
    ],
)
def test_what_is_not_http_or_too_much_of_it_is_refused_in_the_one_error_shape(
    server: Server, request_head: bytes, status: bytes
) -> None:
    allowed = request_head.replace(b"Host: localhost\r\n", b"Host: localhost\r\n" + server.token_line)
    with server.connect() as client:
        client.sendall(allowed)
        received = b""
        while more := client.recv(10_000):
            received += more
            if b"}}" in received or b'"}\n' in received:
                break
    assert received.startswith(b"HTTP/1.1 " + status + b" "), received[:200]
    assert set(json.loads(received.split(b"\r\n\r\n", 1)[1])) == {"error", "request_id"}
    assert server.ask("/v1/triage", TICKET).status == 200


def test_a_client_that_never_closes_its_connection_halts_nobody(server: Server) -> None:
    silent = [server.connect() for _ in range(20)]
    for client in silent:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    started = time.monotonic()
    for client in silent:
        assert client.recv(1000).startswith(b"HTTP/1.1 200 ")
    # Waiting for each to close would be 2 s each, one after the other.
    assert time.monotonic() - started < 20
    for client in silent:
        client.close()


def test_a_compressed_body_is_refused_before_it_is_unpacked(server: Server) -> None:
    bomb = gzip.compress(json.dumps({"body": "a" * 10_000_000}).encode())
    refused = server.ask("/v1/triage", bomb, {"Content-Encoding": "gzip"})
    assert (refused.status, refused.json["error"]["code"]) == (415, "compressed_body")


def test_the_log_has_a_line_for_each_request_and_none_of_its_text(server: Server) -> None:
    sent = {"body": "Zanzibar: the secret word of this ticket", "requester": "zoe@example.com"}
    answered = server.ask("/v1/triage", sent, {"X-Request-ID": "r-17"})
    assert answered.status == 200
    assert server.ask("/v1/triage", sent, {"Authorization": "Bearer abc123def"}).status == 401
    server.ask("/v1/suggest?q=Zanzibar", {"text": "Zanzibar"})
    line = next(entry for entry in server.log() if entry.get("request_id") == "r-17")
    assert (line["event"], line["method"], line["route"]) == ("answered", "POST", "/v1/triage")
    assert line["status"] == answered.status
    assert line["ms"] >= line["stages_ms"]["encoder"] > 0
    written = server.log_file.read_text("utf-8")
    for secret in ("Zanzibar", "zoe@", "abc123def"):
        assert secret not in written


def test_the_metrics_count_answers_stages_actions_and_what_answers(server: Server) -> None:
    assert server.ask("/v1/triage", TICKET).status == 200
    text = server.ask("/metrics").body.decode()
    assert 'triage_requests_total{method="POST",route="/v1/triage",status="200"}' in text
    for stage in ("queue", "words", "encoder", "fields", "search", "store"):
        assert f'triage_stage_seconds_count{{stage="{stage}"}}' in text
    assert 'triage_actions_total{action="' in text
    assert 'triage_confidence_bucket{field="category",le="0.5"}' in text
    assert 'triage_part_ready{part="bundle"} 1.0' in text
    assert f'triage_bundle_info{{bundle="{server.ask("/readyz").json["bundle"]}"}} 1.0' in text
    assert "triage_in_flight 0.0" in text


def test_above_its_capacity_the_server_answers_some_and_refuses_the_rest_at_once(
    sample_settings: Settings, tmp_path: Path
) -> None:
    settings = copy_sample(sample_settings, tmp_path / "home")
    with served(settings, tmp_path / "log", threads=1, queue=2, wait_s=60.0) as server:
        with ThreadPoolExecutor(40) as clients:
            found = list(clients.map(lambda _: server.ask("/v1/triage", TICKET), range(80)))
            assert server.ask("/healthz").status == 200
        statuses = {answer.status for answer in found}
        assert statuses == {200, 503}
        for answer in found:
            if answer.status == 503:
                assert answer.headers["Retry-After"] == "2"
                assert answer.json["error"]["code"] == "overloaded"
        refused = sum(answer.status == 503 for answer in found)
        assert f'triage_rejected_total{{reason="full"}} {refused}.0' in server.ask("/metrics").body.decode()


def test_a_server_that_is_told_to_stop_finishes_what_it_took(
    sample_settings: Settings, tmp_path: Path
) -> None:
    long_one = {"body": "brakes squeal, battery dead, app crashes " * 20_000, "articles": 20}
    settings = copy_sample(sample_settings, tmp_path / "home")
    with served(settings, tmp_path / "log", threads=1) as server:
        before = server.ask("/metrics").body.decode()
        assert 'route="/v1/triage"' not in before
        answers = []
        clients = [
            threading.Thread(target=lambda: answers.append(server.ask("/v1/triage", long_one)))
            for _ in range(4)
        ]
        for client in clients:
            client.start()
        wait_until(lambda: "triage_queue_waiting 3.0" in server.ask("/metrics").body.decode())
        assert server.stop() == 0
        for client in clients:
            client.join(60)
    assert [answer.status for answer in answers] == [200] * 4
