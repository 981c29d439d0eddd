"""What the OpenAPI document says about tokens: taken from the scopes that the views themselves name."""

from __future__ import annotations

import re
from typing import Any

from apiflask import APIFlask

from triage.web.scopes import scopes_of

_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of `triage token create`. Its scopes say what it opens; `admin` opens all.",
}
_REFUSALS = {
    "401": "There is no token, or none that is good",
    "403": "The token lacks the scope, or the page that asks is not of its origins",
    "429": "More was asked within a minute than the token allows: see Retry-After",
    "503": "The service cannot answer now: see Retry-After",
}
_PLACE = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


def init_security_schemes(app: APIFlask) -> None:
    """Name the scheme, and for each route that needs a token the scopes of which one opens it."""
    app.security_schemes = {"bearer": _BEARER}

    @app.spec_processor
    def add_security(document: dict[str, Any] | str) -> dict[str, Any] | str:
        if isinstance(document, str):  # YAML, in which no document of this service is asked for
            return document
        paths: dict[str, dict[str, Any]] = document["paths"]
        for rule in app.url_map.iter_rules():
            scopes = scopes_of(app.view_functions[rule.endpoint])
            path = paths.get(_PLACE.sub(r"{\1}", rule.rule), {})
            for method in (rule.methods or set()) if scopes else ():
                if (operation := path.get(method.lower())) is not None:
                    operation["security"] = [{"bearer": [scope]} for scope in sorted(scopes or ())]
                    _add_refusals(operation["responses"])
        return document


def _add_refusals(responses: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/HTTPError"}
    for status, description in _REFUSALS.items():
        content = {"application/json": {"schema": schema}}
        responses.setdefault(status, {"description": description, "content": content})
