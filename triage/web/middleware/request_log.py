"""Request log: one line for each request, in the form that `triage.logs` sets up for all loggers."""

from __future__ import annotations

import logging
import time
from typing import Any

import structlog
from apiflask import APIFlask
from flask import Response, g, request

from triage.logs import SHARED
from triage.timing import stage_seconds, start_timer, stop_timer

_log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    logging.getLogger("triage.request"),
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
)
# Requested every few seconds by machines, so only failures are logged.
_QUIET = {"/healthz", "/readyz", "/metrics"}


def init_request_log(app: APIFlask) -> None:
    """Measure each request, and log one line when it is answered."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.clock_token = start_timer()
        structlog.contextvars.bind_contextvars(request_id=g.get("request_id", ""))

    @app.after_request
    def log_response(response: Response) -> Response:
        route = route_of_request()
        if route in _QUIET and response.status_code < 400:
            return response
        line: dict[str, Any] = {
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "ms": round(1000 * seconds_so_far(), 1),
            "stages_ms": {name: round(1000 * s, 1) for name, s in stage_seconds().items()},
            "token": getattr(g.get("principal"), "id", None),
        }
        tell = _log.error if response.status_code >= 500 and response.status_code != 503 else _log.info
        tell("answered", **line)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        token = g.pop("clock_token", None)
        if token is not None:
            stop_timer(token)
        structlog.contextvars.unbind_contextvars("request_id")


def route_of_request() -> str:
    """Return the rule that the address fits, such as /v1/articles/<id>, or `unknown`."""
    return request.url_rule.rule if request.url_rule else "unknown"


def seconds_so_far() -> float:
    """Return how long the request has been in the application, in seconds."""
    began: float | None = g.get("began")
    return 0.0 if began is None else time.perf_counter() - began
