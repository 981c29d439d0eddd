"""What use says of the articles of one index: by how much each family is raised or lowered, for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from kb_index.search.catalogue import Catalogue, Rows
from kb_index.usage.click_model import estimate_boosts
from kb_index.usage.events import AUDIENCES, Audience, Counts, UsageCounts

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Boosts:
    """By how much to raise each of some families: their numbers, ascending, and `by`, both (n,)."""

    families: Rows
    by: Floats

    def of(self, families: Rows) -> Floats:
        """Return by how much to raise each of these families, 0 for those of which nothing is known."""
        if not len(self.families):
            return np.zeros(len(families), np.float32)
        at = np.minimum(np.searchsorted(self.families, families), len(self.families) - 1)
        return np.where(self.families[at] == families, self.by[at], np.float32(0))


NO_BOOSTS = Boosts(np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class UsageBoosts:
    """What customers' use raises in their lists, and agents' use in theirs; neither moves the other."""

    portal: Boosts = NO_BOOSTS
    agent: Boosts = NO_BOOSTS

    @classmethod
    def of(cls, usage: UsageCounts, catalogue: Catalogue, day: date) -> UsageBoosts:
        """Learn from all events up to `day` on articles that are there.

        For customers, events on internal articles do not exist: neither do they count for a public
        translation, nor for what is usual.
        """
        return cls(**{audience: _raised(usage, audience, catalogue, day) for audience in AUDIENCES})

    def for_readers(self, visibility: Iterable[str]) -> Boosts:
        """Return what holds for those who may see this: customers unless they see internal articles."""
        return self.agent if "internal" in visibility else self.portal


def _raised(usage: UsageCounts, audience: Audience, catalogue: Catalogue, day: date) -> Boosts:
    counts = usage.counts(audience, day)
    sums: dict[int, Counts] = {}
    for row in np.flatnonzero(catalogue.live).tolist() if counts else ():
        article = catalogue.articles[row]
        found = counts.get(article.id)
        if found is not None and (audience == "agent" or article.visibility == "public"):
            family = int(catalogue.families[row])
            sums[family] = sums[family] + found if family in sums else found
    if not sums:
        return NO_BOOSTS
    families = np.array(sorted(sums), np.int64)
    by = estimate_boosts(np.array([sums[family] for family in families.tolist()])).astype(np.float32)
    moved = by != 0
    return Boosts(families[moved], by[moved])
