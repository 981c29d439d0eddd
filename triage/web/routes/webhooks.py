"""Webhook deliveries: signed tickets, received at once and decided later, and their states."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, request

from models.errors import InputError, NotFoundError
from triage.callback_urls import callback_target
from triage.errors import SignatureError
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
from triage.webhooks.signing import DELIVERY, SIGNATURE, TIMESTAMP, is_signed
from triage.webhooks.worker import DeliveryWorker

hooks = APIBlueprint("hooks", __name__, tag="Hooks")
_UNIX_SECONDS = re.compile(r"[0-9]{1,11}")
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_SIGNING = "docs/hooks.md shows how to sign"


def _signed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a request pass only if its raw body is signed; nothing of the body is parsed before."""

    @wraps(view)
    def wrapped(connector: str, **kwargs: Any) -> Any:
        _check_signature(_connector(connector))
        return view(connector=connector, **kwargs)

    return wrapped


def _check_signature(settings: HookSettings) -> None:
    missing = [name for name in (TIMESTAMP, SIGNATURE, DELIVERY) if name not in request.headers]
    if missing:
        raise SignatureError(f"these headers are missing: {', '.join(missing)}. {_SIGNING}")
    given = request.headers[TIMESTAMP]
    if not _UNIX_SECONDS.fullmatch(given):
        raise SignatureError(f"{TIMESTAMP} is not in Unix seconds, such as 1767225600: {_SIGNING}")
    if abs(time.time() - int(given)) > settings.tolerance_s:
        raise SignatureError(
            f"{TIMESTAMP} is more than {settings.tolerance_s} s from this machine's time: sign each sending "
            "anew, and check the clocks"
        )
    if not is_signed(settings.keys(), int(given), request.get_data(), request.headers[SIGNATURE]):
        raise SignatureError(f"{SIGNATURE} does not fit the time and the body that arrived: {_SIGNING}")


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
    service, settings = current_service(), _connector(connector)
    ticket = sent.ticket()
    signed_at = datetime.fromtimestamp(int(headers.x_triage_timestamp), UTC)
    receipt = service.store.webhook_deliveries.receive(
        IncomingDelivery(
            connector=connector,
            delivery_id=headers.x_triage_delivery,
            ticket_id=ticket.id,
            as_of=_as_of(sent, signed_at, settings),
            signed_at=signed_at,
            body_hash=hashlib.sha256(request.get_data()).hexdigest(),
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
    return DeliveryResultResponse(**_shown(found), result=json.loads(fetched) if fetched else None)


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
