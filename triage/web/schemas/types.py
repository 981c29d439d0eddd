"""Types that the schemas of several routes share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.classifiers.fields import number_text
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


_MOST = 2**53  # up to which every reader of JSON knows a whole number
_Whole = Annotated[int, Field(ge=-_MOST, le=_MOST)]
Number = Annotated[float, Field(ge=-_MOST, le=_MOST)]


def number_as_text(value: object) -> object:
    """Return a number or truth value as the readers of exports take it: 3.0 is "3".

    Raises:
        ValueError: the number is larger than 2^53.
    """
    if isinstance(value, (int, float)):
        if not abs(value) <= _MOST:
            raise ValueError("the number is larger than 2^53: send it as a string")
        return number_text(value)
    return _well_formed(value)


def _null_as_empty(value: object) -> object:
    if value is None or isinstance(value, bool):
        return "" if value is None else value
    return number_as_text(value)


def _null_as_no_text(value: object) -> object:
    return "" if value is None else _well_formed(value)


TextOrNull = Annotated[str, BeforeValidator(_null_as_no_text, json_schema_input_type=str | None)]
"""Text, for which null may be sent where there is none."""

Name = Annotated[str, Field(max_length=200)]
HelpdeskId = Annotated[Name, BeforeValidator(_null_as_empty, json_schema_input_type=Name | _Whole | None)]
"""An id of a helpdesk, which may be sent as a number."""
AnyValue = Annotated[str, BeforeValidator(number_as_text, json_schema_input_type=str | Number | bool)]
"""A value of any length that may be sent as a number or a truth value."""
Value = Annotated[Name, BeforeValidator(number_as_text, json_schema_input_type=Name | Number | bool)]
"""A value of a field, which may be sent as a number or a truth value."""


Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="an id that this service gave out")]


class Request(BaseModel):
    """Request in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


def holds_text(*names: str) -> dict[str, Any]:
    """Return the JSON schema of a body in which one of these keys must hold visible text."""
    empty = {"type": ["string", "null"], "pattern": f"^[{_INVISIBLE}]*$"}
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
