"""Refusals: responses of the server itself, in the one error shape, before any thread takes the request."""

from __future__ import annotations

import json
import logging
import socket
import uuid

_STATUS = {
    400: ("Bad Request", "bad_request", "This is not HTTP as it should be."),
    408: ("Request Timeout", "too_slow", "The request did not arrive as a whole in time: send it again."),
    413: (
        "Content Too Large",
        "too_large",
        "The body is larger than this service takes, or comes in too many pieces of a few bytes.",
    ),
    414: ("URI Too Long", "too_large", "The address is too long."),
    431: ("Request Header Fields Too Large", "too_large", "There are too many headers, or too long ones."),
    500: ("Internal Server Error", "internal", "Something went wrong here: the log has more."),
    503: ("Service Unavailable", "overloaded", "Too much is arriving at once: ask again in a moment."),
}
_log = logging.getLogger(__name__)


def send_error(client: socket.socket, status: int) -> None:
    reason, code, message = _STATUS[status]
    request_id = uuid.uuid4().hex
    error = {"code": code, "message": message, "fields": {}}
    body = json.dumps({"error": error, "request_id": request_id}).encode()
    head = [
        f"HTTP/1.1 {status} {reason}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Request-ID: {request_id}",
        *(["Retry-After: 2"] if status == 503 else []),
        "Connection: close",
    ]
    send(client, "\r\n".join(head).encode() + b"\r\n\r\n" + body)


def send(client: socket.socket, data: bytes) -> None:
    """Send a few bytes, which fit into the socket's buffer; a client that has gone is ignored."""
    try:
        client.send(data)
    except OSError:
        _log.debug("a client went before its answer")
