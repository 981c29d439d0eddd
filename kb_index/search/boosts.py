"""Usage boosts: score differences of translation groups learnt from their usage, by audience."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from kb_index.search.catalogue import Catalogue, Rows
from kb_index.search.similarity import Floats
from kb_index.usage.click_model import estimate_boosts
from kb_index.usage.events import AUDIENCES, Audience, Counts, UsageCounts


@dataclass(frozen=True, slots=True)
class Boosts:
    """Boosts of some translation groups: the groups' numbers, ascending, and `values`, both (n,)."""

    groups: Rows
    values: Floats

    def of(self, groups: Rows) -> Floats:
        """Return the boost of each of these groups, 0 for those without one."""
        if not len(self.groups):
            return np.zeros(len(groups), np.float32)
        at = np.minimum(np.searchsorted(self.groups, groups), len(self.groups) - 1)
        return np.where(self.groups[at] == groups, self.values[at], np.float32(0))


NO_BOOSTS = Boosts(np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class UsageBoosts:
    """Boosts learnt from customers for customers' lists (portal), and from agents for agents' lists."""

    portal: Boosts = NO_BOOSTS
    agent: Boosts = NO_BOOSTS

    @classmethod
    def from_usage(cls, usage: UsageCounts, catalogue: Catalogue, day: date) -> UsageBoosts:
        """Estimate boosts from all events up to `day` on articles that are live.

        For customers, events on internal articles do not exist: they count neither for a public translation
        nor for the average article.
        """
        return cls(**{audience: _boosts(usage, audience, catalogue, day) for audience in AUDIENCES})

    def for_visibility(self, visibility: Iterable[str]) -> Boosts:
        """Return the boosts for readers who see this: agents' where it includes internal articles."""
        return self.agent if "internal" in visibility else self.portal


def _boosts(usage: UsageCounts, audience: Audience, catalogue: Catalogue, day: date) -> Boosts:
    counts = usage.counts(audience, day)
    sums: dict[int, Counts] = {}
    for row in np.flatnonzero(catalogue.live).tolist() if counts else ():
        article = catalogue.articles[row]
        found = counts.get(article.id)
        if found is not None and (audience == "agent" or article.visibility == "public"):
            group = int(catalogue.groups[row])
            sums[group] = sums[group] + found if group in sums else found
    if not sums:
        return NO_BOOSTS
    groups = np.array(sorted(sums), np.int64)
    values = estimate_boosts(np.array([sums[group] for group in groups.tolist()])).astype(np.float32)
    boosted = values != 0
    return Boosts(groups[boosted], values[boosted])
