"""Help centres' JSON: the articles within what their interfaces and exports put around them.

Articles stand in lists (`articles`, `results`, `data` …) of pages, in folders that say who may read them, and
with their translations in them. Numbers that mean something are put in words, so that the access can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kb_index.articles.access.keys import is_about_others, key_kind
from kb_index.articles.access.places import SURROUNDINGS
from kb_index.articles.markup.wikitext import wikitext_to_html
from kb_index.articles.record_fields import field_name, text_of
from kb_index.articles.sources.confluence_pages import read_confluence
from kb_index.articles.sources.mediawiki import OPEN_NAMESPACES, notice_of
from kb_index.articles.sources.salesforce import read_salesforce
from kb_index.articles.sources.zammad import zammad_articles
from models.language.codes import code_in_name
from models.word_lists import word_set

_LISTS = word_set("""
        articles article results result data value items item entries pages page posts documents docs
        solution_article solution_articles
        solutions records query parse response content children faqs questions kbitems translations
        """)
_PARENTS = word_set("""
        folders folder sections section categories category collections collection spaces
        """)
_TITLES = frozenset(
    ["title", "article_title", "subject", "question", "heading", "headline", "short_description"]
)
_BODIES = word_set("""
        body answer content html text article_body body_html html_body content_html body_text
        revisions extract
        """)
_PARENT_KEYS = ("space_id", "folder_id", "section_id", "category_id", "collection_id")
# Freshdesk's and Freshservice's folders, and the states of Freshdesk's and of Dynamics' articles.
_FRESHDESK_VISIBILITY = {
    1: "public", 2: "logged in users", 3: "agents", 4: "selected companies", 5: "agents", 6: "members",
    7: "internal",
}  # fmt: skip
_FRESHDESK_STATUS = {1: "draft", 2: "published"}
_DYNAMICS_STATES = {
    0: "draft", 1: "in review", 2: "scheduled", 3: "published", 4: "expired", 5: "archived", 6: "discarded",
}  # fmt: skip
_MOST_LEVELS = 12


def line_records(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the articles of one line of a JSONL file: its own, or those of the answer that it is."""
    if not _is_article(record):
        found = list(HelpCenterReader().records(record))
        return found or [record]
    return list(_with_translations(_in_words(record)))


class HelpCenterReader:
    """Articles in JSON documents, with what folders and sections say of who may read them."""

    def __init__(self) -> None:
        self._base = ""
        self._parents: dict[tuple[str, Any], dict[str, Any]] = {}

    @property
    def has_parents(self) -> bool:
        return bool(self._parents)

    def add_parents(self, document: Any) -> None:
        """Remember what the folders and sections in a document say."""
        self._collect(document, 0, "")

    def records(self, document: Any) -> Iterator[dict[str, Any]]:
        """Yield the articles in a document, and each of their translations, as records."""
        for record in self._articles(document, (), 0):
            yield from _with_translations(record)

    def lacks_folder(self, record: Mapping[str, Any]) -> bool:
        """Tell whether an article is of Freshdesk's, and nothing says who may read its folder."""
        said = [record, *record.get(SURROUNDINGS, ())]
        return _is_of_freshdesk(record) and not any(
            {"visibility", "folder_visibility"} & around.keys() for around in said
        )

    def _collect(self, value: Any, level: int, kind: str) -> None:
        if level > _MOST_LEVELS:
            return
        if isinstance(value, list):
            for item in value:
                self._collect(item, level + 1, kind)
        elif isinstance(value, Mapping):
            links = value.get("_links")
            if isinstance(links, Mapping) and isinstance(links.get("base"), str):
                self._base = links["base"]
            if not kind and "visibility" in value and "name" in value and not _is_article(value):
                kind = "folder"  # a list of nothing but folders
            if not kind and {"key", "name", "type"} <= value.keys() and not _is_article(value):
                kind = "space"
            if kind and isinstance(value.get("id"), int | str):
                self._parents[kind, value["id"]] = _surrounding(value)
            for key, inner in value.items():
                if key in _LISTS or key in _PARENTS:
                    parent = key.removesuffix("s").replace("categorie", "category") if key in _PARENTS else ""
                    self._collect(inner, level + 1, parent or (kind if key == "children" else ""))

    def _articles(
        self, value: Any, around: tuple[Mapping[str, Any], ...], level: int, *, is_listed: bool = True
    ) -> Iterator[dict[str, Any]]:
        """Yield the articles in a value; what is not `is_listed` is a folder or a wrapper."""
        if level > _MOST_LEVELS:
            return
        if isinstance(value, list):
            for item in value:
                yield from self._articles(item, around, level + 1, is_listed=is_listed)
        elif isinstance(value, Mapping):
            value = _flat(value)
            yield from zammad_articles(value)
            if is_listed and _is_article(value):
                record = _in_words(value, self._base)
                said = [*around, *self._of_parents(value, 0)]
                yield record | ({SURROUNDINGS: said} if said else {})
                return
            below = (*around, own) if (own := _surrounding(value)) else around
            for key, inner in value.items():
                if isinstance(inner, list | Mapping) and not is_about_others(str(key)):
                    yield from self._articles(_values(inner, key), below, level + 1, is_listed=key in _LISTS)

    def _of_parents(self, record: Mapping[str, Any], level: int) -> Iterator[Mapping[str, Any]]:
        """Yield what the folders and sections that a record names by their ids say, and those above them."""
        for key, value in record.items():
            name = field_name(str(key))
            if name in _PARENT_KEYS and isinstance(value, int | str) and level < _MOST_LEVELS:
                parent = self._parents.get((name.removesuffix("_id"), value))
                if parent is not None and parent is not record:
                    yield parent
                    yield from self._of_parents(parent, level + 1)


