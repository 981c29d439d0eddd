"""A client's socket that no slow reader can hold for long."""

from __future__ import annotations

import errno
import socket
import time
from typing import Any


class ClientSocket(socket.socket):
    """A client's socket, over which a whole answer goes within `send_s` seconds of its first byte.

    A time limit of the system's holds for one call, and a client that reads a byte now and then ("slow read")
    would hold its thread with as many calls as the answer has bytes.
    """

    send_s: float
    send_by: float | None = None

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send all; to a client that does not take it in time the connection counts as broken."""
        now = time.monotonic()
        if self.send_by is None:
            self.send_by = now + self.send_s
        self.settimeout(max(0.001, self.send_by - now))  # for all of `data`, as Python counts it
        try:
            super().sendall(data, flags)
        except TimeoutError:
            raise BrokenPipeError(errno.EPIPE, "the client does not take its answer") from None
        finally:
            self.setblocking(True)
