"""The routes of version 1. Each one checks, asks the engine, and answers."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import current_app

from kb_index.index import Hit, Query, surest
from models.errors import NotReadyError, TriageError
from models.text import clean_ticket
from triage.answers import LanguageAnswer, article_answers, prediction_answer, similar_answers
from triage.engine import Engine
from triage.web.schemas import (
    DeflectAnswer,
    DeflectRequest,
    HealthAnswer,
    ReadyAnswer,
    SuggestAnswer,
    SuggestRequest,
    TicketAnswer,
    TicketRequest,
    short_code,
)
from triage.web.service import Loaded, Service

routes = APIBlueprint("v1", __name__, tag="Triage")
_EVERYONE = frozenset({"public"})
_AGENTS = frozenset({"public", "internal"})
_ARTICLES = frozenset({"article"})
_DEFLECT_ARTICLES = 3


def _loaded() -> Loaded:
    service: Service = current_app.extensions["triage"]
    return service.loaded()


@routes.post("/v1/triage")
@routes.input(TicketRequest, arg_name="ticket_request")
@routes.output(TicketAnswer)
@routes.doc(summary="Predict a ticket's fields and find what answers it", responses=[503])
def triage(ticket_request: TicketRequest) -> TicketAnswer:
    loaded = _loaded()
    result = loaded.engine.triage(ticket_request.ticket())
    missing, hits = {}, []
    if ticket_request.articles:
        query = Query(
            text=result.text,
            embedding=result.embedding,
            k=ticket_request.articles,
            language=result.language.code,
            visibility=_AGENTS,
            collections=_ARTICLES,
        )
        try:
            hits = loaded.engine.search(query)
        except TriageError as error:
            missing["articles"] = error.message
    answer = prediction_answer(result)
    return TicketAnswer(
        id=answer.id,
        text=result.text,
        language=answer.language,
        fields=answer.fields,
        novelty=answer.novelty,
        rules=answer.rules or [],
        sla=answer.sla,
        articles=article_answers(hits),
        similar=similar_answers(result.similar),
        missing=missing,
        bundle=loaded.bundle_id,
        index=loaded.index_id,
    )


@routes.post("/v1/suggest")
@routes.input(SuggestRequest, arg_name="search")
@routes.output(SuggestAnswer)
@routes.doc(summary="Find articles, canned replies and solved tickets for an agent", responses=[503])
def suggest(search: SuggestRequest) -> SuggestAnswer:
    collections = frozenset({search.collection}) if search.collection else frozenset()
    labels = frozenset(search.labels)
    engine = _loaded().engine
    language, hits = _search(
        engine,
        search.text,
        search.language,
        search.k,
        _AGENTS,
        collections=collections,
        labels=labels,
    )
    answerable = bool(hits) and surest(hits) >= engine.bars.agent
    return SuggestAnswer(language=language, answerable=answerable, articles=article_answers(hits))


@routes.post("/v1/deflect")
@routes.input(DeflectRequest, arg_name="draft")
@routes.output(DeflectAnswer)
@routes.doc(summary="Find public articles that answer what a customer is typing", responses=[503])
def deflect(draft: DeflectRequest) -> DeflectAnswer:
    engine = _loaded().engine
    if not draft.text.strip():
        return DeflectAnswer(language=LanguageAnswer(code="und", confidence=0.0), articles=[])
    language, hits = _search(
        engine, draft.text, draft.language, _DEFLECT_ARTICLES, _EVERYONE, collections=_ARTICLES
    )
    shown = [hit for hit in hits if hit.confidence >= engine.bars.portal]
    return DeflectAnswer(language=language, articles=article_answers(shown))


@routes.get("/healthz")
@routes.output(HealthAnswer)
@routes.doc(summary="The process is alive")
def healthz() -> HealthAnswer:
    return HealthAnswer(status="alive")


@routes.get("/readyz")
@routes.output(ReadyAnswer)
@routes.doc(summary="Requests can be answered", responses=[503])
def readyz() -> ReadyAnswer:
    loaded = _loaded()
    problems = loaded.engine.problems
    if len(problems) == 2:
        raise NotReadyError("; ".join(problems.values()))
    return ReadyAnswer(status="ready", bundle=loaded.bundle_id, index=loaded.index_id, missing=problems)


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
