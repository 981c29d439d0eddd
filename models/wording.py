"""Wording that messages of every layer share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_KINDS: Mapping[type, str] = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, in the singular after 1; an irregular plural is given.

    >>> counted(1, "ticket"), counted(1200, "ticket"), counted(0, "query", "queries")
    ('1 ticket', '1,200 tickets', '0 queries')
    """
    return f"{number:,} {noun_after(number, noun, plural)}"


def problem_text(message: str) -> str:
    """Return the message of a problem that pydantic found, without pydantic's own word for it.

    >>> problem_text("Value error, found both"), problem_text("Field required")
    ('found both', 'Field required')
    """
    return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")


def noun_after(number: int, noun: str, plural: str = "") -> str:
    """Return the noun alone as it stands after a number."""
    return noun if number == 1 else plural or f"{noun}s"


def list_names(names: Sequence[str], most: int = 5) -> str:
    """Return the first names, and the number of the others.

    >>> list_names(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    shown = ", ".join(map(repr, names[:most]))
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def kind_of(value: object) -> str:
    """Return what kind of value this is, in the words of JSON.

    >>> kind_of(7), kind_of(["a"]), kind_of(None)
    ('a number', 'a list', 'null')
    """
    return _KINDS.get(type(value), f"a {type(value).__name__}")
