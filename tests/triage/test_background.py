"""Background work is done, whatever went wrong the time before, and ends when it is told to."""

from __future__ import annotations

import threading

import pytest

from models.errors import StoreUnavailableError
from triage.background import BackgroundTask, DebouncedTask, PeriodicTask

TEXT = "a ticket's text"


class Work:
    """Counts its runs; fails with each of the errors given, one a run, before it succeeds."""

    def __init__(self, *failures: Exception) -> None:
        self.runs = threading.Semaphore(0)
        self.succeeded: list[int] = []
        self._failures = list(failures)

    def __call__(self) -> None:
        self.runs.release()
        if self._failures:
            raise self._failures.pop(0)
        self.succeeded.append(1)

    def wait_for_run(self) -> bool:
        return self.runs.acquire(timeout=30)


def test_scheduled_work_that_hits_a_defect_is_done_again_when_it_is_next_asked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work = Work(ZeroDivisionError(TEXT))
    task = DebouncedTask(work, name="test", after_s=0.01)
    task.schedule()
    assert work.wait_for_run()
    task.schedule()
    assert work.wait_for_run()
    task.close()
    assert "test failed: ZeroDivisionError" in caplog.text
    assert TEXT not in caplog.text


def test_scheduled_work_that_an_outage_prevented_is_done_when_the_process_stops() -> None:
    work = Work(StoreUnavailableError("away"))
    task = DebouncedTask(work, name="test", after_s=60)
    task.schedule()
    task.flush()
    assert work.succeeded == []
    task.close()
    assert work.succeeded == [1]


def test_scheduled_work_that_is_cancelled_is_never_done() -> None:
    work = Work()
    task = DebouncedTask(work, name="test", after_s=60)
    task.schedule()
    task.cancel()
    task.schedule()
    task.cancel()
    task.close()
    assert work.succeeded == []


def test_work_scheduled_many_times_before_it_is_due_is_done_once() -> None:
    work = Work()
    task = DebouncedTask(work, name="test", after_s=60)
    for _ in range(100):
        task.schedule()
    task.flush()
    task.flush()
    task.close()
    assert work.succeeded == [1]


def test_periodic_work_goes_on_after_an_outage_and_after_a_defect(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(StoreUnavailableError("away"), ZeroDivisionError(TEXT))
    task = PeriodicTask(work, name="test", every_s=0.01)
    task.start()
    for _ in range(4):
        assert work.wait_for_run()
    task.stop(30)
    assert work.succeeded
    assert "test failed, the next try is later: away" in caplog.text
    assert "test failed: ZeroDivisionError" in caplog.text
    assert TEXT not in caplog.text


def test_periodic_work_is_done_at_once_while_more_is_waiting_and_when_it_is_triggered() -> None:
    left, done = [3], threading.Semaphore(0)

    def work() -> bool:
        done.release()
        left[0] -= 1
        return left[0] > 0

    task = PeriodicTask(work, name="test", every_s=3600)
    task.start()
    for _ in range(3):
        assert done.acquire(timeout=30)
    task.trigger()
    assert done.acquire(timeout=30)
    task.stop(30)
    assert left == [-1]


def test_periodic_work_that_does_not_begin_at_once_can_be_stopped_before_its_first_run() -> None:
    work = Work()
    task = PeriodicTask(work, name="test", every_s=3600, at_once=False)
    task.start()
    task.stop(30)
    assert not work.runs.acquire(blocking=False)


def test_a_task_that_was_never_started_can_be_stopped() -> None:
    PeriodicTask(Work(), name="test", every_s=1).stop()


def test_work_in_the_background_runs_once_at_a_time_and_is_due_again_after_its_interval() -> None:
    now, go, begun = [0.0], threading.Event(), threading.Semaphore(0)
    ended = threading.Semaphore(0)

    def clock() -> float:
        ended.release()
        return now[0]

    def work() -> None:
        begun.release()
        assert go.wait(30)

    task = BackgroundTask(name="test", every_s=5, clock=clock)
    assert task.is_due
    task.run(work)
    assert begun.acquire(timeout=30)
    assert not task.is_due
    task.run(work)
    assert not begun.acquire(timeout=0.05)
    while ended.acquire(blocking=False):
        pass
    go.set()
    assert ended.acquire(timeout=30)
    now[0] = 4.0
    assert not task.is_due
    now[0] = 5.0
    while not task.is_due:  # the thread lets go a moment after it looked at the clock
        threading.Event().wait(0.001)
    task.run(work)
    assert begun.acquire(timeout=30)


def test_a_defect_in_the_background_is_logged_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(ZeroDivisionError(TEXT))
    task = BackgroundTask(name="test", every_s=0)
    task.run(work)
    assert work.wait_for_run()
    while not task.is_due:
        threading.Event().wait(0.001)
    assert "test failed: ZeroDivisionError" in caplog.text
    assert TEXT not in caplog.text
