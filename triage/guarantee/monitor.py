"""Guarantee monitor: the observed error of `apply`, and when a field is suspended.

The guarantee of a field is that at most a share e (`target_error`) of the values that are applied are wrong.
Thresholds are certified for it on held-out tickets; the monitor checks it on those that came after.

**What is observed.** The error of the *holdout* is unbiased: of tickets with something to apply some are
chosen by a keyed hash, nobody is shown a suggestion, and what people enter is compared with what would have
been applied. People who see an applied value correct only some of the wrong ones, and few helpdesks report
the rest; so `corrected / applied`, over *all* applied values and not those that were reported on, is a lower
bound of the error. For display `intervals.clopper_pearson` gives an interval, which holds for one look and
not for one after each feedback. `GuaranteeStatus` has both for the bundle in use.

**When a field is suspended.** Feedback comes one by one and is looked at each time. A test at a fixed level
at each look would end in a false alarm almost surely, as does looking at a fixed-level interval. The test
here is valid at all looks together. Let X_1, X_2, … be 1 where a value was wrong. Under the guarantee the
probability of X_t = 1, whatever came before, is at most e. For any p >= e

    L_p(n) = product over t of (p / e)^X_t ((1 - p) / (1 - e))^(1 - X_t)

is then a supermartingale with mean at most 1: a factor's mean rises with the probability of an error, since
p / e >= 1 >= (1 - p) / (1 - e), and is 1 where that is e. So is its mixture over p by a Beta(a, b) that is
cut off below e (Robbins 1970, doi 10.1214/aoms/1177696786; Howard, Ramdas, McAuliffe, Sekhon 2021, arXiv
1810.08240; Waudby-Smith and Ramdas 2024, arXiv 2010.09686), which with w errors in n is the e-value

    E(n, w) = e^-w (1 - e)^(w - n)  B(a + w, b + n - w) S(e; a + w, b + n - w) / (B(a, b) S(e; a, b))

with the beta function B and S(e; a, b) = P(Beta(a, b) > e). By Ville's inequality E ever reaches 1 / level
with probability at most `level`. The field is suspended when it does. a = 1 and b = 1 / (3 e) - 1, at least
1, so that the mixture's mean lies at three times e, where noticing soon matters.

The holdout and the corrections are two streams, each tested at half of 1 - `confidence_level`, so that both
together raise a false alarm with probability at most 1 - `confidence_level`, ever, for a bundle. For the
corrections n is the number of all values applied so far. A correction that is still to come only makes w too
small: E rises with w, so looking early is only cautious. Later feedback on the same value replaces earlier.

An ordinal may have different target errors for raising and lowering; the largest of them counts here. After a
suspension has ended, only decisions made later count, and the test begins anew.
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


def log_e_value(judged: int, wrong: int, target_error: float) -> float:
    """Return log E(n, w): the evidence that more than `target_error` of the judged ones are wrong.

    `target_error` is in (0, 1). -inf where the judged ones leave next to nothing above `target_error`.
    """
    a, b = 1.0, max(1.0, 1 / (3 * target_error) - 1)
    right = judged - wrong
    above = float(betaincc(a + wrong, b + right, target_error))
    if above == 0:
        return -math.inf
    prior = float(betaln(a, b)) + math.log(float(betaincc(a, b, target_error)))
    mixed = float(betaln(a + wrong, b + right)) + math.log(above) - prior
    return mixed - wrong * math.log(target_error) - right * math.log1p(-target_error)


def is_violated(judged: int, wrong: int, target_error: float, level: float) -> bool:
    """Tell whether the guarantee is violated; a false alarm has a probability of at most `level`, ever."""
    return log_e_value(judged, wrong, target_error) >= -math.log(level)


def largest_target_error(field: Field) -> float:
    """Return the largest share of wrong values that the field's settings allow for any direction."""
    if field.kind != "ordinal" or field.default is None:
        return field.target_error
    either = (field.target_error_raise, field.target_error_lower)
    return max(field.target_error, *(error for error in either if error is not None))


def stream_level(field: Field) -> float:
    """Return the probability of a false alarm that each stream of judged values is allowed."""
    return (1 - field.confidence_level) / _STREAMS


@dataclass(frozen=True, slots=True)
class GuaranteeStatus:
    """Guarantee of a field of a bundle, by the `counts` since its last suspension ended.

    `broken`: the field is suspended, or its counts would suspend it; `kept`: the whole interval of the
    holdout's error is at most `target_error`.
    """

    counts: ErrorCounts
    target_error: float
    suspension: Suspension | None
    state: State

    @property
    def error(self) -> Interval | None:
        """The error of the holdout; None while nothing of it is judged."""
        return clopper_pearson(self.counts.holdout_wrong, self.counts.holdout_judged)


