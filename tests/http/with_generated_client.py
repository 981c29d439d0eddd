"""A program that knows the service only by a client that was generated from its OpenAPI document.

Run by the generator's Python, with the service's address as its argument and the token in TRIAGE_TOKEN.
It fails where an answer is not, to the last key, what the client has been told.
"""

from __future__ import annotations

import os
import sys
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import uuid4

import attrs
from triage_client import AuthenticatedClient, models, types
from triage_client.api.articles import (
    get_articles_read_article,
    post_search_suggest,
    put_articles_put_article,
)
from triage_client.api.feedback import post_feedback_give_feedback
from triage_client.api.tickets import post_batch_triage_batch, post_tickets_triage

KINDS = vars(models) | vars(types)


def main(url: str, token: str) -> None:
    client = AuthenticatedClient(url, token=token, raise_on_unexpected_status=True)
    ticket = models.TicketRequest(id="4711", subject="Akku", body="Akku ei lataudu kun on pakkasta")

    answer = got(200, models.TicketResponse, post_tickets_triage.sync_detailed(client=client, body=ticket))
    assert answer.id == "4711"
    name = next(iter(answer.fields.additional_properties))

    two = models.TicketBatchRequest(tickets=[ticket.to_dict(), {"body": 7}])
    batch = got(
        200, models.TicketBatchResponse, post_batch_triage_batch.sync_detailed(client=client, body=two)
    )
    assert [item.status for item in batch.items] == [200, 422]

    text = models.SuggestRequest(text="Akku ei lataudu")
    found = got(200, models.SuggestResponse, post_search_suggest.sync_detailed(client=client, body=text))
    assert found.articles
    article = got(
        200,
        models.StoredArticle,
        get_articles_read_article.sync_detailed(found.articles[0].id, client=client),
    )
    assert article.title == found.articles[0].title
    bell = models.ArticleRequest(title="The bell", body="Press it.")
    new = f"by client/{uuid4()}"
    put = put_articles_put_article.sync_detailed(new, client=client, body=bell)
    assert got(201, models.StoredArticle, put).id == new

    final = models.DecisionFeedbackFinal.from_dict({name: "none of them"})
    judged = models.DecisionFeedback(about="decision", decision_id=answer.decision_id, final=final)
    told = post_feedback_give_feedback.sync_detailed(client=client, body=judged)
    assert got(200, models.FeedbackResponse, told).right.additional_properties == {name: False}

    stranger = AuthenticatedClient(url, token="trg_unknown", raise_on_unexpected_status=True)
    refused = got(401, models.ErrorResponse, post_tickets_triage.sync_detailed(client=stranger, body=ticket))
    assert refused.error.code == "unauthenticated"
    empty = post_tickets_triage.sync_detailed(client=client, body=models.TicketRequest())
    wrong = got(422, models.ErrorResponse, empty)
    assert (wrong.error.code, list(wrong.error.fields.additional_properties)) == ("bad_input", ["body"])


def got(status: int, kind: type, response: Any) -> Any:
    """Return what was answered, after a look at the status and at each part of it."""
    assert response.status_code == status, response
    assert type(response.parsed) is kind, response
    check(response.parsed, kind, kind.__name__)
    return response.parsed


def check(value: Any, kind: Any, place: str) -> None:
    """Fail unless the value is of the kind that the client's annotations say; the client only casts."""
    if kind is Any:
        return
    options = get_args(kind) if get_origin(kind) in {UnionType, Literal} else (kind,)
    fitting = [option for option in options if fits(value, option)]
    assert fitting, f"{place} is {value!r}, which is no {kind}"
    if isinstance(value, list):
        for number, part in enumerate(value):
            check(part, get_args(fitting[0])[0], f"{place}[{number}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            check(part, get_args(fitting[0])[1], f"{place}.{key}")
    elif attrs.has(type(value)):
        hints = get_type_hints(type(value), localns=KINDS)
        names = [field.name for field in attrs.fields(type(value))]
        if len(names) > 1 and "additional_properties" in names:
            unknown = value.additional_properties
            assert not unknown, f"{place} has keys of which the document says nothing: {list(unknown)}"
        for name in names:
            check(getattr(value, name), hints[name], f"{place}.{name}")


def fits(value: Any, option: Any) -> bool:
    kind = get_origin(option) or option
    if not isinstance(kind, type):  # one value of a Literal
        return bool(value == option)
    numbers = {float: (int, float)}
    return isinstance(value, numbers.get(kind, kind)) and (kind is bool or not isinstance(value, bool))


if __name__ == "__main__":
    main(sys.argv[1], os.environ["TRIAGE_TOKEN"])
