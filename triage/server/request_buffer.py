"""Buffer of an arriving request: reads enough of HTTP/1.1 to know when all of it is there."""

from __future__ import annotations

import errno
import re
import socket
import time
from dataclasses import dataclass, field
from typing import Any


class ClientSocket(socket.socket):
    """Socket of a client, over which a whole response is sent within `send_s` seconds of its first byte.

    A time limit of the system holds for one call. A client that reads a byte now and then ("slow read") would
    keep its thread for as many calls as the response has bytes.
    """

    send_s: float
    send_by: float | None = None

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send all; the connection of a client that does not take it in time counts as broken."""
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


_END_OF_HEAD = b"\r\n\r\n"
_LINE_END = b"\r\n"
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]+)[ \t]*(?:;.*)?")
_LONGEST_SIZE_LINE = 1000
# A client that streams its body writes thousands of bytes at a time.
_FEW_CHUNKS = 1_000
_SMALL_CHUNK = 64
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_MOST_DIGITS = 15
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


@dataclass(slots=True)
class RequestBuffer:
    """Bytes of one request so far.

    A body that is larger than `max_body`, declared or in chunks, is not waited for: the request is too large
    at once. Neither is one in many chunks of a few bytes, since each of them costs as much as a large one.
    A request that cannot be parsed counts as complete as soon as that is known: the parser names the fault. A
    body in chunks is followed from chunk to chunk, since no chunk tells that it is the last.
    """

    max_head: int
    max_body: int
    data: bytearray = field(default_factory=bytearray)
    _head: int | None = None
    _whole: int | None = None
    _chunk: int | None = None  # where the next chunk's size begins, in a body of chunks
    _trailer: int | None = None  # where the last chunk's line ends
    _chunks: int = 0
    _has_ended: bool = False

    def add(self, received: bytes) -> None:
        """Append received bytes; earlier ones are not searched again."""
        before = len(self.data)
        self.data += received
        if self._head is None:
            end = self.data.find(_END_OF_HEAD, max(0, before - len(_END_OF_HEAD)))
            if end < 0:
                return
            self._read_head(end)
        if self._chunk is not None and not self._has_ended:
            self._follow_chunks(before)

    @property
    def is_complete(self) -> bool:
        r"""True where a thread can work on it without waiting for the client.

        >>> arriving = RequestBuffer(max_head=1000, max_body=1000)
        >>> arriving.add(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n")
        >>> arriving.is_complete
        False
        >>> arriving.add(b"{}")
        >>> arriving.is_complete
        True
        """
        if self._head is None:
            return False
        if self._whole is not None:
            return len(self.data) >= self._whole
        return self._has_ended

    @property
    def is_too_large(self) -> bool:
        """True where its body is, or will be, more than `max_body` bytes; chunks count with their sizes."""
        if self._head is None or self._has_ended:
            return False
        if self._chunk is None:
            return self._whole is not None and self._whole - self._head > self.max_body
        return max(len(self.data), self._chunk) - self._head > self.max_body

    @property
    def has_tiny_chunks(self) -> bool:
        """True where its chunks are many and hold a few bytes each."""
        mean = len(self.data) / max(1, self._chunks)
        return self._chunks > _FEW_CHUNKS and mean < _SMALL_CHUNK

    @property
    def head(self) -> bytes | None:
        """The request line and the headers, once they are all there."""
        return None if self._head is None else bytes(self.data[: self._head])

    @property
    def is_too_long(self) -> bool:
        """True where its head is longer than `max_head`."""
        return self._head is None and len(self.data) > self.max_head

    @property
    def expects_continue(self) -> bool:
        """True where the client waits for `100 Continue` before it sends its body."""
        return (
            self._head is not None
            and not self.is_complete
            and len(self.data) == self._head
            and _EXPECTS.search(self.data) is not None
        )

    def _read_head(self, end: int) -> None:
        self._head = end + len(_END_OF_HEAD)
        head = bytes(self.data[: self._head])
        if _CHUNKED.search(head):
            self._chunk = self._head
            return
        length = _LENGTH.search(head)
        size = _size(length[1], 10) if length else 0
        self._whole = self._head + size

    def _follow_chunks(self, before: int) -> None:
        """Follow the chunks to the last one that is there; the bytes up to `before` were read already."""
        while self._trailer is None and self._chunk is not None and self._chunk <= len(self.data):
            end = self.data.find(_LINE_END, max(self._chunk, before - 1))
            if end < 0:
                self._has_ended = len(self.data) - self._chunk > _LONGEST_SIZE_LINE
                return
            self._chunks += 1
            size = _CHUNK_SIZE.fullmatch(self.data, self._chunk, end)
            if size is None:
                self._has_ended = True
                return
            length = _size(size[1], 16)
            if length == 0:
                self._trailer = end
            else:
                self._chunk = end + len(_LINE_END) + length + len(_LINE_END)
        if self._trailer is not None:
            start = max(self._trailer, before - len(_END_OF_HEAD) + 1)
            self._has_ended = self.data.find(_END_OF_HEAD, start) >= 0


def _size(digits: bytes, base: int) -> int:
    """Return the number, or one that is larger than any body where it has too many digits.

    Zeros before it count for nothing, as for the parser.

    >>> _size(b"00000000000000000000000005", 10), _size(b"9" * 5000, 10) > 10**12
    (5, True)
    """
    digits = digits.lstrip(b"0")
    return int(digits or b"0", base) if len(digits) <= _MOST_DIGITS else base**_MOST_DIGITS
