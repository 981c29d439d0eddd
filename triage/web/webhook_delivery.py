"""Workers for webhook deliveries and helpdesks' new tickets, decided by the service as every other ticket."""

from __future__ import annotations

import atexit
import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from apiflask import APIFlask
from sqlalchemy import Connection

from models.errors import StoreUnavailableError
from models.redaction.redact import Redactor
from triage.background import PeriodicTask
from triage.helpdesks.poller import Poller
from triage.helpdesks.shadow import decide_in_shadow
from triage.pipeline.triage_service import TriagedTicket
from triage.settings.helpdesks import HelpdeskSettings
from triage.settings.webhooks import HookSettings
from triage.store.webhook_deliveries import Delivery
from triage.web.middleware.metrics import CallbackGauge
from triage.web.routes.tickets import ticket_response
from triage.web.schemas.tickets import TicketResponse
from triage.web.schemas.webhooks import WebhookRequest
from triage.web.service import Service
from triage.webhooks.worker import DeliveryWorker

_STOP_WITHIN_S = 25.0  # the server gives its processes 30 s


def init_webhooks(app: APIFlask, service: Service) -> None:
    """Start the workers where the settings name a connector or helpdesk; they stop with the process."""
    if not service.settings.hooks and not service.settings.helpdesks:
        return
    worker = delivery_worker(service)
    app.extensions["triage.webhooks.worker"] = worker
    service.metrics.add_gauge(
        CallbackGauge(
            "triage_deliveries", "Webhook deliveries.", service.store.webhook_deliveries.counts, label="state"
        )
    )
    worker.start()
    atexit.register(worker.stop, _STOP_WITHIN_S)
    for name in service.settings.helpdesks:
        start_polling(service, name, worker)


def delivery_worker(service: Service) -> DeliveryWorker:
    """Return a worker on the deliveries of all connectors and helpdesks."""
    return DeliveryWorker(
        service.store.webhook_deliveries,
        service.settings.hooks,
        lambda claimed, settings: decide_delivery(service, claimed, settings),
        {
            name: partial(_decide_for_helpdesk, service, settings)
            for name, settings in service.settings.helpdesks.items()
        },
    )


def start_polling(service: Service, name: str, worker: DeliveryWorker) -> PeriodicTask:
    """Start to look for a helpdesk's new tickets, and return the task."""
    poller = Poller.of(service.settings, name, service.store.webhook_deliveries, service.store.pseudonyms)

    def poll() -> None:
        if poller.poll():
            worker.notify()

    task = PeriodicTask(poll, name=f"poll-{name}", every_s=poller.settings.poll_s)
    task.start()
    return task


def _decide_for_helpdesk(service: Service, settings: HelpdeskSettings, claimed: Delivery) -> None:
    """Decide a helpdesk's ticket; raises as `decide_delivery`."""
    triage_service = service.triage_service()
    with service.admission.slot():
        decide_in_shadow(claimed, settings, triage_service, service.store.webhook_deliveries)


def decide_delivery(service: Service, claimed: Delivery, settings: HookSettings) -> None:
    """Decide a delivery; the decision and the result are stored in one transaction.

    Raises:
        NotReadyError: the engine is still loading, or nothing was trained.
        OverloadedError: requests use the whole capacity.
        StoreUnavailableError: nothing could be kept.
        ConflictError: another process has taken the delivery over; nothing was kept.
    """
    triage_service = service.triage_service()
    wanted = WebhookRequest.model_validate(json.loads(claimed.payload or ""))
    articles = wanted.articles if "articles" in wanted.model_fields_set else settings.articles

    def store_result(connection: Connection, triaged: Sequence[TriagedTicket]) -> None:
        response = ticket_response(triaged[0])
        if not claimed.callback_url:
            response = _to_be_fetched(response, triage_service.redact if triage_service.keeps_text else None)
        service.store.webhook_deliveries.decide(
            connection,
            claimed,
            decision_id=str(triaged[0].decision_id),
            result=json.dumps(response.model_dump(mode="json", by_alias=True)),
        )

    with service.admission.slot():
        triaged = triage_service.triage_many(
            [wanted.ticket()], articles=[articles], source="hook", in_same_transaction=store_result
        )[0]
    if triaged.decision_id is None:
        raise StoreUnavailableError(triaged.missing["store"])


def _to_be_fetched(response: TicketResponse, redact: Redactor | None) -> TicketResponse:
    """Return a response that waits in the store to be fetched: redacted, without the ticket's own words."""
    fields = {
        name: field.model_copy(update={"reasons": [r for r in field.reasons if r.kind != "words"]})
        for name, field in response.fields.items()
    }
    changed: dict[str, Any] = {
        "text": redact(response.text, response.language.code) if redact else "",
        "fields": fields,
    }
    return response.model_copy(update=changed)
