"""Searches for articles, by agents and by customers while they type."""

from __future__ import annotations

from apiflask import APIBlueprint

from kb_index.search.filters import Filters
from kb_index.search.knowledge_base import max_confidence
from models.language.codes import parse_code
from triage.pipeline.responses import language_response
from triage.pipeline.search_responses import article_responses
from triage.pipeline.triage_service import AGENTS_SEE
from triage.web.middleware.admission import portal_work
from triage.web.middleware.authentication import current_network, current_principal
from triage.web.middleware.required_scopes import requires_scope
from triage.web.schemas.search import DeflectRequest, DeflectResponse, SuggestRequest, SuggestResponse
from triage.web.service import current_service

search = APIBlueprint("search", __name__, tag="Articles")


@search.post("/v1/suggest")
@requires_scope("agent")
@search.input(SuggestRequest, arg_name="wanted")
@search.output(SuggestResponse)
@search.doc(summary="Find articles, canned replies and solved tickets for an agent", responses=[503])
def suggest(wanted: SuggestRequest) -> SuggestResponse:
    collections = frozenset({wanted.collection}) if wanted.collection else frozenset()
    service = current_service()
    engine = service.engine()
    filters = Filters(AGENTS_SEE, collections, frozenset(wanted.labels))
    language, hits = engine.search_text(wanted.cleaned(), parse_code(wanted.language), filters, k=wanted.k)
    answerable = bool(hits) and max_confidence(hits) >= engine.thresholds.agent
    search_id = service.deflection.record_search(
        "suggest", wanted.sent(), language, hits, answerable, token_id=current_principal().id
    )
    return SuggestResponse(
        language=language_response(language),
        answerable=answerable,
        articles=article_responses(hits),
        search_id=search_id,
    )


@search.post("/v1/deflect")
@portal_work
@requires_scope("portal")
@search.input(DeflectRequest, arg_name="draft")
@search.output(DeflectResponse)
@search.doc(summary="Find public articles that answer what a customer is typing", responses=[503])
def deflect(draft: DeflectRequest) -> DeflectResponse:
    service, principal = current_service(), current_principal()
    found = service.deflection.deflect(
        service.engine(),
        draft.text,
        parse_code(draft.language),
        session_id=draft.session,
        token_id=principal.id,
        portal_client=current_network() if principal.is_portal else None,
    )
    return DeflectResponse(
        language=language_response(found.language),
        articles=article_responses(found.shown),
        session=found.session_id,
        search_id=found.search_id,
        stale=found.is_stale,
        truncated=found.is_truncated,
    )
