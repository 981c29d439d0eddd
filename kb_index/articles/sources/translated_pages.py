"""Translated pages: what the other languages of a page say of who may read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kb_index.articles.access.keys import key_kind
from kb_index.articles.sources.page_tree import Page
from kb_index.articles.sources.pages import read_front_matter
from models.errors import InputError

_OF_A_VERSION = ("withheld", "released", "state", "translation", "start", "end")


class TranslatedPages:
    """Keys on access that the pages of a folder have in common with their translations.

    A translation is for those who may read the original, and has a state of its own. One without any front
    matter, as many translators leave it, has that of the original too.
    """

    def __init__(self, tree: Sequence[Page]) -> None:
        self._groups: dict[str, list[Path]] = defaultdict(list)
        for page in tree:
            if page.translation_key is not None:
                self._groups[page.translation_key].append(page.path)
        self._said: dict[Path, Mapping[str, Any]] = {}

    def keys_for(self, page: Page) -> dict[str, Any]:
        """Return the keys on access of a page's translations, the first page's first."""
        group = self._groups[page.translation_key] if page.translation_key is not None else []
        if len(group) < 2:
            return {}
        own = self._front_matter(page.path)
        found: dict[str, Any] = {}
        for path in group:
            for key, value in self._front_matter(path).items() if path != page.path else ():
                kind = key_kind(key)
                if kind is not None and (not own or kind not in _OF_A_VERSION):
                    found.setdefault(key, value)
        return found

    def _front_matter(self, path: Path) -> Mapping[str, Any]:
        if path not in self._said:
            try:
                self._said[path] = read_front_matter(path)
            except InputError:  # said where the page itself is read
                self._said[path] = {"visibility": f"unknown: {path.name} cannot be read"}
        return self._said[path]
