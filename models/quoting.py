"""Quotes of values in messages: redacted first and cut then, so that no part of an address is left."""

from __future__ import annotations

import reprlib

from models.redaction.redact import redact

_READ_CHARS = 400
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = _READ_CHARS


def beginning(value: object, most_chars: int) -> str:
    r"""Return the beginning of a value in one line, without addresses, numbers and secrets of people.

    >>> beginning(["ann.lee@example.com"], 40), beginning("a\nb" * 40, 6)
    ('["[mail]"]', 'a ba b…')
    """
    if isinstance(value, int | float):
        return repr(value)
    text = value[:_READ_CHARS] if isinstance(value, str) else _REPR.repr(value).replace("'", '"')
    shown = " ".join(redact(text).split())
    return shown if len(shown) <= most_chars else f"{shown[:most_chars]}…"


def quoted(value: object, most_chars: int = 80) -> str:
    """Return a value as `beginning` does, a text between quotes.

    >>> quoted("on Monday, says ann.lee@example.com"), quoted(31), quoted(None)
    ("'on Monday, says [mail]'", '31', 'None')
    """
    shown = beginning(value, most_chars)
    return repr(shown) if isinstance(value, str) else shown
