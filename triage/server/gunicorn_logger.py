"""Log of gunicorn: sent to the root logger; the application logs requests."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger


class GunicornLogger(Logger):  # type: ignore[misc]
    """Sends gunicorn's own log to the root logger; the application logs requests."""

    def setup(self, cfg: Any) -> None:
        """Leave the loggers without handlers of their own."""
        self.error_log.propagate = True
        self.error_log.handlers[:] = []
        self.error_log.setLevel(logging.INFO)
        self.access_log.handlers[:] = []
