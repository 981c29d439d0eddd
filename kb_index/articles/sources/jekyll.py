"""Jekyll: the dates in the names of posts, and the keys that `_config.yml` gives to pages of a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from kb_index.articles.access.keys import key_kind

_POST = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-")
_NAMES = ("_config.yml", "_config.yaml")
_MAX_BYTES = 1_000_000


class JekyllSite:
    """Keys on access that Jekyll gives to the pages of a site beside their front matter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        config = _config(folder)
        self._shows_future = config.get("future") is True
        defaults = config.get("defaults")
        self._defaults = (
            [entry for entry in defaults if isinstance(entry, Mapping)] if isinstance(defaults, list) else []
        )

    def keys_for(self, path: Path) -> dict[str, Any]:
        """Return the keys of a page: the defaults for its folder, the most exact last, and a post's date."""
        parts = path.relative_to(self._folder).parts
        place = "/".join(parts)
        is_post = "_posts" in parts[:-1]
        found: dict[str, Any] = {}
        for entry in sorted(self._defaults, key=lambda entry: len(_scope(entry)[0])):
            scope, kind = _scope(entry)
            is_inside = (
                not scope or place == scope or place.startswith(f"{scope}/") or fnmatchcase(place, scope)
            )
            values = entry.get("values")
            if (
                is_inside
                and isinstance(values, Mapping)
                and (kind in ("", "pages") or (kind == "posts") == is_post)
            ):
                found |= {str(k): v for k, v in values.items() if key_kind(str(k)) is not None}
        match = _POST.match(path.name)
        if match and is_post and not self._shows_future:
            year, month, day = match[1].split("-")
            found["date"] = f"{year}-{month:0>2}-{day:0>2}"
        return found


def _scope(entry: Mapping[str, Any]) -> tuple[str, str]:
    scope = entry.get("scope")
    scope = scope if isinstance(scope, Mapping) else {}
    return str(scope.get("path") or "").strip("/"), str(scope.get("type") or "")


def _config(folder: Path) -> Mapping[str, Any]:
    for name in _NAMES:
        path = folder / name
        if path.is_file() and path.stat().st_size <= _MAX_BYTES:
            try:
                found = yaml.safe_load(path.read_text("utf-8"))
            except (OSError, ValueError, yaml.YAMLError, RecursionError):
                # Whom the site leaves out is then unknown.
                return {"defaults": [{"values": {"visibility": f"unknown: {name} cannot be read"}}]}
            return found if isinstance(found, Mapping) else {}
    return {}
