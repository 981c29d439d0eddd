"""Cascades: the keys that Hugo's `_index.md` hands down to the pages in its folder and below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from kb_index.articles.access.keys import key_kind
from kb_index.articles.sources.page_tree import Page

_PARAMS = "params"
_TARGETS = ("target", "_target")


class Cascades:
    """The cascades of the pages of a folder, as they are read; a page's own keys come before them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._given: dict[Path, list[tuple[str | None, Mapping[str, Any]]]] = {}

    def add(self, page: Page, front_matter: Mapping[str, Any]) -> None:
        """Take the cascade of an `_index` page: a table, or a list of tables that may name their targets."""
        cascade = front_matter.get("cascade")
        tables = cascade if isinstance(cascade, list) else [cascade]
        self._given.setdefault(page.path.parent, []).extend(
            (page.language, table) for table in tables if isinstance(table, Mapping)
        )

    def keys_for(self, page: Page) -> dict[str, Any]:
        """Return the keys on access that the folders of a page hand down, the nearest folder's first."""
        found: dict[str, Any] = {}
        params: dict[str, Any] = {}
        for table in self._tables(page):
            inner = table.get(_PARAMS)
            for keys, into in ((table, found), (inner if isinstance(inner, Mapping) else {}, params)):
                for key, value in keys.items():
                    if key_kind(str(key)) is not None:
                        into.setdefault(str(key), value)
        return found | ({_PARAMS: params} if params else {})

    def _tables(self, page: Page) -> Iterator[Mapping[str, Any]]:
        for parent in page.path.parents:
            for language, table in self._given.get(parent, ()):
                if language in (None, page.language) and self._is_target(table, page.path):
                    yield table
            if parent == self._folder:
                return

    def _is_target(self, table: Mapping[str, Any], path: Path) -> bool:
        """Tell whether a table may be meant for a page; of a target, only a plain path is read."""
        targets = [table[name] for name in _TARGETS if isinstance(table.get(name), Mapping)]
        pattern = targets[0].get("path") if targets else None
        if not isinstance(pattern, str) or "{" in pattern:
            return True
        place = path.relative_to(self._folder).with_suffix("").as_posix().lower()
        wanted = pattern.lower().strip("/")
        return any(fnmatchcase(end, wanted) or fnmatchcase(f"{end}/", wanted) for end in _ends(place))


def _ends(place: str) -> Sequence[str]:
    """Return a path and its ends: the folder given may hold the site, its content or one language."""
    parts = place.split("/")
    return ["/".join(parts[start:]) for start in range(len(parts))]
