"""Texts by values: which of the columns that no name tells holds the tickets' text, and which the subject."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.errors import DataFileError
from training.exports.values import mean_words

_LONG = 5  # words on average
_CLEARLY_LONGER = 2  # times as long as the next one
_SHORTER = 0.8  # of the text's length, at most, is a subject
_BETWEEN = re.compile(r"[,;|]")


class UndecidedTextError(DataFileError):
    """Several columns or keys look like the tickets' text; `places` names them, the likeliest first."""

    def __init__(self, path: Path, places: Sequence[str]) -> None:
        self.places = tuple(places)
        named = ", ".join(map(repr, places[:-1]))
        each = ", or ".join(f'body = "{place}"' for place in places)
        both = "both" if len(places) == 2 else "all"
        super().__init__(
            f"{path}, line 1: {named} and {places[-1]!r} {both} look like the tickets' text: set {each} in "
            "[tickets] of triage.toml (`triage check --write` drafts it)"
        )


def text_by_values(columns: Mapping[str, Sequence[str]], path: Path) -> str | None:
    """Return the only column of long texts, or the one that is clearly the longest, None where there is none.

    Raises:
        UndecidedTextError: several are about as long.
    """
    words = {name: mean_words(texts) for name, texts in columns.items()}
    long = sorted((name for name in words if words[name] >= _LONG), key=lambda name: -words[name])
    if len(long) > 1 and words[long[0]] < _CLEARLY_LONGER * words[long[1]]:
        raise UndecidedTextError(path, [n for n in long if _CLEARLY_LONGER * words[n] > words[long[0]]][:4])
    return long[0] if long else None


def subjects_by_values(columns: Mapping[str, Sequence[str]], body: Sequence[str]) -> list[str]:
    """Return the columns of texts that are shorter than the bodies."""
    limit = _SHORTER * mean_words(body)
    return [name for name, texts in columns.items() if mean_words(texts) <= limit]


def are_lists(texts: Sequence[str]) -> bool:
    """Tell whether most cells are lists of short words with signs between them, as tags are.

    >>> are_lists(["vpn, laptop", "printer; paper jam", "vpn"]), are_lists(["Hi, the VPN broke, and I wait."])
    (True, False)
    """
    pieces = [[part for part in _BETWEEN.split(text) if part.strip()] for text in texts]
    several = [parts for parts in pieces if len(parts) > 1]
    return 2 * len(several) > len(texts) and mean_words([p for parts in several for p in parts]) <= 2
