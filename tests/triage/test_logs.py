"""Whatever goes wrong, and in whatever form it is logged, the log does not quote what was sent."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Literal

import pytest

from triage.logs import set_up_logs

TEXT = "what a customer wrote"


@pytest.fixture
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    root = logging.getLogger()
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def fail() -> None:
    raise ValueError(TEXT)


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("form", ["json", "text"])
def test_an_exception_is_logged_by_its_kind(
    form: Literal["json", "text"], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form)
    try:
        fail()
    except ValueError:
        logging.getLogger("a library").exception("it failed")
    logged = capsys.readouterr().err
    assert "it failed" in logged
    assert "ValueError" in logged
    assert TEXT not in logged


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("form", ["json", "text"])
def test_an_exception_that_ends_a_thread_is_logged_by_its_kind_and_place(
    form: Literal["json", "text"], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form)
    thread = threading.Thread(target=fail, name="a-thread")
    thread.start()
    thread.join()
    logged = capsys.readouterr().err
    assert "a-thread" in logged
    assert "ValueError" in logged
    assert "in fail" in logged
    assert TEXT not in logged


@pytest.mark.usefixtures("as_before")
def test_libraries_do_not_tell_at_each_start_how_they_were_built(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("text")
    logging.getLogger("faiss.loader").info("Loading faiss with AVX2 support.")
    logging.getLogger("alembic.runtime.migration").info("Context impl SQLiteImpl.")
    logging.getLogger("faiss.loader").warning("a real warning")
    printed = capsys.readouterr().err
    assert "Loading faiss" not in printed
    assert "Context impl" not in printed
    assert "a real warning" in printed
