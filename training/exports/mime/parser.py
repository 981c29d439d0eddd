"""Parser of mails: their parts, with limits that hostile mails meet and others do not.

The standard library's parser follows any nesting, and takes a time that grows with the square of the length
of a parameter. So headers, parts and depth are limited before it looks at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Compat32
from typing import Any, cast

_MOST_CHARS = 20_000
_MOST_PARAMETER_CHARS = 2000
_PARAMETERS = frozenset({"content-type", "content-disposition", "content-transfer-encoding"})
_MOST_PARTS = 1000
DEEPEST = 20
"""How many parts lie within each other; ten attached forwards need as many."""

_UTF_8_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Part(Message):
    """A part of a mail, or the mail; what lies too deep has no parts."""

    depth = 0

    def attach(self, payload: Message | str) -> None:
        """Add a part within this one."""
        if isinstance(payload, Part):
            payload.depth = self.depth + 1
        super().attach(payload)

    def get_content_type(self) -> str:
        """Return the type in small letters, without what careless programs write behind it."""
        kind = (super().get_content_type().split() or ["text/plain"])[0]
        return "application/octet-stream" if self.depth > DEEPEST and _has_parts(kind) else kind


def parse_mail(content: bytes, depth: int = 0) -> Part:
    """Return a mail with its parts, as far as the limits go; `depth` is that of a mail within others."""
    if content.startswith(_UTF_16_MARKS):
        content = content.decode("utf-16", "replace").encode("utf-8")
    made: list[Part] = []

    def make(policy: Compat32) -> Part:
        if len(made) > _MOST_PARTS:
            raise _TooManyPartsError
        made.append(Part(policy))
        made[0].depth = depth
        return made[-1]

    parser: BytesFeedParser[Part] = BytesFeedParser(cast(Any, make), policy=cast(Any, _LIMITS))
    made.clear()  # the parser has tried it
    try:
        parser.feed(content.removeprefix(_UTF_8_MARK).lstrip(b"\r\n"))
        return parser.close()
    except _TooManyPartsError:
        return made[0]


def _has_parts(kind: str) -> bool:
    return kind.startswith(("multipart/", "message/"))


class _TooManyPartsError(Exception):
    """More parts than any mail has."""


class _Limits(Compat32):
    """Policy that cuts headers where they are longer than anybody needs."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        is_parameter = name.strip().lower() in _PARAMETERS
        return name, value[: _MOST_PARAMETER_CHARS if is_parameter else _MOST_CHARS]


_LIMITS = _Limits()
