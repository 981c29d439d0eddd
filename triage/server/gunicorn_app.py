"""Server: gunicorn, whose workers are processes of several threads."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from models.errors import TriageError
from models.storage.private import take_rights_of_others
from triage.logs import set_up_logs
from triage.server.address import check_address
from triage.server.metrics_folder import IN_MEMORY, MetricsFolder, is_in_memory_writable
from triage.settings import Settings

# Beyond the threads whose requests compute or wait: for those of portals, which have places of their own, for
# those that are refused, and for health and metrics.
_FURTHER_THREADS = 48
_KEEP_ALIVE_S = 15
_NO_SIGN_OF_LIFE_S = 60
_LONGEST_LINE = 8190
_MOST_HEADERS = 100
_LONGEST_HEADER = 8190
# Seconds until a thread that computes lets another one run; 0.005 by default. A ticket asks for its turn some
# ten times. Beside a batch of long tickets its median was 19 and not 35 ms, its p99 53 and not 108 ms
# (`benchmarks/attacks/long_work.py`, two cores, nothing else running).
_SWITCH_INTERVAL_S = 0.0005


def serve(settings: Settings, *, shows_sign_in: bool = False) -> None:
    """Answer requests until the process is told to stop; accepted requests are finished first.

    With `shows_sign_in`, the link that signs in with the first token is printed, and opened in a browser.
    Each worker is a process of several threads: its models are loaded once, and the heavy parts (onnxruntime,
    FAISS, NumPy) release Python's lock.

    Raises:
        TriageError: this is Windows, where gunicorn does not run.
        SettingsError: the port is in use, or the address cannot be listened on.
    """
    if sys.platform == "win32":
        raise TriageError(
            "the service does not run on Windows itself: run the same command in WSL, which "
            "`wsl --install` sets up"
        )
    check_address(settings.server.host, settings.server.port)
    set_up_logs(settings.server.log)
    for place in (settings.models_folder, settings.kb_folder, settings.cache_folder):
        take_rights_of_others(place)
    for pattern in ("triage.db*", "secret.key"):
        for file in settings.home.glob(pattern):
            take_rights_of_others(file)
    from gunicorn.app.base import BaseApplication

    from triage.server.gunicorn_logger import GunicornLogger
    from triage.server.gunicorn_worker import BufferedThreadWorker

    server = settings.server
    shared_metrics = MetricsFolder(settings.home) if server.workers > 1 else None

    class Worker(BufferedThreadWorker):
        read_s = server.read_s
        max_head = 64 * 1024
        trusted_proxies = server.trusted_proxies
        max_body = 1024 * max(server.max_body_kb, server.max_batch_kb, settings.articles.max_body_kb)

    def forget_gauges(_arbiter: Any, worker: Any) -> None:
        if shared_metrics is not None:
            shared_metrics.forget_process(worker.pid)

    def show_link(worker: Any) -> None:
        if shows_sign_in and worker.age == 1:  # the first worker, and none that takes another's place
            from triage.server.sign_in import show_sign_in

            show_sign_in(settings.home, server.host, worker.sockets[0].getsockname()[1])

    def forget_metrics(_arbiter: Any) -> None:
        if shared_metrics is not None:
            shared_metrics.remove()

    options = {
        "bind": f"{server.host}:{server.port}",
        "workers": server.workers,
        "worker_class": Worker,
        "threads": server.threads + server.queue + _FURTHER_THREADS,
        "worker_connections": max(server.connections, 2 * (server.threads + server.queue + _FURTHER_THREADS)),
        "keepalive": _KEEP_ALIVE_S,
        "timeout": _NO_SIGN_OF_LIFE_S,
        # A worker's sign of life is a file's time: on a disk that is busy, setting that may take a minute.
        "worker_tmp_dir": str(IN_MEMORY) if is_in_memory_writable() else None,
        "graceful_timeout": server.stop_s,
        "limit_request_line": _LONGEST_LINE,
        "limit_request_fields": _MOST_HEADERS,
        "limit_request_field_size": _LONGEST_HEADER,
        "sendfile": False,  # it would wait for a slow client without end
        "forwarder_headers": "",  # a proxy says nothing that the service goes by
        "post_worker_init": show_link,
        "child_exit": forget_gauges,
        "on_exit": forget_metrics,
        "logger_class": GunicornLogger,
        "proc_name": "triage",
        "control_socket_disable": True,
    }

    class Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            # In the worker, after the fork: the encoder's threads would not survive one.
            return _application(settings, shared_metrics)

    Application().run()


def _application(settings: Settings, shared_metrics: MetricsFolder | None = None) -> Any:
    """Return the application; the engine is opened at the same time as the web's modules are imported.

    What is imported stays, so the garbage collector need not walk through it, now or later.
    """
    gc.disable()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    if shared_metrics is not None:
        shared_metrics.ensure()
    from triage.pipeline.factory import open_engine

    executor = ThreadPoolExecutor(1, thread_name_prefix="open-engine")
    opened = executor.submit(open_engine, settings, auto_compact=False)
    executor.shutdown(wait=False)
    from triage.web.app import create_app

    app = create_app(settings, opened=opened, shared_metrics=shared_metrics.path if shared_metrics else None)
    gc.freeze()
    gc.enable()
    return app
