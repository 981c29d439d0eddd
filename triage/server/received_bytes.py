"""Bytes of a request that has arrived: all that its parser gets, so that no thread waits for a client."""

from __future__ import annotations

from gunicorn.http.unreader import Unreader


class ReceivedBytes(Unreader):  # type: ignore[misc]  # gunicorn has no types
    """Source of a parser that never reads from the socket.

    The worker's loop decides when a request has arrived. Should its parser expect more than that, the request
    ends there. `has_run_out` says so: where the next request begins is then unknown.
    """

    has_run_out = False

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return nothing more."""
        self.has_run_out = True
        return b""
