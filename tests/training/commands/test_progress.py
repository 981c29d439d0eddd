"""Progress of commands: one line on a terminal, a line now and then in a log, never between results."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from triage.commands.progress import Progress, shows_progress


class Log(io.StringIO):
    """A stream that is written to by another thread, and can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._flushed = threading.Event()

    def flush(self) -> None:
        super().flush()
        self._flushed.set()

    def wait_for(self, text: str, times: int = 1) -> None:
        while self.getvalue().count(text) < times:
            assert self._flushed.wait(60), f"no {text!r} within a minute"
            self._flushed.clear()


class Terminal(Log):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_and_lines_in_a_log() -> None:
    terminal, log = Terminal(), Log()
    for stream in (terminal, log):
        with Progress("reading", stream, every_s=0.01) as progress:
            progress.tell("reading", 7)
            stream.wait_for("reading: 7", times=2)
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().startswith("\rreading")
    assert log.getvalue().splitlines()[-1].startswith("reading: 7, 0:0")


@pytest.mark.parametrize("stream", [Terminal(), Log()])
def test_warnings_stand_on_lines_of_their_own_and_bars_do_not_fill_a_log(
    stream: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress("training", every_s=0.01):
        stream.wait_for("training")
        sys.stderr.write("warning: a\n")
        for step in range(3):
            sys.stderr.write(f"\rfitting {step}/3")
        stream.wait_for("fitting 2/3, 0:0")
        sys.stderr.write("\n")
        sys.stderr.write("warning: b\n")
    assert sys.stderr is stream
    told = stream.getvalue()
    lines = [line.rpartition("\r")[2] for line in told.splitlines()]
    assert {"warning: a", "warning: b"} <= set(lines)
    assert ("\rfitting 1/3" in told) == stream.isatty()


def test_results_on_stdout_take_the_place_of_the_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(sys, "stdout", terminal)

    @shows_progress("indexing")
    def command(text: str) -> int:
        terminal.wait_for("indexing")
        sys.stdout.write(text)
        return 7

    assert command("3 added\n") == 7
    assert sys.stdout is terminal
    assert terminal.getvalue().rpartition("\r")[2] == "3 added\n"
