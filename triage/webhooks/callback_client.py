"""Callback client: posts a result signed, to one address that was checked, within a fixed time."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from models.errors import InputError
from triage.callback_urls import AllowedHost, CallbackTarget, callback_target, resolve
from triage.webhooks.signing import SigningKey


@dataclass(frozen=True, slots=True)
class CallbackResult:
    """Outcome of a post: `error` says in words why the result was not taken, None where it was."""

    error: str | None


def send(
    url: str,
    body: bytes,
    *,
    key: SigningKey,
    delivery_id: str,
    headers: Mapping[str, str],
    allowed: Sequence[AllowedHost],
    timeout_s: float,
) -> CallbackResult:
    """Post JSON, signed with a key; a status of 200 to 299 is success.

    The name is resolved once and that address connected to, so that no later answer of a name server counts.
    No redirect is followed, and no byte of the response's body is read. After `timeout_s` the connection is
    cut, whatever the host does. The error tells nothing of the response but its status.
    """
    try:
        target = callback_target(url, allowed)
        address = resolve(target)
    except InputError as error:
        return CallbackResult(error.message)
    sent = {
        **headers,
        "Host": target.host_header,
        "Content-Type": "application/json",
        "User-Agent": "triage",
        **key.headers(delivery_id, int(time.time()), body),
    }
    try:
        status = _status(target, address, body, sent, timeout_s)
    except (HTTPException, OSError) as error:
        return CallbackResult(
            f"{target.host} could not be reached, or did not answer in time ({type(error).__name__})"
        )
    if 200 <= status < 300:
        return CallbackResult(None)
    hint = "; redirects are not followed: name the address that it leads to" if 300 <= status < 400 else ""
    return CallbackResult(f"{target.host} answered with status {status}{hint}")


def _status(
    target: CallbackTarget, address: str, body: bytes, headers: Mapping[str, str], timeout_s: float
) -> int:
    """Post to one address and return the status; raises an OSError or an HTTPException where none comes."""
    until = time.monotonic() + timeout_s
    with (
        socket.create_connection((address, target.port), timeout=timeout_s) as plain,
        _cut(plain, until),
        _encrypted(plain, target.host) if target.scheme == "https" else plain as spoken,
    ):
        connection = HTTPConnection(target.host, target.port)
        connection.sock = spoken
        connection.request("POST", target.path, body, dict(headers))
        with connection.getresponse() as response:
            return response.status


def _encrypted(plain: socket.socket, host: str) -> ssl.SSLSocket:
    context = ssl.create_default_context()  # a certificate of the name is asked for, signed by a known one
    context.set_alpn_protocols(["http/1.1"])
    return context.wrap_socket(plain, server_hostname=host)


@contextmanager
def _cut(connected: socket.socket, until: float) -> Iterator[None]:
    """End the connection at a moment of the monotonic clock, in whatever it is then.

    A socket's own time-out begins anew with each byte. The cut is made on a second handle, since the first
    one passes to TLS before its handshake, which a host may draw out as well.
    """
    handle = connected.dup()

    def cut() -> None:
        with suppress(OSError):  # closed by the host already
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, until - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # the handle's number may be another connection's, once it is closed
        handle.close()
