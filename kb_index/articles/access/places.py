"""Places: where in a record, and in what stands around it, keys on access may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kb_index.articles.access.keys import is_about_others, key_kind
from kb_index.articles.record_fields import field_name
from models.word_lists import word_set

# The key under which the sources of articles put the objects around an article: folders, lists, settings.
SURROUNDINGS = "surroundings"
# The key under which a folder of pages puts the names of the folders that a page stands in.
PAGE_FOLDERS = "page_folders"
_MAX_LEVELS = 8
_MAX_PLACES = 20_000
# Texts of an article, and what is about other things: other articles, versions, files and people.
_TEXTS = word_set(
    """
    body article_body answer html text body_html html_body content_html body_text content_text
    description_text html_content markdown summary excerpt title name subject question heading headline
    short_description description slug article_title article_name revisions extract
    """
)
_ELSEWHERE = word_set(
    """
    counts stats statistics totals facets aggregations analytics metrics
    history translations translated_content versions version revision related related_articles
    related_content see_also next previous prev previous_version next_version draft_version links
    expandable alternates user users person people contact aliases redirects hreflang articles children
    results items
    """
)
_AROUND = word_set(
    """
    section sections folder folders category categories collection collections space spaces parent
    parents ancestors knowledge_base knowledgebase kb portal brand help_center helpcenter topic topics
    """
)
_NAME_KEYS = ("name", "key", "label", "title", "field", "attribute", "property", "slug", "id")
_VALUE_KEYS = ("value", "values", "content", "selected", "val", "data")


@dataclass(frozen=True, slots=True)
class Place:
    """A key and its value; `shown` names it, `is_around` one that stands around the article."""

    key: str
    value: Any
    shown: str
    is_around: bool = False


def places(record: Mapping[str, Any]) -> Iterator[Place]:
    """Yield the keys of a record and of all objects in and around it that may say who may read it.

    Lists of names with their values, as in `[{"name": "Audience", "value": "staff"}]`, count as keys.

    Raises:
        OverflowError: there are more than 20,000 keys.
    """
    count = 0
    todo: list[tuple[Mapping[str, Any], str, int, bool]] = [(record, "", 0, False)]
    while todo:
        item, prefix, level, is_around = todo.pop(0)
        for name, value in _pairs(item):
            count += 1
            if count > _MAX_PLACES:
                raise OverflowError
            field = field_name(name)
            if level == 0 and name == SURROUNDINGS:
                todo.extend((around, "", 1, True) for around in value)
                continue
            is_own_text = field in _TEXTS and (level == 0 or not isinstance(value, bool))
            is_text = is_own_text and not isinstance(value, Mapping)
            if is_text or field in _ELSEWHERE or is_about_others(name):
                continue
            around = field in _AROUND
            yield Place(name, value, f"{prefix}{name}", is_around)
            if key_kind(name) is None and level < _MAX_LEVELS:
                below = f"{name}." if around else prefix
                todo.extend((inner, below, level + 1, is_around) for inner in _objects(value, field))


def _objects(value: Any, field: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects under a key that are about the article itself, or stand around it."""
    if isinstance(value, Mapping):
        if field in _TEXTS | {"content"}:
            yield {key: inner for key, inner in value.items() if not isinstance(inner, Mapping | list)}
        else:
            yield value
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, Mapping) and (field in _AROUND or _named(item) is not None):
                yield item


def _pairs(item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    named = _named(item)
    if named is not None:
        yield named
    for key, value in item.items():
        yield str(key), value


def _named(item: Mapping[str, Any]) -> tuple[str, Any] | None:
    """Return the name and the value of an object that stands for a key, as custom fields do."""
    fields = {field_name(str(key)): value for key, value in item.items()}
    names = [fields[key] for key in _NAME_KEYS if isinstance(fields.get(key), str)]
    values = [fields[key] for key in _VALUE_KEYS if key in fields]
    return (names[0], values[0]) if names and values else None
