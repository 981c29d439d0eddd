"""Articles for agents, and for customers while they type."""

from __future__ import annotations

from apiflask import APIBlueprint

from kb_index.index import Hit, Query, surest
from models.text import clean_ticket
from triage.answers import LanguageAnswer, article_answers
from triage.desk import AGENTS_SEE, ARTICLES
from triage.engine import Engine
from triage.web.schemas.search import DeflectAnswer, DeflectRequest, SuggestAnswer, SuggestRequest
from triage.web.schemas.shared import short_code
from triage.web.scopes import needs
from triage.web.service import current_service

search = APIBlueprint("search", __name__, tag="Articles")
_EVERYONE_SEES = frozenset({"public"})
_DEFLECT_ARTICLES = 3


@search.post("/v1/suggest")
@needs("agent")
@search.input(SuggestRequest, arg_name="wanted")
@search.output(SuggestAnswer)
@search.doc(summary="Find articles, canned replies and solved tickets for an agent", responses=[503])
def suggest(wanted: SuggestRequest) -> SuggestAnswer:
    collections = frozenset({wanted.collection}) if wanted.collection else frozenset()
    engine = current_service().engine()
    language, hits = _search(
        engine,
        wanted.text,
        wanted.language,
        wanted.k,
        AGENTS_SEE,
        collections=collections,
        labels=frozenset(wanted.labels),
    )
    answerable = bool(hits) and surest(hits) >= engine.bars.agent
    return SuggestAnswer(language=language, answerable=answerable, articles=article_answers(hits))


@search.post("/v1/deflect")
@needs("portal")
@search.input(DeflectRequest, arg_name="draft")
@search.output(DeflectAnswer)
@search.doc(summary="Find public articles that answer what a customer is typing", responses=[503])
def deflect(draft: DeflectRequest) -> DeflectAnswer:
    engine = current_service().engine()
    if not draft.text.strip():
        return DeflectAnswer(language=LanguageAnswer(code="und", confidence=0.0), articles=[])
    language, hits = _search(
        engine, draft.text, draft.language, _DEFLECT_ARTICLES, _EVERYONE_SEES, collections=ARTICLES
    )
    shown = [hit for hit in hits if hit.confidence >= engine.bars.portal]
    return DeflectAnswer(language=language, articles=article_answers(shown))


def _search(
    engine: Engine,
    text: str,
    language: str | None,
    k: int,
    visibility: frozenset[str],
    *,
    collections: frozenset[str],
    labels: frozenset[str] = frozenset(),
) -> tuple[LanguageAnswer, list[Hit]]:
    cleaned = clean_ticket("", text)
    found = engine.language(short_code(language), cleaned)
    query = Query(
        text=cleaned,
        embedding=engine.encoder.encode([cleaned])[0],
        k=k,
        language=found.code,
        visibility=visibility,
        collections=collections,
        labels=labels,
    )
    return LanguageAnswer(code=found.code, confidence=round(found.confidence, 4)), engine.search(query)
