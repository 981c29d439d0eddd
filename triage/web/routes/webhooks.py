"""Webhook deliveries: signed tickets, received at once and decided later, and their states."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, g, request

from models.errors import InputError, NotFoundError
from triage.callback_urls import callback_target
from triage.settings.webhooks import HookSettings
from triage.store.webhook_deliveries import Delivery, IncomingDelivery, WebhookDeliveries
from triage.web.middleware.admission import bypass_admission
from triage.web.middleware.authentication import current_principal
from triage.web.middleware.required_scopes import requires_scope
from triage.web.schemas.webhooks import (
    DeliveriesQuery,
    DeliveriesResponse,
    DeliveryResponse,
    DeliveryResultResponse,
    SignatureHeaders,
    WebhookRequest,
)
from triage.web.service import current_service
from triage.webhooks.signing import VerifiedDelivery, verify
from triage.webhooks.worker import DeliveryWorker

hooks = APIBlueprint("hooks", __name__, tag="Hooks")
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def _signed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a request pass only if its raw body is signed; nothing of the body is parsed before.

    The signed parts are in `g.signed` then.
    """

    @wraps(view)
    def wrapped(connector: str, **kwargs: Any) -> Any:
        settings = _connector(connector)
        g.signed = verify(
            dict(request.headers),
            request.get_data(),
            settings.keys(),
            now=time.time(),
            tolerance_s=settings.tolerance_s,
        )
        return view(connector=connector, **kwargs)

    return wrapped


@hooks.post("/v1/hooks/<connector>")
@bypass_admission
@_signed
@hooks.input(SignatureHeaders, location="headers", arg_name="headers")
@hooks.input(WebhookRequest, arg_name="sent")
@hooks.output(DeliveryResponse, status_code=202)
@hooks.doc(
    summary="Receive a signed ticket at once, and post its decision later",
    responses={
        200: "The delivery came before",
        401: "It is not signed as it should be",
        409: "Another came under this id",
    },
)
def deliver(connector: str, headers: SignatureHeaders, sent: WebhookRequest) -> tuple[DeliveryResponse, int]:
    del headers  # validated; what they say was verified before
    service, settings, signed = current_service(), _connector(connector), _signed_parts()
    ticket = sent.ticket()
    receipt = service.store.webhook_deliveries.receive(
        IncomingDelivery(
            connector=connector,
            delivery_id=signed.id,
            ticket_id=ticket.id,
            as_of=_as_of(sent, signed.signed_at, settings),
            signed_at=signed.signed_at,
            body_hash=signed.fingerprint,
            requester=service.store.pseudonyms.pseudonym_of(ticket.requester),
            callback_url=_callback_url(sent, settings),
            payload=json.dumps(request.get_json(force=True)),
        )
    )
    if receipt.is_new:
        _worker().notify()
    return DeliveryResponse(**_shown(receipt.delivery)), 202 if receipt.is_new else 200


@hooks.get("/v1/hooks/<connector>/deliveries/<delivery_id>")
@requires_scope("triage")
@bypass_admission
@hooks.output(DeliveryResultResponse)
@hooks.doc(summary="The state of a delivery", responses=[404, 503])
def delivery(connector: str, delivery_id: str) -> DeliveryResultResponse:
    _connector(connector)
    found = _deliveries().get(connector, delivery_id)
    if found is None:
        raise NotFoundError(f"there is no delivery {delivery_id!r} of {connector!r}")
    fetched = found.result if found.callback_url is None else None
    result = json.loads(fetched) if fetched else None
    if result and not current_principal().has_scope("agent"):
        result["articles"] = [one for one in result["articles"] if one["visibility"] == "public"]
    return DeliveryResultResponse(**_shown(found), result=result)


@hooks.get("/v1/hooks/<connector>/deliveries")
@requires_scope("admin")
@bypass_admission
@hooks.input(DeliveriesQuery, location="query", arg_name="wanted")
@hooks.output(DeliveriesResponse)
@hooks.doc(summary="Deliveries of a connector, newest first", responses=[404, 503])
def deliveries(connector: str, wanted: DeliveriesQuery) -> DeliveriesResponse:
    _connector(connector)
    found = _deliveries().list(connector, wanted.state, limit=wanted.limit + 1, before=wanted.after)
    page = found[: wanted.limit]
    return DeliveriesResponse(
        deliveries=[DeliveryResponse(**_shown(delivery)) for delivery in page],
        next=page[-1].id if len(found) > len(page) else None,
    )


@hooks.post("/v1/hooks/<connector>/deliveries/<delivery_id>/retry")
@requires_scope("admin")
@bypass_admission
@hooks.output(DeliveryResponse)
@hooks.doc(summary="Try a failed delivery again", responses=[404, 409, 503])
def retry(connector: str, delivery_id: str) -> DeliveryResponse:
    _connector(connector)
    again = _deliveries().retry(connector, delivery_id)
    current_service().store.audit_log.record(
        current_principal().actor, "delivery.retry", f"{connector}/{delivery_id}", {}
    )
    _worker().notify()
    return DeliveryResponse(**_shown(again))


def _signed_parts() -> VerifiedDelivery:
    signed: VerifiedDelivery = g.signed
    return signed


def _worker() -> DeliveryWorker:
    worker: DeliveryWorker = current_app.extensions["triage.webhooks.worker"]
    return worker


def _deliveries() -> WebhookDeliveries:
    return current_service().store.webhook_deliveries


def _connector(name: str) -> HookSettings:
    settings = current_service().settings.hooks.get(name)
    if settings is None:
        raise NotFoundError(
            f"there is no connector {name!r}: an operator can add [hooks.NAME] to triage.toml"
        )
    return settings


def _as_of(sent: WebhookRequest, signed_at: datetime, settings: HookSettings) -> datetime:
    """Return the time of the ticket's state; a future one would supersede all deliveries that follow."""
    as_of = sent.as_of() or signed_at
    if not _EARLIEST <= as_of <= signed_at + timedelta(seconds=settings.tolerance_s):
        problem = "it is before 1970, or later than the delivery was signed: send when the ticket changed"
        raise InputError(f"updated_at: {problem}", fields={"updated_at": problem})
    return as_of


def _callback_url(sent: WebhookRequest, settings: HookSettings) -> str | None:
    if sent.callback_url is None:
        return settings.callback_url or None
    try:
        callback_target(sent.callback_url, settings.allowed())
    except InputError as error:
        raise InputError(error.message, fields={"callback_url": error.message}) from error
    return sent.callback_url


def _shown(delivery: Delivery) -> dict[str, Any]:
    waits = delivery.state in {"received", "decided"}
    return {
        "id": delivery.delivery_id,
        "state": delivery.state,
        "ticket_id": delivery.ticket_id,
        "received_at": delivery.received_at,
        "attempts": delivery.attempts,
        "next_at": delivery.next_at if waits else None,
        "decision_id": delivery.decision_id,
        "error": delivery.error,
    }
