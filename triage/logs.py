"""The service's log: one line an event, JSON for machines or text for a terminal; never a ticket's text.

What other modules log in the ordinary way comes out in the same form, with the id of the request that it
happened in. A line about a request holds its route, not its address, which may carry what a person typed.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


# They tell at each start how they were built and which database they found.
_QUIET = ("alembic", "faiss")


def set_up_logs(form: Literal["auto", "json", "text"] = "auto") -> None:
    """Send all logs of the process to stderr in one form; `auto` is text on a terminal, else JSON."""
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    last: Processor = (
        structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
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
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    threading.excepthook = _log_thread_that_ended


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
