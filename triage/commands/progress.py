"""Progress of a command on stderr: every second on a terminal, every half minute in a log."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, Self, TextIO, TypeVar

_TERMINAL_S, _LOG_S = 1.0, 30.0
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Progress:
    """Says what is done and for how long, while the `with` block runs and nothing else is written to stderr.

    On a terminal one line is written over again, and goes when another line comes; elsewhere a line comes
    every half minute, in place of the bars that tqdm draws. It comes from a thread of its own, so that no
    step is silent, however long it takes.
    """

    def __init__(self, what: str = "", stream: TextIO | None = None, *, every_s: float | None = None) -> None:
        self._stream = stream or sys.stderr
        self._on_terminal = self._stream.isatty()
        self._every_s = every_s or (_TERMINAL_S if self._on_terminal else _LOG_S)
        self.what, self._done = what, 0
        self._begun = self._written = time.monotonic()
        self._ended = threading.Event()
        self._lock = threading.RLock()
        self._width = 0
        self._bar = ""
        self._before: TextIO | None = None
        self._results = sys.stdout
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)

    def tell(self, what: str, done: int = 0) -> None:
        """Note what is being done, and how many are done."""
        self.what, self._done = what, done

    def __enter__(self) -> Self:
        if self._stream is sys.stderr:
            self._before, self._results = sys.stderr, sys.stdout
            sys.stderr = _Watched(self._stream, self.write_other)
            sys.stdout = _Watched(self._results, self._write_result)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._clear()
        if self._before is not None:
            sys.stderr, sys.stdout = self._before, self._results

    def write_other(self, text: str) -> int:
        """Write what others have to say, in place of our own line; of bars, a log gets our line alone."""
        with self._lock:
            is_bar = text.startswith("\r")
            ends_bar = bool(self._bar) and text == "\n"
            self._bar = text.strip() if is_bar else ""
            if (is_bar or ends_bar) and not self._on_terminal:
                return len(text)
            self._clear()
            self._written = time.monotonic()
            return self._stream.write(text)

    def _write_result(self, text: str) -> int:
        """Write to stdout, which may be the same terminal, in place of our own line."""
        self._clear()
        return self._results.write(text)

    def _run(self) -> None:
        while not self._ended.wait(self._every_s / 4):
            if time.monotonic() - self._written >= self._every_s:
                self._say()

    def _say(self) -> None:
        seconds = int(time.monotonic() - self._begun)
        count = f": {self._done:,}" if self._done else ""
        what = self._bar or f"{self.what or 'starting'}{count}"
        line = f"{what}, {seconds // 60}:{seconds % 60:02d}"
        with self._lock:
            if self._on_terminal:
                self._stream.write(f"\r{line.ljust(self._width)}")
                self._width = len(line)
            else:
                self._stream.write(f"{line}\n")
            self._stream.flush()
            self._written = time.monotonic()

    def _clear(self) -> None:
        with self._lock:
            if self._width:
                self._stream.write(f"\r{' ' * self._width}\r")
                self._stream.flush()
                self._width = 0


def shows_progress(what: str) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Let a command show its progress for as long as it runs."""

    def decorate(command: Callable[_P, _T]) -> Callable[_P, _T]:
        @wraps(command)
        def run(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            with Progress(what):
                return command(*args, **kwargs)

        return run

    return decorate


class _Watched:
    """A stream whose writing goes through a progress."""

    def __init__(self, stream: TextIO, write: Callable[[str], int]) -> None:
        self._stream = stream
        self._write = write
        self._process = os.getpid()

    def write(self, text: str) -> int:
        # A process that was forked from this one has no progress, and its copy of the lock may be taken.
        forked = os.getpid() != self._process
        return self._stream.write(text) if forked else self._write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
