"""Many tickets in one request: encoded and predicted together, each with an answer or an error of its own."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import ValidationError

from models.encoder.surrogates import without_surrogates
from triage.web.auth import caller
from triage.web.errors import ErrorDetail
from triage.web.routes.tickets import answer_of
from triage.web.schemas.tickets import BatchItemAnswer, TicketBatchAnswer, TicketBatchRequest, TicketRequest
from triage.web.scopes import needs
from triage.web.service import current_service

batch = APIBlueprint("batch", __name__, tag="Tickets")
_LONGEST_ID = 200


@batch.url_value_preprocessor
def _allow_a_larger_body(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Flask's first step of a request: whoever reads the body later reads up to this.
    request.max_content_length = current_service().settings.server.max_batch_kb * 1024


@batch.post("/v1/triage/batch")
@needs("triage")
@batch.input(TicketBatchRequest, arg_name="wanted")
@batch.output(TicketBatchAnswer)
@batch.doc(summary="Do for up to 256 tickets what /v1/triage does for one", responses=[413, 503])
def triage_batch(wanted: TicketBatchRequest) -> TicketBatchAnswer:
    desk = current_service().desk()
    read = [_read(item) for item in wanted.tickets]
    good = [found for found in read if isinstance(found, TicketRequest)]
    taken = desk.triage_many(
        [found.ticket() for found in good],
        articles=[found.articles for found in good],
        source="batch",
        token_id=caller().id,
    )
    answers = (answer_of(triaged, desk.bundle_id, desk.engine.index_id) for triaged in taken)
    items = []
    for index, (sent, found) in enumerate(zip(wanted.tickets, read, strict=True)):
        if isinstance(found, TicketRequest):
            item = BatchItemAnswer(index=index, id=found.id, status=200, answer=next(answers), error=None)
        else:
            item = BatchItemAnswer(index=index, id=_id(sent), status=422, answer=None, error=found)
        items.append(item)
    return TicketBatchAnswer(items=items)


def _read(item: Any) -> TicketRequest | ErrorDetail:
    try:
        return TicketRequest.model_validate(item)
    except ValidationError as error:
        fields: dict[str, list[str]] = {}
        for problem in error.errors(include_input=False, include_url=False):
            place = ".".join(map(str, problem["loc"])) or "_schema"
            fields.setdefault(place, []).append(problem["msg"])
        message = "This ticket does not have the form that was expected: see `fields`."
        return ErrorDetail(code="bad_input", message=message, fields=fields)


def _id(item: Any) -> str | None:
    found = item.get("id") if isinstance(item, dict) else None
    return without_surrogates(found)[:_LONGEST_ID] if isinstance(found, str) else None
