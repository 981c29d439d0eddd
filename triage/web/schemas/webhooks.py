"""Webhook deliveries: signed requests, and responses with their state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from triage.store.webhook_deliveries import DeliveryState
from triage.web.schemas.tickets import TicketRequest, with_zone
from triage.web.schemas.types import Request

_DELIVERY_ID = r"^[A-Za-z0-9._:~-]{1,200}$"


class WebhookRequest(TicketRequest):
    """Ticket, as for `POST /v1/triage`."""

    callback_url: str | None = Field(
        None, max_length=2000, description="where the result is posted, if the connector has no fixed place"
    )
    updated_at: datetime | None = Field(
        None,
        description="when the ticket was in the state that is sent, ISO 8601, to recognise late deliveries; "
        "without it, the signed time",
    )

    def as_of(self) -> datetime | None:
        """Return `updated_at` with an offset."""
        return with_zone(self.updated_at)


def _without_null(schema: dict[str, Any]) -> None:
    """Take null out of a schema of headers: one that is left out is absent, and none can be null."""
    for name, of_header in schema["properties"].items():
        (of_text,) = (form for form in of_header["anyOf"] if form["type"] != "null")
        kept = {key: value for key, value in of_header.items() if key not in {"anyOf", "default"}}
        schema["properties"][name] = kept | of_text


class SignatureHeaders(BaseModel):
    """Headers that prove a delivery to be of its sender, and new: the first three, or the last three."""

    model_config = ConfigDict(json_schema_extra=_without_null)

    webhook_id: str | None = Field(
        None,
        pattern=_DELIVERY_ID,
        description="an id of the sender's own; sent again, it is answered 200 with the state of the first",
    )
    webhook_timestamp: str | None = Field(
        None, pattern=r"^[0-9]{1,11}$", description="when it is sent, in Unix seconds"
    )
    webhook_signature: str | None = Field(
        None,
        max_length=2000,
        description="`v1,` and the HMAC-SHA256 of id, full stop, timestamp, full stop and raw body, in "
        "base64; several with a space between",
    )
    x_triage_delivery: str | None = Field(
        None, pattern=_DELIVERY_ID, description="`webhook-id` of the former scheme", deprecated=True
    )
    x_triage_timestamp: str | None = Field(
        None,
        pattern=r"^[0-9]{1,11}$",
        description="`webhook-timestamp` of the former scheme",
        deprecated=True,
    )
    x_triage_signature: str | None = Field(
        None,
        max_length=2000,
        description="`sha256=` and the HMAC-SHA256 of timestamp, full stop and raw body, hexadecimal",
        deprecated=True,
    )


class DeliveryResponse(BaseModel):
    """Delivery and its state."""

    id: str = Field(description="the sender's id, from the header webhook-id")
    state: DeliveryState = Field(
        description="received: waits to be decided; decided: waits for its callback; done; failed: an admin "
        "may retry it; superseded: a later state of the ticket came"
    )
    ticket_id: str
    received_at: datetime
    attempts: int = Field(ge=0, description="attempts made in this state")
    next_at: datetime | None = Field(description="when it is tried again, while there is something to do")
    decision_id: str | None = Field(description="to name in feedback, once it is decided")
    error: str | None = Field(description="why the last attempt failed")


class DeliveryResultResponse(DeliveryResponse):
    result: dict[str, Any] | None = Field(
        description="without a callback: the answer in the form of `POST /v1/triage`, with its text redacted"
    )


class DeliveriesQuery(Request):
    state: DeliveryState | None = Field(None, description="only those in this state")
    limit: int = Field(50, ge=1, le=200, description="how many to return")
    after: str | None = Field(
        None, pattern=r"^[0-9a-f]{32}$", description="`next` of the page before this one"
    )


class DeliveriesResponse(BaseModel):
    deliveries: list[DeliveryResponse] = Field(description="newest first")
    next: str | None = Field(description="to pass as `after` for the next page; null on the last one")
