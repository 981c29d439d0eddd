"""Results are posted signed, once looked up, without redirects, and within their time."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from triage.callback_urls import AllowedHost, parse_origin
from triage.webhooks.callback_client import CallbackResult, send
from triage.webhooks.signing import SigningKey

KEY = SigningKey.parse("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3")


def deliver(url: str, *, internal: bool = True, timeout_s: float = 5) -> CallbackResult:
    origin = parse_origin(url, with_path=True)
    return send(
        url,
        b'{"id": "7"}',
        key=KEY,
        delivery_id="d1",
        headers={"X-Triage-As-Of": "2026-05-01T12:05:00+00:00"},
        allowed=[AllowedHost(origin=origin, internal=internal)],
        timeout_s=timeout_s,
    )


def test_a_result_arrives_signed_with_the_delivery_s_id(httpserver: HTTPServer) -> None:
    received: list[Request] = []

    def take(request: Request) -> Response:
        request.get_data()
        received.append(request)
        return Response(status=204)

    httpserver.expect_request("/in", query_string="a=b").respond_with_handler(take)
    assert deliver(httpserver.url_for("/in?a=b")) == CallbackResult(None)
    request = received[0]
    assert request.headers["webhook-id"] == "d1"
    assert request.headers["X-Triage-As-Of"] == "2026-05-01T12:05:00+00:00"
    assert request.headers["Host"] == f"{httpserver.host}:{httpserver.port}"
    assert request.get_json() == {"id": "7"}
    timestamp = int(request.headers["webhook-timestamp"])
    assert abs(timestamp - time.time()) < 60
    assert request.headers["webhook-signature"] == KEY.sign("d1", timestamp, request.get_data())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(httpserver: HTTPServer, status: int) -> None:
    elsewhere = httpserver.url_for("/elsewhere")
    httpserver.expect_request("/in").respond_with_data(status=status, headers={"Location": elsewhere})
    assert "redirects are not followed" in str(deliver(httpserver.url_for("/in")).error)
    assert [request.path for request, _ in httpserver.log] == ["/in"]


def test_a_refusal_is_told_by_its_status_and_nothing_that_the_host_said(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/in").respond_with_data("a secret page", status=500)
    error = str(deliver(httpserver.url_for("/in?token=abc")).error)
    assert "status 500" in error
    assert "secret" not in error
    assert "abc" not in error


def test_a_host_inside_the_network_is_not_connected_to_unless_that_is_meant(httpserver: HTTPServer) -> None:
    error = deliver(httpserver.url_for("/in"), internal=False).error
    assert "inside the network" in str(error)
    assert httpserver.log == []


def test_the_name_is_looked_up_once_and_that_address_connected_to(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def rebinding(host: str, *arguments: object, **named: object) -> object:
        if host == "desk.example.com":
            asked.append(host)
            host = "127.0.0.1"
        return look_up(host, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    httpserver.expect_request("/in").respond_with_data(status=200)
    assert deliver(f"http://desk.example.com:{httpserver.port}/in") == CallbackResult(None)
    assert asked == ["desk.example.com"]
    assert httpserver.log[0][0].headers["Host"] == f"desk.example.com:{httpserver.port}"


@contextmanager
def a_host_that(sends: bytes, every_s: float, *, first: bytes = b"") -> Iterator[int]:
    """A host that accepts one connection and sends the same few bytes again and again."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.sendall(first)
                while not done.wait(every_s):
                    connection.sendall(sends)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listening.getsockname()[1]
        done.set()
        thread.join()


@pytest.mark.parametrize("sends", [b"", b"H", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_a_host_that_is_silent_or_drips_is_cut_off(sends: bytes) -> None:
    with a_host_that(sends, 0.05) as port:
        error = deliver(f"http://127.0.0.1:{port}/", timeout_s=0.5).error
    assert "did not answer in time" in str(error)


def test_a_host_that_is_slow_to_reach_and_then_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def late(self: socket.socket, address: object) -> None:
        connect(self, address)
        time.sleep(0.6)

    monkeypatch.setattr(socket.socket, "connect", late)
    assert "did not answer in time" in str(post_in_a_thread("http", b"H", timeout_s=0.5).error)


def test_a_host_that_draws_out_its_tls_handshake_is_cut_off() -> None:
    record_of_16383_bytes = b"\x16\x03\x03\x3f\xff"
    found = post_in_a_thread("https", b"\x02", first=record_of_16383_bytes, timeout_s=0.5)
    assert "did not answer in time" in str(found.error)


def post_in_a_thread(scheme: str, sends: bytes, *, first: bytes = b"", timeout_s: float) -> CallbackResult:
    """Post to a host that sends for ever; a post that it holds for ten seconds fails the test."""
    posted: list[CallbackResult] = []
    with a_host_that(sends, 0.05, first=first) as port:
        url = f"{scheme}://127.0.0.1:{port}/"
        thread = threading.Thread(
            target=lambda: posted.append(deliver(url, timeout_s=timeout_s)), daemon=True
        )
        thread.start()
        thread.join(10)
        assert posted, "the post is still held"
    return posted[0]


def test_a_host_that_is_away_or_unknown_is_an_error_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "could not be reached" in str(deliver(f"http://127.0.0.1:{port}/").error)
    assert "cannot be resolved" in str(deliver("https://nothing.invalid/").error)


def test_https_asks_for_a_certificate_of_that_name(httpserver: HTTPServer) -> None:
    # A server that speaks no TLS has no certificate: nothing must be sent to it.
    httpserver.expect_request("/in").respond_with_data(status=200)
    assert "could not be reached" in str(deliver(f"https://127.0.0.1:{httpserver.port}/in").error)
    assert httpserver.log == []


def test_https_reaches_a_host_whose_certificate_is_known_and_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-subj", "/CN=desk", "-addext", "subjectAltName=DNS:desk.example.com"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*make, *named, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *more, **named: look_up("127.0.0.1", *more, **named)
    )
    with HTTPServer(ssl_context=context) as server:
        server.expect_request("/in").respond_with_data(status=200)
        url = f"https://{{}}:{server.port}/in"
        assert "SSLCertVerificationError" in str(deliver(url.format("desk.example.com")).error)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert deliver(url.format("desk.example.com")) == CallbackResult(None)
        assert "SSLCertVerificationError" in str(deliver(url.format("other.example.com")).error)
        assert len(server.log) == 1
