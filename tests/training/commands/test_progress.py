"""Progress of commands: one line on a terminal, a line now and then in a log, never between results."""

from __future__ import annotations

import io
import sys

import pytest

from training.commands.progress import Progress, shows_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_and_lines_in_a_log() -> None:
    terminal, log = Terminal(), io.StringIO()
    for stream in (terminal, log):
        with Progress("reading", stream, every_s=0.01) as progress:
            progress.tell("reading", 7)
            while stream.getvalue().count("reading: 7") < 2:
                pass
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().startswith("\rreading")
    assert log.getvalue().splitlines()[-1].startswith("reading: 7, 0:0")


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()])
def test_warnings_stand_on_lines_of_their_own_and_bars_do_not_fill_a_log(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress("training", every_s=0.01):
        while "training" not in stream.getvalue():
            pass
        sys.stderr.write("warning: a\n")
        for step in range(3):
            sys.stderr.write(f"\rfitting {step}/3")
        while "fitting 2/3, 0:0" not in stream.getvalue():
            pass
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
        while "indexing" not in terminal.getvalue():
            pass
        sys.stdout.write(text)
        return 7

    assert command("3 added\n") == 7
    assert sys.stdout is terminal
    assert terminal.getvalue().rpartition("\r")[2] == "3 added\n"
