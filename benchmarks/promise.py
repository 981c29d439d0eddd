"""How often the promise raises a false alarm, and how soon it is found broken; run it as a module."""

from __future__ import annotations

import numpy as np

from triage.guarantee.monitor import is_violated

RUNS, TICKETS, LEVEL = 2000, 4000, 0.025
TIMES = (1, 2, 3, 5)


def fewest_wrong(promised: float) -> np.ndarray:
    """Return the fewest wrong ones that break the promise after 1, 2, … judged tickets, (TICKETS,)."""
    fewest, wrong = [], 1
    for judged in range(1, TICKETS + 1):
        while wrong <= judged and not is_violated(judged, wrong, promised, LEVEL):
            wrong += 1
        fewest.append(wrong)
    return np.array(fewest)


def main() -> None:
    uniform = np.random.default_rng(0).random((RUNS, TICKETS))
    for promised in (0.05, 0.02):
        bound = fewest_wrong(promised)
        for times in TIMES:
            alarms = (uniform < times * promised).cumsum(axis=1) >= bound
            ever = alarms.any(axis=1)
            after = np.where(ever, alarms.argmax(axis=1) + 1, TICKETS + 1)
            print(
                f"promised {promised:.0%}, true {times * promised:.0%}: alarm in {ever.mean():.1%} of runs, "
                f"after {np.median(after):.0f} judged tickets (95 % of runs: {np.quantile(after, 0.95):.0f})"
            )


if __name__ == "__main__":
    main()
