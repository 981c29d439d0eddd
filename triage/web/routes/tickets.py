"""Triage of tickets, one or a batch."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, TypeVar

from apiflask import APIBlueprint
from flask import request
from pydantic import ValidationError

from models.errors import TriageError
from models.text.unicode import without_surrogates
from models.wording import problem_text
from triage.pipeline.responses import similar_ticket_responses
from triage.pipeline.search_responses import article_responses
from triage.pipeline.triage_service import AGENTS_SEE, ALL_SEE, TriagedTicket, TriageService
from triage.web.errors import ErrorDetail, defect_detail, detail_of
from triage.web.middleware.admission import long_work
from triage.web.middleware.authentication import current_principal
from triage.web.middleware.required_scopes import requires_scope
from triage.web.schemas.tickets import (
    BatchItemResponse,
    TicketBatchRequest,
    TicketBatchResponse,
    TicketRequest,
    TicketResponse,
)
from triage.web.service import current_service

_LONGEST_ID = 200
_log = logging.getLogger(__name__)
T = TypeVar("T")

tickets = APIBlueprint("tickets", __name__, tag="Tickets")
batch = APIBlueprint("batch", __name__, tag="Tickets")


@batch.url_value_preprocessor
def _allow_a_larger_body(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Flask's first step of a request: whoever reads the body later reads up to this.
    request.max_content_length = current_service().settings.server.max_batch_kb * 1024


@tickets.post("/v1/triage")
@requires_scope("triage")
@tickets.input(TicketRequest, arg_name="ticket_request")
@tickets.output(TicketResponse)
@tickets.doc(summary="Predict a ticket's fields and find what answers it", responses=[503])
def triage(ticket_request: TicketRequest) -> TicketResponse:
    triage_service, ticket = _triage_service(), ticket_request.ticket()
    return ticket_response(
        triage_service.triage(
            ticket, articles=ticket_request.articles, source="triage", token_id=current_principal().id
        )
    )


@batch.post("/v1/triage/batch")
@requires_scope("triage")
@long_work
@batch.input(TicketBatchRequest, arg_name="wanted")
@batch.output(TicketBatchResponse)
@batch.doc(summary="Do for up to 256 tickets what /v1/triage does for one", responses=[413, 503])
def triage_batch(wanted: TicketBatchRequest) -> TicketBatchResponse:
    triage_service = _triage_service()
    read = [_read(item) for item in wanted.tickets]
    valid = {index: found for index, found in enumerate(read) if isinstance(found, TicketRequest)}
    responses = _responses(triage_service, valid)
    items = []
    for index, (sent, found) in enumerate(zip(wanted.tickets, read, strict=True)):
        result = responses.get(index, found)
        if isinstance(result, TicketResponse):
            item = BatchItemResponse(index=index, id=result.id, status=200, answer=result, error=None)
        else:
            status = 500 if index in valid else 422
            item = BatchItemResponse(index=index, id=_id(sent), status=status, answer=None, error=result)
        items.append(item)
    return TicketBatchResponse(items=items)


def ticket_response(triaged: TriagedTicket) -> TicketResponse:
    """Return the response for a triaged ticket."""
    response = triaged.response
    return TicketResponse(
        id=response.id,
        text=triaged.result.text,
        language=response.language,
        fields=response.fields,
        novelty=response.novelty,
        rules=response.rules or [],
        sla=response.sla,
        articles=article_responses(triaged.hits),
        similar=similar_ticket_responses(triaged.result.similar, triaged.result.held_out_fields),
        missing=dict(triaged.missing),
        decision_id=triaged.decision_id,
        bundle=triaged.bundle_id,
        index=triaged.index_id,
    )


def _triage_service() -> TriageService:
    """Return the triage service that finds what the caller may read: internal articles are for agents."""
    is_agent = current_principal().has_scope("agent")
    return current_service().triage_service(AGENTS_SEE if is_agent else ALL_SEE)


def _responses(
    triage_service: TriageService, valid: dict[int, TicketRequest]
) -> dict[int, TicketResponse | ErrorDetail]:
    """Decide tickets by their index in the batch: all at once, or one by one where that hits a defect."""
    responses: dict[int, TicketResponse | ErrorDetail] = {}
    for index, triaged in _triaged(triage_service, valid).items():
        if isinstance(triaged, TriagedTicket):
            responses[index] = _attempt(index, partial(ticket_response, triaged))
        else:
            responses[index] = triaged
    return responses


def _triaged(
    triage_service: TriageService, valid: dict[int, TicketRequest]
) -> dict[int, TriagedTicket | ErrorDetail]:
    def decide(wanted: Collection[TicketRequest]) -> list[TriagedTicket]:
        return triage_service.triage_many(
            [found.ticket() for found in wanted],
            articles=[found.articles for found in wanted],
            source="batch",
            token_id=current_principal().id,
        )

    def decide_alone(wanted: TicketRequest) -> TriagedTicket:
        return decide([wanted])[0]

    try:
        return dict(zip(valid, decide(valid.values()), strict=True))
    except TriageError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it fails its own ticket only
        _log.warning("the batch is decided ticket by ticket: %s", type(error).__name__)
        return {index: _attempt(index, partial(decide_alone, found)) for index, found in valid.items()}


def _attempt(index: int, work: Callable[[], T]) -> T | ErrorDetail:
    """Return the result of the work for one ticket, or the error detail of a defect that it hits."""
    try:
        return work()
    except TriageError:  # such as nothing trained yet: it holds for all of them
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it fails its own ticket only
        return defect_detail(error, f"ticket {index} of the batch")


def _read(item: Any) -> TicketRequest | ErrorDetail:
    try:
        return TicketRequest.model_validate(item)
    except ValidationError as error:
        fields: dict[str, list[str]] = {}
        for problem in error.errors(include_input=False, include_url=False):
            place = ".".join(map(str, problem["loc"])) or "_schema"
            fields.setdefault(place, []).append(problem_text(problem["msg"]))
        message = "This ticket does not have the form that was expected: see `fields`."
        return detail_of("bad_input", message, fields)


def _id(item: Any) -> str | None:
    found = item.get("id") if isinstance(item, dict) else None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    return without_surrogates(found)[:_LONGEST_ID] if isinstance(found, str) else None
