"""Guarantee monitor, by simulation: false alarms, and tickets until it finds a guarantee violated.

PYTHONPATH=. python benchmarks/guarantee.py
"""

from __future__ import annotations

import numpy as np

from triage.guarantee.monitor import is_violated

RUNS, TICKETS, LEVEL = 2000, 4000, 0.025
TIMES = (1, 2, 3, 5)


def fewest_wrong(target_error: float) -> np.ndarray:
    """Return the fewest errors that violate the guarantee after 1, 2, … judged tickets, (TICKETS,)."""
    fewest, wrong = [], 1
    for judged in range(1, TICKETS + 1):
        while wrong <= judged and not is_violated(judged, wrong, target_error, LEVEL):
            wrong += 1
        fewest.append(wrong)
    return np.array(fewest)


def main() -> None:
    uniform = np.random.default_rng(0).random((RUNS, TICKETS))
    for target_error in (0.05, 0.02):
        bound = fewest_wrong(target_error)
        for times in TIMES:
            alarms = (uniform < times * target_error).cumsum(axis=1) >= bound
            ever = alarms.any(axis=1)
            after = np.where(ever, alarms.argmax(axis=1) + 1, TICKETS + 1)
            print(
                f"target error {target_error:.0%}, true {times * target_error:.0%}: "
                f"alarm in {ever.mean():.1%} of runs, "
                f"after {np.median(after):.0f} judged tickets (95 % of runs: {np.quantile(after, 0.95):.0f})"
            )


if __name__ == "__main__":
    main()
