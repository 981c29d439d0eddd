"""Ids of a table's articles where it has no column with a known name for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb_index.articles.access.keys import key_kind
from kb_index.articles.record_fields import article_field

MADE = (
    "a table has no column with ids, so its articles have ids made of their titles: one with a new title "
    "counts as another article. Add a column id to keep them apart"
)
_MOST_CHARS = 80
_NUMBERED = re.compile(r"\S*\d\S*")


def table_ids(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], bool]:
    """Return an id for each row, and whether they are made of the titles.

    The first column has the ids, whatever it is called, where each row has another number or code in it.
    Rows with the same title are numbered in their order.

    >>> table_ids(["Tunnus", "Otsikko"], [["A-1", "Akku"], ["A-2", "Ovi"]])
    (['A-1', 'A-2'], False)
    >>> table_ids(["Title", "Body"], [["Open a door", "…"], ["Open a door", "…"]])
    (['open-a-door', 'open-a-door-2'], True)
    """
    first = [row[0].strip() if row else "" for row in rows]
    is_open = bool(names) and article_field(names[0]) is None and key_kind(names[0]) is None
    if is_open and len(set(first)) == len(first) and all(map(_NUMBERED.fullmatch, first)):
        return first, False
    column = next((number for number, name in enumerate(names) if article_field(name) == "title"), 0)
    titles = (row[column] if column < len(row) else "" for row in rows)
    return list(_numbered(re.sub(r"[\W_]+", "-", title.casefold()).strip("-") for title in titles)), True


def _numbered(ids: Iterator[str]) -> Iterator[str]:
    taken: dict[str, int] = {}
    for given in ids:
        name = given[:_MOST_CHARS] or "article"
        count = taken[name] = taken.get(name, 0) + 1
        while count > 1 and f"{name}-{count}" in taken:
            count += 1
        made = name if count == 1 else f"{name}-{count}"
        taken[name] = count
        taken.setdefault(made, 1)
        yield made