def _values(inner: Any, key: str) -> Any:
    """Return the values of an object whose keys are ids, as MediaWiki has its pages."""
    is_by_id = (
        isinstance(inner, Mapping) and key == "pages" and all(isinstance(v, Mapping) for v in inner.values())
    )
    return list(inner.values()) if is_by_id else inner


def _flat(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a record whose keys are in `attributes` or `fields`, as Strapi's and Django's are, in one."""
    record = _flat_translation(record)
    for key in ("attributes", "fields"):
        inner = record.get(key)
        if isinstance(inner, Mapping) and not _is_article(record) and _is_article({"id": 0, **inner}):
            return {**inner, **{k: v for k, v in record.items() if k != key}}
    return record


def _flat_translation(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a record whose text is in its one `translation`, as TOPdesk's knowledge items are, in one."""
    translation = record.get("translation")
    if "id" not in record or not isinstance(translation, Mapping) or _is_article(record):
        return record
    content = translation.get("content")
    if not isinstance(content, Mapping) or not _is_article({"id": 0, **content}):
        return record
    around = {key: value for key, value in translation.items() if key not in ("content", "id")}
    return {**around, **content, **{key: value for key, value in record.items() if key != "translation"}}


def _is_article(record: Mapping[str, Any]) -> bool:
    names = {field_name(str(key)) for key, value in record.items() if value not in (None, "")}
    if names & {"articles", "folders", "sections"}:
        return False
    return bool(names & _TITLES) or bool(
        names & _BODIES and names & {"name", "id"} and not isinstance(record.get("content"), list)
    )


def _surrounding(parent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a folder, a section or a wrapper says itself, without what it holds."""
    return {
        str(key): _FRESHDESK_VISIBILITY.get(value, value)
        if key == "visibility" and isinstance(value, int) and not isinstance(value, bool)
        else value
        for key, value in parent.items()
        if not _holds_objects(value) and not (isinstance(value, Mapping) and _is_article(value))
    }


def _holds_objects(value: Any) -> bool:
    """Tell whether a value is or has a list of objects: articles, folders, or people beside them."""
    if isinstance(value, Mapping):
        return any(_holds_objects(inner) for inner in value.values())
    return isinstance(value, list) and any(isinstance(item, Mapping) and "id" in item for item in value)


def _in_words(article: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    record = read_salesforce({str(key): value for key, value in article.items()})
    if isinstance(record.get("folder_visibility"), int):  # Freshservice
        record["folder_visibility"] = _FRESHDESK_VISIBILITY.get(record["folder_visibility"], "unknown")
    if _is_of_freshdesk(record) and isinstance(record.get("status"), int):
        record["status"] = _FRESHDESK_STATUS.get(record["status"], record["status"])
    if isinstance(record.get("statecode"), int) and (
        {"articlepublicnumber", "islatestversion", "isinternal"} & record.keys()
    ):
        record["statecode"] = _DYNAMICS_STATES.get(record["statecode"], record["statecode"])
        record.pop("statuscode", None)
    if record.get("islatestversion") is False or record.get("isTemplate") is True:
        record["archived"] = True
    # Of Zoho's versions an article shows the newest one, which may be a draft of what is published.
    if record.get("status") == "Published" and record.get("latestVersionStatus") not in (None, "Published"):
        record["latestVersionStatus"] = "another"
    if isinstance(record.get("revisions"), list):
        _read_revisions(record)
    read_confluence(record, base)
    metadata = record.get("metadata")
    if isinstance(metadata, Mapping) and "labels" in metadata and "labels" not in record:
        record["labels"] = metadata["labels"]
    return record


def _is_of_freshdesk(record: Mapping[str, Any]) -> bool:
    return "folder_id" in record and bool(
        {"description_text", "seo_data", "agent_id", "hits", "art_type", "desc_un_html"} & record.keys()
    )


def _read_revisions(record: dict[str, Any]) -> None:
    """Take the newest text of a page that MediaWiki's interface gave."""
    revision = record.pop("revisions")[0] if record["revisions"] else {}
    slots = revision.get("slots") if isinstance(revision, Mapping) else None
    content = slots.get("main", {}) if isinstance(slots, Mapping) else revision
    text = content.get("content", content.get("*")) if isinstance(content, Mapping) else None
    record["id"] = record.get("id", record.get("pageid"))
    record["url"] = record.get("fullurl", record.get("url"))
    protection = record.get("protection")
    levels = protection if isinstance(protection, list) else []
    if str(record.get("ns", 0)) not in OPEN_NAMESPACES or any(
        isinstance(level, Mapping) and level.get("type") == "read" for level in levels
    ):
        record["visibility"] = "internal"
    if isinstance(text, str):
        record["body"] = wikitext_to_html(text)
        record |= notice_of(text)
        record["updated_at"] = revision.get("timestamp")
        record["language"] = record.get("pagelanguage", record.get("language"))


def _with_translations(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    article_id = record.get("id")
    found = record.pop("translations", None) or record.pop("translated_content", None)
    translations: list[Any] = found if isinstance(found, list) else []
    if isinstance(found, Mapping):
        translations = [
            {"locale": key, **value}
            for key, value in found.items()
            if isinstance(value, Mapping) and code_in_name(str(key))
        ]
    if "source_id" in record and record.get("source_type", "Article") != "Article":
        return  # the name of a section or category
    if "source_id" in record:
        record.setdefault("translation_of", record["source_id"])
    own = _locale(record)
    yield record
    # A translation has its own state, and is for those who may read the original.
    shared = {
        key: value
        for key, value in record.items()
        if key_kind(key) not in ("withheld", "released", "state", "translation", "start", "end")
        and key != SURROUNDINGS
    }
    around = {SURROUNDINGS: [*record.get(SURROUNDINGS, ()), shared]}
    for translation in translations:
        locale = _locale(translation) if isinstance(translation, Mapping) else None
        if locale and locale != own and _has_text(translation):
            yield (
                around
                | _in_words(translation)
                | {
                    "id": f"{article_id}.{locale}",
                    "translation_of": article_id,
                }
            )


def _locale(record: Mapping[str, Any]) -> str | None:
    value = record.get("locale") or record.get("language") or record.get("lang")
    return value.lower() if isinstance(value, str) else None


def _has_text(record: Mapping[str, Any]) -> bool:
    return any(
        isinstance(text_of(value), str)
        for key, value in record.items()
        if field_name(str(key)) in _TITLES | _BODIES
    )
