"""Worker of gunicorn that hands a request to a thread only when it has arrived as a whole.

A thread that reads from a client that sends a byte now and then is lost, and a hundred such clients
("slowloris") would take all threads. Here one loop waits for all sockets and buffers what arrives. A slow
client costs a socket and the bytes it has sent so far, and is dropped after `read_s` seconds. Where sockets
or memory run out too, the client that takes most of them makes room, at once.
"""

from __future__ import annotations

import logging
import re
import selectors
import socket
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from gunicorn.http.errors import (
    ConfigurationProblem,
    InvalidRequestLine,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import TConn, ThreadWorker

from triage.access import Network, client_network
from triage.server.making_room import of_busiest_client
from triage.server.received_bytes import ReceivedBytes
from triage.server.refusals import send, send_error
from triage.server.request_buffer import ClientSocket, RequestBuffer

_RECEIVE = 65_536
_LINGER_S = 2.0
# Bytes of all requests that are arriving: of those with a token that this process knows, and of others.
_MOST_BUFFERED = 128 * 2**20
_MOST_BUFFERED_UNKNOWN = 32 * 2**20
_BEARER = re.compile(rb"\r\nauthorization:[ \t]*bearer[ \t]+([!-~]{1,300})", re.IGNORECASE)
_FORWARDED = re.compile(rb"\r\nx-forwarded-for:([^\r\n]*)", re.IGNORECASE)
_log = logging.getLogger(__name__)


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """Connection with the request that is arriving over it, its deadline, and the network of its client."""

    buffer: RequestBuffer
    deadline: float
    was_sent_continue: bool
    network: str
    was_head_read: bool = False
    has_known_token: bool = False


class BufferedThreadWorker(ThreadWorker):  # type: ignore[misc]
    """Threaded worker whose threads get whole requests; a subclass sets its limits, in seconds and bytes."""

    read_s: float
    max_head: int
    max_body: int
    trusted_proxies: Sequence[Network]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._buffering: dict[Connection, None] = {}  # in the order of their deadlines
        self._lingering: dict[Connection, None] = {}
        self._buffered = {True: 0, False: 0}  # bytes, with a known token and without

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection, and buffer its first request."""
        try:
            client, address = listener.accept()
        except OSError:
            return  # the client has gone again, or another worker took it
        self.nr_conns += 1
        client_socket = ClientSocket(fileno=client.detach())
        client_socket.send_s = self.read_s
        conn = Connection(self.cfg, client_socket, address, listener.getsockname())
        conn.network = client_network(_peer(address), (), self.trusted_proxies)
        self._buffer_next(conn)
        if self.nr_conns >= self.worker_connections:
            self._make_room()

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Buffer the next request of a connection that was kept open."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._buffer_next(conn)
        self._receive(conn, client)

    def handle(self, conn: Connection) -> Any:
        """Answer a request that has arrived; runs in a thread."""
        conn.data_ready = True
        conn.sock.send_by = None
        conn.init()
        conn.parser.unreader = ReceivedBytes()
        conn.parser.unreader.unread(bytes(conn.buffer.data))
        conn.buffer.data.clear()
        return super().handle(conn)

    def murder_pending(self) -> None:
        """Drop connections whose request has not arrived in time; gunicorn calls it once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in list(self._buffering):
            if conn.deadline <= now:
                self._drop(conn, 408)
            elif self.alive:
                break
            elif not conn.buffer.data:
                self._drop(conn, None)
        for conn in [conn for conn in self._lingering if conn.deadline <= now]:
            self._close(conn)

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """Keep the connection for the next request, of which the client may have sent the beginning."""
        is_kept = not fs.cancelled() and fs.exception() is None and fs.result() is True
        if not is_kept or conn.parser.unreader.has_run_out:
            self._close_lingering(conn)
            return
        rest = conn.parser.unreader.take_buffered()
        if rest:
            self._buffer_next(conn)
            self._append(conn, rest)
        else:
            super().finish_request(conn, fs)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections or not, as gunicorn does, with two differences.

        A worker that replaces another accepts none until it has loaded: the other workers have. A worker that
        stops accepts the connections that wait already, and then closes its listeners.
        """
        if enabled and self.age > self.cfg.workers and not self.wsgi.extensions["triage"].is_load_finished:
            return
        was_accepting = self._accepting
        super().set_accept_enabled(enabled)
        if self.alive or enabled or not was_accepting:
            return
        for listener in self.sockets:
            before = -1
            while before < self.nr_conns:
                before = self.nr_conns
                self.accept(listener)
            listener.close()

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer a request that cannot be parsed in the one error shape; its content stays out of the log."""
        status = 500
        if isinstance(exc, LimitRequestLine):
            status = 414
        elif isinstance(exc, LimitRequestHeaders):
            status = 431
        elif isinstance(exc, (InvalidRequestLine, ParseException)) and not isinstance(
            exc, ConfigurationProblem
        ):
            status = 400
        _log.log(logging.ERROR if status == 500 else logging.INFO, "refused: %s", type(exc).__name__)
        send_error(client, status)

    def _make_room(self) -> None:
        """Close a connection that does nothing or has been arriving for longest, of the busiest client."""
        conn = of_busiest_client([*self._lingering, *self.keepalived_conns, *self._buffering])
        if conn is None:
            return
        if conn in self._buffering:
            self._forget(conn)
            send_error(conn.sock, 503)
        elif conn in self._lingering:
            del self._lingering[conn]
            self.poller.unregister(conn.sock)
        else:
            self.keepalived_conns.remove(conn)
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def _buffer_next(self, conn: Connection) -> None:
        conn.sock.setblocking(False)
        conn.was_head_read = conn.has_known_token = False
        conn.buffer = RequestBuffer(self.max_head, self.max_body)
        conn.was_sent_continue = False
        conn.deadline = time.monotonic() + self.read_s
        self._buffering[conn] = None
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive, conn))

    def _receive(self, conn: Connection, client: socket.socket) -> None:
        """Receive from a socket that can be read."""
        if conn not in self._buffering:
            return  # dropped while this event waited for its turn
        try:
            received = client.recv(_RECEIVE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            received = b""
        if received:
            self._append(conn, received)
        else:
            self._drop(conn, None)

    def _append(self, conn: Connection, received: bytes) -> None:
        """Append to the buffer, and enqueue the request when it is complete."""
        buffer = conn.buffer
        buffer.add(received)
        self._buffered[conn.has_known_token] += len(received)
        if buffer.is_too_large or buffer.has_tiny_chunks:
            self._drop(conn, 413)
            return
        if buffer.is_complete:
            self._forget(conn)
            self.enqueue_req(conn)
            return
        if buffer.is_too_long:
            self._drop(conn, 431)
            return
        if buffer.head is not None and not conn.was_head_read:
            self._read_head(conn, buffer.head)
        most = _MOST_BUFFERED if conn.has_known_token else _MOST_BUFFERED_UNKNOWN
        if self._buffered[conn.has_known_token] > most:
            self._drop_largest(conn.has_known_token)
        if conn in self._buffering and buffer.expects_continue and not conn.was_sent_continue:
            conn.was_sent_continue = True
            send(conn.sock, b"HTTP/1.1 100 Continue\r\n\r\n")

    def _read_head(self, conn: Connection, head: bytes) -> None:
        """Read from the head of a request that is still arriving who sends it."""
        conn.was_head_read = True
        forwarded = [line.decode("latin-1") for line in _FORWARDED.findall(head)]
        conn.network = client_network(_peer(conn.client), forwarded, self.trusted_proxies)
        token = _BEARER.search(head)
        tokens = self.wsgi.extensions["triage-authenticator"].cache
        if token is not None and tokens.is_cached(token[1].decode("ascii")):
            conn.has_known_token = True
            self._buffered[False] -= len(conn.buffer.data)
            self._buffered[True] += len(conn.buffer.data)

    def _drop_largest(self, has_known_token: bool) -> None:
        """Drop the largest request that is arriving, of the client that sends the most at once."""
        alike = [conn for conn in self._buffering if conn.has_known_token == has_known_token]
        conn = of_busiest_client(alike, lambda conn: len(conn.buffer.data))
        if conn is not None:
            self._drop(conn, 503)

    def _forget(self, conn: Connection) -> None:
        del self._buffering[conn]
        self._buffered[conn.has_known_token] -= len(conn.buffer.data)
        self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection, status: int | None) -> None:
        """Close a connection whose request will not be answered, with `status` if any of it has arrived."""
        self._forget(conn)
        if status is not None and conn.buffer.data:
            send_error(conn.sock, status)
        conn.buffer.data.clear()  # while it lingers, it takes no memory
        self._close_lingering(conn)

    def _close_lingering(self, conn: Connection) -> None:
        """Close a connection when the client has closed it, or soon after.

        If it were closed while the client still sends, the client would not see the response. gunicorn waits
        for that in its one loop, where a client that never closes would halt all others for seconds.
        """
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._discard, conn))
        except (OSError, ValueError, KeyError):
            self.nr_conns -= 1
            conn.close()
            return
        conn.deadline = time.monotonic() + _LINGER_S
        self._lingering[conn] = None

    def _discard(self, conn: Connection, client: socket.socket) -> None:
        try:
            if client.recv(_RECEIVE):
                return
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            pass
        self._close(conn)

    def _close(self, conn: Connection) -> None:
        if conn not in self._lingering:
            return
        del self._lingering[conn]
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()


def _peer(address: Any) -> str:
    """Return the address of a socket's other end, "" of a socket that is no network's."""
    return str(address[0]) if isinstance(address, tuple) else ""
