"""Stages of a request's work: measured where a clock runs, and free where none does."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from triage.timing import stage_seconds, start_timer, stop_timer, timed


def test_a_stage_counts_as_the_sum_of_its_parts_also_from_another_thread() -> None:
    def work() -> None:
        with timed("words"):
            time.sleep(0.002)

    token = start_timer()
    work()
    with ThreadPoolExecutor(1) as beside:
        beside.submit(copy_context().run, work).result()
    assert set(stage_seconds()) == {"words"}
    assert stage_seconds()["words"] >= 0.004
    stop_timer(token)
    assert stage_seconds() == {}


def test_without_a_clock_nothing_is_kept() -> None:
    with timed("encoder"):
        pass
    assert stage_seconds() == {}


def test_a_stage_that_fails_is_counted_too() -> None:
    token = start_timer()
    try:
        with timed("store"):
            raise ValueError
    except ValueError:
        assert "store" in stage_seconds()
    finally:
        stop_timer(token)
