"""Verdict of a backtest on a field: whether `apply` would have kept its guarantee, or what is missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.classifiers.fields import Field
from models.wording import counted
from training.backtest.outcomes import TicketOutcome
from training.thresholds.dependence import Dependence
from training.thresholds.risk_control import min_sample_size
from training.thresholds.witnesses import witness_clusters
from triage.guarantee.monitor import largest_target_error
from triage.intervals import upper_bound
from triage.ticket import Ticket

_MOST_ERRORS = 20_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on `apply`: it holds where the one-sided upper bound of the error is at most `target_error`.

    `worth` is the number of independent tickets that the set ones count as. `more_tickets` is how many more
    would have to be replayed if all went on as it did; None where it holds, or where no number would do.
    """

    holds: bool
    upper: float | None
    target_error: float
    confidence_level: float
    worth: float
    more_tickets: int | None
    reason: str


def judge_field(
    field: Field, outcomes: Sequence[TicketOutcome], tickets: Sequence[Ticket], never: str | None = None
) -> Verdict:
    """Judge a field by the outcomes of all `tickets` that came; `never` says why training never applies it.

    Tickets of one requester, form or hour of an agent count by what they are worth, as in training.
    """
    target, level = largest_target_error(field), field.confidence_level
    labelled = [outcome for outcome in outcomes if field.name in outcome.fields]
    found = [outcome.fields[field.name] for outcome in labelled]
    is_set = np.array([one.is_set for one in found], bool)
    correct = np.array([one.right for one in found], bool)
    count, wrong = int(is_set.sum()), int((is_set & ~correct).sum())
    if not count:
        reason = never or "it set nothing: no ticket reached the threshold"
        return Verdict(False, None, target, level, 0.0, None, reason)
    dependence = Dependence.measure(
        np.array([one.confidence for one in found]),
        correct,
        witness_clusters([tickets[outcome.position] for outcome in labelled]),
    )
    effect = float(dependence.take(is_set).design_effects(np.array([count]), target)[0])
    worth = count / effect
    upper = upper_bound(wrong / effect, worth, level)
    if upper <= target:
        reason = (
            f"with {level:.0%} certainty at most {upper:.1%} of the values that it sets are wrong, and "
            f"{target:.1%} may be"
        )
        return Verdict(True, upper, target, level, worth, None, reason)
    needed = sample_needed(wrong / effect, worth, target, 1 - level)
    if needed is None:
        reason = f"{wrong:,} of {count:,} values that it set were wrong, more than {target:.1%}"
        return Verdict(False, upper, target, level, worth, None, reason)
    more = math.ceil((needed - worth) * effect * len(found) / count)
    reason = (
        f"{wrong:,} of {count:,} values that it set were wrong; this leaves up to {upper:.1%} possible, more "
        f"than {target:.1%}: it takes about {counted(more, 'more ticket')} like these to tell"
    )
    return Verdict(False, upper, target, level, worth, more, reason)


def sample_needed(wrong: float, of: float, target_error: float, alpha: float) -> int | None:
    """Return how many set values would prove the target if errors stay as frequent; None if none would.

    >>> sample_needed(0, 20, 0.05, 0.05), sample_needed(3, 50, 0.05, 0.05)
    (59, None)
    """
    share = wrong / of
    if share >= target_error:
        return None
    for errors in range(math.ceil(wrong), _MOST_ERRORS):
        sample = min_sample_size(target_error, alpha, errors)
        if errors >= share * sample:
            return sample
    return None
