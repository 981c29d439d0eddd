"""Types that the schemas of several routes share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.text.unicode import without_surrogates

_LANGUAGE_CODE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"
_INVISIBLE = r"\s\u0000-\u001f\u0080-\u009f"
VISIBLE = f"[^{_INVISIBLE}]"
"""A pattern of any text that holds more than spaces and control characters."""
LanguageCode = Annotated[
    str,
    Field(
        pattern=_LANGUAGE_CODE, max_length=20, description="ISO 639-1, if it is known; else it is detected"
    ),
]


def _well_formed(value: object) -> object:
    return without_surrogates(value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_well_formed)]
"""Text in which halves of a surrogate pair, as some mail gateways leave them, are replaced."""


Name = Annotated[str, Field(max_length=200)]


Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="an id that this service gave out")]


class Request(BaseModel):
    """Request in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


def holds_text(*names: str) -> dict[str, Any]:
    """Return the JSON schema of a body in which one of these keys must hold visible text."""
    empty = {"type": "string", "pattern": f"^[{_INVISIBLE}]*$"}
    return _last_unless(names, empty, {"type": "string", "pattern": VISIBLE})


def holds_one(*names: str) -> dict[str, Any]:
    """Return the JSON schema of a body in which one of these keys must be there, and not null."""
    return _last_unless(names, {"type": "null"}, {"type": "string"})


def _last_unless(names: tuple[str, ...], empty: dict[str, Any], full: dict[str, Any]) -> dict[str, Any]:
    # Written as "one of these is there" (anyOf), client generators would make a type for each key.
    *others, last = names
    return {
        "if": {"properties": dict.fromkeys(others, empty)},
        "then": {"required": [last], "properties": {last: full}},
    }
