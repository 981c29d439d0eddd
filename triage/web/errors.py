"""Error responses, all of one shape: {"error": {"code", "message", "fields"}, "request_id"}."""

from __future__ import annotations

import logging
import re
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
    InputError,
    MismatchError,
    NotFoundError,
    NotReadyError,
    StorageError,
    StoreUnavailableError,
    TriageError,
)
from models.text.unicode import without_surrogates
from triage.errors import (
    ClientGoneError,
    CompressedBodyError,
    ForbiddenError,
    OverloadedError,
    PreconditionError,
    SignatureError,
    TooManyRequestsError,
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
    SignatureError: 401,
    NotFoundError: 404,
    ConflictError: 409,
    PreconditionError: 412,
    CompressedBodyError: 415,
    NotReadyError: 503,
    OverloadedError: 503,
    ClientGoneError: 408,
    StoreUnavailableError: 503,
    FolderError: 503,
    MismatchError: 503,
    StorageError: 503,
}
_HTTP = {
    400: (
        "bad_request",
        "The body is not valid JSON in UTF-8, with each key once, numbers that are finite, and few levels: "
        'send an object such as {"body": "…"}.',
    ),
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

_PLACE = re.compile(r"[/\\]")
_FOR_STRANGERS = (
    "it cannot be used now: the log says why, and so does this answer to a token of the scope triage, agent, "
    "kb or admin"
)

# What pydantic adds to the place of a value that may have several forms.
_FORM_OF_A_VALUE = re.compile(r"\.(?:function-before|list|constrained-str|nullable)(?:\[.*)?$", re.S)


class ErrorDetail(BaseModel):
    code: str
    message: str
    fields: dict[str, list[str]] = Field(description="what was wrong with which part of the body")


class ErrorResponse(BaseModel):
    """Response to every failed request."""

    error: ErrorDetail
    request_id: str


def init_errors(app: APIFlask) -> None:
    """Give every error of the application the one shape, and every response a request id."""

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
        found = error.detail if isinstance(error.detail, dict) else {}
        fields = {name: problems for part in found.values() for name, problems in part.items()}
        limit = (request.max_content_length or 0) // 1024
        detail = detail_of(code, message.replace("{limit}", str(limit)), fields)
        return _body(detail), error.status_code, error.headers

    @app.errorhandler(TriageError)
    def triage_error(error: TriageError) -> tuple[dict[str, Any], int, dict[str, str]]:
        status = status_of(error)
        return _body(error_detail(error)), status, _headers(error, status)

    @app.errorhandler(Exception)
    def unexpected_error(error: Exception) -> tuple[dict[str, Any], int]:
        return _body(defect_detail(error, "the request")), 500


def internal_error() -> dict[str, Any]:
    """Return the body of a response to a defect, which the log names."""
    return _body(detail_of(*_HTTP[500], {}))


def defect_detail(error: Exception, what_failed: str) -> ErrorDetail:
    """Log an unexpected error, and return its detail for the caller."""
    # The type and the places only: the message may quote the ticket's text.
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s failed: %s\n%s", what_failed, type(error).__name__, places)
    return detail_of(*_HTTP[500], {})


def error_detail(error: TriageError) -> ErrorDetail:
    """Return the detail of an error for the caller."""
    if status_of(error) < 500:  # about what was sent, and in its words
        return detail_of(error.code, error.message, {name: [why] for name, why in error.fields.items()})
    fields = {name: [shown_to_caller(why)] for name, why in error.fields.items()}
    return detail_of(error.code, shown_to_caller(error.message), fields)


def status_of(error: TriageError) -> int:
    """Return the HTTP status of an error."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


def shown_to_caller(problem: str) -> str:
    """Return what is wrong with a part; in other words where it names files and a stranger asks.

    A stranger is whoever sends no token, or a portal's, which stands in a page that everybody can read.
    """
    principal = g.get("principal")
    is_stranger = principal is None or principal.scopes <= {"portal"}
    return _FOR_STRANGERS if is_stranger and _PLACE.search(problem) else problem


def detail_of(code: str, message: str, fields: dict[str, list[str]]) -> ErrorDetail:
    """Make an error's detail, which may quote what was sent: halves of characters in it are replaced."""
    named: dict[str, list[str]] = {}
    for name, found in fields.items():
        place = _FORM_OF_A_VALUE.sub("", without_surrogates(name))
        named.setdefault(place, []).extend(map(without_surrogates, found))
    return ErrorDetail(code=code, message=without_surrogates(message), fields=named)


def _body(detail: ErrorDetail) -> dict[str, Any]:
    return ErrorResponse(error=detail, request_id=g.get("request_id", "")).model_dump()


def _headers(error: TriageError, status: int) -> dict[str, str]:
    if isinstance(error, TooManyRequestsError):
        return {"Retry-After": str(error.retry_after_s)}
    if status == 401:
        return {"WWW-Authenticate": 'Bearer realm="triage"'}
    return {"Retry-After": _RETRY_AFTER_S} if status == 503 else {}


def _request_id(given: str | None) -> str:
    usable = given is not None and len(given) <= _LONGEST_ID and given.isascii() and given.isprintable()
    return given if usable and given else uuid.uuid4().hex
