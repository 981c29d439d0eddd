"""Tickets in, decisions out."""

from __future__ import annotations

from apiflask import APIBlueprint

from triage.answers import article_answers, similar_answers
from triage.desk import Triaged
from triage.web.auth import caller
from triage.web.schemas.tickets import TicketAnswer, TicketRequest
from triage.web.scopes import needs
from triage.web.service import current_service

tickets = APIBlueprint("tickets", __name__, tag="Tickets")


@tickets.post("/v1/triage")
@needs("triage")
@tickets.input(TicketRequest, arg_name="ticket_request")
@tickets.output(TicketAnswer)
@tickets.doc(summary="Predict a ticket's fields and find what answers it", responses=[503])
def triage(ticket_request: TicketRequest) -> TicketAnswer:
    desk, ticket = current_service().desk(), ticket_request.ticket()
    return answer_of(
        desk.triage(ticket, articles=ticket_request.articles, source="triage", token_id=caller().id)
    )


def answer_of(triaged: Triaged) -> TicketAnswer:
    """Return what a caller is told about a ticket."""
    answer = triaged.answer
    return TicketAnswer(
        id=answer.id,
        text=triaged.result.text,
        language=answer.language,
        fields=answer.fields,
        novelty=answer.novelty,
        rules=answer.rules or [],
        sla=answer.sla,
        articles=article_answers(triaged.hits),
        similar=similar_answers(triaged.result.similar, triaged.withheld),
        missing=dict(triaged.missing),
        decision_id=triaged.decision_id,
        bundle=triaged.bundle_id,
        index=triaged.index_id,
    )
