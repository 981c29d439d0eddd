"""Whether `apply` keeps its promise: the error that is observed, and when a field has to step down.

The promise of a field is that at most a share e (`target_error`) of the values that are applied are wrong.
Thresholds made it likely, from held-out tickets; this file watches it on what came after.

**What is observed.** The error of a *blind* sample is unbiased: of tickets with something to apply some
are chosen by a keyed hash, nobody is shown an answer, and what people enter is compared with what would
have been applied. People who see an applied value correct only some of the wrong ones, and few helpdesks
report the rest; so `corrected / applied`, over *all* applied values and not those that were reported on,
is a lower bound of the error. For display `intervals.clopper_pearson` gives an interval, which holds for one
look and not for one after each feedback. `GuaranteeStatus` has both for the bundle in use.

**When a field steps down.** Feedback comes one by one and is looked at each time. A test at a fixed level
at each look would end in a false alarm almost surely, as does looking at a fixed-level interval. The test
here is valid at all looks together. Let X_1, X_2, … be 1 where a value was wrong. Under the promise the
probability of X_t = 1, whatever came before, is at most e. For any p >= e

    L_p(n) = product over t of (p / e)^X_t ((1 - p) / (1 - e))^(1 - X_t)

is then a supermartingale with mean at most 1: a factor's mean rises with the probability of an error,
since p / e >= 1 >= (1 - p) / (1 - e), and is 1 where that is e. So is its mixture over p by a Beta(a, b)
that is cut off below e (Robbins 1970, doi 10.1214/aoms/1177696786; Howard, Ramdas, McAuliffe, Sekhon 2021,
arXiv 1810.08240; Waudby-Smith and Ramdas 2024, arXiv 2010.09686), which with w errors in n is

    E(n, w) = e^-w (1 - e)^(w - n)  B(a + w, b + n - w) S(e; a + w, b + n - w) / (B(a, b) S(e; a, b))

with the beta function B and S(e; a, b) = P(Beta(a, b) > e). By Ville's inequality E ever reaches 1 / level
with probability at most `level`. The field steps down when it does. a = 1 and b = 1 / (3 e) - 1, at
least 1, so that the mixture's mean lies at three times the promise, where noticing soon matters.

The blind sample and the corrections are two streams, each tested at half of 1 - `confidence_level`, so that
both together raise a false alarm with probability at most 1 - `confidence_level`, ever, for a bundle. For
the corrections n is the number of all values applied so far. A correction that is still to come only makes
w too small: E rises with w, so looking early is only cautious. Feedback that contradicts an earlier one
replaces it.

An ordinal may promise different errors for raising and lowering; what counts here is the loosest of them.
After a step-down was lifted only decisions made later count, and the test begins anew.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from scipy.special import betaincc, betaln

from models.classifiers.fields import Field
from models.errors import StoreUnavailableError
from triage.intervals import Interval, clopper_pearson
from triage.settings import Settings
from triage.store import Store
from triage.store.guarantee import ErrorCounts, Suspension

State = Literal["kept", "broken", "unknown"]

_READ_EVERY_S = 2.0
_STREAMS = 2
_log = logging.getLogger(__name__)


def log_e_value(judged: int, wrong: int, promised: float) -> float:
    """Return log E(n, w): the evidence that more than `promised`, in (0, 1), of the judged ones are wrong.

    -inf where the judged ones leave next to nothing above `promised`.
    """
    a, b = 1.0, max(1.0, 1 / (3 * promised) - 1)
    right = judged - wrong
    above = float(betaincc(a + wrong, b + right, promised))
    if above == 0:
        return -math.inf
    prior = float(betaln(a, b)) + math.log(float(betaincc(a, b, promised)))
    mixed = float(betaln(a + wrong, b + right)) + math.log(above) - prior
    return mixed - wrong * math.log(promised) - right * math.log1p(-promised)


def is_violated(judged: int, wrong: int, promised: float, level: float) -> bool:
    """Tell whether a promise is broken, with probability of a false alarm at most `level` over all looks."""
    return log_e_value(judged, wrong, promised) >= -math.log(level)


def largest_target_error(field: Field) -> float:
    """Return the largest share of wrong values that the field's settings allow for any direction."""
    if field.kind != "ordinal" or field.default is None:
        return field.target_error
    either = (field.target_error_raise, field.target_error_lower)
    return max(field.target_error, *(error for error in either if error is not None))


