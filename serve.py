"""Serve the HTTP service: `python serve.py`, the same as `triage serve`."""

from __future__ import annotations

import logging
import sys
from typing import Any

from triage.settings import Settings


def serve(settings: Settings) -> None:
    """Answer requests until the process is told to stop; what was taken is finished first.

    One process, several threads: the models are loaded once, and the heavy parts (onnxruntime, FAISS,
    NumPy) release Python's lock. On Windows, where gunicorn does not run, waitress serves.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if sys.platform == "win32":
        _serve_with_waitress(settings)
    else:
        _serve_with_gunicorn(settings)


def _serve_with_gunicorn(settings: Settings) -> None:
    from gunicorn.app.base import BaseApplication

    class Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            self.cfg.set("bind", f"{settings.server.host}:{settings.server.port}")
            self.cfg.set("workers", 1)
            self.cfg.set("worker_class", "gthread")
            self.cfg.set("threads", settings.server.threads)
            self.cfg.set("proc_name", "triage")
            self.cfg.set("limit_request_line", 8190)  # ids of articles may be long, and are percent-encoded
            self.cfg.set("control_socket_disable", True)

        def load(self) -> Any:
            # In the worker, after the fork: the encoder's threads would not survive one.
            from triage.web.app import create_app

            return create_app(settings)

    Application().run()


def _serve_with_waitress(settings: Settings) -> None:
    import waitress

    from triage.web.app import create_app

    server = settings.server
    waitress.serve(create_app(settings), host=server.host, port=server.port, threads=server.threads)


if __name__ == "__main__":
    from cli import main

    main(["serve", *sys.argv[1:]])
