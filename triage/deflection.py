"""How many tickets the portal's articles spare: a difference between two groups, not a guess from silence.

A customer who leaves without a ticket may have been helped, or have given up. So some sessions, drawn by lot,
are shown nothing, and

    deflection = submitted / sessions (shown nothing) - submitted / sessions (shown articles)

among the sessions in which something could have been shown. Its interval is Newcombe's hybrid score interval
(1998, Statistics in Medicine 17, 873-890, method 10): from the Wilson intervals (l, u) of both shares p

    d - sqrt((p1 - l1)² + (u2 - p2)²)  to  d + sqrt((u1 - p1)² + (p2 - l2)²),    d = p1 - p2

It stays within [-1, 1] and keeps its level where one group is small, as the control group is, and where nobody
or everybody submitted, in both of which the textbook interval fails.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from triage.promise import Interval
from triage.store.sessions import Group, Groups


@dataclass(frozen=True, slots=True)
class Deflection:
    """The share of sessions that articles spared a ticket, in [-1, 1], with both groups it comes from.

    `difference` is None until both groups have a session.
    """

    groups: Groups
    difference: Interval | None


def deflection(groups: Groups, *, confidence_level: float = 0.95) -> Deflection:
    """Compare the two groups.

    >>> groups = Groups(control=Group(50, 40), treated=Group(950, 570))
    >>> found = deflection(groups).difference
    >>> round(found.lower, 3), round(found.estimate, 3), round(found.upper, 3)
    (0.066, 0.2, 0.292)
    """
    control, treated = groups.control, groups.treated
    if not control.sessions or not treated.sessions:
        return Deflection(groups, None)
    first, second = _wilson(control, confidence_level), _wilson(treated, confidence_level)
    difference = first.estimate - second.estimate
    below = math.hypot(first.estimate - first.lower, second.upper - second.estimate)
    above = math.hypot(first.upper - first.estimate, second.estimate - second.lower)
    return Deflection(groups, Interval(difference, difference - below, difference + above))


def _wilson(group: Group, confidence_level: float) -> Interval:
    """Return the share that submitted, with Wilson's interval (1927)."""
    z = NormalDist().inv_cdf((1 + confidence_level) / 2)
    n, share = group.sessions, group.submitted / group.sessions
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and 1 the bound is the share itself, but for rounding.
    return Interval(share, min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half)))
