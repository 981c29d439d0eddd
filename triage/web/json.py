"""JSON bodies, written in UTF-8 and read strictly: what two programs could read differently is refused."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from flask import Request, Response
from flask.json.provider import DefaultJSONProvider
from pydantic_core import to_json
from werkzeug.exceptions import BadRequest, UnsupportedMediaType


class ResponseJSONProvider(DefaultJSONProvider):
    """Writes responses in UTF-8, in the order of their models; Python's `json` takes several times longer."""

    sort_keys = False

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """Return the response with a value, given as Flask's `jsonify` takes it."""
        body = to_json(self._prepare_response_obj(args, kwargs)) + b"\n"
        return Response(body, mimetype=self.mimetype)


MOST_LEVELS = 64
"""Most levels of nested objects and lists in a body; the deepest body of a route has five."""


class StrictRequest(Request):
    """Request whose JSON body is checked before anything reads it."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """Return the body as Python values. The arguments, which Flask has, change nothing.

        Raises:
            UnsupportedMediaType: the Content-Type is not JSON.
            BadRequest: it is not JSON in UTF-8, as `parse_json` reads it.
        """
        if not self.is_json:
            raise UnsupportedMediaType()
        return parse_json(self.get_data())


def parse_json(content: bytes) -> Any:
    r"""Return the value of a JSON text.

    Raises:
        BadRequest: it is not JSON in UTF-8, has a key twice in one object, a number that is not finite or
            has thousands of digits, or more than `MOST_LEVELS` levels; or it is `null`.

    >>> parse_json(b'{"text": "\xc3\xa4"}')
    {'text': 'ä'}
    """
    try:
        value = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_float=_finite,
            parse_constant=_refused,
        )
    except (ValueError, RecursionError):
        raise BadRequest() from None
    if value is None or (content.count(b"[") + content.count(b"{") > MOST_LEVELS and _is_deep(value)):
        raise BadRequest()
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("the number is too large")
    return value


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(MOST_LEVELS):
        inner: list[object] = []
        for part in level:
            if isinstance(part, dict):
                inner.extend(part.values())
            elif isinstance(part, list):
                inner.extend(part)
        if not inner:
            return False
        level = inner
    return any(isinstance(part, dict | list) for part in level)
