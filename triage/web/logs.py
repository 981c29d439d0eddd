"""The service's log: one line an event, JSON for machines or text for a terminal; never a ticket's text.

What other modules log in the ordinary way comes out in the same form, with the id of the request that it
happened in. A line about a request holds its route, not its address, which may carry what a person typed.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from typing import Any, Literal

import structlog
from apiflask import APIFlask
from flask import Response, g, request
from structlog.typing import EventDict, Processor

from triage.stages import stage_seconds, start_clock, stop_clock

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    logging.getLogger("triage.request"),
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
)
# Asked every few seconds by machines; they are told only when they fail.
_QUIET = {"/healthz", "/readyz", "/metrics"}


def set_up_logs(form: Literal["auto", "json", "text"] = "auto") -> None:
    """Send all logs of the process to stderr in one form; `auto` is text on a terminal, else JSON."""
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    last: Processor = (
        structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _only_the_kind_of_exception,
            last,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    threading.excepthook = _log_thread_that_ended


def init_logs(app: APIFlask) -> None:
    """Measure each request, and log one line when it is answered."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.clock_token = start_clock()
        structlog.contextvars.bind_contextvars(request_id=g.get("request_id", ""))

    @app.after_request
    def log_answer(response: Response) -> Response:
        route = route_of_request()
        if route in _QUIET and response.status_code < 400:
            return response
        line: dict[str, Any] = {
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "ms": round(1000 * seconds_so_far(), 1),
            "stages_ms": {name: round(1000 * s, 1) for name, s in stage_seconds().items()},
            "token": getattr(g.get("token"), "id", None),
        }
        tell = _log.error if response.status_code >= 500 and response.status_code != 503 else _log.info
        tell("answered", **line)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        token = g.pop("clock_token", None)
        if token is not None:
            stop_clock(token)
        structlog.contextvars.unbind_contextvars("request_id")


def route_of_request() -> str:
    """Return the rule that the address fits, such as /v1/articles/<id>, or `unknown`."""
    return request.url_rule.rule if request.url_rule else "unknown"


def seconds_so_far() -> float:
    """Return how long the request has been in the application, in seconds."""
    began: float | None = g.get("began")
    return 0.0 if began is None else time.perf_counter() - began


def _log_thread_that_ended(ended: threading.ExceptHookArgs) -> None:
    """Log an error that ended a thread by its kind and places; Python itself would print its message too."""
    places = "".join(traceback.format_tb(ended.exc_traceback))
    name = ended.thread.name if ended.thread else "unknown"
    logging.getLogger(__name__).error("the thread %s ended: %s\n%s", name, ended.exc_type.__name__, places)


def _only_the_kind_of_exception(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Replace a traceback by the exception's kind: its message may quote what was sent."""
    raised = event.pop("exc_info", None)
    if raised:
        kind = raised[0] if isinstance(raised, tuple) else sys.exc_info()[0]
        event["exception"] = kind.__name__ if kind else "unknown"
    return event
