"""The one error shape: {"error": {"code", "message", "fields"}, "request_id"}."""

from __future__ import annotations

import logging
import traceback
import uuid
from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, g, request
from pydantic import BaseModel, Field

from models.errors import (
    ConflictError,
    FolderError,
    ForbiddenError,
    InputError,
    MismatchError,
    NotFoundError,
    NotReadyError,
    StoreUnavailableError,
    TooManyRequestsError,
    TriageError,
    UnauthenticatedError,
)

_log = logging.getLogger(__name__)
_LONGEST_ID = 100
_RETRY_AFTER_S = "2"
_STATUS = {
    InputError: 422,
    UnauthenticatedError: 401,
    ForbiddenError: 403,
    TooManyRequestsError: 429,
    NotFoundError: 404,
    ConflictError: 409,
    NotReadyError: 503,
    StoreUnavailableError: 503,
    FolderError: 503,
    MismatchError: 503,
}
_HTTP = {
    400: ("bad_request", 'The body is not valid JSON in UTF-8: send an object such as {"body": "…"}.'),
    404: ("not_found", "There is nothing at this address: GET /docs lists the routes."),
    405: ("method_not_allowed", "This address does not take that method: GET /docs lists the routes."),
    413: (
        "too_large",
        "The body is larger than this service takes ({limit} KiB): send the text without attachments.",
    ),
    415: ("unsupported_media_type", "Send JSON, with Content-Type: application/json."),
    422: ("bad_input", "The body does not have the form that was expected: see `fields`."),
    500: ("internal", "Something went wrong here: the log has more under this request id."),
}


class ErrorDetail(BaseModel):
    code: str
    message: str
    fields: dict[str, list[str]] = Field(description="what was wrong with which part of the body")


class ErrorAnswer(BaseModel):
    """What every failed request gets."""

    error: ErrorDetail
    request_id: str


def error_schema() -> dict[str, Any]:
    """Return the JSON schema of `ErrorAnswer` without references, as the OpenAPI document takes it."""
    schema = ErrorAnswer.model_json_schema()
    schema["properties"]["error"] = schema.pop("$defs")["ErrorDetail"]
    return schema


def init_errors(app: APIFlask) -> None:
    """Give every error of the application the one shape, and every answer a request id."""

    @app.before_request
    def remember_request_id() -> None:
        g.request_id = _request_id(request.headers.get("X-Request-ID"))

    @app.after_request
    def add_request_id(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        return response

    @app.error_processor
    def http_error(error: HTTPError) -> tuple[dict[str, Any], int, Any]:
        code, message = _HTTP.get(error.status_code, ("error", str(error.message)))
        fields = error.detail.get("json", {}) if isinstance(error.detail, dict) else {}
        limit = (app.config["MAX_CONTENT_LENGTH"] or 0) // 1024
        return _body(code, message.replace("{limit}", str(limit)), fields), error.status_code, error.headers

    @app.errorhandler(TriageError)
    def triage_error(error: TriageError) -> tuple[dict[str, Any], int, dict[str, str]]:
        status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 500)
        headers = _headers(error, status)
        fields = {name: [problem] for name, problem in error.fields.items()}
        return _body(error.code, error.message, fields), status, headers

    @app.errorhandler(Exception)
    def unexpected_error(error: Exception) -> tuple[dict[str, Any], int]:
        # The type and the places only: the message may quote the ticket's text.
        places = "".join(traceback.format_tb(error.__traceback__))
        _log.error("request %s failed: %s\n%s", g.get("request_id", ""), type(error).__name__, places)
        code, message = _HTTP[500]
        return _body(code, message, {}), 500


def _body(code: str, message: str, fields: dict[str, list[str]]) -> dict[str, Any]:
    detail = ErrorDetail(code=code, message=message, fields=fields)
    return ErrorAnswer(error=detail, request_id=g.get("request_id", "")).model_dump()


def _headers(error: TriageError, status: int) -> dict[str, str]:
    if isinstance(error, TooManyRequestsError):
        return {"Retry-After": str(error.retry_after_s)}
    if status == 401:
        return {"WWW-Authenticate": 'Bearer realm="triage"'}
    return {"Retry-After": _RETRY_AFTER_S} if status == 503 else {}


def _request_id(given: str | None) -> str:
    usable = given is not None and len(given) <= _LONGEST_ID and given.isascii() and given.isprintable()
    return given if usable and given else uuid.uuid4().hex
