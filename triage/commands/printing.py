"""Stored text on a terminal."""

from __future__ import annotations


def on_one_line(text: str) -> str:
    """Return the text with escapes for what would move a terminal's cursor, since callers choose names."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
