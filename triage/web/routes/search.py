"""Articles for agents, and for customers while they type."""

from __future__ import annotations

from apiflask import APIBlueprint

from kb_index.index import Hit, Query, surest
from models.language import Language
from models.language_code import given_language
from triage.answers import article_answers, language_answer
from triage.desk import AGENTS_SEE
from triage.engine import Engine
from triage.web.auth import caller
from triage.web.schemas.search import DeflectAnswer, DeflectRequest, SuggestAnswer, SuggestRequest
from triage.web.scopes import needs
from triage.web.service import current_service

search = APIBlueprint("search", __name__, tag="Articles")


@search.post("/v1/suggest")
@needs("agent")
@search.input(SuggestRequest, arg_name="wanted")
@search.output(SuggestAnswer)
@search.doc(summary="Find articles, canned replies and solved tickets for an agent", responses=[503])
def suggest(wanted: SuggestRequest) -> SuggestAnswer:
    collections = frozenset({wanted.collection}) if wanted.collection else frozenset()
    service = current_service()
    engine = service.engine()
    language, hits = _search(
        engine,
        wanted.cleaned(),
        wanted.language,
        wanted.k,
        AGENTS_SEE,
        collections=collections,
        labels=frozenset(wanted.labels),
    )
    answerable = bool(hits) and surest(hits) >= engine.bars.agent
    search_id = service.portal.record(
        "suggest", wanted.sent(), language, hits, answerable, token_id=caller().id
    )
    return SuggestAnswer(
        language=language_answer(language),
        answerable=answerable,
        articles=article_answers(hits),
        search_id=search_id,
    )


@search.post("/v1/deflect")
@needs("portal")
@search.input(DeflectRequest, arg_name="draft")
@search.output(DeflectAnswer)
@search.doc(summary="Find public articles that answer what a customer is typing", responses=[503])
def deflect(draft: DeflectRequest) -> DeflectAnswer:
    service = current_service()
    found = service.portal.deflect(
        service.engine(),
        draft.text,
        given_language(draft.language),
        session_id=draft.session,
        token_id=caller().id,
    )
    return DeflectAnswer(
        language=language_answer(found.language),
        articles=article_answers(found.shown),
        session=found.session_id,
        search_id=found.search_id,
        stale=found.is_stale,
    )


def _search(
    engine: Engine,
    cleaned: str,
    language: str | None,
    k: int,
    visibility: frozenset[str],
    *,
    collections: frozenset[str],
    labels: frozenset[str] = frozenset(),
) -> tuple[Language, list[Hit]]:
    found = engine.language(given_language(language), cleaned)
    query = Query(
        text=cleaned,
        embedding=engine.encoder.encode([cleaned])[0],
        k=k,
        language=found.code,
        visibility=visibility,
        collections=collections,
        labels=labels,
    )
    return found, engine.search(query)
