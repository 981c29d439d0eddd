"""Survey of the columns that nothing is read from: which of them have few values, as fields do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from training.exports.custom_fields import is_custom
from training.exports.records import Beside, lookup
from training.exports.values import is_no_value, one_value, scalar_text

MOST_VALUES = 60
_MOST_COLUMNS = 500
_MOST_CHARS = 80


class Survey:
    """Counts the values of columns, and forgets a column with too many or too long ones."""

    def __init__(self, names: Sequence[str]) -> None:
        self._records, self._texts = 0, set[int]()
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in names[:_MOST_COLUMNS] if name}

    def add(self, values: Mapping[str, Any], text: object) -> None:
        """Count the values of a record; those with the same subject and text are copies of a ticket."""
        self._records += 1
        self._texts.add(hash(text) if text else self._records)
        for name in list(self.counts):
            text = scalar_text(one_value(lookup(values, name)))
            if text is None or len(text) > _MOST_CHARS:
                del self.counts[name]
            elif not is_no_value(text):
                self.counts[name][text] += 1
                if len(self.counts[name]) > MOST_VALUES:
                    del self.counts[name]

    def fields(self) -> dict[str, Counter[str]]:
        """Return the columns with at least two values, which occur often enough to be those of a field.

        Copies of tickets make no value frequent.
        """
        own = len(self._texts) / max(1, self._records)
        return {
            name: counts
            for name, counts in self.counts.items()
            if len(counts) > 1 and own * counts.total() >= _often(name) * len(counts)
        }


def named_counts(counts: Mapping[str, Counter[str]], beside: Beside) -> dict[str, Counter[str]]:
    """Return counts of columns by name where an export has the names of what the values identify."""
    return {
        place: Counter({beside.name_of(place, value) or value: count for value, count in found.items()})
        for place, found in counts.items()
    }


def _often(name: str) -> float:
    """Return how often a value must occur, on average; a custom field was made to be chosen from."""
    return 1.5 if is_custom(name) else 3
