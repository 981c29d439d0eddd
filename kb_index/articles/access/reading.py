"""Access: who may read an article, by any key of its record that restricts it, as the vendors spell them.

A record is never more public than it says. What is not published (a draft, archived, expired, scheduled) is
withheld from everybody. A key that seems to restrict access and has a value that is not understood makes the
article internal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kb_index.articles.access.keys import key_kind
from kb_index.articles.access.notices import title_notice
from kb_index.articles.access.places import places
from kb_index.articles.access.record_reader import RecordReader
from kb_index.articles.access.values import has_passed, is_published_state
from kb_index.articles.article import Visibility
from kb_index.articles.record_fields import article_fields, field_name


@dataclass(frozen=True, slots=True)
class Access:
    """Readers that an article is meant for.

    `withheld` says why it is not published, and is empty for a published one. `visibility` is None where the
    record says nothing of it. `internal_by` names what makes it internal, and `not_understood` the keys with
    a value that is none of the known ones.
    """

    withheld: str = ""
    visibility: Visibility | None = None
    internal_by: str = ""
    not_understood: dict[str, str] = field(default_factory=dict)


def read_access(record: Mapping[str, Any], now: datetime) -> Access:
    """Return who may read the article of a record, as it was exported or written, at this moment.

    >>> from datetime import UTC
    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> read_access({"draft": True}, now).withheld
    'draft'
    >>> read_access({"audience": "gold tier"}, now).not_understood
    {'audience': 'gold tier'}
    """
    reader = RecordReader(now)
    try:
        found = list(places(record))
    except OverflowError:
        found = []
        reader.not_understood["the article"] = "too many keys"
    kinds = [(place, key_kind(place.key)) for place in found]
    # Where a page has a date of publication, its date is another one, as in Hugo.
    has_start = any(
        kind == "start" and place.key.lower() != "date" and has_passed(place.value, now) is not None
        for place, kind in kinds
    )
    # In Zendesk a translation that is older than its original is outdated.
    is_translated = not {"source_locale", "outdated_locales", "source_id", "translation_of"}.isdisjoint(
        record
    )
    for place, kind in kinds:
        name = field_name(place.key)
        if kind is None:
            reader.read_other(place)
        elif not (has_start and name == "date") and not (is_translated and name == "outdated"):
            reader.read(place, kind)
    _read_title(record, reader)
    if reader.unpublished_date and not (reader.published or reader.for_staff_since_then):
        reader.withheld.append("not published")
    internal_by = reader.internal_by or list(reader.not_understood)
    visibility: Visibility | None = "public" if reader.public else None
    return Access(
        reader.withheld[0] if reader.withheld else "",
        "internal" if internal_by else visibility,
        internal_by[0] if internal_by else "",
        reader.not_understood,
    )


def _read_title(record: Mapping[str, Any], reader: RecordReader) -> None:
    """Heed a notice in the title, such as "[INTERNAL]" or "DRAFT - "."""
    title = article_fields(record).get("title")
    notice = title_notice(title) if isinstance(title, str) else ""
    if notice and is_published_state(notice) is False:
        reader.withheld.append(notice.lower())
    elif notice:
        reader.internal_by.append(f"title: {notice}")
