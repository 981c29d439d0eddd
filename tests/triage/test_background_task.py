"""Work task an answer is done, whatever went wrong the time before."""

from __future__ import annotations

import threading

import pytest

from models.errors import StoreUnavailableError
from triage.background import DebouncedTask


def test_work_that_stumbles_over_a_defect_is_done_again_when_it_is_next_asked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = threading.Semaphore(0)
    failures: list[Exception] = [ZeroDivisionError("a ticket's text")]

    def work() -> None:
        if failures:
            done.release()
            raise failures.pop()
        done.release()

    task = DebouncedTask(work, name="test", after_s=0.01)
    task.schedule()
    assert done.acquire(timeout=30)
    task.schedule()
    assert done.acquire(timeout=30)
    task.close()
    assert "ZeroDivisionError" in caplog.text
    assert "a ticket's text" not in caplog.text


def test_work_that_an_outage_prevented_is_done_when_the_process_stops() -> None:
    done: list[int] = []
    failures = [StoreUnavailableError("away")]

    def work() -> None:
        if failures:
            raise failures.pop()
        done.append(1)

    task = DebouncedTask(work, name="test", after_s=60)
    task.schedule()
    task.flush()
    assert done == []
    task.close()
    assert done == [1]