@dataclass(frozen=True, slots=True)
class GuaranteeStatus:
    """How a field of a bundle keeps its promise, by what is `seen` since a step-down was last lifted.

    `broken` is what makes a field step down, and what stepped down; `kept` that the whole interval of the
    blind sample's error is at most `promised`.
    """

    seen: ErrorCounts
    promised: float
    stepped_down: Suspension | None
    state: State

    @property
    def error(self) -> Interval | None:
        """The error of the blind sample; None while nothing of it is judged."""
        return clopper_pearson(self.seen.holdout_wrong, self.seen.holdout_judged)


class GuaranteeMonitor:
    """Watches the fields of all bundles; every process has one over the same store."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        on_step_down: Callable[[Suspension], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._specs = {spec.name: spec for spec in settings.field_specs()}
        self._steps_down = settings.feedback.step_down
        self._on_step_down = on_step_down
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Mapping[str, Suspension]] = {}
        self._read_at: dict[str, float] = {}

    def suspended(self, bundle_id: str | None) -> Mapping[str, Suspension]:
        """Return the fields that are only suggested, as they were known seconds ago.

        While the store cannot be reached, what was last known holds.
        """
        if bundle_id is None or not self._steps_down:
            return {}
        with self._lock:
            now = self._clock()
            if now - self._read_at.get(bundle_id, -math.inf) >= _READ_EVERY_S:
                self._read_at = {bundle_id: now}
                try:
                    self._known = {bundle_id: self._store.suspensions.active(bundle_id)}
                except StoreUnavailableError as error:
                    _log.warning("the step-downs cannot be read: %s", error.message)
            return self._known.get(bundle_id, {})

    def check(self, field: str, bundle_id: str) -> Suspension | None:
        """Step the field down where its observed error breaks the promise; return the step-down if it is new.

        Only a wrong outcome can break it, so that after others there is no need to ask.

        Raises:
            StoreUnavailableError: the store cannot be reached; nothing was changed.
        """
        if not self._steps_down or field in self._store.suspensions.active(bundle_id):
            return None
        seen = self._observed(field, bundle_id)
        broken = self._broken_by(seen)
        if broken is None:
            return None
        judged, wrong = broken
        found = Suspension(field, bundle_id, datetime.now(UTC), judged, wrong, self._promised(field))
        return found if self._step_down(found) else None

    def statuses(self, bundle_id: str) -> list[GuaranteeStatus]:
        """Return how the fields of a bundle keep their promises, by the test that makes them step down.

        Those of which nothing was ever applied, or judged in the blind sample, are left out.

        Raises:
            StoreUnavailableError: the store cannot be reached.
        """
        down = self._store.suspensions.active(bundle_id)
        names = {*self._store.observed_errors.fields(bundle_id), *down}
        return [self._standing(name, bundle_id, down) for name in sorted(names)]

    def _standing(self, field: str, bundle_id: str, down: Mapping[str, Suspension]) -> GuaranteeStatus:
        seen, promised = self._observed(field, bundle_id), self._promised(field)
        error = clopper_pearson(seen.holdout_wrong, seen.holdout_judged)
        state: State = "unknown"
        if field in down or self._broken_by(seen) is not None:
            state = "broken"
        elif error is not None and error.upper <= promised:
            state = "kept"
        return GuaranteeStatus(seen, promised, down.get(field), state)

    def _promised(self, field: str) -> float:
        return largest_target_error(self._specs.get(field, Field(field)))

    def _observed(self, field: str, bundle_id: str) -> ErrorCounts:
        return self._store.observed_errors.counts(
            field, bundle_id, self._store.suspensions.ended_at(field, bundle_id)
        )

    def _broken_by(self, seen: ErrorCounts) -> tuple[int, int] | None:
        """Return how many were judged and how many wrong in a stream that breaks the promise, if one does."""
        spec = self._specs.get(seen.field, Field(seen.field))
        promised, level = largest_target_error(spec), (1 - spec.confidence_level) / _STREAMS
        for judged, wrong in ((seen.holdout_judged, seen.holdout_wrong), (seen.applied, seen.corrected)):
            if is_violated(judged, wrong, promised, level):
                return judged, wrong
        return None

    def _step_down(self, found: Suspension) -> bool:
        if not self._store.suspensions.add(found):
            return False
        with self._lock:
            self._read_at.clear()
        _log.warning(
            "field %s of bundle %s steps down from apply to suggest: %d of %d judged values were wrong, and "
            "%.1f %% is promised; `triage promise lift %s` lets it apply again",
            found.field,
            found.bundle_id,
            found.wrong,
            found.judged,
            100 * found.target_error,
            found.field,
        )
        if self._on_step_down is not None:
            self._on_step_down(found)
        return True
