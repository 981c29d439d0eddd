"""Confluence's pages as its interface gives them: what stands beside their text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kb_index.articles.access.values import notice_keys
from kb_index.articles.markup.confluence import is_storage_format, storage_to_html
from kb_index.articles.markup.lozenges import head_lozenges
from kb_index.articles.record_fields import text_of

# Of the space of one person, which has a tilde and the name: ~ann, /rest/api/space/~ann, /display/~ann/Lamp.
_OF_A_PERSON = re.compile(r"^~|/(?:spaces?|display)/~", re.IGNORECASE)


def read_confluence(record: dict[str, Any], base: str) -> None:
    """Note in a page's record its link, its date, whether it is in somebody's own space, and its lozenges.

    A record of another help centre stays as it is. `base` is the address of the wiki.
    """
    markup = text_of(record.get("body"))
    if isinstance(markup, str):
        html = storage_to_html(markup) if is_storage_format(markup) else markup
        record |= notice_keys(head_lozenges(html))
    space, hidden, links = record.get("space"), record.get("_expandable"), record.get("_links")
    places = [
        space.get("key") if isinstance(space, Mapping) else space,
        hidden.get("space") if isinstance(hidden, Mapping) else None,
        links.get("webui") if isinstance(links, Mapping) else None,
    ]
    if any(isinstance(place, str) and _OF_A_PERSON.search(place) for place in places):
        record["space"] = {**(space if isinstance(space, Mapping) else {}), "type": "personal"}
    if isinstance(links, Mapping) and isinstance(links.get("webui"), str):
        record.setdefault("web_url", f"{links.get('base') or base}{links['webui']}")
    version = record.get("version")
    if isinstance(version, Mapping) and "updated_at" not in record:
        record["updated_at"] = version.get("when") or version.get("createdAt")
