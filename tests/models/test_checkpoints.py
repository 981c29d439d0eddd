"""Checkpoints: whoever asks for long work may end it between its pieces."""

from __future__ import annotations

import pytest

from models.checkpoints import checkpoint, checkpoints, stepwise


def test_work_calls_back_where_somebody_asked_for_it_and_only_there() -> None:
    calls: list[int] = []
    checkpoint()
    with checkpoints(lambda: calls.append(1)):
        checkpoint()
        with checkpoints(None):
            checkpoint()
    checkpoint()
    assert calls == [1]


def test_an_error_at_a_checkpoint_ends_the_work() -> None:
    def end() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError), checkpoints(end):
        checkpoint()


@pytest.mark.parametrize(("items", "expected"), [([], 0), (["a"], 0), (["a", "b", "c"], 3)])
def test_of_several_items_a_checkpoint_follows_each(items: list[str], expected: int) -> None:
    calls: list[int] = []
    with checkpoints(lambda: calls.append(1)):
        assert list(stepwise(items)) == items
    assert len(calls) == expected
