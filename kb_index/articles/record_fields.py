"""Record fields: the keys of an article as help centres export and write them, under this project's names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from models.language.codes import parse_code
from models.unix_time import moment_since_1970

_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": (
        "id", "article_id", "sys_id", "page_id", "pageid", "post_id", "knowledge_article_id",
        "knowledgearticleid", "uid", "pk", "key",
        "number", "slug", "url_name", "urlname",
    ),
    "title": (
        "title", "article_title", "name", "article_name", "subject", "question", "heading",
        "short_description", "titel", "titre", "título", "titolo", "tytuł", "otsikko", "rubrik", "tittel",
        "název", "názov", "pealkiri", "virsraksts", "pavadinimas", "заголовок", "cím",
        "タイトル", "标题", "제목",
        "frage", "pregunta", "domanda", "pergunta", "vraag", "fråga", "spørgsmål", "spørsmål", "kysymys",
        "küsimus", "jautājums", "klausimas", "pytanie", "вопрос", "otázka", "質問", "问题", "질문",
    ),
    "body": (
        "body", "article_body", "answer", "content", "article_content", "description", "html", "text",
        "body_html", "html_body", "content_html", "body_text", "content_text", "description_text",
        "html_content", "body_markdown", "content_markdown", "markdown", "plain_text", "summary", "excerpt",
        "inhalt", "contenu", "contenido", "contenuto", "conteúdo", "inhoud", "treść", "sisältö", "innehåll",
        "indhold", "innhold", "obsah", "sisu", "saturs", "turinys", "текст", "содержание", "tartalom", "本文",
        "内容", "내용",
        "antwort", "réponse", "respuesta", "risposta", "resposta", "antwoord", "svar", "vastaus", "vastus",
        "atbilde", "atsakymas", "odpowiedź", "ответ", "odpověď", "回答", "答案", "답변",
    ),
    "language": (
        "language", "locale", "lang", "language_code", "locale_code", "article_language", "sprache", "langue",
        "idioma", "lingua", "língua", "taal", "språk", "sprog", "kieli", "keel", "valoda", "kalba", "język",
        "jazyk", "jezik", "язык", "мова", "език", "nyelv", "limba", "limbă", "γλώσσα", "dil", "言語", "语言",
        "語言", "언어", "bahasa", "ngôn_ngữ", "ภาษา", "اللغة", "שפה", "default_locale",
    ),
    "translation_of": ("translation_of", "source_article_id"),
    "url": (
        "html_url", "web_url", "public_url", "url", "article_url", "canonical_url", "permalink", "link",
        "portal_url",
    ),
    "updated_at": (
        "updated_at", "modified_time", "modified_at", "modified_on", "updated_time", "updated_on", "updated",
        "last_updated", "last_updated_at", "last_modified", "last_modified_at", "last_update",
        "date_modified", "modified", "lastmod", "edited_at", "sys_updated_on", "created_at", "created_time",
        "created_on",
    ),
    "labels": ("labels", "label_names", "tags", "keywords", "article_labels"),
}  # fmt: skip
# Where an object stands in place of a text: Confluence's representations, WordPress's, MediaWiki's.
_TEXT_KEYS = (
    "view", "export_view", "styled_view", "storage", "rendered", "value", "html", "raw", "plain", "text", "*",
    "content", "name", "label", "date", "when",
)  # fmt: skip
_MOST_LEVELS = 3
_FOR_MACHINES = re.compile(r"/api/|\.json(?:\?|$)")


def article_fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a record by the names that `Article.from_record` knows; others are left out.

    A value under its own name comes before one under another name. What stands under other names and is of
    no use there, such as a date in words, is passed over.

    >>> article_fields({"id": 7, "name": "Reset", "answer": "<p>Press.</p>", "webUrl": "https://a.example/7"})
    {'id': 7, 'title': 'Reset', 'body': '<p>Press.</p>', 'url': 'https://a.example/7'}
    """
    given: dict[str, Any] = {}
    for key, value in record.items():
        if value is not None and value != "":
            given.setdefault(field_name(str(key)), value)
    fields: dict[str, Any] = {
        name: given[name] for name in ("visibility", "collection") if isinstance(given.get(name), str)
    }
    for name, spellings in _NAMES.items():
        for spelling in spellings:
            value = given.get(spelling)
            found = None if value is None else _value(name, value, is_own=spelling == name)
            if found is not None:
                fields[name] = found
                break
    return {name: fields[name] for name in (*_NAMES, "visibility", "collection") if name in fields}


@lru_cache(maxsize=4096)
def article_field(key: str) -> str | None:
    """Return what a key of an article is called here, None for a key that is no part of one.

    >>> article_field("Inhalt"), article_field("webUrl"), article_field("priority")
    ('body', 'url', None)
    """
    name = field_name(key)
    if name in ("visibility", "collection"):
        return name
    return next((field for field, spellings in _NAMES.items() if name in spellings), None)


@lru_cache(maxsize=4096)
def field_name(key: str) -> str:
    """Return a key in lower case, its words joined by underscores.

    >>> field_name("webUrl"), field_name(" Article Title "), field_name("_id")
    ('web_url', 'article_title', 'id')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.strip())
    return re.sub(r"[^\w*]+|_+", "_", spaced.lower()).strip("_")


def text_of(value: Any, levels: int = _MOST_LEVELS) -> Any:
    """Return the text within an object that stands in its place; any other value as it is."""
    if isinstance(value, Mapping) and levels:
        for key in _TEXT_KEYS:
            found = text_of(value.get(key), levels - 1)
            if isinstance(found, str) and found:
                return found
    return value


def _value(name: str, value: Any, *, is_own: bool) -> Any:
    value = _labels(value) if name == "labels" else text_of(value)
    if name == "updated_at" and isinstance(value, int):
        value = moment_since_1970(value) or value
    if name == "url" and isinstance(value, str) and _FOR_MACHINES.search(value):
        return None
    if is_own or name == "labels":
        return value
    is_usable = isinstance(value, str | int | date) and not isinstance(value, bool)
    if name == "url":
        is_usable = is_usable and "://" in str(value)
    elif name == "updated_at":
        is_usable = is_usable and _is_date(value)
    elif name == "language":
        is_usable = is_usable and parse_code(value) is not None
    return value if is_usable else None


def _labels(value: Any) -> Any:
    if isinstance(value, Mapping):
        value = value.get("results", value)
    if isinstance(value, list):
        return [str(text_of(label)) if isinstance(label, Mapping | int) else label for label in value]
    return value


def _is_date(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True
