"""OpenAPI document, completed with what all routes share: errors, headers and addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from apiflask import APIFlask
from werkzeug.routing import Rule

from triage.web.errors import ErrorResponse
from triage.web.middleware.required_scopes import scopes_of

_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of `triage token create`. Its scopes say what it opens; `admin` opens all.",
}
_METHODS = ("get", "post", "put", "patch", "delete")
_ERROR = "ErrorResponse"
_MODELS = "#/components/schemas/"
_DESCRIPTIONS = {
    400: "The body is not JSON in UTF-8",
    401: "No token, or one that is not known",
    403: "The token does not open this route",
    404: "There is nothing of this name",
    409: "It does not fit what is there",
    412: "A condition in the headers does not hold",
    413: "The body is too large",
    415: "The body is not sent as JSON",
    422: "A value is missing, or is not what was expected: see `fields`",
    429: "Too many requests with this token",
    503: "It cannot be answered now: try again after Retry-After seconds",
}
_HEADERS = {
    "X-Request-ID": "names this request in the log",
    "ETag": "names this state of the article",
    "Retry-After": "seconds to wait before the next try",
}


def init_openapi(app: APIFlask) -> None:
    """Add to each route of the document its errors, all in the one shape."""
    app.config.update(OPENAPI_VERSION="3.1.0", AUTO_OPERATION_ID=True, AUTO_SERVERS=False)

    app.security_schemes = {"bearer": _BEARER}

    @app.spec_processor
    def complete(document: dict[Any, Any] | str) -> dict[Any, Any] | str:
        if isinstance(document, str):  # YAML, which nobody requests
            return document
        document["servers"] = [{"url": "/"}]
        document["tags"] = list(
            {tag["name"]: tag for tag in document["tags"]}.values()
        )  # several files share one
        components = document.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        for name in ("HTTPError", "ValidationError"):
            schemas.pop(name, None)
        schema = ErrorResponse.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs") | {_ERROR: schema}
        components["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.items()
        }
        for rule, operation in _operations(app, document):
            _complete(app, rule, operation)
        return _with_shared_models(document)


def _with_shared_models(document: dict[str, Any]) -> dict[str, Any]:
    """Give each model that several responses share one name: client generators accept no title twice.

    Two models must not have the same name, or one would stand for both; a test checks that.
    """
    text = json.dumps(document)
    for name in document["components"]["schemas"]:
        text = text.replace(f'"{_MODELS}{name}"', f'"{_MODELS}{name.rsplit(".", 1)[-1]}"')
    shared: dict[str, Any] = json.loads(text)
    schemas = shared["components"]["schemas"]
    shared["components"]["schemas"] = {name.rsplit(".", 1)[-1]: schemas[name] for name in sorted(schemas)}
    return shared


def _operations(app: APIFlask, document: dict[str, Any]) -> Iterator[tuple[Rule, dict[str, Any]]]:
    for rule in app.url_map.iter_rules():
        path = document["paths"].get(re.sub(r"<(?:[^<:]+:)?([^>]+)>", r"{\1}", rule.rule), {})
        for method in _METHODS:
            if method in path and method.upper() in (rule.methods or ()):
                yield rule, path[method]


def _complete(app: APIFlask, rule: Rule, operation: dict[str, Any]) -> None:
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            parameter["required"] = True
            converter = app.url_map.converters[_converter(rule, parameter["name"])]
            parameter["schema"] = getattr(converter, "schema", parameter["schema"])
        elif parameter["in"] == "header":
            parameter["name"] = parameter["name"].replace("_", "-").title()
    if scopes := scopes_of(app.view_functions[rule.endpoint]):
        operation["security"] = [{"bearer": [scope]} for scope in sorted(scopes)]
    responses = operation["responses"]
    for status in _errors(app, rule, operation):
        responses.setdefault(str(status), {"description": _DESCRIPTIONS[status]})
    knows_etags = any(p["in"] == "header" and p["name"] == "If-Match" for p in operation["parameters"])
    for status, response in responses.items():
        _complete_response(int(status), response, has_etag=knows_etags)
    _share_success(responses)
    operation["responses"] = dict(sorted(responses.items()))


def _errors(app: APIFlask, rule: Rule, operation: dict[str, Any]) -> set[int]:
    found = {503} if rule.rule.startswith("/v1/") else set()
    if "requestBody" in operation:
        found |= {400, 413, 415, 422}
    if operation.get("parameters"):
        found |= {422}
    if rule.arguments:
        found |= {404}
    if scopes_of(app.view_functions[rule.endpoint]) is not None:
        found |= {401, 403, 429}
    return found


def _complete_response(status: int, response: dict[str, Any], *, has_etag: bool) -> None:
    headers = response.setdefault("headers", {})
    names = ["X-Request-ID"]
    if status >= 400:
        response["description"] = _DESCRIPTIONS.get(status, response["description"])
        response["content"] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{_ERROR}"}}}
    elif status == 304:
        response.pop("content", None)
    if status in {429, 503}:
        names.append("Retry-After")
    if has_etag and status in {200, 201, 304}:
        names.append("ETag")
    headers |= {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _share_success(responses: dict[str, Any]) -> None:
    """Give a second success, such as 201 or 202 beside 200, the model of the first."""
    several = [responses[status] for status in ("200", "201", "202") if status in responses]
    for content in [found["content"] for found in several if _has_model(found)]:
        for found in several:
            found["content"] = content


def _has_model(response: dict[str, Any]) -> bool:
    return any(kind["schema"] for kind in response.get("content", {}).values())


def _converter(rule: Rule, name: str) -> str:
    found = re.search(rf"<(?:([^<:]+):)?{name}>", rule.rule)
    return (found and found.group(1)) or "default"
