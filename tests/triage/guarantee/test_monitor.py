"""The guarantee of `apply` is watched with few false alarms and found broken soon."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from models.classifiers.fields import Field
from triage.guarantee.monitor import is_violated, largest_target_error, log_e_value

LEVEL = 0.025  # of one of the two streams, at the usual confidence of 95 %
TICKETS = 2000


def boundary(target_error: float, level: float = LEVEL) -> NDArray[np.int64]:
    """Return the fewest wrong ones that violate the guarantee after 1, 2, … TICKETS judged ones."""
    fewest, wrong = [], 1
    for judged in range(1, TICKETS + 1):
        while wrong <= judged and not is_violated(judged, wrong, target_error, level):
            wrong += 1
        fewest.append(wrong)
    return np.array(fewest)


def first_alarms(errors: NDArray[np.bool_], target_error: float) -> NDArray[np.int64]:
    """Return after how many tickets the alarm comes in each row when one looks after each; 0: never."""
    alarms = errors.cumsum(axis=1) >= boundary(target_error)
    return np.where(alarms.any(axis=1), alarms.argmax(axis=1) + 1, 0)


@pytest.mark.parametrize("target_error", [0.01, 0.05, 0.2])
def test_at_the_target_error_a_look_after_each_ticket_seldom_raises_an_alarm(target_error: float) -> None:
    rng = np.random.default_rng(1)
    alarms = first_alarms(rng.random((3000, TICKETS)) < target_error, target_error) > 0
    # So many would be seen once in 10,000 runs if the share of false alarms were as high as allowed.
    assert alarms.sum() <= binom.ppf(0.9999, alarms.size, LEVEL)


def test_errors_in_streaks_that_keep_the_guarantee_on_average_of_the_past_raise_few_alarms() -> None:
    # The next error's chance depends on the last ticket, yet is never above the target error.
    rng = np.random.default_rng(2)
    errors = np.zeros((3000, TICKETS), bool)
    uniform = rng.random(errors.shape)
    for t in range(1, TICKETS):
        errors[:, t] = uniform[:, t] < np.where(errors[:, t - 1], 0.05, 0.03)
    assert (first_alarms(errors, 0.05) > 0).sum() <= binom.ppf(0.9999, 3000, LEVEL)


@pytest.mark.parametrize(("target_error", "within"), [(0.05, 200), (0.02, 500)])
def test_three_times_the_target_error_is_noticed_within(target_error: float, within: int) -> None:
    rng = np.random.default_rng(3)
    alarms = first_alarms(rng.random((2000, TICKETS)) < 3 * target_error, target_error)
    assert np.quantile(np.where(alarms > 0, alarms, TICKETS + 1), 0.95) <= within


def test_the_evidence_is_a_martingale_at_the_target_error_and_falls_below_it() -> None:
    for error, held in ((0.05, True), (0.03, False)):
        for judged, wrong in ((0, 0), (7, 2), (60, 1)):
            next_one = error * np.exp(log_e_value(judged + 1, wrong + 1, 0.05))
            next_one += (1 - error) * np.exp(log_e_value(judged + 1, wrong, 0.05))
            ratio = next_one / np.exp(log_e_value(judged, wrong, 0.05))
            assert ratio == pytest.approx(1) if held else ratio < 1


def test_without_judged_tickets_there_is_no_evidence() -> None:
    assert log_e_value(0, 0, 0.05) == pytest.approx(0)


def test_a_million_right_ones_are_no_evidence_and_a_million_wrong_ones_are() -> None:
    assert not is_violated(1_000_000, 0, 0.05, LEVEL)
    assert not is_violated(1_000_000, 10_000, 0.05, LEVEL)
    assert is_violated(1_000_000, 100_000, 0.05, LEVEL)


def test_an_ordinal_is_held_to_its_loosest_direction() -> None:
    field = Field("p", "ordinal", values=("a", "b"), default="a", target_error_raise=0.1)
    assert largest_target_error(field) == 0.1
    assert largest_target_error(Field("c", target_error=0.03)) == 0.03
