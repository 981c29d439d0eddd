"""Results are posted to a callback: signed, to one address that was checked, within a fixed time."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from socket import SHUT_RDWR

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from models.errors import InputError
from triage.callback_urls import Allowed, Target, callback_target, resolve
from triage.hook_signature import SIGNATURE, TIMESTAMP, sign


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a post: `error` says in words why the result was not taken, None where it was."""

    error: str | None


def post(
    url: str,
    body: bytes,
    *,
    key: bytes,
    headers: Mapping[str, str],
    allowed: Sequence[Allowed],
    timeout_s: float,
) -> Posted:
    """Post JSON; a status of 200 to 299 is success.

    The name is resolved once and that address connected to, so that no later answer of a name server counts.
    No redirect is followed, and no byte of the answer's body is read. After `timeout_s` the connection is
    cut, whatever the host does. Nothing of what the host said but its status is told.
    """
    try:
        target = callback_target(url, allowed)
        connection = _connection(target, resolve(target), timeout_s)
    except InputError as error:
        return Posted(error.message)
    now = int(time.time())
    sent = {
        **headers,
        "Host": target.host_header,
        "Content-Type": "application/json",
        "User-Agent": "triage",
        TIMESTAMP: str(now),
        SIGNATURE: sign(key, now, body),
    }
    cut = threading.Timer(timeout_s, _cut, [connection])
    cut.daemon = True
    cut.start()
    try:
        connection.request("POST", target.path, body, sent, preload_content=False)
        status = connection.getresponse().status
    except (HTTPError, HTTPException, OSError) as error:
        return Posted(
            f"{target.host} could not be reached, or did not answer in time ({type(error).__name__})"
        )
    finally:
        cut.cancel()
        connection.close()
    if 200 <= status < 300:
        return Posted(None)
    hint = "; redirects are not followed: name the address that it leads to" if 300 <= status < 400 else ""
    return Posted(f"{target.host} answered with status {status}{hint}")


def _connection(target: Target, address: str, timeout_s: float) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=timeout_s)
    return HTTPSConnection(
        address,
        target.port,
        timeout=timeout_s,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
    )


def _cut(connection: HTTPConnection) -> None:
    with suppress(OSError, AttributeError):  # not connected, or closed already
        connection.sock.shutdown(SHUT_RDWR)
