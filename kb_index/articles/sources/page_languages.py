"""Page languages: whether the texts of pages are in the language that the name of their folder may say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from models.language.detector import LanguageDetector

_MOST_PAGES = 5
_HEAD_BYTES = 20_000
_NO_TEXT = re.compile(
    r"\A---\n.*?\n---\n|<(script|style|head)\b.*?</\1>|<[^<>]*>|&\w+;", re.DOTALL | re.IGNORECASE
)


def are_in_language(paths: Sequence[Path], code: str) -> bool:
    """Tell whether most of the first pages are in a language; a text that is too short says no."""
    found = [_detector().detect(_text(path)).code for path in paths[:_MOST_PAGES]]
    return bool(found) and 2 * found.count(code) > len(found)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return _NO_TEXT.sub(" ", stream.read(_HEAD_BYTES).decode("utf-8", "ignore"))
    except OSError:
        return ""


@cache
def _detector() -> LanguageDetector:
    return LanguageDetector()
