"""A bound on what is taken on at once: first come, first served, and refused instead of kept waiting."""

from __future__ import annotations

import threading
import time

import pytest

from triage.errors import OverloadedError
from triage.web.middleware.admission import AdmissionGate, LongWork


def wait_until(condition) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


class Seen:
    """What a gate told."""

    def __init__(self) -> None:
        self.load, self.refused = (0, 0), []

    def change(self, in_flight: int, waiting: int) -> None:
        self.load = (in_flight, waiting)


def gate_and_seen(slots: int, queue: int, wait_s: float) -> tuple[AdmissionGate, Seen]:
    seen = Seen()
    return AdmissionGate(slots, queue, wait_s, on_change=seen.change, on_refused=seen.refused.append), seen


def test_with_slots_and_queue_full_the_next_is_refused_at_once() -> None:
    gate, seen = gate_and_seen(slots=1, queue=1, wait_s=60)
    gate.enter()
    waiting = threading.Thread(target=gate.enter)
    waiting.start()
    wait_until(lambda: seen.load == (1, 1))
    with pytest.raises(OverloadedError, match="ask again"):
        gate.enter()
    assert seen.refused == ["full"]
    gate.leave()
    waiting.join(10)
    assert seen.load == (1, 0)


def test_who_waits_too_long_is_refused_and_leaves_the_queue() -> None:
    gate, seen = gate_and_seen(slots=1, queue=5, wait_s=0.01)
    gate.enter()
    with pytest.raises(OverloadedError, match="without its turn"):
        gate.enter()
    assert (seen.load, seen.refused) == ((1, 0), ["late"])
    gate.leave()
    gate.enter()
    assert seen.load == (1, 0)


def test_the_first_to_come_is_the_first_to_go() -> None:
    gate, seen = gate_and_seen(slots=1, queue=5, wait_s=60)
    gate.enter()
    order: list[int] = []

    def visit(number: int) -> None:
        with gate.slot():
            order.append(number)

    visitors = []
    for number in range(5):
        visitors.append(threading.Thread(target=visit, args=(number,)))
        visitors[-1].start()
        wait_until(lambda expected=number + 1: seen.load == (1, expected))
    gate.leave()
    for visitor in visitors:
        visitor.join(10)
    assert order == [0, 1, 2, 3, 4]
    assert seen.load == (0, 0)


def test_never_more_than_the_slots_compute_and_none_is_lost() -> None:
    gate, seen = gate_and_seen(slots=3, queue=40, wait_s=60)
    inside, most, lock = 0, 0, threading.Lock()

    def visit() -> None:
        nonlocal inside, most
        for _ in range(20):
            with gate.slot():
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.0002)
                with lock:
                    inside -= 1

    visitors = [threading.Thread(target=visit) for _ in range(20)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(60)
    assert most == 3
    assert seen.load == (0, 0)
    assert seen.refused == []


def test_long_work_lets_those_go_first_who_wait_and_comes_back_for_its_turn() -> None:
    gate, seen = gate_and_seen(slots=1, queue=5, wait_s=60)
    order: list[str] = []

    def short() -> None:
        with gate.slot():
            order.append("short")

    with gate.slot():
        gate.give_way()  # nobody waits
        waiting = threading.Thread(target=short)
        waiting.start()
        wait_until(lambda: seen.load == (1, 1))
        gate.give_way()
        order.append("long")
    waiting.join(10)
    assert (order, seen.load) == (["short", "long"], (0, 0))


def test_long_work_goes_on_once_nothing_else_computes() -> None:
    gate, _ = gate_and_seen(slots=2, queue=0, wait_s=60)
    gate.enter()
    done = threading.Event()

    def long() -> None:
        gate.wait_until_idle(60)
        done.set()

    threading.Thread(target=long).start()
    assert not done.wait(0.05)
    gate.leave()
    assert done.wait(10)


def test_long_work_keeps_a_fifth_of_the_time_where_others_never_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("triage.web.middleware.admission.time.monotonic", lambda: now)

    class BusyGate(AdmissionGate):
        def wait_until_idle(self, longest_s: float) -> None:
            nonlocal now
            now += longest_s

    long_work = LongWork(BusyGate(1, 0, 1), AdmissionGate(1, 0, 1), None)
    for _ in range(100):
        now += 0.01
        long_work.go_on()
    assert now == pytest.approx(5 * 100 * 0.01)
