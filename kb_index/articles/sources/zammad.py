"""Zammad's knowledge base: answers, translations and texts, each in a list of its own by its interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_ANSWERS = "KnowledgeBaseAnswer"
_TRANSLATIONS = "KnowledgeBaseAnswerTranslation"
_TEXTS = "KnowledgeBaseAnswerTranslationContent"
_DATES = ("archived_at", "internal_at", "published_at")


def zammad_articles(assets: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the translations of answers as articles with the dates of their answers; of other objects none.

    An answer without a date of publication is a draft, and one with a date for staff alone is internal.
    """
    answers, texts = _by_id(assets.get(_ANSWERS)), _by_id(assets.get(_TEXTS))
    firsts: dict[str, str] = {}
    for key, translation in _by_id(assets.get(_TRANSLATIONS)).items():
        answer_id = str(translation.get("answer_id"))
        answer = answers.get(answer_id)
        text = texts.get(str(translation.get("content_id")), {})
        if answer is None:
            answer = {"internal": True}  # whose dates nobody gave
        article = {name: answer[name] for name in (*_DATES, "internal") if name in answer}
        if article.get("published_at"):
            article.pop("internal_at", None)  # that of a step before
        if not any(article.values()):
            article["draft"] = True
        original = firsts.setdefault(answer_id, key)
        yield article | {
            "id": key,
            "title": translation.get("title"),
            "body": text.get("body") or "",
            "updated_at": translation.get("updated_at"),
            **({"language": code} if (code := _language(assets, translation)) else {}),
            **({"translation_of": original} if original != key else {}),
        }


def _language(assets: Mapping[str, Any], translation: Mapping[str, Any]) -> str:
    locale = _by_id(assets.get("KnowledgeBaseLocale")).get(str(translation.get("kb_locale_id")), {})
    system = _by_id(assets.get("Locale")).get(str(locale.get("system_locale_id")), {})
    return str(system.get("locale") or "")


def _by_id(found: Any) -> dict[str, Mapping[str, Any]]:
    if not isinstance(found, Mapping):
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, Mapping)}