class GuaranteeMonitor:
    """Watches the fields of all bundles; every process has one over the same store."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        on_suspended: Callable[[Suspension], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._specs = {spec.name: spec for spec in settings.field_specs()}
        self._suspends = settings.feedback.suspend
        self._on_suspended = on_suspended
        self._clock = clock
        self._lock = threading.Lock()
        self._active: dict[str, Mapping[str, Suspension]] = {}
        self._read_at: dict[str, float] = {}

    def suspended(self, bundle_id: str | None) -> Mapping[str, Suspension]:
        """Return the suspended fields of a bundle, as they were known seconds ago.

        While the store cannot be reached, what was last known holds.
        """
        if bundle_id is None or not self._suspends:
            return {}
        with self._lock:
            now = self._clock()
            if now - self._read_at.get(bundle_id, -math.inf) >= _READ_EVERY_S:
                self._read_at = {bundle_id: now}
                try:
                    self._active = {bundle_id: self._store.suspensions.active(bundle_id)}
                except StoreUnavailableError as error:
                    _log.warning("the suspensions cannot be read: %s", error.message)
            return self._active.get(bundle_id, {})

    def check(self, field: str, bundle_id: str) -> Suspension | None:
        """Suspend the field where its observed error violates the guarantee; return a new suspension.

        Only a wrong outcome can violate it, so that after others there is no need to check.

        Raises:
            StoreUnavailableError: the store cannot be reached; nothing was changed.
        """
        if not self._suspends or field in self._store.suspensions.active(bundle_id):
            return None
        violation = self._violation(self._counts(field, bundle_id))
        if violation is None:
            return None
        judged, wrong = violation
        found = Suspension(field, bundle_id, datetime.now(UTC), judged, wrong, self._target_error(field))
        return found if self._suspend(found) else None

    def statuses(self, bundle_id: str) -> list[GuaranteeStatus]:
        """Return the status of each field of a bundle, by the test that suspends it.

        Fields of which nothing was ever applied, or judged in the holdout, are left out.

        Raises:
            StoreUnavailableError: the store cannot be reached.
        """
        active = self._store.suspensions.active(bundle_id)
        names = {*self._store.observed_errors.fields(bundle_id), *active}
        return [self._status(name, bundle_id, active.get(name)) for name in sorted(names)]

    def _status(self, field: str, bundle_id: str, suspension: Suspension | None) -> GuaranteeStatus:
        counts, target_error = self._counts(field, bundle_id), self._target_error(field)
        error = clopper_pearson(counts.holdout_wrong, counts.holdout_judged)
        state: State = "unknown"
        if suspension is not None or self._violation(counts) is not None:
            state = "broken"
        elif error is not None and error.upper <= target_error:
            state = "kept"
        return GuaranteeStatus(counts, target_error, suspension, state)

    def _spec(self, field: str) -> Field:
        return self._specs.get(field, Field(field))

    def _target_error(self, field: str) -> float:
        return largest_target_error(self._spec(field))

    def _counts(self, field: str, bundle_id: str) -> ErrorCounts:
        ended_at = self._store.suspensions.ended_at(field, bundle_id)
        return self._store.observed_errors.counts(field, bundle_id, ended_at)

    def _violation(self, counts: ErrorCounts) -> tuple[int, int] | None:
        """Return how many were judged and wrong in the first stream that violates the guarantee."""
        spec = self._spec(counts.field)
        target_error, level = largest_target_error(spec), stream_level(spec)
        streams = ((counts.holdout_judged, counts.holdout_wrong), (counts.applied, counts.corrected))
        for judged, wrong in streams:
            if is_violated(judged, wrong, target_error, level):
                return judged, wrong
        return None

    def _suspend(self, suspension: Suspension) -> bool:
        if not self._store.suspensions.add(suspension):
            return False
        with self._lock:
            self._read_at.clear()
        _log.warning(
            "field %s of bundle %s is suspended and only suggested: %d of %d judged values were wrong, and "
            "the guarantee allows %.1f %%; `triage guarantee lift %s` lets it apply again",
            suspension.field,
            suspension.bundle_id,
            suspension.wrong,
            suspension.judged,
            100 * suspension.target_error,
            suspension.field,
        )
        if self._on_suspended is not None:
            self._on_suspended(suspension)
        return True
